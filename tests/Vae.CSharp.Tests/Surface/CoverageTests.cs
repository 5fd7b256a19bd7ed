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
                {
                    // A warm-up is asked of its schedule; one cycle by stated numbers is the same maker.
                    string[] weights = ["scaled", "never", "times", "product"];
                    var makers = Names(typeof(Core.ScheduleModule)).Except(["warmup", "oneCycleBy"]).Except(weights);
                    Has(makers, Names(typeof(LearningRateSchedule)));
                }
            ),
            Runner.TestCase(
                "every optimizer has a maker",
                () =>
                {
                    // Numbers that others state are arguments; what changes an optimizer is asked of it.
                    string[] elsewhere = ["adamBy", "adamWBy", "sgdMomentum", "sgdNesterov"];
                    string[] asked = ["clip", "withSchedule", "weightDecay", "plateau"];
                    var makers = Names(typeof(Core.OptimizerModule)).Except(elsewhere).Except(asked);
                    Has(makers, Names(typeof(Optimizer)));
                }
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
