using System;

namespace VaeFunctional;

/// <summary>
/// A law whose draws are noise that does not depend on the parameters, pushed onto the law by a differentiable function of
/// them, so that gradients pass through the draw (Kingma and Welling, 2014).
/// </summary>
public abstract class PathwiseDistribution : Distribution
{
    private protected PathwiseDistribution() { }

    private protected abstract Tensor NoiseOf(Core.Key key, long[] draws);

    private protected abstract Tensor Pushed(Tensor noise);

    /// <summary>The noise of a key: pushed onto several laws, it gives draws that share it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number of draws is below 1.</exception>
    public Tensor Noise(Key key, params long[] draws)
    {
        Sizes.CheckPositive(draws, nameof(draws));
        return NoiseOf(key.ToCore(), draws);
    }

    /// <summary>The draws that noise is pushed to, differentiable in the parameters.</summary>
    public Tensor Push(Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        return Interop.Keep(() => Pushed(noise));
    }

    /// <summary>Draws of shape draws + batch + event, differentiable in the parameters.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number of draws is below 1.</exception>
    public Tensor Draw(Key key, params long[] draws) => Interop.Keep(() => Pushed(Noise(key, draws)));
}
