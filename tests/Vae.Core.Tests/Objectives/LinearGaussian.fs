/// Models whose evidence and true posterior are known exactly.
module Vae.Core.Tests.LinearGaussian

open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 77

/// x = W z + b + scale * noise with z from N(0, prior): everything about it is known exactly.
type LinearGaussian = {
    Map: float list list
    Offset: float list
    Scale: float
    Covariance: float list list
} with

    // Numbers, and tensors only when asked for: those belong to the scope of the test that asks.
    member this.Weight = matrix this.Map
    member this.Bias = vector this.Offset
    member this.PriorCovariance = matrix this.Covariance

    /// log p(x), of N(b, W S W' + scale^2 I).
    member this.Evidence(x: Tensor) =
        let d = this.Bias.shape[0]
        let noise = (this.Scale ** 2.0) .* torch.eye (d, dtype = torch.ScalarType.Float64)
        let covariance = this.Weight.matmul(this.PriorCovariance).matmul(this.Weight.t ()) + noise
        MultivariateNormal(this.Bias, torch.linalg.cholesky covariance).LogProb x

    /// The covariance of p(z|x), and the map from x - b to its mean.
    member this.Posterior =
        let precision =
            torch.linalg.inv this.PriorCovariance
            + (1.0 / this.Scale ** 2.0) .* this.Weight.t().matmul this.Weight

        let covariance = torch.linalg.inv precision
        covariance, (1.0 / this.Scale ** 2.0) .* covariance.matmul (this.Weight.t ())

/// Columns of W at right angles: with N(0, I) the true posterior is a product of normals.
let orthogonal = {
    Map = [ [ 1.2; 0.0 ]; [ 0.0; 0.7 ]; [ 0.5; 0.0 ]; [ 0.0; -1.1 ] ]
    Offset = [ 0.3; -0.4; 0.0; 1.0 ]
    Scale = 0.6
    Covariance = [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ]
}

let correlated = {
    orthogonal with
        Map = [ [ 1.2; 0.3 ]; [ -0.4; 0.7 ]; [ 0.5; 0.9 ]; [ 0.2; -1.1 ] ]
        Covariance = [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ]
}

let model (truth: LinearGaussian) prior =
    Vae.create
        prior
        (Posterior.diagonalNormalBy LogScale.Free Net.flatten)
        (Likelihood.gaussian truth.Scale (Net.dense 4))

/// The model with a decoder that is the truth and an encoder with given maps.
let parameters (truth: LinearGaussian) vae (locWeight: Tensor) (logVariance: Tensor) =
    Params.Create(
        f64,
        Vae.declared vae,
        fun p ->
            match p.Path with
            | "posterior.loc.1.weight" -> locWeight
            | "posterior.loc.1.bias" -> locWeight.matmul(truth.Bias).neg()
            | "posterior.logVariance.1.weight" -> torch.zeros (p.Shape, dtype = torch.ScalarType.Float64)
            | "posterior.logVariance.1.bias" -> logVariance
            | "likelihood.0.weight" -> truth.Weight
            | "likelihood.0.bias" -> truth.Bias
            | _ -> p.Initial f64 key
    )

let data (truth: LinearGaussian) n =
    let zKey, noiseKey = Key.split key

    let z =
        MultivariateNormal(vector [ 0.0; 0.0 ], torch.linalg.cholesky truth.PriorCovariance).Sample(zKey, [| n |])

    z.matmul (truth.Weight.t ()) + truth.Bias + truth.Scale .* Key.normal f64 [| n; 4L |] noiseKey
