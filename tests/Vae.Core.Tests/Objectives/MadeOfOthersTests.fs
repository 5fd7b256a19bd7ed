module Vae.Core.Tests.MadeOfOthersTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.LinearGaussian
open Vae.Core.Tests.Estimators
open Vae.Testing

let private key = Key.ofSeed 47

let private settingOf (n: int64) : Setting =
    let vae = model orthogonal (Prior.standard 2)
    let covariance, map = orthogonal.Posterior

    {
        Vae = vae
        Params = parameters orthogonal vae (0.4 .* map) (covariance.diagonal().log())
        X = data orthogonal n
    }

let private termsAt progress (setting: Setting) objective =
    Objective.termsAt progress (int setting.X.shape[0]) key setting.Vae setting.Params (Batch.ofX setting.X) objective

let private progress step : Progress = { Step = step; Steps = 100L; StepsPerEpoch = 10 }

let tests =
    scoped
    <| testList "Made of others" [
        testCase "a schedule moves a term's weight, and the loss with it; what is measured has the last weight"
        <| fun () ->
            let setting = settingOf 5L
            let annealed = Objective.elbo |> Objective.anneal "kl" (Schedule.linear 0.0 1.0 (Span.Epochs 5.0))
            let mean (terms: Term list) name = number ((terms |> List.find (fun t -> t.Name = name)).Nats.Mean())

            for step, weight in [ 0L, 0.0; 25L, 0.5; 50L, 1.0; 99L, 1.0 ] do
                let terms = termsAt (progress step) setting annealed

                isClose
                    1e-12
                    (mean terms "reconstruction" + weight * mean terms "kl")
                    (number (Objective.lossAt (progress step) terms))
                    $"step %d{step}"

            let terms = termsAt (progress 0L) setting annealed
            isClose 1e-12 (mean terms "reconstruction" + mean terms "kl") (number (Objective.loss terms)) "measured"
            Expect.equal annealed.Claim Claim.Bound "in the end it is the ELBO"

        testCase "a term that is reported only is no part of the gradient, though it be no number"
        <| fun () ->
            let setting = settingOf 4L

            let spoilt = {
                Objective.elbo with
                    Terms =
                        fun pass ->
                            let wrong = Tensor.scalar f64 nan * (Pass.cost pass).mean [| 0L |]
                            Term.reported (Term.each "figure" wrong) :: Objective.elbo.Terms pass
            }

            Expect.equal (gradient spoilt key setting) (gradient Objective.elbo key setting) "gradient"

        testCase "a term that is not there is refused by its name"
        <| fun () ->
            let setting = settingOf 2L

            for objective in
                [
                    Objective.weigh "KL" 2.0 Objective.elbo
                    Objective.anneal "kl divergence" Schedule.constant Objective.elbo
                ] do
                refused [ "term"; "kl"; "reconstruction" ] (fun () -> termsAt (progress 0L) setting objective)

        testCase "what is weighed says whether it is a bound still"
        <| fun () ->
            Expect.equal (Objective.beta 4.0 Objective.elbo).Claim Claim.Bound "a KL that costs more"
            Expect.equal (Objective.beta 0.5 Objective.elbo).Claim Claim.Loss "a KL that costs less"
            Expect.equal (Objective.weigh "reconstruction" 2.0 Objective.elbo).Claim Claim.Loss "another reconstruction"

        testCase "free bits by their formula: per dimension and latent, per example and batch"
        <| fun () ->
            let setting = settingOf 6L
            let by = Pass.setting setting.Vae setting.Params Mode.Evaluate key 6
            let pass = Pass.makeBy (fun _ q -> q.Draw(key, [| 1L |])) by (Batch.ofX setting.X)
            let kl = (Kl.tryPerDimension pass.Posterior pass.Prior).Value |> Tensor.toArray |> Array.chunkBySize 2
            // Between the KLs, so that some are above and some below.
            let nats = kl |> Array.concat |> Array.sort |> fun all -> all[5]

            let charged group over =
                let terms = (Objective.elbo |> Objective.freeBitsBy group over nats).Terms pass
                let charged = terms |> List.find (fun t -> t.Name = "charged kl")
                let reported = terms |> List.find (fun t -> t.Name = "kl")
                Expect.equal (reported.Weight.Factor Progress.ended) 0.0 "the KL is reported"
                Tensor.toArray charged.Nats.Values

            let same expected actual message = Array.iter2 (fun a b -> isClose 1e-12 a b message) expected actual

            let ofDimension (i: int) = kl |> Array.averageBy (fun row -> row[i])

            let byDimension, byLatent =
                kl |> Array.map (Array.sumBy (max nats)), kl |> Array.map (Array.sum >> max nats)

            let ofMeans = max nats (ofDimension 0) + max nats (ofDimension 1)
            same byDimension (charged FreeGroup.Dimension FreeOver.Example) "each dimension of each example"
            same byLatent (charged FreeGroup.Latent FreeOver.Example) "the latent of each example"
            same [| ofMeans |] (charged FreeGroup.Dimension FreeOver.Batch) "each dimension over the batch"

            let mean = max nats (kl |> Array.averageBy Array.sum)
            same [| mean |] (charged FreeGroup.Latent FreeOver.Batch) "the latent over the batch"

        testCase "a KL below the free bits has no gradient"
        <| fun () ->
            let setting = settingOf 3L
            let free = Objective.elbo |> Objective.freeBits 1000.0 |> Objective.weigh "reconstruction" 0.0
            Expect.all (gradient free key setting) ((=) 0.0) "nothing to gain"

        testCase "a capacity holds the KL to itself, by its schedule"
        <| fun () ->
            let setting = settingOf 5L
            let objective = Objective.elbo |> Objective.capacity 30.0 (Schedule.linear 0.0 10.0 (Span.Epochs 10.0))
            let terms = termsAt (progress 50L) setting objective
            let value name = number ((terms |> List.find (fun t -> t.Name = name)).Nats.Mean())
            isClose 1e-12 (abs (value "kl" - 5.0)) (value "capacity") "half way"

            isClose
                1e-10
                (value "reconstruction" + 30.0 * value "capacity")
                (number (Objective.lossAt (progress 50L) terms))
                "the loss"

        testCase "means per dimension are the stated beta"
        <| fun () ->
            let setting = settingOf 4L
            let objective = Objective.perDimension setting.Vae
            let mean = Objective.loss (termsAt (progress 0L) setting objective)
            let beta = Objective.beta 2.0 Objective.elbo
            let stated = Objective.loss (termsAt (progress 0L) setting beta)
            Expect.stringContains objective.Name "beta 2" "name"
            isClose 1e-12 (number stated / 4.0) (number mean) "the beta-VAE of 4 / 2, over 4 numbers"

        testCase "free bits have the weight that the KL had, whichever came first"
        <| fun () ->
            let setting = settingOf 5L
            let rise = Schedule.linear 0.0 1.0 (Span.Epochs 10.0)

            for objective in
                [
                    Objective.elbo |> Objective.anneal "kl" rise |> Objective.freeBits 0.3
                    Objective.elbo |> Objective.freeBits 0.3 |> Objective.anneal "kl" rise
                ] do
                let terms = termsAt (progress 25L) setting objective
                let value name = number ((terms |> List.find (fun t -> t.Name = name)).Nats.Mean())

                isClose
                    1e-12
                    (value "reconstruction" + 0.25 * value "charged kl")
                    (number (Objective.lossAt (progress 25L) terms))
                    objective.Name

        testCase "what is reported only cannot be weighed, and is said to be a figure"
        <| fun () ->
            let setting = settingOf 2L

            for objective in [ Objective.iwae 3; Objective.elbo |> Objective.capacity 3.0 Schedule.constant ] do
                refused [ "term"; "'kl'"; "figure" ] (fun () ->
                    termsAt (progress 0L) setting (Objective.beta 2.0 objective))

        testCase "an objective whose KL is no term of its own is refused by what replaces it"
        <| fun () ->
            for objective in [ Objective.iwae 5; Objective.scored 4 ] do
                refused [ "objective"; objective.Name; "Objective.elbo" ] (fun () ->
                    objective |> Objective.freeBits 0.1)
    ]
