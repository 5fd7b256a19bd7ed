using System.CommandLine;
using System.Globalization;
using System.Linq;
using Spectre.Console;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Commands;

using Table = Spectre.Console.Table;

/// <summary><c>vae laws</c>: the laws that the calculator knows, what they can do, and the pairs with a closed form.</summary>
internal static class LawsCommand
{
    public static Command Create(Terminal terminal, Options options)
    {
        var command = new Command("laws", "List the laws, what they can do, and the pairs whose KL is known")
        {
            options.Json,
        };

        command.SetAction(parsed =>
        {
            if (parsed.GetValue(options.Json))
            {
                terminal.Output.WriteLine(
                    Json.Write(
                        new
                        {
                            Laws = VaeFunctional.Laws.All,
                            VaeFunctional.Laws.Combinators,
                            VaeFunctional.Laws.Transforms,
                            Pairs = Kl.Rules,
                        }
                    )
                );
            }
            else
            {
                Show(terminal.Console(isQuiet: false, isJson: false));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Show(IAnsiConsole console)
    {
        var laws = Columns(console, "law", "cdf, quantile", "entropy", "mode", "sample path");

        foreach (var law in VaeFunctional.Laws.All)
        {
            laws.AddRow(
                Markup.Escape($"{law.Name}({string.Join(", ", law.Parameters.Select(Parameter))})"),
                Mark(law.HasCdf),
                Mark(law.HasEntropy),
                Mark(law.HasMode),
                law.Path == PathOrder.None ? "" : law.Path.ToString().ToLowerInvariant()
            );
        }

        console.Write(laws);
        console.Say("laws made of laws: " + string.Join(", ", VaeFunctional.Laws.Combinators));
        console.Say("transforms: " + string.Join(", ", VaeFunctional.Laws.Transforms));
        var pairs = Columns(console, "KL(first || second)", "known", "where");

        foreach (var rule in Kl.Rules)
        {
            pairs.AddRow(
                Markup.Escape($"{rule.FirstLaw} || {rule.SecondLaw}"),
                Word(rule.Kind),
                Markup.Escape(rule.Conditions)
            );
        }

        console.Write(pairs);
        console.Say(
            $"{VaeFunctional.Laws.All.Count} laws; {Count(KlRuleKind.ClosedForm)} pairs in closed form, "
                + $"{Count(KlRuleKind.Implied)} more that these imply, {Count(KlRuleKind.Infinite)} that are infinite, {Count(KlRuleKind.Structural)} rules for laws made of laws"
        );
    }

    private static Table Columns(IAnsiConsole console, params string[] titles) =>
        new Table()
            .Border(console.Profile.Capabilities.Unicode ? TableBorder.Rounded : TableBorder.Ascii)
            .AddColumns(titles);

    /// <summary>A parameter that has two names by both, that of a number without a name first.</summary>
    private static string Parameter(LawParameter parameter) =>
        parameter.Unnamed is { } unnamed ? $"{unnamed} or {parameter.Name}="
        : parameter.Default is { } value ? $"{parameter.Name}={value.ToString(CultureInfo.InvariantCulture)}"
        : parameter.Name;

    private static string Mark(bool has) => has ? "yes" : "";

    private static string Word(KlRuleKind kind) =>
        kind switch
        {
            KlRuleKind.ClosedForm => "closed form",
            KlRuleKind.Implied => "implied",
            KlRuleKind.Infinite => "infinite",
            _ => "by parts",
        };

    private static int Count(KlRuleKind kind) => Kl.Rules.Count(rule => rule.Kind == kind);
}
