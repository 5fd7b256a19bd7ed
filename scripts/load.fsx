// What a script needs, after `dotnet build -c Release src/Vae.Core`: #load "load.fsx"
// On Windows or macOS, name libtorch-cpu-win-x64 or libtorch-cpu-osx-arm64 here.
#r "nuget: TorchSharp, 0.107.0"
#r "nuget: libtorch-cpu-linux-x64, 2.10.0"
#r "../src/Vae.Core/bin/Release/net10.0/Vae.Core.dll"

Vae.Core.Native.load ()
