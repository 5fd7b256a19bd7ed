/// Scores of examples one by one, on models whose evidence and posterior are known exactly.
module Vae.Core.Tests.ScoresTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.LinearGaussian
open Vae.Core.Tests.Storage.Stored
open Vae.Testing

let private key = Key.ofSeed 41
let private standard = Prior.standard 2

/// A model whose posterior is the true one.
let private exact (vae: Vae) : Run =
    let covariance, map = orthogonal.Posterior

    {
        Vae = vae
        Params = parameters orthogonal vae map (covariance.diagonal().log())
        History = []
    }

let private rows n = Data.ofFloats "linear" [| 4L |] [||] (Tensor.toArray (data orthogonal n) |> Array.map float32)

let private evidence (data: Data) = Tensor.toArray (orthogonal.Evidence(Data.tensor f64 data))

let tests =
    scoped
    <| testList "Scores" [
        testCase "with the true posterior a score is -log p(x), however many draws"
        <| fun () ->
            let run, data = exact (model orthogonal standard), rows 30L

            for score in [ Score.LogLikelihood 1; Score.LogLikelihood 9 ] do
                Array.iter2
                    (fun log score -> isClose 1e-9 (-log) score "a row's score")
                    (evidence data)
                    (Scores.rows score key run data)

        testCase "what values and the latent add sums to the score, and is what the posterior says of each"
        <| fun () ->
            let run, data = exact (model orthogonal standard), rows 5L
            let draws = drawsToDetect 0.02
            let found = Scores.explain (Score.LogLikelihood draws) key run data
            let covariance, map = orthogonal.Posterior
            let x = Data.tensor f64 data
            let means = (x - orthogonal.Bias).matmul(map.t ())
            let fitted = means.matmul (orthogonal.Weight.t ()) + orthogonal.Bias
            let residual = x - fitted
            let spread = orthogonal.Weight.matmul(covariance).matmul(orthogonal.Weight.t ()).diagonal()
            let noise = orthogonal.Scale ** 2.0

            for i in 0..4 do
                isClose 1e-9 (-((evidence data)[i])) found.Score[i] "score"
                isClose 1e-9 found.Score[i] (Array.sum (found.Values[i]) + found.Latent[i]) "the parts' sum"

                for j in 0..3 do
                    let a = number (residual[int64 i, int64 j])
                    let c2 = number (spread[int64 j])
                    let expected = 0.5 * log (2.0 * Math.PI * noise) + (a * a + c2) / (2.0 * noise)
                    let deviation = sqrt (2.0 * c2 * c2 + 4.0 * a * a * c2) / (2.0 * noise)
                    isWithin (threshold * deviation / sqrt (float draws)) expected (found.Values[i][j]) "a value's part"

        testCase "values that are missing add nothing, and the rest is scored as what it is"
        <| fun () ->
            let vae = Vae.forMissing (model orthogonal standard)
            use parameters = Params.Initial(f64, key, Vae.declared vae)
            let run = { Vae = vae; Params = parameters; History = [] }
            let data = rows 20L |> Data.remove 0.4 key
            let found = Scores.explain (Score.LogLikelihood 50) key run data

            for i in 0..19 do
                let item = Data.item i data

                for j in 0..3 do
                    Expect.equal (found.Values[i][j] = 0.0) (Single.IsNaN item[j]) "nothing of what is missing"

        testCase "the bound is what is left of the reconstruction and the latent"
        <| fun () ->
            let run, data = exact (model orthogonal standard), rows 12L
            let scores score = Scores.rows score key run data

            let bound, reconstruction, latent =
                scores (Score.Bound 1), scores (Score.Reconstruction 1), scores Score.Latent

            Array.iter2 (fun a b -> isClose 1e-12 a b "sum") bound (Array.map2 (+) reconstruction latent)
            let many = scores (Score.Bound 20_000)
            let log = evidence data
            // With the true posterior the bound is the evidence, to the error of the draws.
            Array.iter2 (fun a b -> isWithin 0.1 a b "bound") (Array.map (~-) log) many

        testCase "each kind of score is explained by parts that sum to it"
        <| fun () ->
            let run, data = exact (model orthogonal standard), rows 12L

            for kind in [ Score.LogLikelihood 7; Score.Bound 7; Score.Reconstruction 7; Score.Latent ] do
                let scores, found = Scores.rows kind key run data, Scores.explain kind key run data
                Array.iter2 (fun a b -> isClose 1e-12 a b $"%A{kind}: the score") scores found.Score

                for i in 0..11 do
                    let sum = Array.sum found.Values[i] + found.Latent[i]
                    isClose 1e-12 scores[i] sum $"%A{kind}: the parts' sum"

            let reconstruction = Scores.explain (Score.Reconstruction 7) key run data
            let bound = Scores.explain (Score.Bound 7) key run data
            let latent = Scores.explain Score.Latent key run data

            for i in 0..11 do
                isWithin 1e-9 0.0 reconstruction.Latent[i] "nothing of the latent"
                isClose 1e-9 latent.Score[i] bound.Latent[i] "the KL"
                Expect.equal latent.Values[i] (Array.zeroCreate 4) "nothing of the values"
                Array.iter2 (fun a b -> isClose 1e-12 a b "values") bound.Values[i] reconstruction.Values[i]

        testCase "a row is scored in the same way among few and among many"
        <| fun () ->
            let run = exact (model orthogonal standard)
            let data = rows 25_000L
            let all = Scores.rows (Score.LogLikelihood 3) key run data
            Expect.hasLength all 25_000 "a score each"
            Array.iter2 (fun log score -> isClose 1e-9 (-log) score "score") (evidence data) all

        testCase "what has no log-likelihood says so, and what would do"
        <| fun () ->
            let vae =
                Vae.create
                    standard
                    (Posterior.diagonalNormal Net.flatten)
                    (Likelihood.bernoulliCrossEntropy (Net.dense 4))

            use parameters = Params.Initial(f64, key, Vae.declared vae)
            let run = { Vae = vae; Params = parameters; History = [] }
            let grey = Data.ofFloats "grey" [| 4L |] [||] (Array.replicate 8 0.5f)

            let error =
                refusalOf<NotSupportedException, _>(fun () -> Scores.rows (Score.LogLikelihood 5) key run grey)

            Expect.stringContains error.Message "Score.Bound" "what would do"
            Expect.hasLength (Scores.rows (Score.Bound 5) key run grey) 2 "which does"

            let none = refusalOf<ArgumentException, _>(fun () -> Scores.rows (Score.Bound 0) key run grey)
            Expect.stringContains none.Message "samples" "no draws"
    ]
