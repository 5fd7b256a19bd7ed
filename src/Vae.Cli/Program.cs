using System;
using System.IO;
using System.Runtime.InteropServices;
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

var isTerminated = false;

// The first Ctrl-C, or the first request to end, asks the command to stop at a good moment; the second one is the system's.
using var termination = isFirst
    ? PosixSignalRegistration.Create(
        PosixSignal.SIGTERM,
        request =>
        {
            request.Cancel = !interrupt.IsCancellationRequested;
            isTerminated = true;
            interrupt.Cancel();
        }
    )
    : null;

if (isFirst)
{
    Console.CancelKeyPress += (_, press) =>
    {
        press.Cancel = !interrupt.IsCancellationRequested;
        interrupt.Cancel();
    };
}

var code = await Ranked.RunAsync(
    rank ?? 0,
    isFirst ? Console.Out : TextWriter.Null,
    Console.Error,
    (output, error) => App.RunAsync(args, output, error, interrupt.Token)
);
return code == ExitCode.Interrupted && isTerminated ? ExitCode.Terminated : code;
