module Vae.Core.Tests.VaeTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private encoder = Net.denseEncoder [ 8 ]
let private decoder = Net.denseDecoder [ 8 ]

/// A posterior of independent Bernoullis, which has no sample path.
let private discrete =
    Posterior.scored "bits" (fun data latent ->
        let net = Net.wire "posterior" data (Net.flatten --> Net.dense (int latent[0]))

        {
            Declared = net.Declared
            Apply =
                fun parameters mode x -> Independent.create 1 (Bernoulli.ofLogits (Net.apply net parameters mode x))
        })

let private mixturePrior =
    Prior.custom "two bumps" [| 2L |] {
        Declared = []
        Apply =
            fun parameters _ () ->
                let place = parameters.Placement
                let loc = Tensor.ofArray place [| 2L; 2L |] [| -1.0; -1.0; 1.0; 1.0 |]
                let bumps = Independent.create 1 (Normal(loc, loc.ones_like ()))
                Mixture.create (Categorical.ofLogits (Tensor.ofArray place [| 2L |] [| 0.0; 0.0 |])) bumps
    }

let private fairBits =
    Prior.custom "fair bits" [| 2L |] {
        Declared = []
        Apply =
            fun parameters _ () ->
                Independent.create 1 (Bernoulli.ofLogits (Tensor.ofArray parameters.Placement [| 2L |] [| 0.0; 0.0 |]))
    }

let tests =
    scoped
    <| testList "Vae" [
        testCase "which KL is charged is decided by the laws, and stands in the description"
        <| fun () ->
            let charge prior =
                Vae.create prior (Posterior.diagonalNormal encoder) (Likelihood.bernoulliCrossEntropy decoder)

            Expect.equal (charge (Prior.standard 2)).Kl KlCharge.Exact "standard"
            Expect.equal (charge (Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ])).Kl KlCharge.Exact "correlated"
            let sampled = charge mixturePrior
            Expect.equal sampled.Kl KlCharge.Sampled "mixture"
            Expect.stringContains (Vae.describe sampled) "sampled" "description"
            Expect.stringContains (Vae.describe sampled) "10 tanh(x / 10)" "the log-scale's policy"

        testCase "shapes come from the prior and the decoder"
        <| fun () ->
            let vae =
                Vae.create
                    (Prior.standard 3)
                    (Posterior.diagonalNormal encoder)
                    (Likelihood.gaussian 1.0 (Net.denseDecoderTo [ 2; 5 ] [ 4 ]))

            Expect.equal vae.LatentShape [| 3L |] "latent"
            Expect.equal vae.DataShape [| 2L; 5L |] "data"

        testCase "a prior's covariance is factored, and saved as a constant"
        <| fun () ->
            let prior = Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ]

            let vae =
                Vae.create prior (Posterior.diagonalNormal Net.identity) (Likelihood.gaussian 1.0 (Net.dense 3))

            use parameters = Params.Initial(f64, Key.ofSeed 0, vae.Prior.Declared)
            Expect.equal parameters.Count 0L "nothing is trained"
            let factor = parameters["prior.scaleTril"]

            Array.iter2
                (fun a b -> isClose 1e-15 a b "covariance")
                [| 1.0; 0.4; 0.4; 0.5 |]
                (Tensor.toArray (factor.matmul (factor.t ())))

        testCase "a covariance that is none is refused"
        <| fun () ->
            refused [ "covariance"; "square" ] (fun () -> Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4 ] ])
            refused [ "covariance"; "symmetric"; "0.3" ] (fun () -> Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.3; 0.5 ] ])
            refused [ "covariance"; "positive definite" ] (fun () -> Prior.gaussian [ [ 1.0; 0.9 ]; [ 0.9; 0.5 ] ])
            refused [ "covariance"; "square" ] (fun () -> Prior.gaussian [])

        testCase "parts that do not fit are refused"
        <| fun () ->
            refused [ "posterior"; "{0, 1}"; "real" ] (fun () ->
                Vae.create (Prior.standard 2) discrete (Likelihood.bernoulli decoder))

            refused [ "channels, height, width" ] (fun () ->
                Vae.create
                    (Prior.standard 2)
                    (Posterior.diagonalNormal (Net.convEncoder [ 4 ] 4))
                    (Likelihood.bernoulli (Net.dense 784)))

            refused [ "bound"; "-1" ] (fun () -> Posterior.diagonalNormalBy (LogScale.SoftClamp -1.0) encoder)
            refused [ "scale"; "0" ] (fun () -> Likelihood.gaussian 0.0 decoder)

        testCase "the soft clamp keeps the log-scale inside its bound, whatever the net says"
        <| fun () ->
            let vae =
                Vae.create
                    (Prior.standard 2)
                    (Posterior.diagonalNormalBy (LogScale.SoftClamp 3.0) encoder)
                    (Likelihood.bernoulliCrossEntropy decoder)

            let x = 1e6 .* Key.normal Placement.float32 [| 50L; 1L; 28L; 28L |] (Key.ofSeed 1)
            let q = vae.Posterior.Apply (Vae.initial Placement.float32 (Key.ofSeed 2) vae) Mode.Evaluate x
            let variance = Tensor.toArray q.Law.Variance
            Expect.isTrue (variance |> Array.forall (fun v -> v >= exp -6.001 && v <= exp 6.001)) "variance"

        testCase "a discrete posterior makes a model, which scores its draws"
        <| fun () ->
            let vae = Vae.create fairBits discrete (Likelihood.bernoulli decoder)
            Expect.equal vae.Kl KlCharge.Exact "KL"
            let x = Key.uniform Placement.float32 [| 5L; 1L; 28L; 28L |] (Key.ofSeed 1)

            let pass =
                let parameters = Vae.initial Placement.float32 (Key.ofSeed 2) vae
                let setting = Pass.setting vae parameters Mode.Evaluate (Key.ofSeed 4) 5
                Pass.makeBy (fun _ encoded -> encoded.Draw(Key.ofSeed 3, [| 4L |])) setting (Batch.ofX x)

            Expect.equal (Objective.divergence pass).Nats.Values.shape [| 5L |] "KL"
            Expect.isTrue (Tensor.toArray pass.Z |> Array.forall (fun z -> z = 0.0 || z = 1.0)) "bits"

        testCase "an objective that needs a path refuses a posterior without one, before any step"
        <| fun () ->
            let vae = Vae.create fairBits discrete (Likelihood.bernoulliCrossEntropy decoder)
            Expect.equal vae.Gradient Gradient.Scored "its draws pass no gradient"
            let diagonal = Posterior.diagonalNormal encoder
            let continuous = Vae.create (Prior.standard 2) diagonal (Likelihood.bernoulliCrossEntropy decoder)
            Expect.equal continuous.Gradient (Gradient.Pathwise PathOrder.Smooth) "those of normals do"
            let data = Digits.draw (Key.ofSeed 7) 10

            let refusal objective vae =
                Expect.throwsC
                    (fun () ->
                        Training.start TrainingOptions.defaults data vae
                        |> Training.reports objective (Optimizer.adam 1e-3)
                        |> Seq.head
                        |> ignore)
                    (fun error -> error.Message)

            for word in [ "posterior"; string vae.Parts.Sites.Head.Posterior.Spec; "'elbo'"; "Posterior.pathwise" ] do
                Expect.stringContains
                    (refusal Objective.elbo vae)
                    word
                    "the posterior, the objective, and what would do"

            let dense = { Objective.elbo with Needs = [ Need.Density ] }

            for word in [ "likelihood"; "cross-entropy"; "log-density" ] do
                Expect.stringContains (refusal dense continuous) word "the likelihood, and what is wrong with it"
    ]
