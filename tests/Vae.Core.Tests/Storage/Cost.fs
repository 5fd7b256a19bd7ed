/// What an action costs: the most memory that the process had in the meantime, and time.
module Vae.Core.Tests.Storage.Cost

open System
open System.Diagnostics
open System.IO

type Cost = {
    /// Bytes above what was in use before; none where the system does not tell.
    Peak: int64 option
    Seconds: float
}

let private status = "/proc/self/status"

let private resident name =
    File.ReadLines status
    |> Seq.tryFind (fun line -> line.StartsWith(name + ":", StringComparison.Ordinal))
    |> Option.map (fun line ->
        1024L * Int64.Parse(line.Split([| ' '; '\t' |], StringSplitOptions.RemoveEmptyEntries)[1]))

/// Linux keeps the greatest size that a process has had, and forgets it when told.
let private forget () =
    try
        File.WriteAllText("/proc/self/clear_refs", "5")
        true
    with
    | :? IOException
    | :? UnauthorizedAccessException -> false

/// The result of an action and what it took.
let measure (act: unit -> 'a) : 'a * Cost =
    let before = if File.Exists status && forget () then resident "VmRSS" else None
    let watch = Stopwatch.StartNew()
    let result = act ()
    let seconds = watch.Elapsed.TotalSeconds

    let peak =
        before |> Option.bind (fun b -> resident "VmHWM" |> Option.map (fun most -> max 0L (most - b)))

    result, { Peak = peak; Seconds = seconds }
