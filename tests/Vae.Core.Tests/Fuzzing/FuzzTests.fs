/// What every reader does with files that are nearly what they should be: it takes them or refuses them by an exception that
/// it documents, and takes no more memory than their size allows.
module Vae.Core.Tests.Fuzzing.FuzzTests

open System
open System.IO
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Fuzzing.Readers
open Vae.Core.Tests.Storage
open Vae.Core.Tests.Storage.Cost

/// What many changed files came to.
type Outcome = {
    Cases: int
    /// How many were read.
    Taken: int
    Slowest: float
    /// The most memory of a case above its allowance' base, and the seed of that case.
    Peak: int64
    PeakSeed: int
    /// Cases that came to anything else: their seeds, and what.
    Faults: (int * string) list
}

/// A file that a reader is tried on: a function of the seed alone.
let private changed (reader: Reader) (seed: int) : byte[] =
    let random = Random seed
    let sound = reader.Sound.Value
    reader.Change random sound[random.Next sound.Length]

let private attempt (reader: Reader) (folder: string) (seed: int) =
    let content = changed reader seed
    let path = Path.Combine(folder, "given")
    File.WriteAllBytes(path, content)

    measure (fun () ->
        try
            reader.Read path
            Ok true
        with
        | error when reader.Refuses error -> Ok false
        | error -> Error $"%s{error.GetType().Name}: %s{error.Message}")
    |> fun (result, cost) -> content.Length, result, cost

/// Tries a reader on the files of so many seeds from a first one on.
let run (reader: Reader) (first: int) (cases: int) : Outcome =
    let folder = Directory.CreateTempSubdirectory("vae-fuzz-").FullName

    let add (outcome: Outcome) seed =
        let size, result, cost = attempt reader folder seed
        let peak = cost.Peak |> Option.defaultValue 0L

        let faults = [
            match result with
            | Error what -> seed, what
            | Ok _ -> ()
            if peak > BoundedTests.allowance (int64 size) then
                seed, $"%d{peak} bytes of memory for a file of %d{size}"
        ]

        {
            Cases = outcome.Cases + 1
            Taken = outcome.Taken + (if result = Ok true then 1 else 0)
            Slowest = max outcome.Slowest cost.Seconds
            Peak = max outcome.Peak peak
            PeakSeed = if peak > outcome.Peak then seed else outcome.PeakSeed
            Faults = outcome.Faults @ faults
        }

    let none = {
        Cases = 0
        Taken = 0
        Slowest = 0.0
        Peak = 0L
        PeakSeed = first
        Faults = []
    }

    try
        // The first read loads and compiles what all others use.
        File.WriteAllBytes(Path.Combine(folder, "given"), reader.Sound.Value.Head)
        reader.Read(Path.Combine(folder, "given"))
        Seq.init cases (fun i -> first + i) |> Seq.fold add none
    finally
        Directory.Delete(folder, true)

let tests =
    testList "Fuzzing" [
        for reader in all do
            testCase reader.Name (fun () ->
                let outcome = run reader 1 1000
                Expect.isEmpty outcome.Faults "seeds of files that came to something else"
                Expect.isGreaterThan outcome.Taken 0 "some are still whole"
                Expect.isLessThan outcome.Taken outcome.Cases "and some are not")
    ]

/// The same at length, from the command line: --fuzz CASES [FIRST-SEED].
let command (argv: string[]) : int option =
    let report first cases =
        Native.load ()

        for reader in all do
            let watch = Diagnostics.Stopwatch.StartNew()
            let outcome = run reader first cases
            let bytes = float outcome.Peak / 1e6

            printfn
                $"%s{reader.Name}: seeds %d{first} to %d{first + cases - 1}, %d{outcome.Taken} read, %d{outcome.Faults.Length} faults; most memory %.1f{bytes} MB (seed %d{outcome.PeakSeed}), slowest %.3f{outcome.Slowest} s; %.0f{watch.Elapsed.TotalSeconds} s in all"

            for seed, what in List.truncate 20 outcome.Faults do
                printfn $"  seed %d{seed}: %s{what}"

        Some 0

    match argv with
    | [| "--fuzz"; cases |] -> report 1 (int cases)
    | [| "--fuzz"; cases; first |] -> report (int first) (int cases)
    | _ -> None
