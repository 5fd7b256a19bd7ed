namespace Vae.Benchmarks

open System
open Vae.Core

/// A way to train, by its name.
[<RequireQualifiedAccess>]
type Side =
    | Plain
    | Library of Precision

    member side.Name =
        match side with
        | Plain -> "plain TorchSharp"
        | Library Precision.Full -> "VaeFunctional"
        | Library Precision.BFloat16 -> "in bfloat16"

[<RequireQualifiedAccess>]
module Side =
    /// Every way that this processor can go. The plain one comes first.
    let all =
        let canRound =
            try
                Workload.start Precision.BFloat16 Workload.dense |> ignore
                true
            with :? ArgumentException ->
                false

        [
            Side.Plain
            Side.Library Precision.Full
            if canRound then
                Side.Library Precision.BFloat16
        ]

    /// The way of a name.
    let named name = all |> List.find (fun side -> side.Name = name)

    /// A loop of steps, and what ends it.
    let start side workload : (unit -> unit) * IDisposable =
        match side with
        | Side.Plain ->
            let loop = new PlainLoop(workload)
            loop.Next, loop
        | Side.Library precision ->
            let loop = new LibraryLoop(precision, workload)
            (fun () -> loop.Next() |> ignore), loop
