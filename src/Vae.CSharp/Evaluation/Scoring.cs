using System;
using Vae.Tables;

namespace VaeFunctional;

/// <summary>
/// By what an example is odd to a model, in nats: the larger the score, the odder.
/// <code>
/// var scores = model.Score(table, Scoring.Reconstruction());
/// </code>
/// </summary>
public sealed class Scoring
{
    private Scoring(Core.Score value) => Value = value;

    internal Core.Score Value { get; }

    /// <summary>
    /// -log p(x), by draws of the posterior weighted by p(x, z) / q(z|x) (Burda, Grosse and Salakhutdinov, 2016, equation 8).
    /// </summary>
    /// <param name="samples">Draws of the posterior for each example, at least 1: with fewer the score is higher on average.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no draws.</exception>
    public static Scoring LogLikelihood(int samples = 100) => new(Core.Score.NewLogLikelihood(Checked(samples)));

    /// <summary>The negative ELBO: -log p(x) and how far the posterior is from the true one.</summary>
    /// <param name="samples">Draws of the posterior for each example, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no draws.</exception>
    public static Scoring Bound(int samples = 10) => new(Core.Score.NewBound(Checked(samples)));

    /// <summary>The mean of -log p(x|z) over draws of the posterior: what is left of the bound without its KL.</summary>
    /// <param name="samples">Draws of the posterior for each example, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no draws.</exception>
    public static Scoring Reconstruction(int samples = 10) => new(Core.Score.NewReconstruction(Checked(samples)));

    /// <summary>
    /// KL(q(z|x) || p(z)): how far the posterior is from the prior. It does not see what the decoder cannot say.
    /// </summary>
    public static Scoring Latent { get; } = new(Core.Score.Latent);

    /// <summary>What it is called, as the command names it, with its draws.</summary>
    public override string ToString() =>
        CalibrationModule.nameOf(Value)
        + Value switch
        {
            Core.Score.LogLikelihood score => $", {score.samples} samples",
            Core.Score.Bound score => $", {score.samples} samples",
            Core.Score.Reconstruction score => $", {score.samples} samples",
            _ => "",
        };

    private static int Checked(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        return samples;
    }
}
