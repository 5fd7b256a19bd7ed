using System;
using System.Collections.Generic;
using System.Linq;
using Expecto;
using Expecto.CSharp;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace VaeFunctional.Tests;

internal static class PublicSurfaceTests
{
    private static readonly Type[] Raised =
    [
        typeof(global::Vae.Core.TrainingDivergedException),
        typeof(global::Vae.Core.DataFormatException),
    ];

    public static readonly Test Tests = Runner.TestList(
        "public surface",
        [
            Runner.TestCase("nothing that a C# user meets is a shape of F#", NothingOfFSharp),
            Runner.TestCase("the walk reaches every public type, and the types behind them", Reach),
            Runner.TestCase(
                "the walk reports a list in a generic argument",
                () => Reports(typeof(Listing), "an FSharpList", "FSharpList")
            ),
            Runner.TestCase("the walk reports a tuple", () => Reports(typeof(Pairing), "a Tuple", "System.Tuple")),
            Runner.TestCase(
                "the walk reports a protected member",
                () => Reports(typeof(Hidden), "a function", "FSharpFunc")
            ),
            Runner.TestCase(
                "the walk reports what is two types away",
                () => Reports(typeof(Behind), "an option", "FSharpOption")
            ),
            Runner.TestCase(
                "the walk reports an F# union",
                () => Reports(typeof(global::Vae.Core.Support), "a union", "an F# union")
            ),
            Runner.TestCase(
                "the walk reports an F# record",
                () => Reports(typeof(global::Vae.Core.TrainingOptions), "a record", "an F# record")
            ),
            Runner.TestCase(
                "the walk reports an F# module",
                () => Reports(typeof(global::Vae.Core.Training), "a module", "an F# module")
            ),
            Runner.TestCase(
                "the walk reports a union that a class of the core shows",
                () => Reports(typeof(global::Vae.Core.Normal), "a law's support", "Vae.Core.Support (an F# union)")
            ),
        ]
    );

    private static IEnumerable<Type> Exported => typeof(VaeModel).Assembly.GetExportedTypes();

    private static void NothingOfFSharp()
    {
        var faults = PublicSurface.Of(Exported.Concat(Raised)).Faults;
        Check.True(faults.Count == 0, $"no shape of F#: {string.Join("; ", faults)}");
    }

    private static void Reach()
    {
        var visited = PublicSurface.Of(typeof(VaeModel), typeof(Kl)).Visited;

        foreach (
            var type in (Type[])
                [
                    typeof(Prior),
                    typeof(DataSet),
                    typeof(TrainingOptions),
                    typeof(Schedule),
                    typeof(TrainingProgress),
                    typeof(EpochResult),
                    typeof(Evaluation),
                    typeof(Statistic),
                    typeof(KlRule),
                    typeof(Distribution),
                    typeof(Support),
                    typeof(TorchSharp.torch.Tensor),
                ]
        )
        {
            Check.True(visited.Contains(type), $"{type} is reached");
        }
    }

    private static void Reports(Type type, string what, string expected)
    {
        var faults = PublicSurface.Of(type).Faults;
        Check.True(
            faults.Any(fault => fault.Contains(expected)),
            $"{what} is reported, among [{string.Join("; ", faults)}]"
        );
    }

    public sealed class Listing
    {
        public static IEnumerable<FSharpList<int>> Lists => [];
    }

    public sealed class Pairing
    {
        public static void Take(Tuple<int, string>[] pairs) => _ = pairs;
    }

    public class Hidden
    {
        protected static FSharpFunc<int, int>? Function => null;
    }

    public sealed class Behind
    {
        public static Between? Next => null;

        public sealed class Between
        {
            public static FSharpOption<int>? Found => null;
        }
    }
}
