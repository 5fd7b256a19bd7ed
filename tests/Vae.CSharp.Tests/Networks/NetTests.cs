using System;
using System.Linq;
using Expecto;
using Expecto.CSharp;

namespace VaeFunctional.Tests;

internal static class NetTests
{
    public static readonly Test Tests = Runner.TestList(
        "net",
        [
            Runner.TestCase(
                "a net reads as its layers",
                () =>
                {
                    var net = Net
                        .Flatten.Then(Net.Dense(12))
                        .Then(Net.GroupNorm(3))
                        .Then(Net.Gelu)
                        .Then(Net.Dropout(0.1));
                    Check.Sequence(
                        net.Layers,
                        ["flatten", "linear -> 12", "group normalisation 3", "gelu", "dropout 0.1"],
                        "the layers"
                    );
                    Check.Equal(net.ToString(), string.Join(" --> ", net.Layers), "the words");
                }
            ),
            Runner.TestCase(
                "shapes follow from layer to layer",
                () =>
                {
                    Check.Sequence(Encoder.Convolutional([8, 16], code: 5).OutputShape(1, 28, 28), [5L], "the code");
                    Check.Sequence(Decoder.Convolutional().OutputShape(2), [1L, 28, 28], "an image");
                    Check.Sequence(Encoder.Residual([8, 16], code: 5).OutputShape(3, 64, 64), [5L], "a residual code");
                    Check.Sequence(
                        Decoder.Residual(shape: [3, 32, 32]).OutputShape(2),
                        [3L, 32, 32],
                        "a residual image"
                    );
                    Check.Sequence(Decoder.Dense([7], [3, 4]).OutputShape(2), [3L, 4], "a shape of one's own");
                    Check.Sequence(Net.Conv2d(6, stride: 2).OutputShape(3, 9, 9), [6L, 5, 5], "a convolution");
                    Check.Sequence(
                        Net.Chain(Net.ConvTranspose2d(2, stride: 2), Net.Residual(Net.Conv2d(2))).OutputShape(1, 4, 4),
                        [2L, 8, 8],
                        "a transposed convolution and a residual"
                    );
                }
            ),
            Runner.TestCase(
                "a layer of one's own runs and trains, and a file refuses it by its name",
                async () =>
                {
                    var square = Net.Custom("square", x => x * x);
                    var pairs = Net.Custom("pairs", x => x.reshape(x.shape[0], -1, 2).sum(2), shape => [shape[0] / 2]);
                    Check.Sequence(square.OutputShape(4), [4L], "the shape");
                    Check.Sequence(pairs.OutputShape(4), [2L], "another shape");
                    using var vae = VaeModel.Create(
                        Prior.Standard(3),
                        Posterior.DiagonalNormal(Net.Dense(6).Then(square).Then(pairs)),
                        Tiny.Bits
                    );
                    var before = vae.Encode(Tiny.Data)[0];
                    await vae.FitAsync(Tiny.Data, Tiny.Options(Objective.Elbo()));
                    Check.True(!vae.Encode(Tiny.Data)[0].SequenceEqual(before), "what is below it moved");
                    using var scratch = new Scratch();
                    Check.Contains(Check.Throws<ArgumentException>(() => vae.Save(scratch.At("a"))).Message, "square");
                }
            ),
            Runner.TestCase(
                "layers that do not fit are both named",
                () =>
                {
                    var message = Check
                        .Throws<ArgumentException>(() => Net.Linear(3, 4).Then(Net.Linear(5, 6)))
                        .Message;
                    Check.Contains(message, "linear 5 -> 6");
                    Check.Contains(message, "linear 3 -> 4");
                }
            ),
            Runner.TestCase(
                "every activation is its own",
                () =>
                {
                    Net[] all =
                    [
                        Net.Relu,
                        Net.LeakyRelu,
                        Net.Elu,
                        Net.Gelu,
                        Net.Silu,
                        Net.Softplus,
                        Net.Tanh,
                        Net.Sigmoid,
                    ];
                    Check.Equal(
                        string.Join(" ", (object[])all),
                        "relu leakyrelu elu gelu silu softplus tanh sigmoid",
                        "their names"
                    );
                }
            ),
            Runner.TestCase(
                "the identity changes nothing",
                () => Check.Equal(Net.Identity.Then(Net.Relu).ToString(), "relu", "the words")
            ),
        ]
    );
}
