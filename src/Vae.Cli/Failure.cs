using System;
using System.IO;
using VaeFunctional.Cli.Experiments;

namespace VaeFunctional.Cli;

/// <summary>What the process answers its caller with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>What was asked for cannot be done: said in one line.</summary>
    public const int Refused = 1;

    /// <summary>The command line is none.</summary>
    public const int Usage = 2;

    /// <summary>A fault of the program: EX_SOFTWARE of sysexits.h.</summary>
    public const int Fault = 70;

    /// <summary>Ended by Ctrl-C: 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by <c>kill</c>, or by a system that shuts down: 128 + SIGTERM.</summary>
    public const int Terminated = 143;
}

/// <summary>What the user can put right. The message is one line and says what was found and what was expected.</summary>
internal sealed class UserException(string message) : Exception(message);

/// <summary>Failures as a line of text and an exit code.</summary>
internal static class Failure
{
    public static int Report(Exception exception, TextWriter error, bool isVerbose)
    {
        switch (exception)
        {
            case OperationCanceledException:
                error.WriteLine(
                    $"vae: {(exception is RunInterruptedException ? OneLine(exception.Message) : "interrupted")}"
                );
                return ExitCode.Interrupted;
            case UserException
            or Vae.Core.StorageException
            or Vae.Core.DataFormatException
            or Vae.Tables.TableException
            or Vae.Core.DownloadException
            or Vae.Core.TrainingDivergedException
            or IOException
            or UnauthorizedAccessException
            or DllNotFoundException:
                error.WriteLine($"vae: {OneLine(exception.Message)}");
                Trace();
                return ExitCode.Refused;
            default:
                var hint = isVerbose ? "" : "; --verbose shows where";
                error.WriteLine($"vae: a fault of this program: {OneLine(exception.Message)}{hint}");
                Trace();
                return ExitCode.Fault;
        }

        void Trace()
        {
            if (isVerbose)
            {
                error.WriteLine(Speech.Plain($"{exception}"));
            }
        }
    }

    private static string OneLine(string message) =>
        Speech.Plain(
            string.Join(
                    "; ",
                    message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                )
                .Replace(":; ", ": ", StringComparison.Ordinal)
        );
}
