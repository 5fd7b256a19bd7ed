/// Starts a program as several processes.
module Vae.Testing.Mpirun

open System
open System.Diagnostics
open System.IO
open Expecto

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
    [ "mpirun"; "--allow-run-as-root"; "--oversubscribe"; "--bind-to"; "none"; "-n"; string processes ]
    @ [ "dotnet"; assembly ]
    @ arguments
    // They inherit it: a test of the number of threads is not to depend on who runs it.
    |> Started.start [ "OMP_NUM_THREADS" ]

/// Runs an assembly as so many processes.
let run processes assembly arguments : Started.Outcome =
    use mpirun = start processes assembly arguments
    Started.finish mpirun
