using System;

namespace VaeFunctional;

/// <summary>
/// The wrapped normal law on the Poincare ball of curvature -c, the vectors of d numbers shorter than one over the root
/// of c: normal in the tangent space at loc, sent to the ball by the exponential map (Nagano and others, 2019; Mathieu
/// and others, 2019).
/// </summary>
public sealed class WrappedNormal : Distribution, IPathwise
{
    internal WrappedNormal(Core.WrappedNormal law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">
    /// The centre is outside the ball, or a scale or the curvature is not positive.
    /// </exception>
    public WrappedNormal(double[] loc, double[] scale, double curvature)
        : this(
            Interop.Own(() =>
                new Core.WrappedNormal(Interop.Vector(loc), Interop.Vector(scale), TensorNumbers.Scalar(curvature))
            )
        ) { }

    /// <summary>
    /// From the centre and the scales [batch..., d] and the curvature c [batch...], whose batches broadcast. The law
    /// borrows them.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A centre is outside its ball, or a scale or curvature is not positive.
    /// </exception>
    public WrappedNormal(Tensor loc, Tensor scale, Tensor curvature)
        : this(new Core.WrappedNormal(Interop.Given(loc), Interop.Given(scale), Interop.Given(curvature))) { }

    private Core.WrappedNormal Own => (Core.WrappedNormal)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>Where the tangent space is, [batch..., d].</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>The standard deviations in the tangent space, [batch..., d].</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>c, where -c is the curvature of the space, [batch...].</summary>
    public Tensor Curvature => Interop.Alias(Own.Curvature);
}
