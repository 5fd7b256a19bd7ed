namespace VaeFunctional;

/// <summary>
/// A law with a density on the line, given that its draw lies between two ends. Mean, variance and entropy are by
/// quadrature.
/// </summary>
public sealed class Truncated : UnivariateDistribution
{
    internal Truncated(Core.Truncated law)
        : base(law) => Base = Wrapping.Of(law.Base);

    private Core.Truncated Own => (Core.Truncated)Law;

    /// <summary>The law that is cut.</summary>
    public UnivariateDistribution Base { get; }

    /// <summary>The lower end.</summary>
    public Tensor Low => Interop.Alias(Own.Low);

    /// <summary>The upper end.</summary>
    public Tensor High => Interop.Alias(Own.High);

    /// <summary>The probability that the law that is cut gives the interval.</summary>
    public Tensor Mass => Interop.Keep(() => Own.Mass);

    /// <summary>The log of the base law's probability between the ends, which may underflow.</summary>
    public Tensor LogMass => Interop.Alias(Own.LogMass);
}
