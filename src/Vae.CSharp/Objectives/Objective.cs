using System;

namespace VaeFunctional;

/// <summary>A loss that training makes small: a weighted sum of a reconstruction and a KL term, in nats per example.</summary>
public sealed class Objective
{
    private Objective(Core.Objective value) => Value = value;

    internal Core.Objective Value { get; }

    /// <summary>
    /// The objective that a text names for a model, with what changes it after commas: <c>elbo, warm-up 5, free-bits 0.25</c>,
    /// <c>iwae 50</c>. <see cref="Recipes.Objectives"/> and <see cref="Recipes.ObjectiveChanges"/> are what there is.
    /// </summary>
    /// <exception cref="ArgumentException">The text names none: the message says what there is.</exception>
    public static Objective Parse(string text, VaeModel model)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(model);
        return new(Core.ObjectiveRecipes.read(text).Invoke(model.Vae));
    }

    /// <summary>The objective in words.</summary>
    public string Name => Value.Name;

    /// <summary>Draws of the posterior for each example.</summary>
    public int Draws => Value.Draws;

    /// <summary>
    /// The negative ELBO, -E_q[log p(x|z)] + KL(q(z|x) || p(z)) (Kingma and Welling, 2014).
    /// </summary>
    /// <param name="draws">Of the posterior, for each example.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no draws.</exception>
    public static Objective Elbo(int draws = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        return new(Core.ObjectiveModule.elboOf(draws));
    }

    /// <summary>The objective of the beta-VAE (Higgins et al., 2017): the KL weighed by a factor.</summary>
    /// <param name="factor">At least 0; 1 gives the ELBO.</param>
    /// <param name="draws">Of the posterior, for each example.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite, or there are no draws.</exception>
    public static Objective Beta(double factor, int draws = 1)
    {
        Numbers.CheckNotNegative(factor, nameof(factor));
        return new(Core.ObjectiveModule.beta(factor, Elbo(draws).Value));
    }

    /// <summary>The objective in words.</summary>
    public override string ToString() => Name;
}
