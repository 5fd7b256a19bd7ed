namespace Vae.DiffSharp

open DiffSharp
open DiffSharp.Optim

/// One of DiffSharp's optimisers of a function, with what it is told: from the loss, the first parameters and a number of
/// steps, the parameters after these. It applies the loss once a step.
type Minimizer = { Rate: float; Minimize: (Tensor -> Tensor) -> Tensor -> int -> Tensor }

[<RequireQualifiedAccess>]
module Minimizer =
    /// In the precision of the parameters: DiffSharp's own default constants are Float32 in either.
    let private constant (like: Tensor) (value: float) = dsharp.tensor (value, dtype = like.dtype)

    /// The evaluations that an optimiser makes for a number of steps: it looks at the loss once more, and takes no step from there.
    let private evaluations steps = steps + 1

    /// `optim.adam`, with decay rates 0.9 and 0.999 and epsilon 1e-8.
    let adam (rate: float) : Minimizer = {
        Rate = rate
        Minimize =
            fun loss first steps ->
                let constant = constant first

                optim.adam (
                    loss,
                    first,
                    lr = constant rate,
                    beta1 = constant 0.9,
                    beta2 = constant 0.999,
                    eps = constant 1e-8,
                    iters = evaluations steps,
                    print = false
                )
                |> snd
    }

    /// `optim.sgd`, without momentum.
    let sgd (rate: float) : Minimizer = {
        Rate = rate
        Minimize =
            fun loss first steps ->
                optim.sgd (loss, first, lr = constant first rate, iters = evaluations steps, print = false) |> snd
    }
