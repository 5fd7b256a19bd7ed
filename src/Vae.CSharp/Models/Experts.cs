using System;
using System.Linq;
using Microsoft.FSharp.Collections;

namespace VaeFunctional;

/// <summary>One part of data that is a vector, and the encoder of what it says of the latent.</summary>
/// <param name="Name">What the part is called.</param>
/// <param name="Numbers">How many of the data's numbers it is, after those of the parts before it.</param>
/// <param name="Encoder">From the part's numbers to a code.</param>
public sealed record Expert(string Name, int Numbers, Net Encoder)
{
    internal Core.Expert ToCore() => new(Name, Numbers, Encoder.Value);
}

/// <summary>
/// Posteriors of data of several named parts, such as an image and its caption, any of which may be missing: each part's encoder
/// gives independent normals, and these are pooled to one law. A part is there where any of its values is; its encoder sees 0 for a
/// value that is not. The data is a vector, and the model is given nothing beside it.
/// </summary>
public static class Experts
{
    /// <summary>
    /// The product of N(0, I) and of the normals of the parts that are there (Wu and Goodman, 2018): a diagonal normal, narrower the
    /// more parts there are.
    /// </summary>
    /// <exception cref="ArgumentException">There are no experts, or two of one name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A part has no numbers.</exception>
    public static Posterior Product(params Expert[] experts) => new(Core.Experts.product(Given(experts)));

    /// <summary>
    /// The normals of the parts that are there, in equal shares (Shi et al., 2019); N(0, I) where none is. Its KL is sampled.
    /// </summary>
    /// <exception cref="ArgumentException">There are no experts, or two of one name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A part has no numbers.</exception>
    public static Posterior Mixture(params Expert[] experts) => new(Core.Experts.mixture(Given(experts)));

    private static FSharpList<Core.Expert> Given(Expert[] experts)
    {
        ArgumentNullException.ThrowIfNull(experts);

        foreach (var expert in experts)
        {
            Interop.Given(expert, nameof(experts));
            ArgumentNullException.ThrowIfNull(expert.Name, nameof(experts));
            ArgumentNullException.ThrowIfNull(expert.Encoder, nameof(experts));
            ArgumentOutOfRangeException.ThrowIfLessThan(expert.Numbers, 1, nameof(experts));
        }

        return experts.Select(expert => expert.ToCore()).ToCoreList();
    }
}
