namespace Vae.Core

open System
open System.IO
open System.Runtime.InteropServices
open System.Security.Cryptography
open TorchSharp

/// The native libraries that tensors need.
///
/// TorchSharp 0.107's own library asks for version GLIBCXX_3.4.32 of the C++ runtime (GCC 13), which Debian 12 and
/// Ubuntu 22.04 do not have. The one symbol of that version it names, `std::ios_base_library_init()`, it never calls:
/// no relocation refers to it. There, and only there, a private copy that asks for that version weakly is loaded
/// before TorchSharp looks for its library; the dynamic loader then answers TorchSharp with the copy.
/// Runtimes older than GCC 12's lack functions that it does call: there it does not load.
[<RequireQualifiedAccess>]
module Native =
    /// The libtorch that this version of TorchSharp is built against.
    let internal libtorchVersion = "2.10.0"

    /// The version that may be missing, and its one symbol.
    let private unmetVersion, unmetSymbol = "GLIBCXX_3.4.32", "_ZSt21ios_base_library_initv"

    /// TorchSharp's own library, on Linux.
    let private torchSharp = "libLibTorchSharp.so"

    /// The file that only a folder with libtorch has.
    let private libtorch =
        if OperatingSystem.IsWindows() then "torch_cpu.dll"
        elif OperatingSystem.IsMacOS() then "libtorch_cpu.dylib"
        else "libtorch_cpu.so"

    /// The folders in which .NET looks for TorchSharp's libraries, in its order, and then those of the NuGet packages
    /// that a script refers to: there TorchSharp's assembly lies in <packages>/torchsharp/<version>/lib/<framework>.
    let private folders () =
        let host =
            match AppContext.GetData "NATIVE_DLL_SEARCH_DIRECTORIES" with
            | :? string as list -> list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            | _ -> [||]

        let native (package: string) = Path.Combine(package, "runtimes", "linux-x64", "native")

        let assembly =
            match Path.GetDirectoryName typeof<torch.Tensor>.Assembly.Location with
            | null
            | "" -> []
            | folder -> [
                folder
                native (Path.Combine(folder, "..", ".."))
                native (Path.Combine(folder, "..", "..", "..", "..", "libtorch-cpu-linux-x64", libtorchVersion))
              ]

        [ yield! host; yield! assembly; AppContext.BaseDirectory; native AppContext.BaseDirectory ]

    let private folderOf (file: string) =
        folders () |> List.tryFind (fun folder -> File.Exists(Path.Combine(folder, file)))

    /// Whether this process runs on a C++ runtime without the version that TorchSharp asks for.
    let internal lacksVersion () =
        let mutable runtime, symbol = 0n, 0n

        OperatingSystem.IsLinux()
        && RuntimeInformation.ProcessArchitecture = Architecture.X64
        && NativeLibrary.TryLoad("libstdc++.so.6", &runtime)
        && not (NativeLibrary.TryGetExport(runtime, unmetSymbol, &symbol))

    /// A copy of TorchSharp's library that loads without that version; none where the library does not ask for it.
    let private weakened (original: string) : byte[] option =
        let file = File.ReadAllBytes original

        match Elf.weaken unmetVersion file with
        | Ok copy when copy.AsSpan().SequenceEqual(ReadOnlySpan file) -> None
        | Ok copy -> Some copy
        | Error error -> raise (DllNotFoundException $"{original} is no library for this system: %A{error}")

    /// Loads libtorch and then the copy, so that TorchSharp finds them loaded.
    let private preload (copy: byte[]) =
        // From the folder that TorchSharp would use: a second libtorch in one process aborts it. Without a folder the
        // loader looks where it always does, and for a file that is not in the folder where .NET would find it.
        let path file =
            let holds folder = File.Exists(Path.Combine(folder, file))

            match folderOf libtorch |> Option.filter holds |> Option.orElse (folderOf file) with
            | Some folder -> Path.Combine(folder, file)
            | None -> file

        for file in [ "libc10.so"; libtorch; "libtorch.so" ] do
            NativeLibrary.Load(path file) |> ignore

        let folder =
            PrivateCopy.cacheFolder ()
            |> Option.map (fun cache -> Path.Combine(cache, "vae-core", Convert.ToHexStringLower(SHA256.HashData copy)))

        PrivateCopy.withFile folder torchSharp copy NativeLibrary.Load |> ignore

    /// The package with libtorch for a platform, where there is one.
    let internal package (system: OSPlatform) (architecture: Architecture) : string option =
        if system = OSPlatform.Linux && architecture = Architecture.X64 then
            Some "libtorch-cpu-linux-x64"
        elif system = OSPlatform.Windows && architecture = Architecture.X64 then
            Some "libtorch-cpu-win-x64"
        elif system = OSPlatform.OSX && architecture = Architecture.Arm64 then
            Some "libtorch-cpu-osx-arm64"
        else
            None

    /// What to do about a missing libtorch.
    let internal advice (package: string option) : string =
        match package with
        | None -> $"There is no package of libtorch {libtorchVersion} for {RuntimeInformation.RuntimeIdentifier}."
        | Some package ->
            $"Vae.Core leaves the choice of one to the program. Add to its project

    <PackageReference Include=\"{package}\" Version=\"{libtorchVersion}\" />

or to its script

    #r \"nuget: {package}, {libtorchVersion}\"

or, for a CUDA device, the package TorchSharp-cuda-linux or TorchSharp-cuda-windows instead."

    /// What went wrong, and what to do about it.
    let private explain (error: exn) =
        match folderOf libtorch with
        | Some _ when (error :? TypeInitializationException) && lacksVersion () ->
            "TorchSharp was used before Vae.Core.Native.load: on this system that has to come first."
        | Some folder -> $"libtorch in {folder} did not load: {error.GetBaseException().Message}"
        | None ->
            let package =
                [ OSPlatform.Linux; OSPlatform.Windows; OSPlatform.OSX ]
                |> List.tryFind RuntimeInformation.IsOSPlatform
                |> Option.bind (fun system -> package system RuntimeInformation.ProcessArchitecture)

            $"This program has no libtorch, the native library that tensors live in. {advice package}"

    /// How glibc's allocator keeps what is freed, and what it maps apart: `mallopt`'s M_TRIM_THRESHOLD and M_MMAP_THRESHOLD.
    [<DllImport("libc", EntryPoint = "mallopt")>]
    extern int private setAllocator(int option, int value)

    /// Keeps the memory that tensors free for those that follow. By its defaults glibc gives back the tens of megabytes that
    /// each step of training frees, and the next step pays for fresh pages. Other systems have no such habit.
    let private keepFreedMemory () =
        if OperatingSystem.IsLinux() then
            try
                for threshold in [ -1; -3 ] do
                    setAllocator (threshold, 1 <<< 30) |> ignore
            with
            | :? DllNotFoundException
            | :? EntryPointNotFoundException -> ()

    let private loaded =
        lazy
            (try
                if lacksVersion () then
                    folderOf torchSharp
                    |> Option.bind (fun folder -> weakened (Path.Combine(folder, torchSharp)))
                    |> Option.iter preload

                // `torch` loads its libraries at its first use, but a script may come to its other types first.
                torch.InitializeDeviceType DeviceType.CPU

                keepFreedMemory ()
             with error ->
                 raise (DllNotFoundException(explain error, error)))

    /// Loads the native libraries that tensors need: a fraction of a second at the first call, nothing later.
    /// glibc's allocator is made to keep freed memory (`mallopt`).
    /// Whatever makes a tensor in this library calls it; a program calls it before its own first use of `torch`.
    /// Raises DllNotFoundException, which says what to add to the program where it brings no libtorch.
    let load () : unit = loaded.Force()
