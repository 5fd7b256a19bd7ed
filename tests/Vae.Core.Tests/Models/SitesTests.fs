module Vae.Core.Tests.SitesTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 61

// z2 ~ N(0, 1), z1 ~ N(slope z2, scale1^2), x ~ N(w z1 + b, scale^2 I).
let private slope, private scale1, private scale = 0.8, 0.7, 0.5
let private w, private b = vector [ 1.0; -0.6; 0.4 ], vector [ 0.2; 0.0; -0.3 ]

let private normal = Posterior.diagonalNormalBy LogScale.Free Net.flatten
let private likelihood = Likelihood.gaussian scale (Net.dense 3)
let private top posterior = Site.create "z2" (Prior.standard 1) posterior
let private bottom posterior = Site.below [ "z2" ] "z1" [ 1 ] normal posterior

let private topDown =
    Vae.hierarchy [ top normal; bottom normal |> Site.seeing [ "z2" ] ] [ "z1" ] likelihood

let private bottomUp =
    Vae.hierarchy [ bottom normal; top normal |> Site.seeingOnly [ "z1" ] ] [ "z1" ] likelihood

/// The variance of z1 before any data.
let private variance1 = slope * slope + scale1 * scale1

/// log p(x), of N(b, variance1 w w' + scale^2 I).
let private evidence (x: Tensor) =
    let noise = (scale * scale) .* torch.eye (3L, dtype = torch.ScalarType.Float64)
    let covariance = variance1 .* torch.outer (w, w) + noise
    MultivariateNormal(b, torch.linalg.cholesky covariance).LogProb x

let private data n =
    let noise i = Key.normal f64 [| n; 1L |] (Key.fold i key)
    let z1 = slope .* noise 1 + scale1 .* noise 2
    z1 * w + b + scale .* Key.normal f64 [| n; 3L |] (Key.fold 3 key)

/// The weights of a linear normal law that is known: of its mean and its offset, and its variance.
let private parametersOf (vae: Vae) (decoder: Tensor) (laws: (string * (Tensor * float * float)) list) =
    let value (p: Parameter) : Tensor =
        let isOf (suffix: string) = p.Path.EndsWith(suffix, System.StringComparison.Ordinal)

        match laws |> List.tryFind (fun (path, _) -> p.Path.StartsWith(path, System.StringComparison.Ordinal)) with
        | Some(_, (weight, offset, variance)) ->
            if isOf "loc.1.weight" then weight.reshape p.Shape
            elif isOf "loc.1.bias" then vector [ offset ]
            elif isOf "logVariance.1.bias" then vector [ log variance ]
            else torch.zeros (p.Shape, dtype = torch.ScalarType.Float64)
        | None when p.Path = "likelihood.0.weight" -> decoder.reshape p.Shape
        | None when p.Path = "likelihood.0.bias" -> b
        | None -> p.Initial f64 key

    Params.Create(f64, Vae.declared vae, value)

/// p(z1 | x) and p(z2 | z1), by precisions.
let private ofData (priorVariance: float) (priorMean: float) =
    let weight = 1.0 / (scale * scale) .* w
    let precision = 1.0 / priorVariance + number ((w * w).sum()) / (scale * scale)
    let offset = priorMean / priorVariance - number ((w * b).sum()) / (scale * scale)
    1.0 / precision .* weight, offset / precision, 1.0 / precision

let private priorLaw = "z1.prior", (vector [ slope ], 0.0, scale1 * scale1)

let private exactly (vae: Vae) laws (x: Tensor) =
    let parameters = parametersOf vae w (priorLaw :: laws)

    Objective.terms key (Vae.sampled vae) parameters (Batch.ofX x) (Objective.elboOf 3)
    |> TermValues.total
    |> Array.map (~-)

let private bottomUpLaws =
    let weight, offset, variance = ofData variance1 0.0
    // z2 given z1: slope / variance1 z1, of variance 1 - slope^2 / variance1.
    [
        "z1.posterior", (weight, offset, variance)
        "z2.posterior", (vector [ slope / variance1 ], 0.0, 1.0 - slope * slope / variance1)
    ]

let private topDownLaws =
    let weight1, offset1, variance = ofData variance1 0.0
    let ratio = slope / variance1
    // z2 given x, through z1.
    let top = ratio .* weight1, ratio * offset1, 1.0 - slope * slope / variance1 + ratio * ratio * variance
    // z1 given x and z2: its prior is N(slope z2, scale1^2).
    let weight, offset, variance = ofData (scale1 * scale1) 0.0
    let ofTop = vector [ variance / (scale1 * scale1) * slope ]

    [ "z2.posterior", top; "z1.posterior", (torch.cat ([| weight; ofTop |]), offset, variance) ]

let tests =
    scoped
    <| testList "Sites" [
        testCase "with the true posteriors, log w of every draw of two latents is log p(x), bottom-up and top-down"
        <| fun () ->
            let x = data 20L
            let expected = Tensor.toArray (evidence x)

            for vae, laws, name in [ bottomUp, bottomUpLaws, "bottom-up"; topDown, topDownLaws, "top-down" ] do
                Array.iter2 (fun a b -> isClose 1e-11 a b name) expected (exactly vae laws x)

        testCase "a latent's KL is exact where its prior is of draws before it, and sampled where it is of later ones"
        <| fun () ->
            let kinds (vae: Vae) = vae.Sites |> List.map (fun site -> site.Name, site.Kl)
            Expect.equal (kinds topDown) [ "z2", KlCharge.Exact; "z1", KlCharge.Exact ] "top-down"
            Expect.equal (kinds bottomUp) [ "z1", KlCharge.Sampled; "z2", KlCharge.Exact ] "bottom-up"

        testCase "the ELBO by exact KLs is that by draws, on average"
        <| fun () ->
            let x = data 1L
            let off = topDownLaws |> List.map (fun (path, (w, o, v)) -> path, (w, o + 0.2, 1.3 * v))
            let parameters = parametersOf topDown w (priorLaw :: off)
            let many = x.expand (int64 (drawsToDetect 0.05), 3L)

            let totals vae = Objective.terms key vae parameters (Batch.ofX many) Objective.elbo |> TermValues.total

            let exact, sampled = totals topDown, totals (Vae.sampled topDown)
            meanIs 0.0 (Array.map2 (-) exact sampled) "their difference"
            Expect.isGreaterThan (Array.average exact) (-number(evidence x)) "a bound"

        testCase "importance weights of two latents come to the evidence"
        <| fun () ->
            let x = data 5L
            let off = topDownLaws |> List.map (fun (path, (w, o, v)) -> path, (w, o + 0.1, 1.2 * v))
            let parameters = parametersOf topDown w (priorLaw :: off)
            let run = { Vae = topDown; Params = parameters; History = [] }
            let found = ImportanceSampling.ofBatch 500 3000 key run (Batch.ofX x)
            Array.iter2 (fun a b -> isWithin 0.05 a b "log p(x)") (Tensor.toArray (evidence x)) found

        testCase "the terms are named by their latents, and the KL's weight is that of all"
        <| fun () ->
            let parameters = parametersOf topDown w (priorLaw :: topDownLaws)

            let terms =
                Objective.terms key topDown parameters (Batch.ofX (data 4L)) (Objective.beta 3.0 Objective.elbo)

            Expect.equal
                (terms |> List.map (fun t -> t.Name, t.Weight.Factor Progress.ended))
                [ "reconstruction", 1.0; "kl z2", 3.0; "kl z1", 3.0 ]
                "terms"

        testCase "sticking the landing has a term for each latent, and its value is the ELBO's by draws"
        <| fun () ->
            let off = topDownLaws |> List.map (fun (path, (w, o, v)) -> path, (w, o + 0.2, 1.3 * v))
            let parameters = parametersOf topDown w (priorLaw :: off)
            let terms vae objective = Objective.terms key vae parameters (Batch.ofX (data 4L)) objective
            let values = List.map (fun (t: Term) -> t.Name, Tensor.toArray t.Nats.Values)
            let expected = values (terms (Vae.sampled topDown) (Objective.elboOf 3))
            let found = values (terms topDown (Objective.stickTheLanding 3))
            Expect.equal (List.map fst found) (List.map fst expected) "names"

            for (_, a), (name, b) in List.zip expected found do
                Array.iter2 (fun a b -> isClose 1e-12 a b name) a b

        testCase
            "free bits of each dimension are over the draws of a latent that is given others', as many as the batch too"
        <| fun () ->
            let off = topDownLaws |> List.map (fun (path, (w, o, v)) -> path, (w, o + 0.2, 1.3 * v))
            let parameters = parametersOf topDown w (priorLaw :: off)

            for draws in [ 1; 4; 7 ] do
                let objective = Objective.elboOf draws |> Objective.freeBitsBy FreeGroup.Dimension FreeOver.Example 0.0
                let terms = Objective.terms key topDown parameters (Batch.ofX (data 4L)) objective
                let values name = TermValues.named name terms

                for latent in [ "z1"; "z2" ] do
                    Array.iter2
                        (fun a b -> isClose 1e-12 a b $"%s{latent} by %d{draws} draws")
                        (values $"kl %s{latent}")
                        (values $"charged kl %s{latent}")

        testCase "what does not make a model is refused: names, order, circles, seen latents"
        <| fun () ->
            refused [ "sites"; "z2, z2" ] (fun () -> Vae.hierarchy [ top normal; top normal ] [] likelihood)

            refused [ "site z1"; "z2" ] (fun () ->
                Vae.hierarchy [ bottom normal |> Site.seeing [ "z2" ]; top normal ] [] likelihood)

            refused [ "site z1"; "circle" ] (fun () ->
                let z2 = Site.below [ "z1" ] "z2" [ 1 ] normal normal
                Vae.hierarchy [ bottom normal; z2 ] [] likelihood)

            refused [ "likelihood"; "'z3'"; "z2, z1" ] (fun () ->
                Vae.hierarchy [ top normal; bottom normal ] [ "z3" ] likelihood)

            refused [ "name"; "a.b" ] (fun () -> Site.create "a.b" (Prior.standard 1) normal)
            refused [ "vae"; "z2, z1" ] (fun () -> topDown.LatentShape)

        testCase "a conditional model with the true posterior has the conditional evidence in every draw"
        <| fun () ->
            // x = w z + v c + b + noise
            let v = vector [ 0.5; 0.9; -0.2 ]
            let vae = Vae.conditional (Given.factors [ "c" ]) (Prior.standard 1) normal likelihood
            let c = Key.normal f64 [| 10L; 1L |] (Key.fold 7 key)

            let x =
                Key.normal f64 [| 10L; 1L |] (Key.fold 8 key) * w
                + c * v
                + b
                + 0.3 .* Key.normal f64 [| 10L; 3L |] key

            let weight, offset, variance = ofData 1.0 0.0
            let ofGiven = -(variance / (scale * scale)) * number ((w * v).sum())
            let law = "posterior", (torch.cat ([| weight; vector [ ofGiven ] |]), offset, variance)

            let parameters = parametersOf vae (torch.stack ([| w; v |], 1L)) [ law ]

            let covariance =
                torch.outer (w, w) + (scale * scale) .* torch.eye (3L, dtype = torch.ScalarType.Float64)

            let expected = MultivariateNormal(c * v + b, torch.linalg.cholesky covariance).LogProb x

            let found =
                Objective.terms key (Vae.sampled vae) parameters (Batch.conditional c x) (Objective.elboOf 2)
                |> List.map (_.Nats >> _.Values)
                |> List.reduce (.+.)

            Array.iter2 (fun a b -> isClose 1e-11 a -b "log p(x | c)") (Tensor.toArray expected) (Tensor.toArray found)

        testCase "a conditional model without what it is given is refused, and data without its labels"
        <| fun () ->
            let vae = Vae.conditional (Given.label 3) (Prior.standard 1) normal likelihood
            let parameters = Vae.initial Placement.float32 key vae
            let x = torch.zeros (2L, 3L)

            refused [ "batch"; "Batch.conditional" ] (fun () ->
                Objective.terms key vae parameters (Batch.ofX x) Objective.elbo)

            let unlabelled = Data.ofFloats "plain" [| 3L |] [||] (Array.zeroCreate 6)
            let options = { TrainingOptions.defaults with Epochs = 1 }
            refused [ "data"; "labelled" ] (fun () -> Training.start options unlabelled vae)
            let wide = Data.ofFloats "wide" [| 3L |] [| 0; 3 |] (Array.zeroCreate 6)
            refused [ "data"; "label 3"; "0 to 2" ] (fun () -> Training.start options wide vae)

        testCase "images are given a label as planes, and vectors of it as numbers"
        <| fun () ->
            Expect.equal
                (Join.shape "net" true [ [| 1L; 4L; 5L |]; [| 3L |] ])
                [| 23L |]
                "end to end, for a net of vectors"

            let flat =
                Join.apply true [ [| 1L; 4L; 5L |]; [| 2L |] ] [
                    torch.zeros ([| 7L; 1L; 4L; 5L |])
                    torch.ones ([| 7L; 2L |])
                ]

            Expect.equal flat.shape [| 7L; 22L |] "its shape"
            isClose 1e-12 14.0 (Tensor.toFloat (flat.sum ())) "each number once"
            Expect.equal (Join.shape "net" false [ [| 1L; 4L; 5L |]; [| 3L |] ]) [| 4L; 4L; 5L |] "planes"
            let image, label = Key.normal f64 [| 2L; 1L; 4L; 5L |] key, matrix [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ]
            let joined = Join.apply false [ [| 1L; 4L; 5L |]; [| 2L |] ] [ image; label ]
            Expect.equal joined.shape [| 2L; 3L; 4L; 5L |] "shape"

            Expect.equal
                (Tensor.toArray (joined.select (1L, 2L)))
                (Array.init 40 (fun i -> if i < 20 then 0.0 else 1.0))
                "plane"

            let draws = Key.normal f64 [| 3L; 2L; 4L |] key
            let vectors = Join.apply false [ [| 4L |]; [| 2L |] ] [ draws; label ]
            Expect.equal vectors.shape [| 3L; 2L; 6L |] "a label beside draws"
            refused [ "net"; "one height" ] (fun () -> Join.shape "net" false [ [| 1L; 4L; 5L |]; [| 1L; 5L; 5L |] ])

        testCase "a model of several latents, and a conditional one, are saved and loaded with their numbers"
        <| fun () ->
            let folder = System.IO.Directory.CreateTempSubdirectory("vae-sites-").FullName

            let models = [
                "top-down", topDown
                "bottom-up", bottomUp
                "conditional", Vae.conditional (Given.label 3) (Prior.standard 1) normal likelihood
                "of factors", Vae.conditional (Given.factors [ "a"; "b" ]) (Prior.standard 1) normal likelihood
            ]

            try
                for name, vae in models do
                    let path = System.IO.Path.Combine(folder, name)
                    let run = { Vae = vae; Params = Vae.initial f64 key vae; History = [] }
                    Saved.save path run
                    let again = Saved.load path
                    Expect.equal (Vae.describe again.Vae) (Vae.describe vae) name
                    Expect.equal (Tensor.toArray again.Params.Trained) (Tensor.toArray run.Params.Trained) name
            finally
                System.IO.Directory.Delete(folder, true)

        testCase "a model of two latents trains, is resumed bit for bit, encodes, reconstructs and samples"
        <| fun () ->
            let x = (data 64L).to_type torch.ScalarType.Float32 |> Tensor.toArray |> Array.map float32
            let set = Data.ofFloats "linear" [| 3L |] [||] x
            let options = { TrainingOptions.defaults with Epochs = 2; BatchSize = 16; Seed = 4 }

            // A scale that is not clamped grows without bound where one latent's gives the next one's.
            let clamped = Posterior.diagonalNormal Net.flatten
            let z1, z2 = Site.below [ "z2" ] "z1" [ 1 ] clamped clamped, top clamped

            for sites in [ [ z2; Site.seeing [ "z2" ] z1 ]; [ z1; Site.seeingOnly [ "z1" ] z2 ] ] do
                let vae = Vae.hierarchy sites [ "z1" ] likelihood
                let start = Training.start options set vae
                let run = start |> Training.fit Objective.elbo (Optimizer.adam 1e-2)

                use snapshot =
                    start
                    |> Training.reports Objective.elbo (Optimizer.adam 1e-2)
                    |> Seq.pick (fun r -> if r.Progress.Step = 3L then Some(r.Snapshot()) else None)

                let resumed = start |> Training.resume snapshot |> Training.fit Objective.elbo (Optimizer.adam 1e-2)
                Expect.equal (Tensor.toArray resumed.Params.Trained) (Tensor.toArray run.Params.Trained) "bits"
                Expect.equal (Evaluation.encodeSite "z2" run set).shape [| 64L; 1L |] "z2"
                Expect.equal (Evaluation.reconstruct run set).shape [| 64L; 3L |] "reconstruction"
                Expect.equal (Evaluation.sample key 5 run).shape [| 5L; 3L |] "samples"
                let bound = (Evaluation.elbo run set).Total.Mean
                Expect.isGreaterThan bound -(Evaluation.logLikelihood 50 run set).Mean "ELBO and log p(x)"
                refused [ "name"; "'z9'" ] (fun () -> Evaluation.encodeSite "z9" run set)
    ]
