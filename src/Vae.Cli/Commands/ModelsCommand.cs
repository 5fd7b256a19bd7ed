using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Spectre.Console;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Commands;

using Table = Spectre.Console.Table;

/// <summary><c>vae models</c>: what a model can be made of, and what it can be trained by.</summary>
internal static class ModelsCommand
{
    private static readonly (string Option, string Title, IReadOnlyList<Recipe> Recipes)[] lists =
    [
        ("--prior", "the law of latents before any data; or a law, its parameters learned", Recipes.Priors),
        ("--posterior", "the law of latents after; or a law, its parameters the encoder's", Recipes.Posteriors),
        ("", "after a comma: flows of the posterior", Recipes.Flows),
        ("--likelihood", "the law of data; or a law, its parameters the decoder's", Recipes.Likelihoods),
        ("--objective", "what training makes small", Recipes.Objectives),
        ("", "after a comma: what changes it", Recipes.ObjectiveChanges),
    ];

    public static Command Create(Terminal terminal, Options options)
    {
        var command = new Command("models", "List the priors, posteriors, likelihoods and objectives to combine")
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
                            Recipes.Priors,
                            Recipes.Posteriors,
                            Recipes.Flows,
                            Recipes.Likelihoods,
                            Recipes.Objectives,
                            Recipes.ObjectiveChanges,
                            Laws = VaeFunctional.Laws.All.Select(law => law.Name),
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
        foreach (var (option, title, recipes) in lists)
        {
            console.Say($"{option} {title}".TrimStart());
            var table = new Table()
                .Border(console.Profile.Capabilities.Unicode ? TableBorder.Rounded : TableBorder.Ascii)
                .AddColumns("text", "example", "what it is");

            foreach (var recipe in recipes)
            {
                table.AddRow(
                    Markup.Escape($"{recipe.Name} {recipe.Arguments}".TrimEnd()),
                    Markup.Escape(recipe.Example),
                    Markup.Escape(recipe.Says)
                );
            }

            console.Write(table);
        }

        console.Say("laws: " + string.Join(", ", VaeFunctional.Laws.All.Select(law => law.Name)));
        console.Say(
            "a law's parameter that is no network's is NAME=NUMBER or NAME=shared after its name: StudentT df=4 scale=shared"
        );
        console.Say("what cannot be combined is refused by name, and says what would do");
    }
}
