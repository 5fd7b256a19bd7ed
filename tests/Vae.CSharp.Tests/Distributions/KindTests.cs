using System;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using Expecto;
using Expecto.CSharp;
using TorchSharp;
using Core = global::Vae.Core;

namespace VaeFunctional.Tests;

/// <summary>Every kind of law of the core is a class of the facade, of the same name and parameters.</summary>
internal static class KindTests
{
    public static readonly Test Tests = Runner.TestList(
        "kinds of law",
        Core.Laws.all.Select(info =>
            Runner.TestList(
                info.Name,
                [
                    Runner.TestCase("has a class that can do what the kind can", () => CanDo(info)),
                    Runner.TestCase("has constructors and properties of the parameters' names", () => IsNamed(info)),
                    Scoped.Case("is what its text is parsed to", () => IsParsed(info)),
                    Runner.TestCase("is made of numbers that outlive a scope", () => Outlives(info)),
                ]
            )
        )
    );

    private static Type Class(Core.LawInfo info) =>
        typeof(Distribution).Assembly.GetExportedTypes().SingleOrDefault(type => type.Name == info.Name)
        ?? Expecto.Tests.failtest<Type>($"there is a public class {info.Name}");

    private static void CanDo(Core.LawInfo info)
    {
        var (type, kind) = (Class(info), Laws.All.Single(kind => kind.Name == info.Name));
        Check.Equal(type.IsSubclassOf(typeof(UnivariateDistribution)), kind.HasCdf, "whether it has tails");
        Check.Equal(type.IsAssignableTo(typeof(IPathwise)), kind.Path != PathOrder.None, "whether it has a path");
    }

    private static void IsNamed(Core.LawInfo info)
    {
        var (type, names) = (Class(info), info.Parameters.Select(parameter => parameter.Name).ToArray());
        var isAmbiguous = info.Parameters.Any(p => p.Unnamed?.Value.Name == "probs");
        Check.Equal(type.GetConstructors().Length > 0, !isAmbiguous, "whether there is a public constructor");

        foreach (var (read, taken) in Readings(info).SelectMany(r => Makers(type, r.Name).Select(m => (r, m))))
        {
            Check.Sequence(
                taken.GetParameters().Select(p => p.Name!),
                read.Parameters,
                $"the parameters of {read.Name}"
            );
        }

        foreach (var read in Readings(info))
        {
            Check.True(Makers(type, read.Name).Length >= 2, $"{read.Name} takes numbers, and tensors");
        }

        foreach (var constructor in type.GetConstructors())
        {
            var taken = constructor.GetParameters();
            Check.Sequence(taken.Select(p => p.Name!), names.Take(taken.Length), "the constructor's parameters");
            var leftOut = info.Parameters.Skip(taken.Length);
            Check.True(leftOut.All(p => p.Default is not null), "parameters that are left out have a default");
            var defaults = taken.Where(p => p.HasDefaultValue).Select(p => Convert.ToDouble(p.DefaultValue));
            Check.True(defaults.All(x => info.Parameters.Any(p => p.Default?.Value == x)), "a default is the kind's");
        }

        foreach (var name in names)
        {
            var property = name == "logits" && type.GetProperty("LogProbs") is not null ? "LogProbs" : name;
            var found = type.GetProperties().Any(p => p.Name.Equals(property, StringComparison.OrdinalIgnoreCase));
            Check.True(found, $"there is a property {property}");
        }
    }

    /// <summary>The static makers that a second reading of a parameter asks for, with the names of what they take.</summary>
    private static (string Name, string[] Parameters)[] Readings(Core.LawInfo info) =>
        [
            .. from parameter in info.Parameters
            where parameter.Unnamed is not null
            from name in new[] { parameter.Name, parameter.Unnamed!.Value.Name }
            select (
                $"Of{char.ToUpperInvariant(name[0])}{name[1..]}",
                info.Parameters.Select(p => p == parameter ? name : p.Name).ToArray()
            ),
        ];

    private static MethodInfo[] Makers(Type type, string name) =>
        [.. type.GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.Name == name)];

    private static void IsParsed(Core.LawInfo info)
    {
        var text = info.Parameters.Select(p => p.Unnamed is null ? Text(p) : $"{p.Name}={Text(p)}");
        var law = Distribution.Parse($"{info.Name}({string.Join(", ", text)})", out var reading);
        Check.Equal(law.GetType(), Class(info), "the class");
        Check.Equal(law.Path is not null, info.Path is not null, "whether it has a path");
        var named = string.Join(", ", info.Parameters.Select(p => $"{p.Name}={Text(p)}"));
        Check.Equal(reading, $"{info.Name}({named})", "the text with every parameter's name");
    }

    private static void Outlives(Core.LawInfo info)
    {
        var type = Class(info);
        var constructors = type.GetConstructors()
            .Where(IsOfNumbers)
            .Select(constructor => (Func<object?[], object?>)constructor.Invoke)
            .Concat(
                Readings(info)
                    .SelectMany(read => Makers(type, read.Name))
                    .Where(IsOfNumbers)
                    .Select(method => (Func<object?[], object?>)(values => method.Invoke(null, values)))
            );
        var taken = type.GetConstructors()
            .Concat<MethodBase>(Readings(info).SelectMany(read => Makers(type, read.Name)))
            .Where(IsOfNumbers)
            .Select(method => method.GetParameters());
        Check.True(taken.Any(), "there is a maker of numbers");

        foreach (var (make, parameters) in constructors.Zip(taken))
        {
            Outlives(info, make, parameters);
        }
    }

    private static bool IsOfNumbers(MethodBase method) =>
        method.GetParameters().All(p => p.ParameterType != typeof(torch.Tensor));

    private static void Outlives(Core.LawInfo info, Func<object?[], object?> make, ParameterInfo[] parameters)
    {
        Distribution law;

        using (torch.NewDisposeScope())
        {
            var texts = info.Parameters.Zip(
                parameters,
                (p, c) => c.Name == "covariance" ? "[[1, 0.5], [0.5, 2]]" : Text(p)
            );
            law = (Distribution)make([.. texts.Zip(parameters, (text, c) => Value(text, c.ParameterType))])!;
        }

        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var scope = torch.NewDisposeScope();
            var x = law.Sample(Key.FromSeed(0), 1);
            Check.True(double.IsFinite(law.LogProb(x).ToNumber()), "the log-density of a draw is finite");

            if (law is IPathwise path)
            {
                Check.Sequence(path.Draw(Key.FromSeed(0), 1).ToNumbers(), x.ToNumbers(), "the draw of the path");
            }
        }
    }

    /// <summary>A value of a parameter, as a law's text has it, and as JSON has it too.</summary>
    private static string Text(Core.LawParameter parameter)
    {
        var domain = parameter.Domain;
        var number =
            domain.IsWhole ? "7"
            : domain.IsAbove || domain.IsEnd && parameter.Name == "high" ? "9"
            : domain.IsShape ? "2.5"
            : "0.5";

        return domain.IsDirection ? "[0.6, 0.8]"
            : domain.IsInsideBall ? "[0.2, -0.3]"
            : domain.IsFactor ? "[[1, 0], [0.5, 2]]"
            : domain.IsColumns ? "[[1], [0.5]]"
            : parameter.Rank == 0 ? number
            : $"[{number}, {number}]";
    }

    private static object Value(string text, Type type)
    {
        if (type != typeof(double[,]))
        {
            return JsonSerializer.Deserialize(text, type)!;
        }

        var rows = JsonSerializer.Deserialize<double[][]>(text)!;
        var matrix = new double[rows.Length, rows[0].Length];

        foreach (var (i, j) in Enumerable.Range(0, matrix.Length).Select(n => Math.DivRem(n, rows[0].Length)))
        {
            matrix[i, j] = rows[i][j];
        }

        return matrix;
    }
}
