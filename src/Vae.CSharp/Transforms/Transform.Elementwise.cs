using System;

namespace VaeFunctional;

public sealed partial class Transform
{
    /// <summary>y = e^x, from the real numbers to the positive ones.</summary>
    public static Transform Exp { get; } = new(Core.TransformModule.exp);

    /// <summary>y = log(1 + e^x), from the real numbers to the positive ones.</summary>
    public static Transform Softplus { get; } = new(Core.TransformModule.softplus);

    /// <summary>y = 1 / (1 + e^-x), from the real numbers to those between 0 and 1.</summary>
    public static Transform Sigmoid { get; } = new(Core.TransformModule.sigmoid);

    /// <summary>y = tanh x, from the real numbers to those between -1 and 1.</summary>
    public static Transform Tanh { get; } = new(Core.TransformModule.tanh);

    /// <summary>y = loc + scale x, element by element.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or the scale 0.</exception>
    public static Transform Affine(double loc, double scale) =>
        new(Interop.Own(() => Core.TransformModule.affine(TensorNumbers.Scalar(loc), TensorNumbers.Scalar(scale))));

    /// <summary>y = loc + scale x, element by element. The transform borrows the tensors.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or a scale 0.</exception>
    public static Transform Affine(Tensor loc, Tensor scale) =>
        new(Core.TransformModule.affine(Interop.Given(loc), Interop.Given(scale)));

    /// <summary>y = x^exponent, of positive numbers.</summary>
    /// <exception cref="ArgumentException">The exponent is 0 or not finite.</exception>
    public static Transform Power(double exponent) =>
        new(Interop.Own(() => Core.TransformModule.power(TensorNumbers.Scalar(exponent))));

    /// <summary>y = x^exponent, of positive numbers. The transform borrows the tensor.</summary>
    /// <exception cref="ArgumentException">An exponent is 0 or not finite.</exception>
    public static Transform Power(Tensor exponent) => new(Core.TransformModule.power(Interop.Given(exponent)));

    /// <summary>
    /// A monotone rational-quadratic spline on [-bound, bound] and the identity outside, element by element, of n bins:
    /// widths and heights [..., n] and slopes [..., n - 1] may be any numbers; where all are 0 it is the identity.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The bound is not positive, a number is not finite, or the bins do not count alike: at least 2, at most 999.
    /// </exception>
    public static Transform Spline(double bound, Tensor widths, Tensor heights, Tensor slopes) =>
        new(Core.TransformModule.spline(bound, Interop.Given(widths), Interop.Given(heights), Interop.Given(slopes)));
}
