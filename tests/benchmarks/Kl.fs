namespace Vae.Benchmarks

open System
open Vae.Core

[<RequireQualifiedAccess>]
module Kl =
    /// The KL of all latents, nats per example: not what an objective charges in its place.
    let ofMeasurement (measured: Measurement) : float =
        measured.Terms
        |> List.filter (fun (name, _) -> name = "kl" || name.StartsWith("kl ", StringComparison.Ordinal))
        |> List.sumBy (fun (_, nats) -> nats.Mean)
