namespace VaeFunctional;

/// <summary>The native libraries that tensors need.</summary>
public static class NativeLibraries
{
    /// <summary>
    /// Loads them, once. Everything in this library does so by itself; call it first in a program that uses
    /// <c>torch</c> before it uses this library, as a first use of <c>torch</c> that fails cannot be repeated.
    /// </summary>
    /// <exception cref="System.DllNotFoundException">They are missing; the message names the package to reference.</exception>
    public static void Load() => Core.Native.load();
}
