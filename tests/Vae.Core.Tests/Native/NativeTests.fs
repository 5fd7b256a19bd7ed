module Vae.Core.Tests.NativeTests

open System
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices
open System.Security.Cryptography
open System.Threading.Tasks
open Expecto
open TorchSharp
open Vae.Core

/// What a process may do first with libtorch; each gives 3.
let private firstUses: Map<string, unit -> float> =
    Map [
        "load",
        (fun () ->
            Native.load ()
            torch.tensor(3.0).item<float>())
        "scalar", (fun () -> Tensor.scalar Placement.float32 3.0 |> Tensor.toFloat)
        "ofArray", (fun () -> Tensor.ofArray Placement.float64 [| 1L |] [| 3.0 |] |> Tensor.toFloat)
        "noise", (fun () -> 3.0 + float (Key.ofSeed 1 |> Key.normal Placement.float32 [| 0L |] |> _.numel()))
    ]

let private childArgument = "--first-use"

/// The libraries of this process with a name, by path.
let private mapped (name: string) =
    if OperatingSystem.IsLinux() then
        File.ReadAllLines "/proc/self/maps"
        |> Array.map (fun line -> line.Substring(line.LastIndexOf ' ' + 1))
        |> Array.filter (fun path -> Path.GetFileName path = name)
        |> Array.distinct
    else
        [| name |]

/// Runs one first use in this process, where a test has started the process for that. None in any other process.
let child (argv: string[]) : int option =
    match argv with
    | [| argument; name |] when argument = childArgument ->
        try
            let result = firstUses[name]()
            printfn "result %g, libtorch %d times" result (mapped "libtorch_cpu.so").Length
            Some 0
        with :? DllNotFoundException as error ->
            eprintfn $"%s{error.Message}"
            Some 3
    | _ -> None

type private Ended = { Code: int; Output: string; Errors: string }

/// Starts this program again, from a folder, for one first use.
let private start (folder: string) (environment: (string * string) list) (firstUse: string) : Task<Ended> =
    task {
        let here = Environment.ProcessPath |> Option.ofObj |> Option.defaultValue "dotnet"
        let assembly = Path.Combine(folder, "Vae.Core.Tests.dll")

        let info =
            if Path.GetFileNameWithoutExtension here = "dotnet" then
                ProcessStartInfo(here, [ assembly; childArgument; firstUse ])
            else
                ProcessStartInfo(Path.Combine(folder, FileInfo(here).Name), [ childArgument; firstUse ])

        info.RedirectStandardOutput <- true
        info.RedirectStandardError <- true

        for name, value in environment do
            info.Environment[name] <- value

        use started = Process.Start info |> Option.ofObj |> Option.get
        let output, errors = started.StandardOutput.ReadToEndAsync(), started.StandardError.ReadToEndAsync()
        do! started.WaitForExitAsync()
        let! output = output
        let! errors = errors
        return { Code = started.ExitCode; Output = output.Trim(); Errors = errors.Trim() }
    }

let private succeeded = { Code = 0; Output = "result 3, libtorch 1 times"; Errors = "" }

let private inFolder (test: string -> Task<unit>) =
    task {
        let folder = Directory.CreateTempSubdirectory("vae-tests-").FullName

        try
            do! test folder
        finally
            Directory.Delete(folder, recursive = true)
    }

let private here = AppContext.BaseDirectory
let private filesOf folder = Directory.GetFiles(folder, "*", SearchOption.AllDirectories)

/// The one copy where this system needs one, named after its own bytes; no file where it needs none.
let private isIntact cache =
    match filesOf cache with
    | [||] -> Expect.isFalse (Native.lacksVersion ()) "no copy, and none is needed"
    | [| copy |] ->
        Expect.isTrue (Native.lacksVersion ()) "a copy, and it is needed"

        let hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes copy))
        Expect.equal copy (Path.Combine(cache, "vae-core", hash, "libLibTorchSharp.so")) "path of the copy"
    | files -> failtest $"more than one copy: %A{files}"

let tests =
    testList "Native" [
        testTask "loads in ten processes at once, which leave one intact copy" {
            do!
                inFolder (fun cache ->
                    task {
                        let! ended = Task.WhenAll [ for _ in 1..10 -> start here [ "XDG_CACHE_HOME", cache ] "load" ]
                        Expect.all ended ((=) succeeded) $"each process: %A{ended}"
                        isIntact cache
                    })
        }

        testTask "loads at whatever makes the first tensor" {
            do!
                inFolder (fun cache ->
                    task {
                        for firstUse in firstUses.Keys do
                            let! ended = start here [ "XDG_CACHE_HOME", cache ] firstUse
                            Expect.equal ended succeeded firstUse
                    })
        }

        testTask "repairs a copy that was cut short" {
            do!
                inFolder (fun cache ->
                    task {
                        let! _ = start here [ "XDG_CACHE_HOME", cache ] "load"

                        for copy in filesOf cache do
                            use file = File.OpenWrite copy
                            file.SetLength 4096L

                        let! ended = start here [ "XDG_CACHE_HOME", cache ] "load"
                        Expect.equal ended succeeded "process"
                        isIntact cache
                    })
        }

        testTask "loads where there can be no cache folder" {
            do!
                inFolder (fun folder ->
                    task {
                        let file = Path.Combine(folder, "file")
                        File.WriteAllText(file, "no folder")

                        let! ended =
                            start here [ "XDG_CACHE_HOME", Path.Combine(file, "cache"); "TMPDIR", folder ] "load"

                        Expect.equal ended succeeded "process"
                        Expect.equal (filesOf folder) [| file |] "nothing is left behind"
                    })
        }

        testTask "says which package to add where there is no libtorch" {
            do!
                inFolder (fun folder ->
                    task {
                        // This program without libtorch, and without the list of files that it expects to find.
                        for file in Directory.GetFiles here do
                            let name = FileInfo(file).Name

                            if not (name.Contains "torch_" || name.Contains "c10" || name.EndsWith ".deps.json") then
                                File.Copy(file, Path.Combine(folder, name))

                        let! ended = start folder [ "NUGET_PACKAGES", folder; "XDG_CACHE_HOME", folder ] "scalar"

                        let package =
                            [ OSPlatform.Linux; OSPlatform.Windows; OSPlatform.OSX ]
                            |> List.find RuntimeInformation.IsOSPlatform
                            |> fun system -> Native.package system RuntimeInformation.ProcessArchitecture
                            |> Option.get

                        Expect.equal ended.Code 3 $"%A{ended}"

                        Expect.stringContains
                            ended.Errors
                            $"<PackageReference Include=\"%s{package}\" Version=\"2.10.0\" />"
                            "advice"
                    })
        }

        testCase "names the package of each platform that has one"
        <| fun () ->
            let package system architecture = Native.package system architecture
            Expect.equal (package OSPlatform.Linux Architecture.X64) (Some "libtorch-cpu-linux-x64") "Linux"
            Expect.equal (package OSPlatform.Windows Architecture.X64) (Some "libtorch-cpu-win-x64") "Windows"
            Expect.equal (package OSPlatform.OSX Architecture.Arm64) (Some "libtorch-cpu-osx-arm64") "macOS"
            Expect.equal (package OSPlatform.Linux Architecture.Arm64) None "Linux on Arm"
            Expect.equal (package OSPlatform.OSX Architecture.X64) None "macOS on Intel"

        testCase "names the version of libtorch that TorchSharp is built against"
        <| fun () ->
            Native.load ()
            Expect.equal torch.__version__ $"{Native.libtorchVersion}.0" "version"

        testCase "costs nothing once it has loaded"
        <| fun () ->
            Native.load ()
            let before = GC.GetAllocatedBytesForCurrentThread()

            for _ in 1..1000 do
                Native.load ()

            Expect.equal (GC.GetAllocatedBytesForCurrentThread() - before) 0L "bytes allocated"
    ]
