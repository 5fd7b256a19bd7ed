namespace Vae.Benchmarks

open System
open Vae.Core

/// The same training by the library's public API.
[<Sealed>]
type LibraryLoop(precision: Precision, workload: Workload) =
    let reports =
        (Workload.start precision workload |> Training.reports Objective.elbo (Optimizer.adam 1e-3)).GetEnumerator()

    /// One step.
    member _.Next() : Report =
        reports.MoveNext() |> ignore
        reports.Current

    interface IDisposable with
        member _.Dispose() = reports.Dispose()
