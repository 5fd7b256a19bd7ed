using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;
using VaeFunctional.Cli.Experiments;

namespace VaeFunctional.Cli;

/// <summary>The options and arguments that commands share, each defined once.</summary>
internal static class Options
{
    public static Option<bool> Verbose { get; } =
        new("--verbose") { Description = "Show where a failure came from", Recursive = true };

    public static Option<bool> Json { get; } =
        new("--json") { Description = "Print one JSON object and nothing else on standard output" };

    public static Option<bool> Quiet { get; } = new("--quiet") { Description = "Say nothing while at work" };

    public static Argument<string> Run { get; } = new("RUN") { Description = "The folder of a run, such as runs/2d" };

    public static Option<int> Seed { get; } =
        new Option<int>("--seed")
        {
            Description = "What every random number is a function of",
            DefaultValueFactory = _ => 42,
            CustomParser = WholeNumber(int.MinValue),
        };

    public static Option<string?> Data { get; } =
        new("--data")
        {
            Description =
                "digits (drawn by the program), mnist, fashion-mnist (downloaded once), or a folder of IDX files",
            HelpName = "digits|mnist|fashion-mnist|DIR",
        };

    public static Option<Architecture> Architecture { get; } =
        Choice("--architecture", "The networks", Experiments.Architecture.Conv);

    public static Option<LikelihoodKind> Likelihood { get; } =
        Choice("--likelihood", "What pixels are scored by", LikelihoodKind.CrossEntropy);

    public static Option<Protocol> Protocol { get; } =
        Choice("--protocol", "What is trained and reported on", Experiments.Protocol.HeldOut);

    public static Option<int> Count(string description) =>
        new("--count")
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => 100,
            CustomParser = WholeNumber(1),
        };

    public static Option<int> AtLeastOne(string name, string description, int value) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => value,
            CustomParser = WholeNumber(1),
        };

    public static Option<string> OutputFile(string ending) =>
        new("--output")
        {
            Description = "The file to write; one of that name is replaced",
            HelpName = $"FILE{ending}",
            Required = true,
        };

    private static Func<ArgumentResult, int> WholeNumber(int least) =>
        result =>
        {
            var text = result.Tokens[0].Value;

            if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= least)
            {
                return value;
            }

            var bound = least == int.MinValue ? "" : $" of at least {least}";
            result.AddError($"{Name(result)} is '{text}'; expected a whole number{bound}.");
            return 0;
        };

    /// <summary>One of the names of an enumeration, spelt as in <see cref="Words"/>.</summary>
    private static Option<T> Choice<T>(string name, string description, T value)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().Select(Words.Of).ToArray();

        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join("|", words),
            DefaultValueFactory = _ => value,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;

                if (Words.TryParse<T>(text, out var found))
                {
                    return found;
                }

                result.AddError($"{Name(result)} is '{text}'; expected {string.Join(" or ", words)}.");
                return value;
            },
        };
        option.CompletionSources.Add(words);
        return option;
    }

    private static string Name(ArgumentResult result) =>
        result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
}
