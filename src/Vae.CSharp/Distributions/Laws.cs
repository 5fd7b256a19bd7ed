using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional;

/// <summary>A parameter of a kind of law.</summary>
/// <param name="Name">What its constructor, and a text that is parsed, calls it.</param>
/// <param name="Dimensions">The dimensions one law's value has: 0 for a number, 1 for a vector, 2 for a matrix.</param>
/// <param name="Default">What it is where a text leaves it out; null where that is not allowed.</param>
/// <param name="Unnamed">
/// The other name that it can be given by in a text, and the meaning of numbers without a name there, as
/// <c>probs</c> beside <c>logits</c>; null where it has none but its own.
/// </param>
public sealed record LawParameter(string Name, int Dimensions, double? Default, string? Unnamed = null);

/// <summary>How often a sample path can be differentiated.</summary>
public enum PathOrder
{
    /// <summary>There is no sample path.</summary>
    None,

    /// <summary>The path's gradient is implicit: first derivatives only.</summary>
    Once,

    /// <summary>Derivatives of every order are right.</summary>
    Smooth,
}

/// <summary>A kind of law: what it is made of, and what its laws can do beside drawing and scoring.</summary>
/// <param name="Name">The name of its class.</param>
/// <param name="Parameters">The parameters in the order of the constructor.</param>
/// <param name="HasCdf">Whether it has both tails of the distribution function, and quantiles.</param>
/// <param name="HasEntropy">Whether its entropy is known.</param>
/// <param name="HasMode">Whether its mode is known.</param>
/// <param name="Path">How often its sample path can be differentiated.</param>
public sealed record LawKind(
    string Name,
    IReadOnlyList<LawParameter> Parameters,
    bool HasCdf,
    bool HasEntropy,
    bool HasMode,
    PathOrder Path
);

/// <summary>Every kind of law that the library knows by its parameters.</summary>
public static class Laws
{
    /// <summary>The kinds, in the order that tables show them.</summary>
    public static IReadOnlyList<LawKind> All { get; } = Array.AsReadOnly(Core.Laws.all.Select(Kind).ToArray());

    /// <summary>How laws made of laws are written in a text, such as <c>Truncated(law, low, high)</c>.</summary>
    public static IReadOnlyList<string> Combinators { get; } =
        Array.AsReadOnly(Core.LawText.combinatorSignatures.ToArray());

    /// <summary>How the transforms of a <c>Transformed</c> law are written in a text, such as <c>affine(loc, scale)</c>.</summary>
    public static IReadOnlyList<string> Transforms { get; } =
        Array.AsReadOnly(Core.LawText.transformSignatures.ToArray());

    private static LawKind Kind(Core.LawInfo info)
    {
        var can = Core.LawCapabilitiesModule.ofInfo(info);
        var parameters = info.Parameters.Select(p => new LawParameter(
            p.Name,
            p.Rank,
            p.Default?.Value,
            p.Unnamed?.Value.Name
        ));
        return new LawKind(
            info.Name,
            Array.AsReadOnly(parameters.ToArray()),
            can.HasCdf,
            can.HasEntropy,
            can.HasMode,
            can.Path is { Value: var order } ? Paths.OrderOf(order) : PathOrder.None
        );
    }
}
