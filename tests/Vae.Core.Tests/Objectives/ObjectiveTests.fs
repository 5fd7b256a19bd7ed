module Vae.Core.Tests.ObjectiveTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.LinearGaussian
open Vae.Testing

let private key = Key.ofSeed 77

let private pass vae parameters draws x =
    let setting = Pass.setting vae parameters Mode.Evaluate key (int (x: Tensor).shape[0])
    Pass.makeBy (fun _ q -> q.Draw(Key.fold 5 key, [| draws |])) setting (Batch.ofX x)

let private termsOf (objective: Objective) pass = objective.Terms pass |> TermValues.byName

let private elbo vae parameters draws x =
    let terms = termsOf (Objective.elboOf (int draws)) (pass vae parameters draws x)
    Array.map2 (fun a b -> -(a + b)) terms["reconstruction"] terms["kl"]

let tests =
    scoped
    <| testList "Objective" [
        testCase "with the true posterior, log p(x|z) + log p(z) - log q(z|x) is log p(x) for every draw"
        <| fun () ->
            let covariance, map = orthogonal.Posterior
            let vae = Vae.sampled (model orthogonal (Prior.standard 2))
            let parameters = parameters orthogonal vae map (covariance.diagonal().log())
            let x = data orthogonal 50L

            Array.iter2
                (fun a b -> isClose 1e-12 a b "evidence")
                (Tensor.toArray (orthogonal.Evidence x))
                (elbo vae parameters 1L x)

        testCase "with the true posterior, the ELBO with the exact KL is log p(x) on average over draws"
        <| fun () ->
            let covariance, map = orthogonal.Posterior
            let vae = model orthogonal (Prior.standard 2)
            Expect.equal vae.Kl KlCharge.Exact "KL"
            let parameters = parameters orthogonal vae map (covariance.diagonal().log())
            let x = (data orthogonal 1L).expand(int64 (drawsToDetect 0.02), 4L)
            meanIs (number ((orthogonal.Evidence x)[0L])) (elbo vae parameters 1L x) "evidence"

        testCase "with any other posterior the ELBO is below log p(x) by KL(q || p(z|x))"
        <| fun () ->
            let truth = correlated
            let covariance, map = truth.Posterior
            let prior = Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ]
            let vae = model truth prior

            for i in 0..4 do
                let noise = Key.fold i key
                let locWeight = map + 0.1 .* Key.normal f64 [| 2L; 4L |] noise
                let logVariance = Key.normal f64 [| 2L |] (Key.fold 1 noise) - (1.0).AsScalar()
                let parameters = parameters truth vae locWeight logVariance
                let x = data truth 1L
                let loc = locWeight.matmul((x - truth.Bias).t()).t()
                let q = Independent.create 1 (Normal(loc, (0.5 .* logVariance).exp().expand loc.shape))

                let posterior =
                    MultivariateNormal(map.matmul((x - truth.Bias).t()).t(), torch.linalg.cholesky covariance)

                let gap = number (Kl.exact q posterior)
                Expect.isGreaterThan gap 0.0 "the gap of a wrong posterior"
                let many = x.expand (int64 (drawsToDetect 0.02), 4L)
                meanIs (number (truth.Evidence x) - gap) (elbo vae parameters 1L many) $"ELBO of encoder %d{i}"

        testCase "the sampled KL is the exact one on average"
        <| fun () ->
            let vae = model correlated (Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ])
            let parameters = Vae.initial f64 key vae
            let x = (data correlated 1L).expand(int64 (drawsToDetect 0.02), 4L)
            let kl vae = (termsOf Objective.elbo (pass vae parameters 1L x))["kl"]
            let exact = Array.head (kl vae)
            meanIs exact (kl (Vae.sampled vae)) "KL"

        testCase "the gradient of every loss is its central difference"
        <| fun () ->
            let net = Net.flatten --> Net.dense 5 --> Net.tanh
            let decoder = Net.dense 5 --> Net.tanh --> Net.dense 4

            let imageDecoder = Net.dense 2 --> Net.reshape [ 2; 1; 1 ] --> Net.convTranspose2d 1 3 2 --> Net.flatten
            let x = Key.uniform f64 [| 3L; 4L |] key
            let binary = x.round ()

            let check name charge prior posterior likelihood (x: Tensor) (objective: Objective) =
                let vae = Vae.create prior posterior likelihood
                let vae = charge vae
                let parameters = Vae.initial f64 key vae

                let loss flat =
                    pass vae (parameters.With flat) (int64 objective.Draws) x |> objective.Terms |> Objective.loss

                let gradient = Diff.grad loss parameters.Trained |> Tensor.toArray
                let differences = centralDifferences 1e-5 (loss >> number) (Tensor.toArray parameters.Trained)
                Array.iter2 (fun a b -> isClose 1e-8 a b name) differences gradient

            let posterior = Posterior.diagonalNormal net
            let gaussian = Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ]
            let sampled = Vae.sampled
            let standard = Prior.standard 2
            check "cross-entropy" id standard posterior (Likelihood.bernoulliCrossEntropy decoder) x Objective.elbo
            check "Bernoulli" id gaussian posterior (Likelihood.bernoulli decoder) binary Objective.elbo
            check "gaussian" id gaussian posterior (Likelihood.gaussian 0.3 decoder) x (Objective.elboOf 3)
            check "sampled KL" sampled gaussian posterior (Likelihood.gaussian 0.3 decoder) x (Objective.elboOf 2)

            check
                "beta"
                id
                standard
                posterior
                (Likelihood.bernoulliCrossEntropy decoder)
                x
                (Objective.beta 4.0 Objective.elbo)

            check "convolutions" id standard posterior (Likelihood.bernoulliCrossEntropy imageDecoder) x Objective.elbo

        testCase "weighing a term weighs that term alone"
        <| fun () ->
            let vae = model orthogonal (Prior.standard 2)

            let terms =
                (Objective.beta 4.0 Objective.elbo).Terms(pass vae (Vae.initial f64 key vae) 1L (data orthogonal 2L))

            Expect.equal
                (terms |> List.map (fun t -> t.Name, t.Weight.Factor Progress.ended))
                [ "reconstruction", 1.0; "kl", 4.0 ]
                "weights"

        testCase "terms are nats of each example, whatever the number of draws"
        <| fun () ->
            let vae = model orthogonal (Prior.standard 2)

            for draws in [ 1; 4 ] do
                let terms =
                    (Objective.elboOf draws)
                        .Terms(pass vae (Vae.initial f64 key vae) (int64 draws) (data orthogonal 7L))

                Expect.equal (terms |> List.map _.Nats.Values.shape) [ [| 7L |]; [| 7L |] ] "shape"
    ]
