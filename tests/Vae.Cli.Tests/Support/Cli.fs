/// The command run within the process.
module Vae.Cli.Tests.Cli

open System
open System.Diagnostics
open System.IO
open System.Text.Json
open System.Threading
open Expecto
open VaeFunctional.Cli

/// What a command line came to.
type Outcome = { ExitCode: int; Output: string; Error: string }

/// Runs a command line, its output also shown to a writer.
let runTo (output: StringWriter) (cancellation: CancellationToken) (args: string list) : Outcome =
    use error = new StringWriter()

    let code = App.RunAsync(List.toArray args, output, error, cancellation).GetAwaiter().GetResult()

    { ExitCode = code; Output = output.ToString(); Error = error.ToString() }

let run (args: string list) : Outcome =
    use output = new StringWriter()
    runTo output CancellationToken.None args

/// Runs a command line that is to succeed, without a word on the error; its output.
let ok (args: string list) : string =
    let outcome = run args
    Expect.equal (outcome.ExitCode, outcome.Error) (0, "") $"""vae {String.concat " " args}"""
    outcome.Output

/// Runs a command line that is to be refused with one line that holds some words.
let refused (code: int) (words: string list) (args: string list) =
    let outcome = run args
    let commandLine = String.concat " " args
    Expect.equal outcome.ExitCode code $"exit code of vae %s{commandLine}: %s{outcome.Error}"
    Expect.equal outcome.Output "" "nothing on the output"
    let lines = outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
    Expect.hasLength lines 1 $"one line: %s{outcome.Error}"
    Expect.stringStarts lines[0] "vae: " "says who speaks"

    for word in words do
        Expect.stringContains lines[0] word commandLine

let json (text: string) : JsonElement = (JsonDocument.Parse text).RootElement

let number (name: string) (element: JsonElement) = element.GetProperty(name).GetDouble()

let fields (element: JsonElement) = [ for field in element.EnumerateObject() -> field.Name ]

/// A folder that is there while a test runs.
let inScratch (test: string -> unit) =
    let folder = Directory.CreateTempSubdirectory "vae-cli-"

    try
        test folder.FullName
    finally
        folder.Delete true

/// The command as a process of its own, by another user where one is named.
let startAs (user: string list) (args: string list) : Process =
    let line = user @ [ "dotnet"; typeof<App>.Assembly.Location ] @ args
    let info = ProcessStartInfo(line.Head, RedirectStandardOutput = true, RedirectStandardError = true)

    for argument in line.Tail do
        info.ArgumentList.Add argument

    Process.Start info |> Option.ofObj |> Option.get

let start (args: string list) : Process = startAs [] args

/// What a process comes to.
let finish (started: Process) : Outcome =
    let output, error = started.StandardOutput.ReadToEndAsync(), started.StandardError.ReadToEndAsync()

    if not (started.WaitForExit(TimeSpan.FromMinutes 5.0)) then
        started.Kill true
        failtest $"it does not end: %s{output.Result}%s{error.Result}"

    { ExitCode = started.ExitCode; Output = output.Result; Error = error.Result }

/// Waits until something holds of a process that runs. Fails where it ends before.
let until (what: string) (started: Process) (holds: unit -> bool) =
    while not (holds ()) do
        if started.HasExited then
            failtest $"it ended before %s{what}: %s{(finish started).Error}"

        Thread.Sleep 20

/// Asks a process to end, as `kill` does: SIGTERM.
let terminate (started: Process) : Outcome =
    if OperatingSystem.IsWindows() then
        skiptest "there is no SIGTERM on Windows"

    use kill = Process.Start("kill", [ "-TERM"; string started.Id ])
    kill.WaitForExit()
    finish started
