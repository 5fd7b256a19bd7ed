/// The study that the library starts from draws its latents from one law and charges the KL of another. Its sampler is
/// stated here, and the gap shown: in this library one value both samples and scores, so there is no place to write it.
module Vae.Core.Tests.StudyTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private sigma = matrix [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ]
let private factor = torch.linalg.cholesky sigma
let private prior = MultivariateNormal(vector [ 0.0; 0.0 ], factor)
let private loc = vector [ 0.3; -0.2 ]

/// The covariance that `eps @ L` has: L'L, and not the L L' = Sigma that was meant.
let private drawn = factor.t().matmul factor

/// What the study charges: the KL of N(loc, diag scale^2).
let private charged (scale: Tensor) = number (Kl.exact (Independent.create 1 (Normal(loc, scale))) prior)

/// The KL of what it draws from: loc + scale * (eps @ L) is N(loc, D L'L D).
let private owed (scale: Tensor) =
    let d = scale.diag ()
    number (Kl.exact (MultivariateNormal(loc, torch.linalg.cholesky (d.matmul(drawn).matmul d))) prior)

/// 1/2 [tr(inv(Sigma) D (A - I) D) - log |A|] with A = L'L.
let private gap (scale: Tensor) =
    let d = scale.diag ()
    let inner = d.matmul(drawn - torch.eye (2L, dtype = torch.ScalarType.Float64)).matmul d

    0.5
    * (number (torch.linalg.inv(sigma).matmul(inner).trace()) - log (number (torch.linalg.det drawn)))

let tests =
    scoped
    <| testList "Study" [
        testCase "its sampler has covariance D L'L D"
        <| fun () ->
            let scale = vector [ 0.5; 0.8 ]
            let n = drawsToDetect 0.01
            let eps = Key.normal f64 [| int64 n; 2L |] (Key.ofSeed 12)
            let offset = scale * eps.matmul factor

            let products =
                offset[torch.TensorIndex.Colon, torch.TensorIndex.Single 0L]
                * offset[torch.TensorIndex.Colon, torch.TensorIndex.Single 1L]

            isClose 1e-15 0.2332380757938120 (number drawn[0L, 1L]) "the off-diagonal of L'L, 0.4 sqrt 0.34"
            meanIs (0.5 * 0.8 * 0.4 * sqrt 0.34) (Tensor.toArray products) "covariance"

        testCase "it charges less than it owes at small scales, and more at large ones, by the closed form"
        <| fun () ->
            for scale in [ vector [ 1e-6; 1e-6 ]; vector [ 0.05; 0.05 ]; vector [ 0.5; 0.8 ]; vector [ 1.0; 1.0 ] ] do
                isClose 1e-9 (gap scale) (owed scale - charged scale) $"scale %O{Tensor.toArray scale |> List.ofArray}"

            let small, one = vector [ 1e-6; 1e-6 ], vector [ 1.0; 1.0 ]
            isClose 1e-9 (-0.5 * log 0.34) (owed small - charged small) "as the scale goes to 0"
            Expect.isLessThan (owed one - charged one) 0.0 "at scale 1 the sign has changed"

        testCase "the library's posterior draws from the law that its KL is of"
        <| fun () ->
            let scale = vector [ 0.5; 0.8 ]
            let q = Normal.pathwise (Normal(loc, scale)) |> Independent.pathwise 1
            let z = q |> Reparameterized.draw (Key.ofSeed 3) [| int64 (drawsToDetect 0.02) |]
            let logRatio = Tensor.toArray (q.Law.LogProb z - prior.LogProb z)
            meanIs (number (Kl.exact q.Law prior)) logRatio "KL over its own draws"
    ]
