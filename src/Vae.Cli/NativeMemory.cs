using System;
using System.Runtime.InteropServices;

namespace VaeFunctional.Cli;

/// <summary>
/// How glibc keeps the memory of tensors. By its defaults it gives the tens of megabytes that every step of training
/// frees back to the system, and the next step pays for fresh pages: about a seventh of the processors' time.
/// </summary>
internal static class NativeMemory
{
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;

    /// <summary>Keeps what tensors free for the tensors that follow. Other systems are left as they are.</summary>
    public static void Keep()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = SetOption(TrimThreshold, 1 << 30);
            _ = SetOption(MapThreshold, 1 << 30);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library without this option has no such habit to break.
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int SetOption(int option, int value);
}
