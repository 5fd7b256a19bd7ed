namespace Vae.Benchmarks

open Vae.Core

/// The workloads' nets in models that have a log p(x).
[<RequireQualifiedAccess>]
module Density =
    let vae (workload: Workload) =
        Vae.create
            (Prior.standard workload.Latent)
            (Posterior.diagonalNormal workload.Encoder)
            (Likelihood.gaussian 0.3 workload.Decoder)
