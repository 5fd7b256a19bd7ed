(**
---
title: Coming from DiffSharp
category: Guides
categoryindex: 1
index: 1
description: DiffSharp's calls and this library's side by side, the bridge between the two, and what each of them costs.
---

# Coming from DiffSharp

DiffSharp made differentiation a function on functions: `dsharp.grad f` is the gradient of `f`. Here `Diff.grad f` is that, on
torch's own reverse mode, under the same names and with the same meaning: training calls nothing else. Who has DiffSharp
itself can also put it at the wheel: the project `src/Vae.DiffSharp` makes DiffSharp functions of objectives,
log-densities and divergences, and DiffSharp differentiates and trains these.

## Its calls and ours

| DiffSharp | here |
| --- | --- |
| `dsharp.diff`, `diff2`, `diffn n` | `Diff.diff`, `diff2`, `diffn n` |
| `dsharp.grad`, `gradv`, `hessian`, `hessianv`, `gradhessian`, `gradhessianv`, `laplacian` | the same names in `Diff` |
| `dsharp.jacobian`, `jacobianv`, `jacobianTv`, `curl`, `divergence`, `curldivergence` | the same names in `Diff` |
| the `f`-twins (`fgrad`), which return the value first | the same names in `Diff` |
| `x.reverseDiff()` and `y.reverse()`, which write into tensors | none: derivatives are results of functions |
| `dsharp.tensor values` | `Tensor.ofArray place shape values` |
| `dsharp.seed 7`, then `dsharp.randn shape` | `Key.normal place shape (Key.ofSeed 7)`: a key is a value, and gives the same numbers each time |
| `Normal(mean, stddev)`, `d.sample()`, `d.logprob x` | `Normal(loc, scale)`, `d.Sample key`, `d.LogProb x` |
| `Linear(784, 256) --> dsharp.relu --> Linear(256, 10)` | `Net.dense 256 --> Net.relu --> Net.dense 10`: a net is data, and knows its input when it is wired |
| `VAE(xShape, zDim, encoder, decoder)`, `VAEMLP` | `Vae.create prior posterior likelihood` |
| `model.parametersVector` | `run.Params.Trained`, with names and shapes in `run.Params` |
| `optim.adam (model, data, loss, lr = dsharp.tensor 1e-3)` | `Training.fit Objective.elbo (Optimizer.adam 1e-3)` |
| `model.save file` | `Saved.save folder run` |

The same Hessian that DiffSharp computes through the bridge below:
*)

(*** hide ***)
#load "../scripts/load.fsx"

(** *)
open TorchSharp
open Vae.Core

let q (v: Tensor) = Normal(v[0L], v[1L].exp())
let p (v: Tensor) = Normal(v[0L].zeros_like(), v[0L].ones_like())
let point = Tensor.ofArray Placement.float64 [| 2L |] [| 0.5; -0.3 |]

let value, hessian = Diff.fhessian (fun v -> Kl.exact (q v) (p v)) point

printfn "KL(N(0.5, e^-0.6) || N(0, 1)) = %.6f nats" (Tensor.toFloat value)

for row in 0L .. 1L do
    let entries = Tensor.toArray hessian[row]
    printfn "[ %.6f  %.6f ]" entries[0] entries[1]

(*** include-output ***)

(**
Where DiffSharp 1.0.7 returns a wrong derivative, or none, the true one is here. Of the line $2x$ its `diff2` is 2, and the
derivative of a function that ignores its argument raises; here both are 0:
*)

let x = Tensor.scalar Placement.float64 1.5
printfn "diff2 of a line   %g" (Tensor.toFloat (Diff.diff2 (fun x -> 2.0 * x) x))
printfn "diff of a number  %g" (Tensor.toFloat (Diff.diff (fun _ -> Tensor.scalar Placement.float64 7.0) x))

(*** include-output ***)

(**
## The bridge

The packages DiffSharp.Core and DiffSharp.Backends.Reference, 1.0.7, are not on every registry: the bridge is outside the
solution, and nothing else needs it. Where they restore,

    dotnet test tests/Vae.DiffSharp.Tests

builds and proves it. What follows is not evaluated by this page; it stands in `tests/Vae.DiffSharp.Tests/Guide.fs`, where it
is compiled and run.

An objective on a batch is a function of the parameter vector, from DiffSharp tensors to DiffSharp tensors:

```fsharp
/// DiffSharp's Adam on the loss of one batch.
let onOneBatch vae batch iterations =
    let parameters = DiffSharpBridge.toVector (Vae.initial Placement.float32 (Key.ofSeed 1) vae)
    let loss = DiffSharpBridge.objective vae Objective.elbo batch (Key.ofSeed 2)
    let value, gradient = dsharp.fgrad loss parameters
    let best, final = optim.adam (loss, parameters, lr = dsharp.tensor 1e-3, iters = iterations)
    value, gradient, best, final
```

With the batches and the noise of the library's own run it returns that run, which is evaluated, plotted and saved as any
other. With Adam the losses of twenty steps are the library's own to $10^{-12}$ in float64:

```fsharp
/// The library's run, with DiffSharp's Adam in the place of its own.
let onMinibatches options data vae =
    vae |> Training.start options data |> DiffSharpBridge.train Objective.elbo (Minimizer.adam 1e-3)
```

A lifted function composes with DiffSharp's own operations. Here `minibatches` goes to the next batch each time it is applied:

```fsharp
/// The objective is one term of a loss that DiffSharp adds up.
let withDecay vae start parameters iterations =
    let steps = Training.steps start

    let loss =
        DiffSharpBridge.minibatches vae Objective.elbo (fun step -> steps.Batch step, steps.Noise step)

    let decayed (p: DiffSharp.Tensor) = loss p + 0.01 * (p * p).sum()
    optim.sgd (decayed, parameters, lr = dsharp.tensor 1e-3, iters = iterations)
```

Log-densities, divergences, and with `lift` any function of a torch tensor, have derivatives of every order, in either mode:

```fsharp
/// The Hessian of a divergence in (loc, log scale).
let hessian () =
    let q (v: Tensor) = Normal(v[0L], v[1L].exp())
    let p (v: Tensor) = Normal(v[0L].zeros_like(), v[0L].ones_like())
    dsharp.hessian (DiffSharpBridge.kl q p) (dsharp.tensor [| 0.5; -0.3 |])
```

**How it works.** A lifted function $f$ is one extension operator of DiffSharp's. Torch evaluates it, and its reverse mode
returns the gradient in the same pass, which is kept until DiffSharp asks for it. What DiffSharp may differentiate further is
lifted in its turn: the forward derivative is the lifted function $(x, v) \mapsto J(x)\,v$, the reverse one is $(x, u) \mapsto
J(x)^\top u$, both by `Diff`. So the rule that defines the first derivative defines all of them.

**What it asks.** Tensors of the Reference backend, in Float32 or Float64; the parameters in the length and the precision of the
model's. Everything else is refused by name. Early stopping and going on from a snapshot are the library's own training's
only.

## When to use which

* **Training a model**: the library's own training. It moves the parameters in place, in torch's memory, with schedules,
  validation, early stopping and exact resumption.
* **A derivative of a law, a divergence or an objective**: `Diff`.
* **A program in DiffSharp that needs a law, a divergence or a VAE's objective as one of its functions**, an optimiser written
  against DiffSharp, or forward mode nested in reverse under its own rules: the bridge.

## What it costs

A dense VAE of 410,404 parameters (784, 256, 10, 256, 784) in float32, batches of 128, on two cores of an AMD EPYC server;
each number is the median over eight processes of the median of 200:

| | ms |
| --- | --- |
| value and gradient, `Diff.fgrad` | 3.4 |
| value and gradient, `dsharp.fgrad` through the bridge | 7.6 |
| a step of `Training.fit` with Adam | 4.5 |
| a step of DiffSharp's `optim.adam` through the bridge | 24.1 |

The bridge itself copies the parameters to torch and the gradient back. The rest of the difference is DiffSharp's arithmetic on
managed arrays: its Adam makes a new one for each operation. `dotnet run -c Release --project tests/Vae.DiffSharp.Tests --
--costs` measures it again.
*)
