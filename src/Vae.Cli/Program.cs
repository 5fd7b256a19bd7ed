using System;
using System.IO;
using System.Threading;
using VaeFunctional;
using VaeFunctional.Cli;

using var interrupt = new CancellationTokenSource();

var isFirst = Ranks.Own == 0;

if (isFirst)
{
    // The first Ctrl-C asks the command to stop at a good moment; the second one is the system's.
    Console.CancelKeyPress += (_, press) =>
    {
        press.Cancel = !interrupt.IsCancellationRequested;
        interrupt.Cancel();
    };
}

NativeMemory.Keep();

return await Ranked.RunAsync(
    Ranks.Own,
    isFirst ? Console.Out : TextWriter.Null,
    Console.Error,
    (output, error) => App.RunAsync(args, output, error, interrupt.Token)
);
