using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional;

/// <summary>
/// Named laws that are independent of each other, as one law: an event is a vector of the parts' numbers, one part after
/// the other. Hierarchical latents are laws of this kind.
/// </summary>
public sealed class Product : Distribution
{
    internal Product(Core.Product law)
        : base(law) =>
        Parts = Array.AsReadOnly(law.Parts.Select(part => (part.Item1, Wrapping.Of(part.Item2))).ToArray());

    /// <summary>The product of parts: <c>new Product(("z", z), ("label", label))</c>.</summary>
    /// <exception cref="ArgumentException">
    /// There are none, a name is used twice, or the parts' batches or precisions differ.
    /// </exception>
    public Product(params (string Name, Distribution Law)[] parts)
        : this(Core.Product.Create(Interop.Given(parts).Select(ToCore).ToCoreList())) { }

    private static Tuple<string, Core.Distribution> ToCore((string Name, Distribution Law) part) =>
        Tuple.Create(Interop.Given(part.Name, "parts"), Interop.Given(part.Law, "parts").Law);

    /// <summary>The parts, in order.</summary>
    public IReadOnlyList<(string Name, Distribution Law)> Parts { get; }

    /// <summary>
    /// The numbers of one part of an event: x of shape draws + batch + event gives draws + batch + the part's event.
    /// </summary>
    /// <exception cref="ArgumentException">No part has the name.</exception>
    public Tensor Part(string name, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(x);
        return Interop.Keep(() => ((Core.Product)Law).Part(name, x).alias());
    }
}
