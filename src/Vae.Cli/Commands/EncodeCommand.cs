using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text;
using Spectre.Console;
using VaeFunctional.Cli.Experiments;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae encode RUN</c>: the posterior means of images, a row for each.</summary>
internal static class EncodeCommand
{
    public static Command Create(Terminal terminal, Options options)
    {
        var output = Options.OutputFile(".csv");
        var device = Options.Device(Devices.Cpu);
        var command = new Command("encode", "Write the latents of held-out images, the run's own or others, as CSV")
        {
            options.Run,
            options.Data,
            device,
            output,
            options.Quiet,
        };

        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var file = OutputFile.Check(parsed.GetRequiredValue(output));
                var console = terminal.Console(parsed.GetValue(options.Quiet), isJson: false);
                using var run = TrainedRun.Load(console, parsed.GetRequiredValue(options.Run), parsed.GetValue(device));
                var data = await run.LoadDataAsync(
                    new Runner(console, null, cancellationToken),
                    parsed.GetValue(options.Data)
                );
                Vae.Core.StoredFile.writeText(file, Csv(run.Model.Encode(data.HeldOut), data.HeldOut));
                console.Say($"{data.HeldOut.Count:N0} latents of {data.HeldOut.Name}: {file}");
                return ExitCode.Success;
            }
        );
        return command;
    }

    /// <summary>Columns label, z0, z1 and so on; the label is empty where there are none.</summary>
    private static string Csv(float[][] latents, DataSet data)
    {
        var labels = data.Labels;
        var text = new StringBuilder("label");
        text.AppendJoin("", Enumerable.Range(0, latents[0].Length).Select(i => $",z{i}")).Append('\n');

        for (var i = 0; i < latents.Length; i++)
        {
            text.Append(labels.Count > 0 ? $"{labels[i]}" : "");
            text.AppendJoin("", latents[i].Select(z => "," + z.ToString("R", CultureInfo.InvariantCulture)))
                .Append('\n');
        }

        return text.ToString();
    }
}
