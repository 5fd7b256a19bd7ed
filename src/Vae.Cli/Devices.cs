using System;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace VaeFunctional.Cli;

/// <summary>What <c>--device</c> names: where a command computes.</summary>
internal static class Devices
{
    public const string Cpu = "cpu";
    public const string Words = "cpu|cuda|cuda:N|mps";

    /// <summary>Whether a word names a device, whether or not it is there.</summary>
    public static bool IsName(string word) => TryParse(word, out _, out _);

    /// <summary>The device that a word names. Refuses one that this program or this machine does not have.</summary>
    public static Device Open(string word)
    {
        if (!TryParse(word, out var type, out var index))
        {
            throw new UserException($"the device is '{word}'; expected {Expected}");
        }

        NativeLibraries.Load();

        if (type == DeviceType.CPU)
        {
            return new Device(type);
        }

        if (!TryInitializeDeviceType(type))
        {
            throw new UserException($"the device is '{word}', which is not there: {Advice(type)}");
        }

        var count = type == DeviceType.CUDA ? cuda.device_count() : 1;
        return index < count
            ? new Device(type, index)
            : throw new UserException($"the device is '{word}'; expected cuda:0 to cuda:{count - 1}");
    }

    public static string Expected => Words.Replace("|", " or ", StringComparison.Ordinal);

    private static string Advice(DeviceType type)
    {
        if (type != DeviceType.CUDA || !(OperatingSystem.IsLinux() || OperatingSystem.IsWindows()))
        {
            return "this system has no device of that kind, or its libtorch none; expected cpu";
        }

        var package = OperatingSystem.IsWindows() ? "TorchSharp-cuda-windows" : "TorchSharp-cuda-linux";
        return "this program brings the CPU's libtorch only, unless it was built with -p:TorchRuntime=cuda, which refers to "
            + $"the package {package} in place of it; expected cpu, or such a build and a CUDA driver";
    }

    private static bool TryParse(string word, out DeviceType type, out int index)
    {
        var parts = word.Split(':');
        index = 0;
        type = parts[0] switch
        {
            "cuda" => DeviceType.CUDA,
            "mps" => DeviceType.MPS,
            _ => DeviceType.CPU,
        };
        return parts switch
        {
            [Cpu or "cuda" or "mps"] => true,
            ["cuda", var number] => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out index),
            _ => false,
        };
    }
}
