using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace VaeFunctional.Cli.Laws;

/// <summary>KL(first || second), as the calculator answers it.</summary>
internal sealed record KlAnswer(Distribution First, Distribution Second, double[] Kl, double[] Estimate, double[] Error)
{
    /// <summary>Computes it in closed form, where one is known, and by draws.</summary>
    public static KlAnswer Of(string first, string second, int draws, int seed)
    {
        var q = Read(first, out var firstText);
        var p = Read(second, out var secondText);

        try
        {
            var rule = VaeFunctional.Kl.FindRule(q, p);
            using var exact = VaeFunctional.Kl.TryExact(q, p);
            var estimate = VaeFunctional.Kl.Estimate(q, p, draws, Key.FromSeed(seed));
            using var mean = estimate.Mean;
            using var error = estimate.StandardError;
            // What is not to be believed is no number.
            double[] Believed(TorchSharp.torch.Tensor tensor) =>
                [.. Numbers(tensor).Select((x, i) => estimate.Doubts[i] is null ? x : double.NaN)];

            var means = Believed(mean);
            return new KlAnswer(q, p, exact is null ? means : Numbers(exact), means, Believed(error))
            {
                FirstText = firstText,
                SecondText = secondText,
                BatchShape = mean.shape,
                IsExact = exact is not null,
                Draws = draws,
                Doubts = estimate.Doubts,
                Rule = exact is null ? null : rule,
            };
        }
        catch (ArgumentException exception)
        {
            throw new UserException(Message(exception));
        }
    }

    /// <summary>The first law with every parameter by the name that it was read by.</summary>
    public required string FirstText { get; init; }

    /// <summary>The second law, likewise.</summary>
    public required string SecondText { get; init; }

    public required long[] BatchShape { get; init; }

    /// <summary>Whether the closed form, or the supports, gave the value.</summary>
    public required bool IsExact { get; init; }

    public required int Draws { get; init; }

    /// <summary>The rule that gave the value; null where the supports alone did, or where none is known.</summary>
    public required KlRule? Rule { get; init; }

    /// <summary>Why the estimate of a member of the batch is not to be believed; null where nothing is wrong.</summary>
    public required IReadOnlyList<string?> Doubts { get; init; }

    /// <summary>Standard errors from which on the exact value and the mean over draws contradict each other.</summary>
    public const double MostErrors = 6;

    /// <summary>By how many standard errors the two are apart, of a member for which both are sound; else null.</summary>
    public double? ErrorsApart(int member) =>
        IsExact
        && Doubts[member] is null
        && double.IsFinite(Kl[member])
        && double.IsFinite(Estimate[member])
        && Error[member] > 1e-9 * Math.Max(1, Math.Abs(Kl[member]))
            ? Math.Abs(Estimate[member] - Kl[member]) / Error[member]
            : null;

    /// <summary>What is said of a member whose exact value its own draws contradict; null of the others.</summary>
    public string? Contradiction(int member) =>
        ErrorsApart(member) is { } apart && apart > MostErrors
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the exact value and the mean over draws are {apart:G3} standard errors apart: one of the two is wrong"
            )
            : null;

    /// <summary>Why it is infinite, if it is.</summary>
    public string? Reason =>
        !Kl.Any(double.IsPositiveInfinity) ? null
        : First.Support.IsWithin(Second.Support)
            ? "the second law excludes what the first gives probability, or the expectation of -log p under the first diverges"
        : $"the first law is on {First.Support} and the second on {Second.Support}, which does not contain it";

    private static Distribution Read(string text, out string reading)
    {
        try
        {
            return Distribution.Parse(text, out reading);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new UserException($"{text}: {Message(exception)}");
        }
    }

    /// <summary>The values, minus zero as zero.</summary>
    private static double[] Numbers(TorchSharp.torch.Tensor tensor) => [.. tensor.ToNumbers().Select(x => x + 0.0)];

    /// <summary>A message without the name of the parameter that .NET adds: it is named already.</summary>
    private static string Message(Exception exception) =>
        exception is ArgumentException { ParamName: { } name }
            ? exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
            : exception.Message;
}
