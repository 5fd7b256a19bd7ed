using System;
using System.Collections.Generic;

namespace VaeFunctional;

/// <summary>One latent of a model.</summary>
/// <param name="Name">What it is called: <c>z</c> where it is the only one.</param>
/// <param name="Shape">The shape of one.</param>
/// <param name="IsKlExact">
/// Whether the KL that is charged is a closed form, or log q(z|x) - log p(z) on the draws.
/// </param>
public sealed record Latent(string Name, IReadOnlyList<long> Shape, bool IsKlExact)
{
    internal static Latent Of(Core.WiredSite site) =>
        new(site.Name, new ValueList<long>(site.Shape), site.Kl == Core.KlCharge.Exact);
}
