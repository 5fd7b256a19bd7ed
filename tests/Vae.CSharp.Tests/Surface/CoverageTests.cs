using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Expecto;
using Expecto.CSharp;
using Core = global::Vae.Core;

namespace VaeFunctional.Tests;

/// <summary>What the core has of laws, transforms and divergences, the facade has by the same name.</summary>
internal static class CoverageTests
{
    private const BindingFlags Static = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static readonly Test Tests = Runner.TestList(
        "coverage of the core",
        [
            Runner.TestCase(
                "every law, made of numbers or of other laws, has a class",
                () => Has(Derived(typeof(Core.Distribution)), Derived(typeof(Distribution)))
            ),
            Runner.TestCase(
                "every transform has a maker",
                () =>
                {
                    // A coupling by an elementwise transform is an overload; an inverse is asked of its transform.
                    var makers = Names(typeof(Core.TransformModule)).Except(["couplingBy", "inverse"]);
                    Has(makers, Names(typeof(Transform)));
                }
            ),
            Runner.TestCase(
                "every kernel has a maker",
                () => Has(Names(typeof(Core.KernelModule)), Names(typeof(Kernel)))
            ),
            Runner.TestCase(
                "every schedule has a maker",
                () =>
                    // One cycle by stated numbers, and a constant of one, is the same maker; a schedule is multiplied by another,
                    // and warmed up, by methods of other names.
                    All(typeof(Core.ScheduleModule), typeof(Schedule), "oneCycleBy", "scaled", "product", "warmup")
            ),
            Runner.TestCase(
                "every objective has a maker, and every change of one a method",
                () =>
                    // Of stated draws or kinds is the same maker. The others are what objectives are made of, and how training
                    // takes them.
                    All(
                        typeof(Core.ObjectiveModule),
                        typeof(Objective),
                        "elboOf",
                        "freeBitsBy",
                        "reconstruction",
                        "divergence",
                        "divergences",
                        "check",
                        "terms",
                        "termsAt",
                        "loss",
                        "lossAt"
                    )
            ),
            Runner.TestCase(
                "every prior has a maker",
                // A law of one's own needs the core's tensors and parameters.
                () => All(typeof(Core.PriorModule), typeof(Prior), "custom")
            ),
            Runner.TestCase(
                "every posterior has a maker",
                () =>
                    // A flow is what a posterior goes through; the policy of the log-scale is an argument. Laws of one's own need
                    // the core's tensors and parameters.
                    All(
                        typeof(Core.PosteriorModule),
                        typeof(Posterior),
                        "flow",
                        "diagonalNormalBy",
                        "custom",
                        "pathwise",
                        "scored"
                    )
            ),
            Runner.TestCase(
                "every likelihood has a maker",
                () => All(typeof(Core.LikelihoodModule), typeof(Likelihood), "custom")
            ),
            Runner.TestCase(
                "every flow has a maker",
                () =>
                    // The widths are an argument.
                    All(
                        typeof(Core.FlowModule),
                        typeof(Flow),
                        "inverseAutoregressiveBy",
                        "maskedAutoregressiveBy",
                        "andThen"
                    )
            ),
            Runner.TestCase(
                "every pooling of experts has a maker",
                () => All(typeof(Core.Experts), typeof(Experts), "productBy", "mixtureBy")
            ),
            Runner.TestCase("every setting of a head is a method", () => All(typeof(Core.HeadModule), typeof(Head))),
            Runner.TestCase(
                "every kind of site and of what is given has a maker",
                () =>
                {
                    All(typeof(Core.SiteModule), typeof(Site));
                    All(typeof(Core.GivenModule), typeof(Given), "shape");
                }
            ),
            Runner.TestCase(
                "every kind that an objective is told has its case",
                () =>
                {
                    Cases(typeof(Core.Dip), typeof(Dip));
                    Cases(typeof(Core.Adversary), typeof(Adversary));
                    Cases(typeof(Core.FreeGroup), typeof(FreeGroup));
                    Cases(typeof(Core.FreeOver), typeof(FreeOver));
                    Cases(typeof(Core.Matching), typeof(Matching));
                }
            ),
            Runner.TestCase(
                "every optimizer has a maker",
                () =>
                    // Numbers that others state are arguments; what changes an optimizer is asked of it.
                    All(
                        typeof(Core.OptimizerModule),
                        typeof(Optimizer),
                        "adamBy",
                        "adamWBy",
                        "sgdMomentum",
                        "sgdNesterov",
                        "clip",
                        "plateau",
                        "weightDecay"
                    )
            ),
            Runner.TestCase(
                "every bound of mixtures has a method",
                () => Has(Names(typeof(Core.MixtureKl)), Names(typeof(MixtureKl)))
            ),
            Runner.TestCase(
                "every measure of how far two laws are apart is a value",
                () =>
                {
                    var known = Values<Core.Discrepancy>(typeof(Core.Discrepancy)).Select(measure => measure.Name);
                    var ours = Values<Discrepancy>(typeof(Discrepancy)).Select(measure => measure.Name).ToArray();
                    Check.True(ours.Length >= 8, $"there are measures: {string.Join(", ", ours)}");
                    Has(known, ours);
                }
            ),
        ]
    );

    private static void Has(IEnumerable<string> expected, IEnumerable<string> found)
    {
        var missing = expected.Except(found, StringComparer.OrdinalIgnoreCase);
        Check.True(!missing.Any(), $"nothing is missing, of which there is {string.Join(", ", missing)}");
    }

    /// <summary>Every public function of a module of the core but these is a member of a type.</summary>
    private static void All(Type module, Type type, params string[] apart)
    {
        var functions = Names(module).ToArray();
        var unknown = apart.Except(functions);
        Check.True(!unknown.Any(), $"{module.Name} has what is left out, {string.Join(", ", unknown)}");
        Has(functions.Except(apart), type.GetMembers(Static | BindingFlags.Instance).Select(member => member.Name));
    }

    /// <summary>Every case of a union is a member of a type.</summary>
    private static void Cases(Type union, Type type)
    {
        var cases = Microsoft.FSharp.Reflection.FSharpType.GetUnionCases(union, null).Select(known => known.Name);
        Has(cases, Names(type));
    }

    private static IEnumerable<string> Derived(Type root) =>
        root.Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(root) && !type.IsAbstract).Select(t => t.Name);

    private static IEnumerable<string> Names(Type type) =>
        type.GetMembers(Static).Select(member => member.Name).Where(name => !name.StartsWith("get_"));

    /// <summary>The values of a type that the types of an assembly show.</summary>
    private static IEnumerable<T> Values<T>(Type root) =>
        root
            .Assembly.GetExportedTypes()
            .SelectMany(type => type.GetProperties(Static))
            .Where(property => property.PropertyType == typeof(T))
            .Select(property => (T)property.GetValue(null)!);
}
