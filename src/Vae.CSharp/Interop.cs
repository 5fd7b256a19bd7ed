global using static TorchSharp.torch;
global using Core = Vae.Core;
global using Tabular = Vae.Tables;
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using TorchSharp;

namespace VaeFunctional;

/// <summary>Between the two languages: lists, options, functions and the lifetime of tensors.</summary>
internal static class Interop
{
    public static FSharpList<T> ToCoreList<T>(this IEnumerable<T> items) => ListModule.OfSeq(items);

    public static FSharpOption<T>? ToCoreOption<T>(this T? value)
        where T : struct => value is { } some ? FSharpOption<T>.Some(some) : null;

    public static FSharpOption<T>? ToCoreOptionOfObject<T>(this T? value)
        where T : class => value is null ? null : FSharpOption<T>.Some(value);

    public static FSharpFunc<TFrom, TTo> ToCore<TFrom, TTo>(this Func<TFrom, TTo> function) =>
        FuncConvert.FromFunc(function);

    public static FSharpFunc<T, Unit> ToCore<T>(this Action<T> action) => FuncConvert.FromAction(action);

    /// <summary>What tensors made from here on, on this thread, are disposed with.</summary>
    public static DisposeScope Scope()
    {
        NativeLibraries.Load();
        return NewDisposeScope();
    }

    /// <summary>
    /// A tensor of a law's or a model's for the caller to dispose of, which leaves theirs alone. Theirs lives until it is
    /// made: TorchSharp keeps nothing alive that native code reads.
    /// </summary>
    public static Tensor Alias(Tensor tensor)
    {
        var alias = tensor.alias();
        GC.KeepAlive(tensor);
        return alias;
    }

    /// <summary>Runs a computation on tensors and keeps only its result, where there is one.</summary>
    public static Tensor? KeepIfAny(Func<FSharpOption<Tensor>?> compute)
    {
        using var scope = Scope();
        // A parameter of the law's own stays the law's.
        var result = compute()?.Value.alias().MoveToOuterDisposeScope();
        GC.KeepAlive(compute);
        return result;
    }

    /// <summary>What is made of numbers owns its tensors: none belongs to the scope that it is made in.</summary>
    public static T Own<T>(Func<T> make)
    {
        using var scope = Scope();
        var made = make();
        scope.Detach(scope.DisposablesView);
        return made;
    }

    /// <summary>An argument that may not be null.</summary>
    public static T Given<T>(T argument, [CallerArgumentExpression(nameof(argument))] string name = "")
        where T : class => argument ?? throw new ArgumentNullException(name);

    /// <summary>A parameter that is a vector of numbers.</summary>
    public static Tensor Vector(double[] values, [CallerArgumentExpression(nameof(values))] string name = "") =>
        TensorNumbers.Vector(Given(values, name));

    /// <summary>A parameter that is a matrix of numbers.</summary>
    public static Tensor Matrix(double[,] values, [CallerArgumentExpression(nameof(values))] string name = "") =>
        TensorNumbers.Matrix(Given(values, name));

    /// <summary>
    /// Runs a computation on tensors and keeps only its result, which then is the caller's. What the computation refers to
    /// lives until it ends.
    /// </summary>
    public static Tensor Keep(Func<Tensor> compute)
    {
        using var scope = Scope();
        var result = compute().MoveToOuterDisposeScope();
        GC.KeepAlive(compute);
        return result;
    }

    /// <summary>The same of a computation with two results.</summary>
    public static (Tensor, Tensor) Keep(Func<Tuple<Tensor, Tensor>> compute)
    {
        using var scope = Scope();
        var (first, second) = compute();
        GC.KeepAlive(compute);
        return (first.MoveToOuterDisposeScope(), second.MoveToOuterDisposeScope());
    }
}
