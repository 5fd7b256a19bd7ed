using System;
using System.IO;

namespace VaeFunctional.Tests;

/// <summary>A folder that is there while a test runs.</summary>
internal sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("vae-csharp-").FullName;

    public string At(string name) => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
