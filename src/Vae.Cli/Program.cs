using System;
using System.Threading;
using VaeFunctional.Cli;

using var interrupt = new CancellationTokenSource();

// The first Ctrl-C asks the command to stop at a good moment; the second one is the system's.
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = !interrupt.IsCancellationRequested;
    interrupt.Cancel();
};

NativeMemory.Keep();

return await App.RunAsync(args, Console.Out, Console.Error, interrupt.Token);
