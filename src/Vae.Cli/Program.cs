using System;
using System.IO;
using System.Threading;
using VaeFunctional;
using VaeFunctional.Cli;

using var interrupt = new CancellationTokenSource();

var rank = Ranks.Own;
var isFirst = rank is null or 0;

if (rank is not null)
{
    // What mpirun reads a process's output from is a terminal, but no screen: codes for one would be in the way of who
    // reads the output.
    Environment.SetEnvironmentVariable("TERM", null);
}

if (isFirst)
{
    // The first Ctrl-C asks the command to stop at a good moment; the second one is the system's.
    Console.CancelKeyPress += (_, press) =>
    {
        press.Cancel = !interrupt.IsCancellationRequested;
        interrupt.Cancel();
    };
}

return await Ranked.RunAsync(
    rank ?? 0,
    isFirst ? Console.Out : TextWriter.Null,
    Console.Error,
    (output, error) => App.RunAsync(args, output, error, interrupt.Token)
);
