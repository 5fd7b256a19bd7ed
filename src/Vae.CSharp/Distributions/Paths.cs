using System;
using Microsoft.FSharp.Core;

namespace VaeFunctional;

/// <summary>Sample paths, of kinds of law and of what combinators make of them.</summary>
internal static class Paths
{
    /// <summary>The law itself where its kind has a path; else the path of what it is made of.</summary>
    public static IPathwise? Find(Distribution law) =>
        law as IPathwise ?? (Of(law.Law) is { } path ? new Composed(path) : null);

    /// <summary>The path of a law of the core; null where it has none.</summary>
    public static Core.Reparameterized<Core.Distribution>? Of(Core.Distribution law) =>
        law switch
        {
            Core.Independent own => Under(own, own.Base, x => x),
            Core.Masked own => Under(own, own.Base, x => x),
            Core.Transformed own => Under(own, own.Base, own.Transform.Forward),
            Core.TransformedUnivariate own => Under(own, own.Base, own.Transform.Forward),
            _ => Core.Laws.ofLaw(law)?.Value.Path?.Value.Invoke(law),
        };

    public static PathOrder OrderOf(Core.PathOrder order) => order.IsOnce ? PathOrder.Once : PathOrder.Smooth;

    /// <summary>The path of a law whose draws are a function of another's.</summary>
    private static Core.Reparameterized<Core.Distribution>? Under(
        Core.Distribution law,
        Core.Distribution inner,
        Func<Tensor, Tensor> onward
    ) =>
        Of(inner) is { } path
            ? new(
                law,
                path.Order,
                FuncConvert.FromFunc<Core.Key, long[], Tensor>(path.Noise),
                FuncConvert.FromFunc<Tensor, Tensor>(noise => onward(path.Push(noise)))
            )
            : null;

    private sealed class Composed(Core.Reparameterized<Core.Distribution> path) : IPathwise
    {
        Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => path;
    }
}
