/// Programs that a test starts as processes of their own.
module Vae.Testing.Started

open System
open System.Diagnostics
open System.Threading
open Expecto

/// What a program came to: all of its processes together.
type Outcome = { ExitCode: int; Output: string; Error: string }

/// Starts a command line, without some of this process's environment variables.
let start (without: string list) (line: string list) : Process =
    let info = ProcessStartInfo(line.Head, RedirectStandardOutput = true, RedirectStandardError = true)

    for argument in line.Tail do
        info.ArgumentList.Add argument

    for variable in without do
        info.Environment.Remove variable |> ignore

    Process.Start info |> Option.ofObj |> Option.get

/// What a started program comes to. Processes that wait for one another for ever are ended, and the test with them.
let finish (started: Process) : Outcome =
    let output, error = started.StandardOutput.ReadToEndAsync(), started.StandardError.ReadToEndAsync()

    if not (started.WaitForExit(TimeSpan.FromMinutes 5.0)) then
        started.Kill true
        failtest $"it does not end: %s{output.Result}%s{error.Result}"

    { ExitCode = started.ExitCode; Output = output.Result; Error = error.Result }

/// Waits until something holds of a program that runs. Fails where it ends before.
let until (what: string) (started: Process) (holds: unit -> bool) =
    while not (holds ()) do
        if started.HasExited then
            failtest $"it ended before %s{what}: %s{(finish started).Error}"

        Thread.Sleep 20
