using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace VaeFunctional.Tests;

/// <summary>What a test states; what does not hold fails it with both sides in words.</summary>
internal static class Check
{
    public static void True(bool holds, string statement)
    {
        if (!holds)
        {
            Expecto.Tests.failtest<object>($"does not hold: {statement}");
        }
    }

    public static void Equal<T>(T actual, T expected, string what) =>
        True(EqualityComparer<T>.Default.Equals(actual, expected), $"{what} is {expected}; it is {actual}");

    public static void Sequence<T>(IEnumerable<T> actual, IEnumerable<T> expected, string what) =>
        True(
            actual.SequenceEqual(expected),
            $"{what} is [{string.Join(", ", expected)}]; it is [{string.Join(", ", actual)}]"
        );

    public static void Close(double actual, double expected, double tolerance, string what) =>
        True(
            actual.Equals(expected) || Math.Abs(actual - expected) <= tolerance,
            $"{what} is {expected:R} within {tolerance:R}; it is {actual:R}"
        );

    public static void Contains(string text, string part) => True(text.Contains(part), $"'{text}' contains '{part}'");

    public static T Throws<T>(Action action)
        where T : Exception
    {
        try
        {
            action();
        }
        catch (T raised) when (raised.GetType() == typeof(T))
        {
            return raised;
        }
        catch (Exception other)
        {
            Expecto.Tests.failtest<object>($"expected {typeof(T).Name}, not {other}");
        }

        return Expecto.Tests.failtest<T>($"expected {typeof(T).Name}, and nothing was raised");
    }

    public static async Task<T> ThrowsAsync<T>(Func<Task> action)
        where T : Exception
    {
        Exception? raised = null;

        try
        {
            await action();
        }
        catch (Exception any)
        {
            raised = any;
        }

        return raised as T
            ?? Expecto.Tests.failtest<T>($"expected {typeof(T).Name}, not {raised?.ToString() ?? "nothing"}");
    }

    /// <summary>An argument that is refused by its name.</summary>
    public static void Refuses<T>(string argument, Action action)
        where T : ArgumentException => Equal(Throws<T>(action).ParamName, argument, "the argument named");
}
