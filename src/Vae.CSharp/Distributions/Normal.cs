using System;

namespace VaeFunctional;

/// <summary>Normal(loc, scale) on the real line, element by element.</summary>
public sealed class Normal : Distribution
{
    private readonly Core.Normal law;

    /// <summary>From two numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The scale is not a positive finite number.</exception>
    public Normal(double loc, double scale) => law = new Core.Normal(loc, scale);

    /// <summary>From the mean and the standard deviation, which broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A mean that is not finite, or a scale that is not positive.</exception>
    public Normal(Tensor loc, Tensor scale)
    {
        ArgumentNullException.ThrowIfNull(loc);
        ArgumentNullException.ThrowIfNull(scale);
        law = new Core.Normal(loc, scale);
    }

    internal override Core.Distribution Law => law;

    internal Core.Reparameterized<Core.Normal> Path => Core.NormalModule.pathwise(law);

    /// <summary>The mean.</summary>
    public Tensor Loc => law.Loc.alias();

    /// <summary>The standard deviation.</summary>
    public Tensor Scale => law.Scale.alias();

    /// <summary>Draws of shape draws + batch, differentiable in the parameters: loc + scale * noise.</summary>
    public Tensor Draw(Key key, params long[] draws) => Interop.Keep(() => Path.Draw(key.ToCore(), draws));
}
