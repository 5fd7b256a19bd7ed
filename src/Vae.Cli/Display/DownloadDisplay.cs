using System;
using System.Threading.Tasks;
using Spectre.Console;

namespace VaeFunctional.Cli.Display;

/// <summary>Shows the downloads of a data set: a line when a file begins to arrive.</summary>
internal static class DownloadDisplay
{
    public static Task<T> ShowAsync<T>(IAnsiConsole console, Func<IProgress<DownloadProgress>, Task<T>> load) =>
        load(new Lines(console));

    private sealed class Lines(IAnsiConsole console) : IProgress<DownloadProgress>
    {
        private string? file;

        public void Report(DownloadProgress value)
        {
            if (file != value.File)
            {
                file = value.File;
                console.Say($"downloading {value.File}, {value.Length / 1e6:F1} MB, from {value.Mirror}");
            }
        }
    }
}
