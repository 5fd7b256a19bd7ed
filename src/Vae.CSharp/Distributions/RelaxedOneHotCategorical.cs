using System;

namespace VaeFunctional;

/// <summary>
/// RelaxedOneHotCategorical on the simplex: the softmax of (logits + G) / temperature with G
/// standard Gumbel numbers, for logits [batch..., n], which tends to OneHotCategorical(logits) as the temperature tends
/// to 0 (Maddison, Mnih and Teh, 2017). No moment is known.
/// </summary>
public sealed class RelaxedOneHotCategorical : Distribution, IPathwise
{
    internal RelaxedOneHotCategorical(Core.RelaxedOneHotCategorical law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits: the temperature, and logits, which need not be normalised.</summary>
    /// <exception cref="ArgumentException">
    /// A temperature is not positive, there are no logits, or a logit is not finite.
    /// </exception>
    public static RelaxedOneHotCategorical OfLogits(double temperature, params double[] logits) =>
        new(
            Interop.Own(() =>
                Core.RelaxedOneHotCategorical.OfLogits(TensorNumbers.Scalar(temperature), Interop.Vector(logits))
            )
        );

    /// <summary>From tensors whose batches broadcast, [batch...] and [batch..., n]. The law borrows them.</summary>
    /// <exception cref="ArgumentException">
    /// A temperature is not positive, there are no categories, or a logit is not finite.
    /// </exception>
    public static RelaxedOneHotCategorical OfLogits(Tensor temperature, Tensor logits) =>
        new(Core.RelaxedOneHotCategorical.OfLogits(Interop.Given(temperature), Interop.Given(logits)));

    /// <summary>From numbers, in 64 bits: the temperature, and probabilities, which are divided by their sum.</summary>
    /// <exception cref="ArgumentException">
    /// A temperature is not positive, there are no probabilities, or a probability is not positive and finite.
    /// </exception>
    public static RelaxedOneHotCategorical OfProbs(double temperature, params double[] probs) =>
        new(
            Interop.Own(() =>
                Core.RelaxedOneHotCategorical.OfProbs(TensorNumbers.Scalar(temperature), Interop.Vector(probs))
            )
        );

    /// <summary>From tensors of the same whose batches broadcast, [batch...] and [batch..., n].</summary>
    /// <exception cref="ArgumentException">
    /// A temperature is not positive, there are no categories, or a probability is not positive and finite.
    /// </exception>
    public static RelaxedOneHotCategorical OfProbs(Tensor temperature, Tensor probs)
    {
        Interop.Given(temperature);
        Interop.Given(probs);
        return new(Interop.Own(() => Core.RelaxedOneHotCategorical.OfProbs(temperature, probs)));
    }

    private Core.RelaxedOneHotCategorical Own => (Core.RelaxedOneHotCategorical)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>How far the law is from a one-hot law.</summary>
    public Tensor Temperature => Interop.Alias(Own.Temperature);

    /// <summary>Those of the one-hot law that it tends to, as they were given: [batch..., n].</summary>
    public Tensor Logits => Interop.Alias(Own.Logits);

    /// <summary>Draws of the one-hot law, 1 where the relaxed draw is largest, with the relaxed draw's gradient.</summary>
    public StraightThrough StraightThrough() =>
        VaeFunctional.StraightThrough.Of(Core.RelaxedOneHotCategoricalModule.straightThrough(Own));
}
