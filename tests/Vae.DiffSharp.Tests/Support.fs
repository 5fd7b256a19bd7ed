/// What the tests of the bridge share.
module Vae.DiffSharp.Tests.Support

open DiffSharp
open Expecto
open TorchSharp
open Vae.Core
open Vae.DiffSharp
open Vae.Testing

/// A DiffSharp vector in Float64.
let dvector (values: float list) = dsharp.tensor (List.toArray values, dtype = Dtype.Float64)

/// A DiffSharp scalar in Float64.
let dscalar (value: float) = dsharp.tensor (value, dtype = Dtype.Float64)

/// The numbers of a DiffSharp tensor, row by row.
let numbers (t: DiffSharp.Tensor) : float list =
    let flat = t.primalDeep.cast(Dtype.Float64).view [ t.nelement ]
    flat.toArray1D<float>() |> Array.toList

/// A DiffSharp tensor is in the shape of expected numbers, and within a tolerance of max(1, |expected|) of each.
let areClose tolerance (expected: float list) (actual: DiffSharp.Tensor) message =
    let actual = numbers actual
    Expect.equal actual.Length expected.Length $"%s{message}: how many numbers"
    List.iter2 (fun e a -> isClose tolerance e a message) expected actual

/// Entries first .. first + count - 1 of a torch vector.
let entries (first: int) (count: int) (v: Tensor) : Tensor = v.narrow (0L, int64 first, int64 count)

let images = Digits.draw (Key.ofSeed 7) 200

/// A small dense VAE with a correlated prior, whose factor is a constant of the model.
let vae =
    Vae.create
        (Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ])
        (Posterior.diagonalNormal (Net.denseEncoder [ 32 ]))
        (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 32 ]))

/// Five steps an epoch, the last with fewer examples.
let options = { TrainingOptions.defaults with Seed = 3; Epochs = 4; BatchSize = 44 }

let start options = Training.start options images vae
