using System;

namespace VaeFunctional;

/// <summary>
/// RelaxedOneHotCategorical(temperature, logits) on the simplex: the softmax of (logits + G) / temperature with G
/// standard Gumbel numbers, for logits [batch..., n], which tends to OneHotCategorical(logits) as the temperature tends
/// to 0 (Maddison, Mnih and Teh, 2017). No moment is known.
/// </summary>
public sealed class RelaxedOneHotCategorical : Distribution, IPathwise
{
    internal RelaxedOneHotCategorical(Core.RelaxedOneHotCategorical law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">
    /// The temperature is not positive, there are no logits, or one is not finite.
    /// </exception>
    public RelaxedOneHotCategorical(double temperature, params double[] logits)
        : this(
            Interop.Own(() =>
                Core.RelaxedOneHotCategorical.Create(TensorNumbers.Scalar(temperature), Interop.Vector(logits))
            )
        ) { }

    /// <summary>
    /// From the temperature [batch...] and the logits [batch..., n], whose batches broadcast. The law borrows them.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A temperature is not positive, there are no categories, or a logit is not finite.
    /// </exception>
    public RelaxedOneHotCategorical(Tensor temperature, Tensor logits)
        : this(Core.RelaxedOneHotCategorical.Create(Interop.Given(temperature), Interop.Given(logits))) { }

    private Core.RelaxedOneHotCategorical Own => (Core.RelaxedOneHotCategorical)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>How far the law is from a one-hot law.</summary>
    public Tensor Temperature => Own.Temperature.alias();

    /// <summary>Those of the one-hot law that it tends to, as they were given: [batch..., n].</summary>
    public Tensor Logits => Own.Logits.alias();

    /// <summary>Draws of the one-hot law, 1 where the relaxed draw is largest, with the relaxed draw's gradient.</summary>
    public StraightThrough StraightThrough() =>
        VaeFunctional.StraightThrough.Of(Core.RelaxedOneHotCategoricalModule.straightThrough(Own));
}
