module Vae.Core.Tests.LikelihoodTests

open System
open System.IO
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 61
let private encoder = Net.flatten --> Net.dense 8 --> Net.tanh
let private latent = [| 2L |]

/// A likelihood's numbers from latents of it, in float64.
let private observe (likelihood: Likelihood) (z: Tensor) =
    let wired = likelihood.Wire latent
    let parameters = Params.Initial(f64, key, wired.Declared)
    wired.Apply parameters Mode.Evaluate z

let private output decoder (z: Tensor) =
    let wired = Net.wire "likelihood" latent decoder
    Net.apply wired (Params.Initial(f64, key, wired.Declared)) Mode.Evaluate z

/// A model with a likelihood trains on data to finite numbers, better at the end, and is saved and loaded as it is.
let private trainsAndIsSaved (likelihood: Likelihood) (data: Data) =
    let vae = Vae.create (Prior.standard 2) (Posterior.diagonalNormal encoder) likelihood
    Expect.equal vae.DataShape data.ItemShape "the shape of the data"
    let options = { TrainingOptions.defaults with Epochs = 5; BatchSize = 16; Seed = 2 }
    let run = Training.start options data vae |> Training.fit Objective.elbo (Optimizer.adam 1e-2)
    let totals = run.History |> List.map _.Total
    Expect.isTrue (totals |> List.forall Double.IsFinite) "numbers"
    Expect.isLessThan (List.last totals) totals.Head "it learns"
    let folder = Path.Combine(Path.GetTempPath(), "vae-" + Path.GetRandomFileName())

    try
        Saved.save folder run
        let again = Saved.load folder
        Expect.equal (Vae.describe again.Vae) (Vae.describe vae) "the model"
        let x = Batch.ofX (Data.tensor Placement.float32 data)

        let terms (run: Run) = Objective.terms key run.Vae run.Params x Objective.elbo |> TermValues.each

        Expect.equal (terms again) (terms run) "the same numbers"
    finally
        if Directory.Exists folder then
            Directory.Delete(folder, true)

let private zeroInflated =
    testList "zero-inflated" [
        testCase "the decoder gives the law's numbers, and last the logit of another zero"
        <| fun () ->
            let decoder = Net.dense (9 * 4) --> Net.reshape [ 9; 2; 2 ]
            let likelihood = Likelihood.zeroInflated (Head.ofLaw NegativeBinomial.info) decoder
            Expect.equal (likelihood.DataShape latent) [| 3L; 2L; 2L |] "three numbers a place"
            let z = Key.normal f64 [| 5L; 2L |] key
            let numbers = output decoder z
            let part i = numbers.narrow (1L, 3L * i, 3L)
            let policy = LogScale.SoftClamp 10.0

            let law =
                ZeroInflated.ofLogits
                    (part 2L)
                    (NegativeBinomial.ofLogits ((LogScale.apply policy (part 0L)).exp()) (part 1L))

            let x = law.Sample(Key.fold 1 key)
            let expected = (law.LogProb x).sum [| 1L; 2L; 3L |] |> Tensor.toArray
            let found = (observe likelihood z).Score x |> Tensor.toArray
            Array.iter2 (fun a b -> isClose 1e-12 a b "score") expected found

        testCase "what is not the decoder's is shared or fixed, the logit alone being left to it"
        <| fun () ->
            let head = Head.ofLaw Poisson.info |> Head.share "rate"
            let likelihood = Likelihood.zeroInflated head (Net.dense 4)
            Expect.equal (likelihood.DataShape latent) [| 4L |] "one number a place"
            let observed = observe likelihood (Key.normal f64 [| 3L; 2L |] key)
            Expect.equal observed.Law.Mean.shape [| 3L; 4L |] "a law a place"

            Expect.isTrue
                (Tensor.holds (fun () -> (observed.Score(observed.Law.Mean.round ())).isfinite().all()))
                "score"

        testCase "a model of counts trains, and is saved"
        <| fun () ->
            let law =
                ZeroInflated.ofProbs
                    (Tensor.scalar Placement.float32 0.4)
                    (Poisson(Tensor.scalar Placement.float32 3.0))

            let counts = law.Sample(key, [| 48L; 5L |]) |> Tensor.toArray |> Array.map float32
            let data = Data.ofFloats "counts" [| 5L |] [||] counts

            let of' text =
                LikelihoodRecipes.read text [ 5 ] (fun shape ->
                    Net.dense 8 --> Net.tanh --> Net.denseDecoderTo shape [])

            for text in [ "zero-inflated NegativeBinomial"; "zero-inflated poisson rate=shared" ] do
                trainsAndIsSaved (of' text) data

            let spec text = string (of' text).Spec

            Expect.stringStarts
                (spec "zero-inflated Poisson rate=shared")
                "zero-inflated Poisson (rate shared): "
                "words"

            refused [ "likelihood"; "Poison"; "Poisson" ] (fun () -> of' "zero-inflated Poison")

        testCase "laws that are not of counts, and decoders of other sizes, are refused by name"
        <| fun () ->
            for law in [ Normal.info; Gamma.info; Multinomial.info; Delta.info ] do
                refused [ "head"; law.Name; "counts" ] (fun () ->
                    Likelihood.zeroInflated (Head.ofLaw law) (Net.dense 4))

            refused [ "decoder"; "[5]"; "another zero" ] (fun () ->
                (Likelihood.zeroInflated (Head.ofLaw Poisson.info) (Net.dense 5)).DataShape latent)
    ]

/// Levels of noise, divided by the largest: so many images.
let private images (shape: int64[]) count =
    let bytes = Key.uniform f64 (Array.append [| count |] shape) key
    let levels = Tensor.toArray ((255.0 .* bytes).round()) |> Array.map byte
    Data.ofBytes "noise" shape 255.0 [||] levels

let private logisticMixture =
    testList "mixture of discretized logistics" [
        testCase "the decoder's numbers are logits, means, log-scales and coefficients, component by component"
        <| fun () ->
            let k = 2L
            let decoder = Net.dense (20 * 6) --> Net.reshape [ 20; 2; 3 ]
            let likelihood = Likelihood.discretizedLogisticMixture 2 decoder
            Expect.equal (likelihood.DataShape latent) [| 3L; 2L; 3L |] "ten numbers of a pixel and component"
            let z = Key.normal f64 [| 4L; 2L |] key
            let numbers = output decoder z
            let part first = numbers.narrow(1L, first, 3L * k).reshape [| 4L; k; 3L; 2L; 3L |]

            let law =
                DiscretizedLogisticMixture.colour
                    256
                    (numbers.narrow (1L, 0L, k))
                    (127.5 .* (1.0 .+ part 2L))
                    (127.5 .* (LogScale.apply (LogScale.SoftClamp 7.0) (part 8L)).exp())
                    ((part 14L).tanh())

            let x = law.Sample(Key.fold 1 key)
            let found = (observe likelihood z).Score x |> Tensor.toArray
            Array.iter2 (fun a b -> isClose 1e-12 a b "score") (Tensor.toArray (law.LogProb x)) found

        testCase "models of grey and coloured images train, and are saved"
        <| fun () ->
            for shape in [ [ 1; 4; 4 ]; [ 3; 4; 4 ] ] do
                let likelihood =
                    LikelihoodRecipes.read "logistic-mixture 3" shape (fun to' ->
                        Net.dense 8 --> Net.tanh --> Net.denseDecoderTo to' [])

                trainsAndIsSaved likelihood (images (shape |> List.map int64 |> List.toArray) 48L)

        testCase "what is no image of levels is refused by name"
        <| fun () ->
            refused [ "components"; "0" ] (fun () -> Likelihood.discretizedLogisticMixture 0 (Net.dense 3))
            let of' decoder = (Likelihood.discretizedLogisticMixture 2 decoder).DataShape latent

            refused [ "decoder"; "[7, 2, 2]"; "[6, height, width]"; "[20, height, width]" ] (fun () ->
                of' (Net.dense 28 --> Net.reshape [ 7; 2; 2 ]))

            refused [ "decoder"; "[6]" ] (fun () -> of' (Net.dense 6))

            refused [ "likelihood"; "1 or 3 channels" ] (fun () ->
                LikelihoodRecipes.read "logistic-mixture 2" [ 6 ] (fun _ -> Net.dense 6))

            let vae =
                Vae.create
                    (Prior.standard 2)
                    (Posterior.diagonalNormal encoder)
                    (Likelihood.discretizedLogisticMixture 1 (Net.dense 12 --> Net.reshape [ 3; 2; 2 ]))

            let between = Data.ofFloats "between" [| 1L; 2L; 2L |] [||] [| 0.0f; 1.0f; 0.5f; 0.2f |]

            refused [ "between"; "0.5"; "{0, 1/255, ..., 1}" ] (fun () ->
                Training.start TrainingOptions.defaults between vae)
    ]

let tests = scoped <| testList "Likelihood" [ zeroInflated; logisticMixture ]
