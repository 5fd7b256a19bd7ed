/// The programs of docs/diffsharp.fsx, which shows them as they stand here.
module Vae.DiffSharp.Tests.Guide

open DiffSharp
open DiffSharp.Optim
open Vae.Core
open Vae.DiffSharp

/// DiffSharp's Adam on the loss of one batch.
let onOneBatch vae batch iterations =
    let parameters = DiffSharpBridge.toVector (Vae.initial Placement.float32 (Key.ofSeed 1) vae)
    let loss = DiffSharpBridge.objective vae Objective.elbo batch (Key.ofSeed 2)
    let value, gradient = dsharp.fgrad loss parameters
    let best, final = optim.adam (loss, parameters, lr = dsharp.tensor 1e-3, iters = iterations)
    value, gradient, best, final

/// The library's run, with DiffSharp's Adam in the place of its own.
let onMinibatches options data vae =
    vae |> Training.start options data |> DiffSharpBridge.train Objective.elbo (Minimizer.adam 1e-3)

/// The objective is one term of a loss that DiffSharp adds up.
let withDecay vae start parameters iterations =
    let steps = Training.steps start

    let loss =
        DiffSharpBridge.minibatches vae Objective.elbo (fun step -> steps.Batch step, steps.Noise step)

    let decayed (p: DiffSharp.Tensor) = loss p + 0.01 * (p * p).sum()
    optim.sgd (decayed, parameters, lr = dsharp.tensor 1e-3, iters = iterations)

/// The Hessian of a divergence in (loc, log scale).
let hessian () =
    let q (v: Tensor) = Normal(v[0L], v[1L].exp())
    let p (v: Tensor) = Normal(v[0L].zeros_like(), v[0L].ones_like())
    dsharp.hessian (DiffSharpBridge.kl q p) (dsharp.tensor [| 0.5; -0.3 |])
