using System;
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
                    var net = Net.Flatten.Then(Net.Dense(12)).Then(Net.Gelu).Then(Net.Dropout(0.1));
                    Check.Sequence(net.Layers, ["flatten", "linear -> 12", "gelu", "dropout 0.1"], "the layers");
                    Check.Equal(net.ToString(), string.Join(" --> ", net.Layers), "the words");
                }
            ),
            Runner.TestCase(
                "shapes follow from layer to layer",
                () =>
                {
                    Check.Sequence(Encoder.Convolutional([8, 16], code: 5).OutputShape(1, 28, 28), [5L], "the code");
                    Check.Sequence(Decoder.Convolutional().OutputShape(2), [1L, 28, 28], "an image");
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
