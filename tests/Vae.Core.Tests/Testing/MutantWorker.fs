/// Tests one by one over a library that has mutants, for `tests/mutants`: each command of the standard input is answered by
/// lines of the standard output.
module Vae.Core.Tests.Testing.MutantWorker

open System
open System.Threading
open Expecto
open TorchSharp
open Vae.Core

let private answer (words: string seq) =
    Console.Out.WriteLine("@mutants " + String.Join(' ', words))
    Console.Out.Flush()

let private runTest (code: TestCode) =
    try
        match code with
        | Sync run -> run ()
        | SyncWithCancel run -> run CancellationToken.None
        | Async run -> Async.RunSynchronously run
        | AsyncFsCheck(config, _, run) ->
            config |> Option.defaultValue FsCheckConfig.defaultConfig |> run |> Async.RunSynchronously

        true
    with
    | :? IgnoreException -> true
    | _ -> false

let private serve (kind: Type) (tests: FlatTest[]) =
    let active, reached = nonNull (kind.GetField "Active"), nonNull (kind.GetField "Reached")
    let always = active.GetValue null
    let marks = nonNull (reached.GetValue null) :?> bool[]

    let marked () = [
        for i in 1 .. marks.Length - 1 do
            if marks[i] then
                string i
    ]

    let started = marked ()
    let mutable going = true

    while going do
        match Option.ofObj (Console.In.ReadLine()) |> Option.map _.Split(' ') with
        | None -> going <- false
        | Some [| "list" |] ->
            for test in tests do
                answer [ String.Join('.', test.name).Replace('\t', ' ').Replace('\n', ' ') ]

            answer ("started" :: started)
        | Some [| "run"; mutant; test |] ->
            Array.Clear marks
            active.SetValue(null, int mutant)
            let passed = runTest tests[int test].test
            active.SetValue(null, always)

            answer ((if passed then "passed" else "failed") :: marked ())
        | Some words -> failwith $"unknown command %A{words}"

/// Serves the tests of some lists, until the input ends. The variable VAE_MUTANT switches a mutant on from the start.
let run (lists: string) (tests: unit -> Test) =
    match Option.ofObj (Type.GetType "Mutants, Vae.Core") with
    | None ->
        eprintfn "Vae.Core has no mutants here; run tests/mutants"
        2
    | Some kind ->
        Native.load ()
        torch.set_num_threads 1
        let wanted = set (lists.Split ',')

        Test.toTestCodeList (tests ())
        |> Seq.filter (fun test -> test.state <> Pending && test.name |> List.exists wanted.Contains)
        |> Seq.toArray
        |> serve kind

        0
