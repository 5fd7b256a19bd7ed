/// The command run within the process.
module Vae.Cli.Tests.Cli

open System
open System.Diagnostics
open System.IO
open System.Text.Json
open System.Threading
open Expecto
open Vae.Testing
open VaeFunctional.Cli

/// Runs a command line, its output also shown to a writer.
let runTo (output: StringWriter) (cancellation: CancellationToken) (args: string list) : Started.Outcome =
    use error = new StringWriter()

    let code = App.RunAsync(List.toArray args, output, error, cancellation).GetAwaiter().GetResult()

    { ExitCode = code; Output = output.ToString(); Error = error.ToString() }

let run (args: string list) : Started.Outcome =
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
    user @ [ "dotnet"; typeof<App>.Assembly.Location ] @ args |> Started.start []

let start (args: string list) : Process = startAs [] args

/// Asks a process to end, as `kill` does: SIGTERM.
let terminate (started: Process) : Started.Outcome =
    if OperatingSystem.IsWindows() then
        skiptest "there is no SIGTERM on Windows"

    use kill = Process.Start("kill", [ "-TERM"; string started.Id ])
    kill.WaitForExit()
    Started.finish started
