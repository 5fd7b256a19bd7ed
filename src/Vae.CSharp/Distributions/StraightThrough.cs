using System;

namespace VaeFunctional;

/// <summary>
/// Draws of a discrete law whose gradient is that of its relaxation's path at the same noise (Jang, Gu and Poole, 2017). The
/// values follow the discrete law exactly; the gradient of an expectation through them is biased.
/// </summary>
public sealed class StraightThrough
{
    private readonly Func<Tensor, Tensor> push;

    private StraightThrough(Distribution law, IPathwise relaxed, Func<Tensor, Tensor> push)
    {
        Law = law;
        Relaxed = relaxed;
        this.push = push;
    }

    internal static StraightThrough Of<TLaw, TRelaxed>(Core.StraightThrough<TLaw, TRelaxed> core)
        where TLaw : Core.Distribution
        where TRelaxed : Core.Distribution =>
        new(Wrapping.Of(core.Law), (IPathwise)Wrapping.Of(core.Relaxed.Law), core.Push);

    /// <summary>The law that the values are draws of.</summary>
    public Distribution Law { get; }

    /// <summary>The relaxation that the gradients are those of; its noise is what is pushed.</summary>
    public IPathwise Relaxed { get; }

    /// <summary>The discrete values of noise of the relaxation, with the gradient of its values of the same noise.</summary>
    public Tensor Push(Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        return Interop.Keep(() => push(noise));
    }

    /// <summary>Draws of shape draws + batch + event, with the relaxed draws' gradient.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number of draws is below 1.</exception>
    public Tensor Draw(Key key, params long[] draws) => Interop.Keep(() => push(Relaxed.Noise(key, draws)));
}
