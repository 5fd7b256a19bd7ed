using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional.Cli.Experiments;

/// <summary>An experiment of the study: one prior, with the networks and the training that all of them share.</summary>
/// <param name="Name">The word it is asked for by.</param>
/// <param name="Title">What it is, in words.</param>
/// <param name="Covariance">Of the prior, whose mean is 0.</param>
/// <param name="Prior">p(z).</param>
internal sealed record Experiment(string Name, string Title, double[,] Covariance, Func<Prior> Prior)
{
    private static readonly double[,] Correlated =
    {
        { 1, 0.4 },
        { 0.4, 0.5 },
    };

    public static IReadOnlyList<Experiment> All { get; } =
    [
        Standard("2d", 2, "two independent latent dimensions"),
        Standard("3d", 3, "three independent latent dimensions"),
        new(
            "correlated",
            "two correlated latent dimensions, covariance [[1, 0.4], [0.4, 0.5]]",
            Correlated,
            () => VaeFunctional.Prior.Gaussian(Correlated)
        ),
    ];

    public static Experiment? Find(string name) => All.FirstOrDefault(experiment => experiment.Name == name);

    public int Dimensions => Covariance.GetLength(0);

    /// <summary>The prior of a run: the experiment's own, unless its settings have another or other dimensions.</summary>
    public Prior PriorOf(Settings settings) =>
        settings switch
        {
            { Prior: { } text } => VaeFunctional.Prior.Parse(text, settings.Latent ?? Dimensions),
            { Latent: { } dimensions } when dimensions != Dimensions => Name == "correlated"
                ? throw new UserException(
                    $"--latent is {dimensions}; expected {Dimensions}, as the prior of correlated has, or a --prior"
                )
                : VaeFunctional.Prior.Standard(dimensions),
            _ => Prior(),
        };

    /// <summary>Whether a run's latents are normal before any data, as the experiment has them: its figures are of such.</summary>
    public bool HasOwnPrior(Settings settings) =>
        settings.Prior is null && settings.Conditional is null && (settings.Latent ?? Dimensions) == Dimensions;

    private static Experiment Standard(string name, int dimensions, string title)
    {
        var identity = new double[dimensions, dimensions];

        for (var i = 0; i < dimensions; i++)
        {
            identity[i, i] = 1;
        }

        return new(name, title, identity, () => VaeFunctional.Prior.Standard(dimensions));
    }
}
