using System;

namespace VaeFunctional;

/// <summary>p(x|z): a decoder, waiting for the shape of the latent. Its output has the shape of the data.</summary>
public sealed class Likelihood
{
    private Likelihood(Core.Likelihood value) => Value = value;

    internal Core.Likelihood Value { get; }

    /// <summary>What the negative score is called in reports.</summary>
    public string ScoreName => Value.ScoreName;

    /// <summary>Whether the score is a log-density, so that its expectation bounds log p(x).</summary>
    public bool IsDensity => Value.IsDensity;

    /// <summary>Bernoulli pixels by logits, for data in {0, 1}.</summary>
    public static Likelihood Bernoulli(Net decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        return new(Core.LikelihoodModule.bernoulli(decoder.Value));
    }

    /// <summary>
    /// The cross-entropy of grey levels in [0, 1] against Bernoulli logits: what most code bases report. It is a score, not
    /// a log-density, so nothing that it enters is called a likelihood.
    /// </summary>
    public static Likelihood BernoulliCrossEntropy(Net decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        return new(Core.LikelihoodModule.bernoulliCrossEntropy(decoder.Value));
    }

    /// <summary>Normal pixels of one fixed standard deviation around the decoder's output.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not a positive finite number.</exception>
    public static Likelihood Gaussian(Net decoder, double scale)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        Numbers.CheckPositive(scale, nameof(scale));
        return new(Core.LikelihoodModule.gaussian(scale, decoder.Value));
    }

    /// <summary>The likelihood in words.</summary>
    public override string ToString() => Value.Spec.ToString();
}
