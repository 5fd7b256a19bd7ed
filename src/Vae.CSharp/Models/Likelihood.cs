using System;
using System.Linq;
using Microsoft.FSharp.Collections;

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

    /// <summary>
    /// A law whose parameters are all the decoder's: <c>Likelihood.OfLaw("NegativeBinomial", decoder)</c>. See
    /// <see cref="OfHead"/>.
    /// </summary>
    /// <param name="law">A name of <see cref="Laws.All"/>, whatever its case.</param>
    /// <param name="decoder">From a latent to the numbers of the parameters.</param>
    /// <exception cref="ArgumentException">No law is called so: the message has the names that are nearest.</exception>
    public static Likelihood OfLaw(string law, Net decoder) => OfHead(Head.OfLaw(law), decoder);

    /// <summary>
    /// A law for each value of the data or, of a law of vectors, for the vectors of its last dimension. The decoder's output is cut
    /// along its first dimension into the real numbers of each parameter that is the network's, in the law's order: for data of
    /// shape [c, h, w] and a law of two such numbers it has shape [2 c, h, w]. A law of matrices, a count that is not stated, and
    /// an output that cannot be cut so are refused once the model is made.
    /// </summary>
    /// <param name="head">The law, and where its parameters come from.</param>
    /// <param name="decoder">From a latent to the numbers of the parameters.</param>
    public static Likelihood OfHead(Head head, Net decoder)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(decoder);
        return new(Core.LikelihoodModule.ofHead(head.Value, decoder.Value));
    }

    /// <summary>
    /// A law for each of several named parts of data that is a vector, one part after the other: a row of a table, or an image beside
    /// its caption. The decoder's output is a vector of the numbers of the parts' laws in their order; another length is refused once
    /// the model is made.
    /// </summary>
    /// <param name="decoder">From a latent to the numbers of the parameters.</param>
    /// <param name="parts">Each part's name, how many of the data's numbers it is, and their law.</param>
    /// <exception cref="ArgumentException">There are no parts, or two of one name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A part has no numbers.</exception>
    public static Likelihood Product(Net decoder, params (string Name, int Numbers, Head Law)[] parts)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(parts);

        foreach (var (name, numbers, law) in parts)
        {
            ArgumentNullException.ThrowIfNull(name, nameof(parts));
            ArgumentNullException.ThrowIfNull(law, nameof(parts));
            ArgumentOutOfRangeException.ThrowIfLessThan(numbers, 1, nameof(parts));
        }

        var heads = parts.Select(part => Tuple.Create(part.Name, part.Numbers, part.Law.Value)).ToCoreList();
        return new(Core.LikelihoodModule.product(heads, decoder.Value));
    }

    /// <summary>
    /// Images [channels, height, width] of 256 levels, grey or of red, green and blue, by a mixture of discretized logistic laws of
    /// each pixel (<see cref="VaeFunctional.DiscretizedLogisticMixture"/>; Salimans and others, 2017): a density of data that is
    /// levels divided by 255. The decoder's output has the height and width of the images and, for k components, 3 k channels
    /// of grey ones and 10 k of colours: logits, means, log-scales and, of colours, coefficients. No mean is known of colours,
    /// so that models of them score and train but show no means.
    /// </summary>
    /// <param name="decoder">From a latent to the numbers of each pixel. Its output is checked once the model is made.</param>
    /// <param name="components">Of each pixel's mixture.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no components.</exception>
    public static Likelihood DiscretizedLogisticMixture(Net decoder, int components)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        return new(Core.LikelihoodModule.discretizedLogisticMixture(components, decoder.Value));
    }

    /// <summary>
    /// A law of counts by its head with zeros of another cause, for each value of the data (<see cref="VaeFunctional.ZeroInflated"/>).
    /// The decoder's output is cut as for <see cref="OfHead"/>, and has one more number of each place, the last: the logit of the
    /// probability of such a zero. For data of shape [c, h, w] and a law of two numbers it has shape [3 c, h, w].
    /// </summary>
    /// <param name="head">The law, and where its parameters come from.</param>
    /// <param name="decoder">From a latent to the numbers of the parameters.</param>
    /// <exception cref="ArgumentException">The law is not of counts.</exception>
    public static Likelihood ZeroInflated(Head head, Net decoder)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(decoder);
        return new(Core.LikelihoodModule.zeroInflated(head.Value, decoder.Value));
    }

    /// <summary>
    /// The likelihood that a text names, such as <c>bernoulli</c>, <c>gaussian 0.1</c>, <c>Normal scale=shared</c>,
    /// <c>StudentT df=4</c> or <c>zero-inflated NegativeBinomial</c>: <see cref="Recipes.Likelihoods"/> are those with a name of their own, and each law's name makes that
    /// law.
    /// </summary>
    /// <param name="text">The name and what follows it.</param>
    /// <param name="dataShape">Of one example.</param>
    /// <param name="decoder">
    /// Makes the decoder to a shape: that of the data, or one whose first dimension is larger where the law takes several numbers
    /// a place.
    /// </param>
    /// <exception cref="ArgumentException">The text names none: the message says what there is.</exception>
    public static Likelihood Parse(string text, int[] dataShape, Func<int[], Net> decoder)
    {
        ArgumentNullException.ThrowIfNull(text);
        Sizes.CheckPositive(dataShape, nameof(dataShape));
        ArgumentNullException.ThrowIfNull(decoder);
        var to = Interop.ToCore((FSharpList<int> shape) => decoder([.. shape]).Value);
        return new(Core.LikelihoodRecipes.read(text).Invoke(dataShape.ToCoreList()).Invoke(to));
    }

    /// <summary>The likelihood in words.</summary>
    public override string ToString() => Value.Spec.ToString();
}
