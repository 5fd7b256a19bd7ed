using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace VaeFunctional;

/// <summary>
/// A network as data, so that it can be described, saved, exported, and refused by name:
/// <c>Net.Dense(512).Then(Net.Relu)</c>. What a layer takes follows from the layers before it, once the net is in a model.
/// </summary>
public sealed class Net
{
    internal Net(Core.Net value) => Value = value;

    internal Core.Net Value { get; }

    /// <summary>The net that gives its input back.</summary>
    public static Net Identity { get; } = new(Core.NetModule.identity);

    /// <summary>max(0, x), element by element.</summary>
    public static Net Relu { get; } = Activation(Core.Activation.Relu);

    /// <summary>x where it is positive, else x / 100, element by element.</summary>
    public static Net LeakyRelu { get; } = Activation(Core.Activation.LeakyRelu);

    /// <summary>x where it is positive, else e^x - 1, element by element.</summary>
    public static Net Elu { get; } = Activation(Core.Activation.Elu);

    /// <summary>x times the standard normal distribution function of x, element by element.</summary>
    public static Net Gelu { get; } = Activation(Core.Activation.Gelu);

    /// <summary>x times the sigmoid of x, element by element.</summary>
    public static Net Silu { get; } = Activation(Core.Activation.Silu);

    /// <summary>log(1 + e^x), element by element.</summary>
    public static Net Softplus { get; } = Activation(Core.Activation.Softplus);

    /// <summary>The hyperbolic tangent, element by element.</summary>
    public static Net Tanh { get; } = Activation(Core.Activation.Tanh);

    /// <summary>1 / (1 + e^-x), element by element.</summary>
    public static Net Sigmoid { get; } = Activation(Core.Activation.Sigmoid);

    /// <summary>
    /// The inverse hyperbolic sine: x near 0, the logarithm of 2 |x| with x's sign far from it. It brings numbers of any size,
    /// such as counts, near those that networks learn from.
    /// </summary>
    public static Net Asinh { get; } = Activation(Core.Activation.Asinh);

    /// <summary>Every dimension but the batch as one.</summary>
    public static Net Flatten { get; } = new(Core.NetModule.flatten);

    /// <summary>x W' + b, for as many inputs as the layer before gives.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no outputs.</exception>
    public static Net Dense(int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        return new(Core.NetModule.dense(outputs));
    }

    /// <summary>x W' + b, with a stated number of inputs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no inputs or no outputs.</exception>
    public static Net Linear(int inputs, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        return new(Core.NetModule.linear(inputs, outputs));
    }

    /// <summary>
    /// A convolution of images [channels, height, width], which makes them a stride smaller (rounded up), its kernel's middle
    /// on every pixel it keeps.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    /// <exception cref="ArgumentException">The kernel is even.</exception>
    public static Net Conv2d(int outputs, int kernel = 3, int stride = 1)
    {
        CheckConvolution(outputs, kernel, stride);
        return new(Core.NetModule.conv2d(outputs, kernel, stride));
    }

    /// <summary>A transposed convolution of images, which makes them exactly a stride larger.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    /// <exception cref="ArgumentException">The kernel is even.</exception>
    public static Net ConvTranspose2d(int outputs, int kernel = 3, int stride = 1)
    {
        CheckConvolution(outputs, kernel, stride);
        return new(Core.NetModule.convTranspose2d(outputs, kernel, stride));
    }

    /// <summary>The numbers of one example in another shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static Net Reshape(params int[] shape)
    {
        Sizes.CheckPositive(shape, nameof(shape));
        return new(Core.NetModule.reshape(shape.ToCoreList()));
    }

    /// <summary>Zeroes each number with a probability while training, and scales the rest so that the mean stays.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1).</exception>
    public static Net Dropout(double probability)
    {
        Numbers.CheckFraction(probability, nameof(probability));
        return new(Core.NetModule.dropout(probability));
    }

    /// <summary>
    /// Brings each of so many groups of neighbouring channels of an example to mean 0 and variance 1, then learns a gain and a
    /// bias of each channel: images [channels, height, width], or vectors, whose numbers are the channels (Wu and He, 2018). A
    /// model refuses it for channels that the groups do not divide, and for groups of one number.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no group.</exception>
    public static Net GroupNorm(int groups)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        return new(Core.NetModule.groupNorm(groups));
    }

    /// <summary>x + f(x)</summary>
    public static Net Residual(Net net)
    {
        ArgumentNullException.ThrowIfNull(net);
        return new(Core.NetModule.residual(net.Value));
    }

    /// <summary>
    /// A function of one's own as a layer without parameters, such as <c>Net.Custom("square", x => x * x)</c>. It runs and
    /// trains; saving its model refuses it by its name.
    /// </summary>
    /// <param name="name">What the layer is called.</param>
    /// <param name="function">
    /// Of a batch, [batch, input...], and each example by itself. What it makes on the way is disposed of with the step.
    /// </param>
    /// <param name="outputShape">The shape of the output for one example of a shape; the same shape where none is given.</param>
    public static Net Custom(string name, Func<Tensor, Tensor> function, Func<long[], long[]>? outputShape = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(function);
        var shapeOf = outputShape ?? (shape => shape);
        return new(
            Core.NetModule.custom(
                new Core.CustomLayer(
                    name,
                    FuncConvert.FromFunc((string _, long[] _) => FSharpList<Core.Parameter>.Empty),
                    shapeOf.ToCore(),
                    FuncConvert.FromFunc((Core.Params _, string _, Core.Mode _, Tensor x) => function(x))
                )
            )
        );
    }

    /// <summary>Nets one after the other.</summary>
    /// <exception cref="ArgumentException">Layers cannot follow one another: the message names both.</exception>
    public static Net Chain(params Net[] nets)
    {
        ArgumentNullException.ThrowIfNull(nets);
        return nets.Aggregate(Identity, (first, second) => first.Then(second));
    }

    /// <summary>This net, its output the input of another.</summary>
    /// <exception cref="ArgumentException">Layers cannot follow one another: the message names both.</exception>
    public Net Then(Net next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new(Core.Net.op_MinusMinusGreater(Value, next.Value));
    }

    /// <summary>The layers in words, first to last.</summary>
    public IReadOnlyList<string> Layers => Array.AsReadOnly(Value.Layers.Select(Core.LayerModule.describe).ToArray());

    /// <summary>The shape of the output for one example of a shape.</summary>
    /// <exception cref="ArgumentException">The net does not take the shape: the message names the layer.</exception>
    public long[] OutputShape(params long[] input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Value.OutputFor(input);
    }

    /// <summary>The layers in words.</summary>
    public override string ToString() => Value.ToString();

    private static Net Activation(Core.Activation kind) => new(Core.NetModule.activation(kind));

    private static void CheckConvolution(int outputs, int kernel, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
    }
}
