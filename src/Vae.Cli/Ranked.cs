using System;
using System.IO;
using System.Threading.Tasks;

namespace VaeFunctional.Cli;

/// <summary>The command as one of several processes that <c>mpirun</c> started.</summary>
internal static class Ranked
{
    /// <summary>
    /// How long a failure of another rank is kept back: where the first one failed of the same cause, it has said so, and
    /// <c>mpirun</c> has ended this process by then.
    /// </summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Runs the command with its output and its error. The first rank speaks for all; another one only of its failure.
    /// </summary>
    public static async Task<int> RunAsync(
        int rank,
        TextWriter output,
        TextWriter error,
        Func<TextWriter, TextWriter, Task<int>> command
    )
    {
        if (rank == 0)
        {
            return await command(output, error);
        }

        using var failure = new StringWriter();
        var code = await command(TextWriter.Null, failure);

        if (code != ExitCode.Success)
        {
            await Task.Delay(patience);
            await error.WriteAsync($"rank {rank}: {failure}");
        }

        return code;
    }
}
