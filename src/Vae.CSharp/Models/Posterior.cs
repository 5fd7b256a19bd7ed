using System;

namespace VaeFunctional;

/// <summary>
/// How a posterior's log-scale follows from its head: a soft clamp keeps |log scale| below a bound by
/// bound * tanh(x / bound), so that no output of a network makes a scale of 0 or infinity.
/// </summary>
public sealed class LogScale
{
    private LogScale(Core.LogScale value) => Value = value;

    internal Core.LogScale Value { get; }

    /// <summary>The head's own value.</summary>
    public static LogScale Free { get; } = new(Core.LogScale.Free);

    /// <summary>Softly clamped within plus or minus a bound.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not a positive finite number.</exception>
    public static LogScale SoftClamp(double bound)
    {
        Numbers.CheckPositive(bound, nameof(bound));
        return new(Core.LogScale.NewSoftClamp(bound));
    }

    /// <summary>The policy in words.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>q(z|x): an encoder, waiting for the shapes of the data and of the latent.</summary>
public sealed class Posterior
{
    internal Posterior(Core.Posterior value) => Value = value;

    internal Core.Posterior Value { get; }

    /// <summary>
    /// Independent normals: the encoder gives a code, and two linear heads make the mean and the log-variance of it.
    /// </summary>
    /// <param name="encoder">From data to a code.</param>
    /// <param name="logScale">Softly clamped within 10 where none is given.</param>
    public static Posterior DiagonalNormal(Net encoder, LogScale? logScale = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return new(
            logScale is null
                ? Core.PosteriorModule.diagonalNormal(encoder.Value)
                : Core.PosteriorModule.diagonalNormalBy(logScale.Value, encoder.Value)
        );
    }

    /// <summary>
    /// A law whose parameters are all the encoder's: <c>Posterior.OfLaw("VonMisesFisher", encoder)</c>. See
    /// <see cref="OfHead"/>.
    /// </summary>
    /// <param name="law">A name of <see cref="Laws.All"/>, whatever its case.</param>
    /// <param name="encoder">From data to a code.</param>
    /// <exception cref="ArgumentException">No law is called so: the message has the names that are nearest.</exception>
    public static Posterior OfLaw(string law, Net encoder) => OfHead(Head.OfLaw(law), encoder);

    /// <summary>
    /// A law by its head: each parameter that is the network's is a linear layer on the encoder's code. A law of matrices, a count
    /// that is not stated, and latents that the law has no values of are refused once the model is made.
    /// </summary>
    /// <param name="head">The law, and where its parameters come from.</param>
    /// <param name="encoder">From data to a code.</param>
    public static Posterior OfHead(Head head, Net encoder)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(encoder);
        return new(Core.PosteriorModule.ofHead(head.Value, encoder.Value));
    }

    /// <summary>
    /// The nearest vectors of a learned codebook to what the encoder gives, one at each place of latents of shape [d, places...], which
    /// is the shape of the encoder's output; gradients pass as if that had been decoded (van den Oord, Vinyals and Kavukcuoglu,
    /// 2017). It goes with <see cref="Prior.Codebook"/> and <see cref="Objective.Quantized"/>.
    /// </summary>
    /// <param name="encoder">From data to the latent's shape: another output is refused once the model is made.</param>
    /// <param name="codes">At least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer codes than 2.</exception>
    public static Posterior Quantized(Net encoder, int codes)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfLessThan(codes, 2);
        return new(Core.PosteriorModule.quantized(codes, encoder.Value));
    }

    /// <summary>
    /// What a flow makes of this posterior's draws: richer than the law that it begins with, and scored as it draws. Its KL is
    /// sampled. A posterior that is not of vectors of real numbers, or that has no sample path, is refused once the model is made.
    /// </summary>
    public Posterior Through(Flow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return new(Core.PosteriorModule.flow(flow.Value, Value));
    }

    /// <summary>
    /// The posterior that a text names, with flows of it after commas: <c>normal, iaf 4</c>, <c>VonMisesFisher</c>.
    /// <see cref="Recipes.Posteriors"/> are those with a name of their own, and each law's name makes that law.
    /// </summary>
    /// <param name="text">The name and what follows it.</param>
    /// <param name="encoder">From data to a code.</param>
    /// <exception cref="ArgumentException">The text names none: the message says what there is.</exception>
    public static Posterior Parse(string text, Net encoder)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(encoder);
        return new(Core.PosteriorRecipes.read(text).Invoke(encoder.Value));
    }

    /// <summary>The posterior in words.</summary>
    public override string ToString() => Value.Spec.ToString();
}
