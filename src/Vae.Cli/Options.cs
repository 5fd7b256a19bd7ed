using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;
using VaeFunctional.Cli.Experiments;

namespace VaeFunctional.Cli;

/// <summary>The options and arguments that commands share, each defined once.</summary>
internal sealed class Options
{
    public Option<bool> Verbose { get; } =
        new("--verbose") { Description = "Show where a failure came from", Recursive = true };

    public Option<bool> Json { get; } =
        new("--json") { Description = "Print one JSON object and nothing else on standard output" };

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "Say nothing while at work" };

    public Argument<string> Run { get; } = new("RUN") { Description = "The folder of a run, such as runs/2d" };

    public Option<int> Seed { get; } =
        new Option<int>("--seed")
        {
            Description = "What every random number is a function of",
            HelpName = "N",
            DefaultValueFactory = _ => 42,
            CustomParser = WholeNumber(int.MinValue),
        };

    public Option<string?> Data { get; } =
        new("--data")
        {
            Description =
                "digits (drawn by the program), mnist, fashion-mnist (downloaded once), or a folder: of IDX files, or of pictures, a class a folder in it (made grey, 28 x 28; one in six held out)",
            HelpName = "digits|mnist|fashion-mnist|DIR",
        };

    public Option<int?> ImportanceSamples { get; } =
        OptionalAtLeastOne(
            "--importance-samples",
            "Also estimate log p(x), by this many draws of the posterior for each image"
        );

    public Option<Architecture> Architecture { get; } = Choice<Architecture>("--architecture", "The networks");

    public Option<string?> Likelihood { get; } =
        Text(
            "--likelihood",
            "What data is scored by",
            Settings.CrossEntropy,
            Recipes.Likelihoods,
            text => Vae.Core.LikelihoodRecipes.read(text)
        );

    public Option<string?> Prior { get; } =
        Text(
            "--prior",
            "The law of latents before any data, the experiment's own where none is given",
            null,
            Recipes.Priors,
            text => Vae.Core.PriorRecipes.read(text)
        );

    public Option<string?> Posterior { get; } =
        Text(
            "--posterior",
            "The law of latents after, with flows after commas",
            Settings.DiagonalNormal,
            Recipes.Posteriors,
            text => Vae.Core.PosteriorRecipes.read(text)
        );

    public Option<string?> Objective { get; } =
        Text(
            "--objective",
            "What training makes small",
            Settings.Elbo,
            Recipes.Objectives,
            text => Vae.Core.ObjectiveRecipes.read(text)
        );

    public Option<string?> Conditional { get; } =
        new("--conditional")
        {
            Description = "What the model is given of each image: its label, or factors of the data by their names",
            HelpName = "label|FACTOR,FACTOR",
        };

    public Option<string?> Config { get; } =
        new("--config")
        {
            Description = "A run.json whose run is made again, with what other options change of it",
            HelpName = "FILE",
        };

    public Option<int?> Latent { get; } =
        OptionalAtLeastOne("--latent", "Dimensions of the latent, the experiment's own where none are given");

    public Option<double?> Beta { get; } = Change("--beta", "The KL weighed by a factor", "FACTOR");

    public Option<double?> WarmUp { get; } =
        Change("--warm-up", "Epochs over which the KL's weight rises from 0", "EPOCHS");

    public Option<double?> FreeBits { get; } =
        Change("--free-bits", "Nats of each latent dimension that cost nothing to keep", "NATS");

    /// <summary>The value of an option that was given, or else another.</summary>
    public static T Or<T>(ParseResult parsed, Option<T> option, T other) =>
        parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option)! : other;

    /// <summary>The value of an option that was given, or that has no other.</summary>
    public static T Or<T>(ParseResult parsed, Option<T> option, T? other)
        where T : struct =>
        parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : other ?? parsed.GetValue(option);

    /// <summary>The text of an objective with what other options change of it.</summary>
    public string ObjectiveOf(ParseResult parsed, string text) =>
        string.Join(
            ", ",
            new[] { Beta, WarmUp, FreeBits }
                .Where(option => parsed.GetValue(option) is not null)
                .Select(option =>
                    string.Create(CultureInfo.InvariantCulture, $"{option.Name[2..]} {parsed.GetValue(option)}")
                )
                .Prepend(text)
        );

    private static Option<double?> Change(string name, string description, string helpName) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;

                if (
                    double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    && double.IsFinite(value)
                )
                {
                    return value;
                }

                result.AddError($"{name} is '{text}'; expected a number.");
                return null;
            },
        };

    /// <summary>A text that names a part of a model: one that names nothing is refused before any data is read.</summary>
    private static Option<string?> Text(
        string name,
        string description,
        string? byDefault,
        IReadOnlyList<Recipe> recipes,
        Action<string> read
    )
    {
        var option = new Option<string?>(name)
        {
            Description =
                $"{description}: {string.Join(", ", recipes.Select(recipe => recipe.Name))}; `vae models` tells more"
                + (byDefault is null ? "" : $" [default: {byDefault}]"),
            HelpName = "TEXT",
        };
        option.CompletionSources.Add([.. recipes.Select(recipe => recipe.Example)]);
        option.Validators.Add(result =>
        {
            try
            {
                read(result.Tokens[0].Value);
            }
            catch (ArgumentException refusal)
            {
                result.AddError($"{name}: {refusal.Message}; `vae models` lists what there is.");
            }
        });
        return option;
    }

    public Option<Protocol> Protocol { get; } = Choice<Protocol>("--protocol", "What is trained and reported on");

    public Option<StepPrecision> Precision { get; } =
        Choice<StepPrecision>("--precision", "What the layers of a training step are computed in");

    /// <summary>Where a command computes: none is given where its default is not one word for all runs.</summary>
    public static Option<string?> Device(string byDefault)
    {
        var option = new Option<string?>("--device")
        {
            Description = $"Where to compute [default: {byDefault}]",
            HelpName = Devices.Words,
        };
        option.CompletionSources.Add(Devices.Cpu, "cuda", "mps");
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var word }] && !Devices.IsName(word))
            {
                result.AddError($"--device is '{word}'; expected {Devices.Expected}.");
            }
        });
        return option;
    }

    /// <summary>The images of one sheet, which lies in memory whole.</summary>
    private const int MostOnSheet = 10_000;

    public static Option<int> Count(string description) =>
        new("--count")
        {
            Description = $"{description}, at most {MostOnSheet}",
            HelpName = "N",
            DefaultValueFactory = _ => 100,
            CustomParser = WholeNumber(1, MostOnSheet),
        };

    public static Option<int> AtLeastOne(string name, string description, int value) =>
        Between(1, int.MaxValue, name, description, value);

    /// <summary>One that means something of its own where it is not given.</summary>
    public static Option<int?> OptionalAtLeastOne(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result => WholeNumber(1)(result),
        };

    /// <summary>Draws that lie in memory together.</summary>
    public static Option<int> Draws(string description, int value) =>
        Between(2, 10_000_000, "--draws", $"{description}, at most 10000000", value);

    private static Option<int> Between(int least, int most, string name, string description, int value) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => value,
            CustomParser = WholeNumber(least, most),
        };

    public static Option<string> OutputFile(string ending) =>
        new("--output")
        {
            Description = "The file to write; one of that name is replaced",
            HelpName = $"FILE{ending}",
            Required = true,
        };

    private static Func<ArgumentResult, int> WholeNumber(int least, int most = int.MaxValue) =>
        result =>
        {
            var text = result.Tokens[0].Value;

            if (
                int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
                && value >= least
                && value <= most
            )
            {
                return value;
            }

            var bound =
                (least == int.MinValue ? "" : $" of at least {least}")
                + (most == int.MaxValue ? "" : $" and at most {most}");
            result.AddError($"{Name(result)} is '{text}'; expected a whole number{bound}.");
            return 0;
        };

    /// <summary>One of an enumeration's words, its first where none is given.</summary>
    public static Option<T> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().Select(Words.Of).ToArray();

        var option = new Option<T>(name)
        {
            Description = $"{description} [default: {words[0]}]",
            HelpName = string.Join("|", words),
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;

                if (Words.TryParse<T>(text, out var found))
                {
                    return found;
                }

                result.AddError($"{Name(result)} is '{text}'; expected {string.Join(" or ", words)}.");
                return default;
            },
        };
        option.CompletionSources.Add(words);
        return option;
    }

    private static string Name(ArgumentResult result) =>
        result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
}
