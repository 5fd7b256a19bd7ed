using System;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using Spectre.Console;
using VaeFunctional.Cli.Laws;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae kl FIRST SECOND</c>: the divergence of two laws, by its formula and by draws.</summary>
internal static class KlCommand
{
    private static readonly CultureInfo culture = CultureInfo.InvariantCulture;

    public static Command Create(Terminal terminal, Options options)
    {
        var first = Law(
            "FIRST",
            "The law that the expectation is taken under, such as \"Normal(0, 1)\" or \"Bernoulli(probs=0.3)\""
        );
        var second = Law("SECOND", "The law that it is compared with, such as \"Laplace(loc=0, scale=2)\"");
        var draws = Options.Draws("How many draws the estimate is the mean of", 100_000);
        var command = new Command("kl", "KL(FIRST || SECOND) of two laws, exact and by sampling, in nats")
        {
            first,
            second,
            draws,
            options.Seed,
            options.Json,
        };

        command.SetAction(parsed =>
        {
            var (q, p) = (parsed.GetRequiredValue(first), parsed.GetRequiredValue(second));
            var answer = KlAnswer.Of(q, p, parsed.GetValue(draws), parsed.GetValue(options.Seed));

            if (parsed.GetValue(options.Json))
            {
                terminal.Output.WriteLine(Json.Write(Fields(answer)));
            }
            else
            {
                var console = terminal.Console(isQuiet: false, isJson: false);
                console.Say($"KL({answer.FirstText} || {answer.SecondText}) in nats");
                Show(console, answer);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Argument<string> Law(string name, string description) => new(name) { Description = description };

    private static object Fields(KlAnswer answer) =>
        new
        {
            First = answer.FirstText,
            Second = answer.SecondText,
            Kl = Values(answer, answer.Kl),
            Exact = answer.IsExact,
            Estimate = Values(answer, answer.Estimate),
            StandardError = Values(answer, answer.Error),
            answer.Draws,
            Formula = answer.Rule?.TeX,
            answer.Rule?.Page,
            answer.Reason,
            Doubts = Members(answer, i => answer.Doubts[i]),
            Contradictions = Members(answer, answer.Contradiction),
            answer.BatchShape,
        };

    /// <summary>What there is to say of members of the batch, by their places; null where there is nothing.</summary>
    private static object? Members(KlAnswer answer, Func<int, string?> say)
    {
        var said = Enumerable
            .Range(0, answer.Kl.Length)
            .Select(i => new { Member = i, Reason = say(i) })
            .Where(member => member.Reason is not null)
            .ToArray();
        return said.Length == 0 ? null : said;
    }

    /// <summary>One number, or a list of them for a batch.</summary>
    private static object Values(KlAnswer answer, double[] values) =>
        answer.BatchShape.Length == 0 ? Json.Number(values[0]) : values.Select(Json.Number);

    private static void Show(IAnsiConsole console, KlAnswer answer)
    {
        for (var i = 0; i < answer.Kl.Length; i++)
        {
            var member = answer.Kl.Length == 1 ? "" : $"  [{i}]";
            var exact = answer.IsExact ? $"{Number(answer.Kl[i], "G15"), -24} exact" : "";
            var error = double.IsFinite(answer.Error[i]) ? $" +- {Number(answer.Error[i], "G2")}" : "";
            var estimate = answer.Doubts[i] is { } doubt
                ? $"no estimate by {answer.Draws:N0} draws: {doubt}"
                : $"{Number(answer.Estimate[i], "G6")}{error} by {answer.Draws:N0} draws";
            console.Say($"{member}  {exact}{(answer.IsExact ? ", " : "")}{estimate}");

            if (answer.Contradiction(i) is { } contradiction)
            {
                console.Say($"{member}  {contradiction}");
            }
        }

        if (answer.Reason is { } reason)
        {
            console.Say($"infinite: {reason}");
        }

        if (answer.Rule is { } rule)
        {
            console.Say($"formula: {rule.TeX}{(rule.Conditions == "" ? "" : $", where {rule.Conditions}")}");
            console.Say($"derived in docs/{rule.Page}.fsx");
        }
        else if (!answer.IsExact)
        {
            console.Say("no closed form is known for this pair; `vae laws` lists those that are");
        }
    }

    private static string Number(double value, string format) =>
        double.IsPositiveInfinity(value) ? "infinity" : value.ToString(format, culture);
}
