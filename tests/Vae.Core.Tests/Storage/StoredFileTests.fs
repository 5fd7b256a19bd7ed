module Vae.Core.Tests.Storage.StoredFileTests

open System
open System.Diagnostics
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Storage.Stored

/// Writes a file twice, with different contents of different lengths.
let private rewrite path =
    for name, count, value in [ "short", 20_000, 0.0; "long", 200_000, 1.0 ] do
        use t = Tensor.ofArray Placement.float32 [| int64 count |] (Array.create count value)
        Safetensors.write path [] [ name, t ]

/// That a file is what `rewrite` writes, the one or the other.
let private isWhole path =
    use _ = torch.NewDisposeScope()

    match Safetensors.read torch.CPU path with
    | _, [ "short", t ] -> Expect.equal (Tensor.toArray t) (Array.create 20_000 0.0) "the one"
    | _, [ "long", t ] -> Expect.equal (Tensor.toArray t) (Array.create 200_000 1.0) "the other"
    | _, other -> failtest $"%A{List.map fst other}"

let private rewriting = "--rewrite"

/// Writes a file over and over, in a process that a test has started for that and kills. None in any other process.
let child (argv: string[]) : int option =
    match argv with
    | [| first; path |] when first = rewriting ->
        while true do
            rewrite path

        Some 0
    | _ -> None

/// This program with other arguments.
let private another (arguments: string list) =
    let host = Environment.ProcessPath |> Option.ofObj |> Option.get

    let arguments =
        if Path.GetFileNameWithoutExtension host = "dotnet" then
            Reflection.Assembly.GetExecutingAssembly().Location :: arguments
        else
            arguments

    Process.Start(ProcessStartInfo(host, arguments)) |> Option.ofObj |> Option.get

let private missing =
    inFolder "a missing file, and a folder in place of one" (fun folder ->
        let absent = refusal (fun () -> Safetensors.read torch.CPU (Path.Combine(folder, "none")))
        Expect.equal absent.Found "no such file" "missing"
        let instead = refusal (fun () -> Safetensors.read torch.CPU folder)
        Expect.equal instead.Path folder "a folder")

let private replacement =
    inFolder "who reads while a file is replaced finds the old one or the new one, whole" (fun folder ->
        let path = Path.Combine(folder, "both.safetensors")
        rewrite path
        use stop = new CancellationTokenSource()

        let writing =
            Task.Run(fun () ->
                while not stop.IsCancellationRequested do
                    rewrite path)

        for _ in 1..200 do
            isWhole path

        stop.Cancel()
        writing.Wait())

let private kills =
    inFolder "a process that is killed while it writes leaves a whole file" (fun folder ->
        let path = Path.Combine(folder, "killed.safetensors")
        let random = Random 1

        for _ in 1..5 do
            File.Delete path
            use started = another [ rewriting; path ]

            while not (File.Exists path) && not started.HasExited do
                Thread.Sleep 5

            Thread.Sleep(random.Next 60)
            Expect.isFalse started.HasExited "it writes until it is killed"
            started.Kill()
            started.WaitForExit()
            isWhole path

        // What a killed process leaves beside the file is in nobody's way.
        rewrite path
        isWhole path)

let tests = testList "StoredFile" [ missing; replacement; kills ]
