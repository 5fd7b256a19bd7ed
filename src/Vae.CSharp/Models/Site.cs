using System;

namespace VaeFunctional;

/// <summary>One latent of a model of several: its law before any data, and the law after.</summary>
public sealed class Site
{
    private Site(Core.Site value) => Value = value;

    internal Core.Site Value { get; }

    /// <summary>What it is called, in reports and in the paths of its parameters.</summary>
    public string Name => Value.Name;

    /// <summary>A latent whose prior is one law, and whose posterior is of the data.</summary>
    /// <param name="name">A word without a full stop.</param>
    /// <param name="prior">p(z), which says the shape of the latent.</param>
    /// <param name="posterior">q(z|x).</param>
    /// <exception cref="ArgumentException">The name is empty or has a full stop.</exception>
    public static Site Create(string name, Prior prior, Posterior posterior)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(posterior);
        return new(Core.SiteModule.create(name, prior.Value, posterior.Value));
    }

    /// <summary>A latent whose prior is a law by a network of other latents' draws, p(z1 | z2).</summary>
    /// <param name="name">A word without a full stop.</param>
    /// <param name="shape">The shape of one latent.</param>
    /// <param name="above">The latents whose draws the prior's network is given.</param>
    /// <param name="prior">The same kind of value as a posterior, of those draws in the place of data.</param>
    /// <param name="posterior">q(z1|x); what else it is given is said by <see cref="Seeing"/>.</param>
    /// <exception cref="ArgumentException">The name is empty or has a full stop, or there are no latents above.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the shape is below 1.</exception>
    public static Site Below(string name, int[] shape, string[] above, Posterior prior, Posterior posterior)
    {
        ArgumentNullException.ThrowIfNull(name);
        Sizes.CheckPositive(shape, nameof(shape));
        ArgumentNullException.ThrowIfNull(above);
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(posterior);

        if (above.Length == 0)
        {
            throw new ArgumentException("above is empty; expected the latents that it is below", nameof(above));
        }

        var sites = above.ToCoreList();
        return new(Core.SiteModule.below(sites, name, shape.ToCoreList(), prior.Value, posterior.Value));
    }

    /// <summary>
    /// The same whose posterior is also given the draws of latents before it in the model's list: top-down inference.
    /// </summary>
    public Site Seeing(params string[] sites)
    {
        ArgumentNullException.ThrowIfNull(sites);
        return new(Core.SiteModule.seeing(sites.ToCoreList(), Value));
    }

    /// <summary>
    /// The same whose posterior is given the draws of latents before it in the model's list, and not the data: bottom-up
    /// inference.
    /// </summary>
    public Site SeeingOnly(params string[] sites)
    {
        ArgumentNullException.ThrowIfNull(sites);
        return new(Core.SiteModule.seeingOnly(sites.ToCoreList(), Value));
    }

    /// <summary>
    /// The same latent, which is observed in those examples that have what it is known from, as the class in semi-supervised learning
    /// (Kingma et al., 2014): there its draw is what is known, and its KL is -log p of that. In the others it is latent as ever.
    /// What is measured of labelled data then bounds -log p(x, y), and of <see cref="DataSet.WithoutLabels"/> -log p(x).
    /// </summary>
    /// <param name="from">The label, or factors: of the latent's shape. A label of -1, and a factor of NaN, is not known.</param>
    /// <exception cref="ArgumentException">It is of another shape than the latent.</exception>
    public Site Known(Given from)
    {
        ArgumentNullException.ThrowIfNull(from);
        return new(Core.SiteModule.known(from.Value, Value));
    }

    /// <summary>The latent's name.</summary>
    public override string ToString() => Name;
}
