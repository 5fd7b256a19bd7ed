using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional;

/// <summary>A way to make something that a text can name.</summary>
/// <param name="Name">The first word.</param>
/// <param name="Arguments">The words after it, those in brackets left out at will.</param>
/// <param name="Says">What is made.</param>
/// <param name="Example">A text that is read.</param>
public sealed record Recipe(string Name, string Arguments, string Says, string Example);

/// <summary>What the texts of priors, posteriors, likelihoods and objectives can name, beside the laws.</summary>
public static class Recipes
{
    /// <summary>For <see cref="Prior.Parse"/>.</summary>
    public static IReadOnlyList<Recipe> Priors { get; } = List(Core.PriorRecipes.all);

    /// <summary>For <see cref="Posterior.Parse"/>, before a comma.</summary>
    public static IReadOnlyList<Recipe> Posteriors { get; } = List(Core.PosteriorRecipes.all);

    /// <summary>For <see cref="Posterior.Parse"/>, after a comma.</summary>
    public static IReadOnlyList<Recipe> Flows { get; } = List(Core.FlowRecipes.all);

    /// <summary>For <see cref="Likelihood.Parse"/>.</summary>
    public static IReadOnlyList<Recipe> Likelihoods { get; } = List(Core.LikelihoodRecipes.all);

    /// <summary>For <see cref="Objective.Parse"/>, before a comma.</summary>
    public static IReadOnlyList<Recipe> Objectives { get; } = List(Core.ObjectiveRecipes.all);

    /// <summary>For <see cref="Objective.Parse"/>, after a comma.</summary>
    public static IReadOnlyList<Recipe> ObjectiveChanges { get; } = List(Core.ObjectiveRecipes.changes);

    private static IReadOnlyList<Recipe> List<T>(IEnumerable<Core.Recipe<T>> recipes) =>
        Array.AsReadOnly(recipes.Select(r => new Recipe(r.Name, r.Arguments, r.Says, r.Text)).ToArray());
}
