/// A process that holds the tests over the mutated library, and runs one at a time with one mutant switched on.
module Vae.Mutants.Worker

open System
open System.Diagnostics
open System.IO
open System.Threading.Tasks

/// What a test said, or why it said nothing.
type Answer =
    | Passed of reached: int list
    | Failed of reached: int list
    | TimedOut
    | Crashed

[<Literal>]
let private prefix = "@mutants "

/// The numbers after a word.
let private numbersOf (line: string) =
    line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
    |> Array.skip 1
    |> Array.map int
    |> Array.toList

[<Sealed>]
type Worker(folder: string, lists: string, mutant: int) =
    let start () =
        let info =
            ProcessStartInfo(
                "dotnet",
                [ "exec"; Path.Combine(folder, "Vae.Core.Tests.dll"); "--mutants"; lists ],
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false
            )

        info.Environment["VAE_MUTANT"] <- string mutant
        let started = nonNull (Process.Start info)
        started.ErrorDataReceived.Add ignore
        started.BeginErrorReadLine()
        started

    let mutable running = start ()
    let mutable asked = 0

    let stop () =
        if not running.HasExited then
            running.Kill true

        running.WaitForExit()
        running.Dispose()

    /// The next line for us, or None at the end of the output or of the patience.
    let rec readLine (deadline: DateTime) : Result<string, Answer> =
        let left = deadline - DateTime.UtcNow
        let reading: Task<string | null> = running.StandardOutput.ReadLineAsync()

        if left <= TimeSpan.Zero || not (reading.Wait left) then
            Error TimedOut
        else
            match reading.Result with
            | null -> Error Crashed
            | line ->
                // A test may write without ending its line.
                match line.IndexOf prefix with
                | -1 -> readLine deadline
                | at -> Ok(line.Substring(at + prefix.Length))

    let deadlineIn (seconds: float) = DateTime.UtcNow.AddSeconds seconds

    /// The names of the tests, by their numbers, and the mutants that are reached before any of them: while they are made.
    member _.Tests: string[] * int list =
        running.StandardInput.WriteLine "list"

        let rec read names =
            match readLine (deadlineIn 120.0) with
            | Ok line when line.StartsWith "started" -> List.rev names, numbersOf line
            | Ok name -> read (name :: names)
            | Error answer -> failwith $"the tests of %s{folder} do not start: %A{answer}"

        let names, started = read []
        List.toArray names, started

    /// Runs a test with a mutant, 0 for none. A process that hangs or dies is replaced by a fresh one.
    member this.Run(mutant: int, test: int, patience: float) : Answer =
        // What mutants leave behind in caches and in memory does not pile up.
        asked <- asked + 1

        if asked % 300 = 0 then
            this.Restart()

        let answer =
            try
                running.StandardInput.WriteLine $"run %d{mutant} %d{test}"
                readLine (deadlineIn patience)
            with :? IOException ->
                Error Crashed

        match answer with
        | Ok line ->
            let reached = numbersOf line
            if line.StartsWith "passed" then Passed reached else Failed reached
        | Error answer ->
            this.Restart()
            answer

    member _.Restart() =
        stop ()
        running <- start ()

    interface IDisposable with
        member _.Dispose() = stop ()
