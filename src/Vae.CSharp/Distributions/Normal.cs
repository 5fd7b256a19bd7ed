using System;

namespace VaeFunctional;

/// <summary>Normal(loc, scale) on the real line, element by element.</summary>
public sealed class Normal : PathwiseDistribution
{
    private readonly Core.Normal law;

    /// <summary>From two numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or the scale not positive.</exception>
    public Normal(double loc, double scale)
    {
        Numbers.CheckFinite(loc, nameof(loc));
        Numbers.CheckPositive(scale, nameof(scale));
        law = new Core.Normal(loc, scale);
    }

    /// <summary>From the mean and the standard deviation, which broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A mean that is not finite, or a scale that is not positive.</exception>
    public Normal(Tensor loc, Tensor scale)
    {
        ArgumentNullException.ThrowIfNull(loc);
        ArgumentNullException.ThrowIfNull(scale);
        law = new Core.Normal(loc, scale);
    }

    internal override Core.Distribution Law => law;

    private protected override Tensor NoiseOf(Core.Key key, long[] draws) =>
        Core.NormalModule.pathwise(law).Noise(key, draws);

    private protected override Tensor Pushed(Tensor noise) => Core.NormalModule.pathwise(law).Push(noise);

    /// <summary>The mean.</summary>
    public Tensor Loc => law.Loc.alias();

    /// <summary>The standard deviation.</summary>
    public Tensor Scale => law.Scale.alias();

    /// <summary>The logarithm of the standard deviation.</summary>
    public Tensor LogScale => law.LogScale.alias();
}
