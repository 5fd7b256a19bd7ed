using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace VaeFunctional.Tests;

/// <summary>
/// Walks all that a C# user can meet from some types on: their public and protected members, and the types in those
/// members' signatures, to any depth. Shapes of F# are faults.
/// </summary>
internal sealed class PublicSurface
{
    private const BindingFlags Everything =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private readonly HashSet<Type> visited = [];
    private readonly List<string> faults = [];

    private PublicSurface() { }

    /// <summary>Every type met.</summary>
    public IReadOnlyCollection<Type> Visited => visited;

    /// <summary>Where a shape of F# was met: the way to it, and what it is.</summary>
    public IReadOnlyList<string> Faults => faults;

    public static PublicSurface Of(params IEnumerable<Type> roots)
    {
        var surface = new PublicSurface();

        foreach (var root in roots)
        {
            surface.Visit(root, root.Name);
        }

        return surface;
    }

    private void Visit(Type? type, string path)
    {
        if (type is null || !visited.Add(type))
        {
            return;
        }

        if (type.HasElementType)
        {
            Visit(type.GetElementType(), path);
        }
        else if (type.IsGenericParameter)
        {
            VisitAll(type.GetGenericParameterConstraints(), path);
        }
        else
        {
            VisitAll(type.GetGenericArguments(), path);
            Inspect(type.IsGenericType ? type.GetGenericTypeDefinition() : type, path);
        }
    }

    private void VisitAll(IEnumerable<Type> types, string path)
    {
        foreach (var type in types)
        {
            Visit(type, path);
        }
    }

    private void Inspect(Type type, string path)
    {
        if (FSharpShape(type) is { } shape)
        {
            faults.Add($"{path}: {type.FullName} ({shape})");
        }
        else if (type.Assembly.GetName().Name!.StartsWith("Vae.", StringComparison.Ordinal))
        {
            Visit(type.BaseType, $"{path} : base");
            VisitAll(type.GetInterfaces(), $"{path} : interface");

            foreach (var member in type.GetMembers(Everything).Where(IsVisible))
            {
                VisitAll(SignatureOf(member), $"{path}.{member.Name}");
            }
        }
    }

    private static string? FSharpShape(Type type) =>
        type.Assembly.GetName().Name == "FSharp.Core" ? "a type of F#'s library"
        : type.FullName!.StartsWith("System.Tuple", StringComparison.Ordinal) ? "F#'s tuple"
        : MappedKind(type) is { } kind ? kind
        : !IsSystem(type) && typeof(IStructuralEquatable).IsAssignableFrom(type) ? "an F# value's structural equality"
        : null;

    /// <summary>What the F# compiler says that a type of its own is, unless it is an ordinary class.</summary>
    private static string? MappedKind(Type type)
    {
        var mapping = type.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name == "CompilationMappingAttribute");
        // The kinds of FSharp.Core's SourceConstructFlags.
        return mapping is null
            ? null
            : ((int)mapping.ConstructorArguments[0].Value! & 31) switch
            {
                1 => "an F# union",
                2 => "an F# record",
                5 => "an F# exception",
                6 => "an F# closure",
                7 => "an F# module",
                _ => null,
            };
    }

    private static bool IsSystem(Type type) =>
        type.Assembly == typeof(object).Assembly
        || type.Assembly.GetName().Name!.StartsWith("System.", StringComparison.Ordinal);

    private static bool IsVisible(MemberInfo member) =>
        member switch
        {
            MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
            FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
            Type nested => nested.IsNestedPublic || nested.IsNestedFamily || nested.IsNestedFamORAssem,
            // Their accessors are methods.
            _ => false,
        };

    private static IEnumerable<Type> SignatureOf(MemberInfo member) =>
        member switch
        {
            MethodInfo method =>
            [
                method.ReturnType,
                .. method.GetParameters().Select(p => p.ParameterType),
                .. method.GetGenericArguments(),
            ],
            MethodBase constructor => constructor.GetParameters().Select(p => p.ParameterType),
            FieldInfo field => [field.FieldType],
            Type nested => [nested],
            _ => [],
        };
}
