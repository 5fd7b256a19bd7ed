namespace VaeFunctional;

/// <summary>
/// The law of f(X) for a law of single numbers and an elementwise bijection f, with its distribution function. Mean,
/// variance and entropy are by quadrature where f is not affine.
/// </summary>
public sealed class TransformedUnivariate : UnivariateDistribution
{
    internal TransformedUnivariate(Core.TransformedUnivariate law)
        : base(law)
    {
        Base = Wrapping.Of(law.Base);
        Transform = new Transform(law.Transform);
    }

    /// <summary>The law of what is transformed.</summary>
    public UnivariateDistribution Base { get; }

    /// <summary>The bijection.</summary>
    public Transform Transform { get; }
}
