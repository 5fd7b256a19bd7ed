/// Starts a program as several processes.
module Vae.Testing.Mpirun

open System
open System.Diagnostics
open System.IO
open System.Threading
open Expecto

/// What the processes of a program came to, together.
type Outcome = { ExitCode: int; Output: string; Error: string }

let private isInstalled =
    lazy
        ((Environment.GetEnvironmentVariable "PATH" |> Option.ofObj |> Option.defaultValue "").Split ':'
         |> Array.exists (fun folder -> File.Exists(Path.Combine(folder, "mpirun"))))

/// Skips the test where there is no mpirun.
let required () =
    if not isInstalled.Value then
        skiptest "mpirun is not installed (on Debian and Ubuntu: apt-get install openmpi-bin)"

/// Starts an assembly by its path as so many processes, whatever the number of cores and the user.
let start (processes: int) (assembly: string) (arguments: string list) : Process =
    let info = ProcessStartInfo("mpirun", RedirectStandardOutput = true, RedirectStandardError = true)

    for argument in
        [ "--allow-run-as-root"; "--oversubscribe"; "--bind-to"; "none"; "-n"; string processes ]
        @ [ "dotnet"; assembly ]
        @ arguments do
        info.ArgumentList.Add argument

    // They inherit it: a test of the number of threads is not to depend on who runs it.
    info.Environment.Remove "OMP_NUM_THREADS" |> ignore
    Process.Start info |> Option.ofObj |> Option.get

/// What started processes come to. Processes that wait for one another for ever are ended, and the test with them.
let finish (mpirun: Process) : Outcome =
    let output, error = mpirun.StandardOutput.ReadToEndAsync(), mpirun.StandardError.ReadToEndAsync()

    if not (mpirun.WaitForExit(TimeSpan.FromMinutes 5.0)) then
        mpirun.Kill true
        failtest $"mpirun does not end: %s{output.Result}%s{error.Result}"

    { ExitCode = mpirun.ExitCode; Output = output.Result; Error = error.Result }

/// Runs an assembly as so many processes.
let run processes assembly arguments : Outcome =
    use mpirun = start processes assembly arguments
    finish mpirun

/// Waits until something holds of running processes. Fails where they end before.
let until (what: string) (mpirun: Process) (holds: unit -> bool) =
    while not (holds ()) do
        if mpirun.HasExited then
            failtest $"they ended before %s{what}: %s{(finish mpirun).Error}"

        Thread.Sleep 20
