using System;

namespace VaeFunctional;

/// <summary>
/// A differentiable bijection y = f(x) between sets of numbers, vectors or matrices, with its inverse and the logarithm of
/// what it does to volume. Parameters broadcast with the batch of points, as those of laws do.
/// </summary>
public sealed partial class Transform
{
    internal Transform(Core.Transform value) => Value = value;

    internal Core.Transform Value { get; }

    /// <summary>The name, as errors use it.</summary>
    public string Name => Value.Name;

    /// <summary>
    /// How many of the last dimensions are one point: 0 of an elementwise transform, 1 of vectors, 2 of matrices.
    /// </summary>
    public int Rank => Value.Rank;

    /// <summary>y = f(x), for x of shape [..., point].</summary>
    /// <exception cref="ArgumentException">The points are of another size.</exception>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Interop.Keep(() => Value.Forward(x));
    }

    /// <summary>The x with f(x) = y.</summary>
    /// <exception cref="ArgumentException">The points are of another size.</exception>
    public Tensor Inverse(Tensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        return Interop.Keep(() => Value.Inverse(y));
    }

    /// <summary>log |det dy/dx| in nats, of the shape of f(x) without the dimensions of a point.</summary>
    /// <exception cref="ArgumentException">The points are of another size.</exception>
    public Tensor LogDet(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Interop.Keep(() => Value.LogDet(x));
    }

    /// <summary>f(x) and log |det dy/dx|, from one evaluation.</summary>
    /// <exception cref="ArgumentException">The points are of another size.</exception>
    public (Tensor Y, Tensor LogDet) ForwardAndLogDet(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Interop.Keep(() => Value.ForwardAndLogDet(x));
    }

    /// <summary>The x with f(x) = y and log |det dx/dy|, from one evaluation.</summary>
    /// <exception cref="ArgumentException">The points are of another size.</exception>
    public (Tensor X, Tensor LogDet) InverseAndLogDet(Tensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        return Interop.Keep(() => Value.InverseAndLogDet(y));
    }

    /// <summary>The shape of y for a shape of x, but for what the parameters' batch adds in front.</summary>
    /// <exception cref="ArgumentException">The points are of another size.</exception>
    public long[] ForwardShape(params long[] shape) => Value.ForwardShape(Interop.Given(shape));

    /// <summary>The shape of x for a shape of y, but for what the parameters' batch adds in front.</summary>
    /// <exception cref="ArgumentException">The points are of another size.</exception>
    public long[] InverseShape(params long[] shape) => Value.InverseShape(Interop.Given(shape));

    /// <summary>The transform with its directions exchanged.</summary>
    public Transform Invert() => new(Core.TransformModule.inverse(Value));

    /// <summary>The name.</summary>
    public override string ToString() => Value.ToString();
}
