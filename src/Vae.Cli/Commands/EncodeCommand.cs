using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text;
using Spectre.Console;
using VaeFunctional.Cli.Experiments;
using VaeFunctional.Cli.Runs;
using VaeFunctional.Cli.Tables;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae encode RUN</c>: the posterior means of images or of a table's rows, a row for each.</summary>
internal static class EncodeCommand
{
    public static Command Create(Terminal terminal, Options options)
    {
        var output = Options.OutputFile(".csv");
        var device = Options.Device(Devices.Cpu);
        var command = new Command(
            "encode",
            "Write the latents of held-out images, the run's own or others, or of a table's rows, as CSV"
        )
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

                if (TableFolder.Is(parsed.GetRequiredValue(options.Run)))
                {
                    EncodeRows(console, parsed.GetRequiredValue(options.Run), parsed.GetValue(options.Data), file);
                    return ExitCode.Success;
                }

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

    /// <summary>Columns row, z0, z1 and so on.</summary>
    private static void EncodeRows(IAnsiConsole console, string folder, string? data, string file)
    {
        if (data is null)
        {
            throw new UserException(
                $"--data is not given, and {folder} holds no rows; expected the file of a table to encode"
            );
        }

        using var model = TableFolder.Load(folder);
        var table = Table.Read(data, model.Schema);
        var latents = model.Encode(table);
        var names = Enumerable.Range(0, latents[0].Length).Select(i => $"z{i}");
        var lines = latents.Select((z, row) => $"{row + 1}{Numbers(z)}");
        Vae.Core.StoredFile.writeText(file, string.Join('\n', lines.Prepend($"row,{string.Join(',', names)}")) + "\n");
        console.Say($"{table.Rows:N0} latents of {table.Name}: {file}");
    }

    private static string Numbers<T>(IEnumerable<T> numbers)
        where T : IFormattable =>
        string.Concat(numbers.Select(z => "," + z.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>Columns label, z0, z1 and so on; the label is empty where there are none.</summary>
    private static string Csv(float[][] latents, DataSet data)
    {
        var labels = data.Labels;
        var text = new StringBuilder("label");
        text.AppendJoin("", Enumerable.Range(0, latents[0].Length).Select(i => $",z{i}")).Append('\n');

        for (var i = 0; i < latents.Length; i++)
        {
            text.Append(labels.Count > 0 ? $"{labels[i]}" : "");
            text.Append(Numbers(latents[i])).Append('\n');
        }

        return text.ToString();
    }
}
