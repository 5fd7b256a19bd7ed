using System;

namespace VaeFunctional;

public sealed partial class Transform
{
    /// <summary>
    /// From vectors of k - 1 numbers to the simplex of k, by breaking a stick: x = 0 gives equal parts. The log-determinant is
    /// that of the first k - 1 parts.
    /// </summary>
    public static Transform StickBreaking { get; } = new(Core.TransformModule.stickBreaking);

    /// <summary>y = loc + scaleTril x, for vectors x of k numbers.</summary>
    /// <exception cref="ArgumentException">
    /// The factor is not square, lower triangular and positive on its diagonal, or of another size.
    /// </exception>
    public static Transform ScaleTril(double[] loc, double[,] scaleTril) =>
        new(Interop.Own(() => Core.TransformModule.scaleTril(Interop.Vector(loc), Interop.Matrix(scaleTril))));

    /// <summary>
    /// y = loc + scaleTril x, for vectors x of k numbers; loc is [batch..., k], scaleTril [batch..., k, k]. The transform
    /// borrows the tensors.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The factor is not square, lower triangular and positive on its diagonal, or of another size.
    /// </exception>
    public static Transform ScaleTril(Tensor loc, Tensor scaleTril) =>
        new(Core.TransformModule.scaleTril(Interop.Given(loc), Interop.Given(scaleTril)));

    /// <summary>y_i = x_order(i), for vectors x.</summary>
    /// <exception cref="ArgumentException">The order does not have each of 0 to k - 1 once.</exception>
    public static Transform Permute(params int[] order) => new(Core.TransformModule.permute(Interop.Given(order)));

    /// <summary>Reflections x - 2 v (v . x) / |v|^2 by vectors [batch..., n, k], one after another.</summary>
    /// <exception cref="ArgumentException">A vector has length 0.</exception>
    public static Transform Householder(Tensor vectors) =>
        new(Core.TransformModule.householder(Interop.Given(vectors)));

    /// <summary>
    /// y = x + u' tanh(w . x + b), with u' made from u so that it is a bijection for any u: u and w are [batch..., k], b is
    /// [batch...] (Rezende and Mohamed, 2015).
    /// </summary>
    /// <exception cref="ArgumentException">A number is not finite, or w has length 0.</exception>
    public static Transform Planar(Tensor u, Tensor w, Tensor b) =>
        new(Core.TransformModule.planar(Interop.Given(u), Interop.Given(w), Interop.Given(b)));

    /// <summary>
    /// y = x + b (x - centre) / (alpha + |x - centre|), with b made from beta so that it is a bijection for any beta: centre
    /// is [batch..., k], alpha and beta are [batch...] (Rezende and Mohamed, 2015).
    /// </summary>
    /// <exception cref="ArgumentException">A number is not finite, or alpha not positive.</exception>
    public static Transform Radial(Tensor centre, Tensor alpha, Tensor beta) =>
        new(Core.TransformModule.radial(Interop.Given(centre), Interop.Given(alpha), Interop.Given(beta)));

    /// <summary>
    /// y = x + Q R tanh(R' Q' x + b), with Q made from reflections by vectors [batch..., n, k], R and R' from upper triangular
    /// matrices [batch..., m, m] whose diagonals may be any numbers, and b [batch..., m] (van den Berg and others, 2018).
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A number is not finite, a vector has length 0, a matrix is not upper triangular, or m is above k.
    /// </exception>
    public static Transform Sylvester(Tensor vectors, Tensor r, Tensor rTilde, Tensor b) =>
        new(
            Core.TransformModule.sylvester(
                Interop.Given(vectors),
                Interop.Given(r),
                Interop.Given(rTilde),
                Interop.Given(b)
            )
        );
}
