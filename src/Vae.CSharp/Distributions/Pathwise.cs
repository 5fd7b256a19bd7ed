using System;

namespace VaeFunctional;

/// <summary>
/// A law whose draws are noise that does not depend on the parameters, pushed onto the law by a differentiable function of
/// them, so that gradients pass through the draw (Kingma and Welling, 2014).
/// </summary>
public interface IPathwise
{
    internal Core.Reparameterized<Core.Distribution> Reparameterized { get; }
}

/// <summary>What can be done with a law's sample path.</summary>
public static class Pathwise
{
    /// <summary>How often the path can be differentiated.</summary>
    public static PathOrder Order(this IPathwise law)
    {
        ArgumentNullException.ThrowIfNull(law);
        return Paths.OrderOf(law.Reparameterized.Order);
    }

    /// <summary>The noise of a key: pushed onto several laws, it gives draws that share it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number of draws is below 1.</exception>
    public static Tensor Noise(this IPathwise law, Key key, params long[] draws)
    {
        ArgumentNullException.ThrowIfNull(law);
        Sizes.CheckPositive(draws, nameof(draws));
        return law.Reparameterized.Noise(key.ToCore(), draws);
    }

    /// <summary>The draws that noise is pushed to, differentiable in the parameters.</summary>
    /// <exception cref="InvalidOperationException">
    /// The path is implicit, which differentiates once only, and this is inside a derivative of a derivative.
    /// </exception>
    public static Tensor Push(this IPathwise law, Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(law);
        ArgumentNullException.ThrowIfNull(noise);
        return Interop.Keep(() => law.Reparameterized.Push(noise));
    }

    /// <summary>Draws of shape draws + batch + event, differentiable in the parameters.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number of draws is below 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// The path is implicit, which differentiates once only, and this is inside a derivative of a derivative.
    /// </exception>
    public static Tensor Draw(this IPathwise law, Key key, params long[] draws)
    {
        ArgumentNullException.ThrowIfNull(law);
        Sizes.CheckPositive(draws, nameof(draws));
        return Interop.Keep(() => law.Reparameterized.Draw(key.ToCore(), draws));
    }
}
