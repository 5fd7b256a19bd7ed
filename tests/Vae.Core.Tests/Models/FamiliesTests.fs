module Vae.Core.Tests.FamiliesTests

open System.IO
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 71
let private f32 = Placement.float32

let private flows: (string * Flow) list = [
    "planar", Flow.planar 3
    "radial", Flow.radial 3
    "householder", Flow.householder 2
    "sylvester", Flow.sylvester 2 2
    "inverse autoregressive", Flow.inverseAutoregressiveBy [ 8 ] 2
    "masked autoregressive", Flow.maskedAutoregressiveBy [ 8; 6 ] 2
    "coupling", Flow.coupling [ 8 ] 3
    "spline", Flow.spline 5 [ 8 ] 2
    "mixed", Flow.planar 1 |> Flow.andThen (Flow.householder 1) |> Flow.andThen (Flow.coupling [ 4 ] 2)
]

let private encoder = Net.flatten --> Net.dense 6 --> Net.tanh
let private normal = Posterior.diagonalNormal encoder
let private likelihood = Likelihood.gaussian 0.5 (Net.dense 6 --> Net.tanh --> Net.dense 4)

/// Numbers of the model's first parameters, further from 0 than they begin.
let private spread place (vae: Vae) =
    Params.Create(place, Vae.declared vae, (fun p -> 0.5 .* Key.normal place p.Shape (Key.foldName p.Path key)))

let private data =
    let values = Key.normal f64 [| 48L; 4L |] key |> Tensor.toArray |> Array.map float32
    Data.ofFloats "normal" [| 4L |] [||] values

let private options = { TrainingOptions.defaults with Epochs = 2; BatchSize = 16; Seed = 3 }

let private trains (vae: Vae) message =
    let run = Training.start options data vae |> Training.fit Objective.elbo (Optimizer.adam 1e-2)
    Expect.isTrue (run.History |> List.forall (fun e -> System.Double.IsFinite e.Total)) message

    let before = Vae.initial f32 (Steps.InitialKeyOf options) vae

    for p in Vae.declared vae do
        if p.Trained then
            let moved = Tensor.toArray ((run.Params[p.Path] - before[p.Path]).abs().sum())
            Expect.isGreaterThan moved[0] 0.0 $"%s{message}: training moves %s{p.Path}"

    run

let private isSaved (vae: Vae) message =
    let folder = Path.Combine(Path.GetTempPath(), "vae-" + Path.GetRandomFileName())

    try
        let run = { Vae = vae; Params = spread f64 vae; History = [] }
        Saved.save folder run
        let again = Saved.load folder
        Expect.equal (Vae.describe again.Vae) (Vae.describe vae) message
        let x = Batch.ofX (Data.tensor f64 data)
        let terms (run: Run) = Objective.terms key run.Vae run.Params x Objective.elbo
        let numbers run = terms run |> TermValues.each
        Expect.equal (numbers again) (numbers run) $"%s{message}: the same numbers"
    finally
        if Directory.Exists folder then
            Directory.Delete(folder, true)

let private priors: (string * Prior) list = [
    "mixture", Prior.mixture 3 4
    "vamp", Prior.vamp 3 5
    "masked autoregressive flow", Prior.flow 3 (Flow.maskedAutoregressiveBy [ 8 ] 2)
    "coupling flow", Prior.flow 3 (Flow.coupling [ 8 ] 2)
    "planar flow", Prior.flow 3 (Flow.planar 2)
    "standard", Prior.standard 3
    "student", Prior.ofLaw StudentT.info [ 3 ]
]

let tests =
    scoped
    <| testList "Families" [
        testList "flows of posteriors" [
            for name, flow in flows do
                testCase $"%s{name}: draws are scored as they are made, as the law scores them"
                <| fun () ->
                    let vae = Vae.create (Prior.standard 4) (Posterior.flow flow normal) likelihood
                    Expect.equal vae.Kl KlCharge.Sampled "KL"
                    let parameters = spread f64 vae
                    let encoded = vae.Posterior.Apply parameters Mode.Evaluate (Data.tensor f64 data)
                    let drawn = encoded.Draw(key, [| 3L |])

                    let law =
                        Transformed.create (encoded.Law :?> Transformed).Transform (encoded.Law :?> Transformed).Base

                    Array.iter2
                        (fun a b -> isClose 1e-7 a b "log q")
                        (Tensor.toArray (law.LogProb drawn.Z))
                        (Tensor.toArray drawn.LogQ.Value)

                    Expect.equal encoded.Centre.shape [| 48L; 4L |] "a code"

                testCase $"%s{name}: all its parameters are trained, and it is saved"
                <| fun () ->
                    let vae = Vae.create (Prior.standard 4) (Posterior.flow flow normal) likelihood
                    trains vae name |> ignore
                    isSaved vae name

                testCase $"%s{name}: gradients of the sampled ELBO are those of central differences"
                <| fun () ->
                    let vae = Vae.create (Prior.standard 4) (Posterior.flow flow normal) likelihood
                    let parameters = spread f64 vae
                    let x = Batch.ofX (Data.tensor f64 (Data.take 3 data))

                    let loss (flat: Tensor) =
                        Objective.terms key vae (parameters.With flat) x Objective.elbo |> Objective.loss

                    let found = Tensor.toArray (Diff.grad loss parameters.Trained)
                    let at = Tensor.toArray parameters.Trained
                    // A few numbers of each parameter: their places in the buffer.
                    let places = [ 0 .. max 1 (at.Length / 40) .. at.Length - 1 ]

                    for i in places do
                        let moved delta =
                            use _ = torch.NewDisposeScope()
                            let other = Array.copy at
                            other[i] <- other[i] + delta
                            number (loss (Tensor.ofArray f64 [| int64 at.Length |] other))

                        isWithin
                            (1e-5 * max 1.0 (abs found[i]))
                            ((moved 1e-5 - moved -1e-5) / 2e-5)
                            found[i]
                            $"number %d{i}"
        ]

        testList "priors" [
            for name, prior in priors do
                testCase $"%s{name}: it is trained and saved, and its draws and its density are one law"
                <| fun () ->
                    let vae = Vae.create prior normal likelihood
                    let run = trains vae name
                    isSaved vae name
                    Expect.equal (Evaluation.sample key 7 run).shape [| 7L; 4L |] "samples"
                    // E[p / q] under draws of q is 1 for a q that is wider: the density integrates to 1 and draws are its own.
                    let p = vae.Prior.Apply (spread f64 vae) Mode.Evaluate ()
                    let z = p.Sample(key, [| 4000L |])
                    Expect.isTrue (Tensor.toArray (p.LogProb z) |> Array.forall System.Double.IsFinite) "finite"
        ]

        testCase "a learned mixture of one normal is that normal, and VampPrior of one input its posterior"
        <| fun () ->
            let one = Vae.create (Prior.mixture 3 1) normal likelihood
            let p = one.Prior.Apply (spread f64 one) Mode.Evaluate ()
            let parameters = spread f64 one
            let loc = parameters["prior.loc"].squeeze 0L
            let scale = (10.0 .* (0.1 .* parameters["prior.logScale"]).tanh()).exp().squeeze 0L
            let z = Key.normal f64 [| 6L; 3L |] key

            Array.iter2
                (fun a b -> isClose 1e-12 a b "mixture")
                (Tensor.toArray ((Independent.create 1 (Normal(loc, scale))).LogProb z))
                (Tensor.toArray (p.LogProb z))

            let vamp = Vae.create (Prior.vamp 3 1) normal likelihood
            let parameters = spread f64 vamp
            let q = (vamp.Posterior.Apply parameters Mode.Evaluate parameters["prior.inputs"]).Law

            Array.iter2
                (fun a b -> isClose 1e-12 a b "vamp")
                (Tensor.toArray (q.LogProb(z.unsqueeze 1L)))
                (Tensor.toArray ((vamp.Prior.Apply parameters Mode.Evaluate ()).LogProb z))

        testCase "pseudo-inputs begin at the examples that they are given, and others are refused"
        <| fun () ->
            let rows = [| for i in 0..2 -> Data.item i data |]
            let vae = Vae.create (Prior.vampFrom 3 rows) normal likelihood
            let found = (Vae.initial f32 key vae)["prior.inputs"]
            Expect.equal (Tensor.toArray found |> Array.map float32) (Array.concat rows) "inputs"

            refused [ "inputs"; "row 1"; "4" ] (fun () ->
                let prior = Prior.vampFrom 3 [| rows[0]; [| 1f |] |]
                Vae.initial f32 key (Vae.create prior normal likelihood))

        testCase "the spheres: an exact KL from the uniform law, latents of length 1, saved and trained"
        <| fun () ->
            for law in [ VonMisesFisher.info; PowerSpherical.info ] do
                let vae = Vae.create (Prior.uniformOnSphere 3) (Posterior.ofLaw law encoder) likelihood
                Expect.equal vae.Kl KlCharge.Exact law.Name
                isSaved vae law.Name
                let run = trains vae law.Name
                let z = (vae.Posterior.Apply run.Params Mode.Evaluate (Data.tensor f32 data)).Draw(key, [| 1L |]).Z
                Expect.all (Tensor.toArray (z.squared().sum -1L)) (fun n -> abs (n - 1.0) < 1e-5) "lengths"

        testCase "a wrapped normal on the Poincare ball beside one that does not move"
        <| fun () ->
            let head law = Head.ofLaw WrappedNormal.info |> Head.fix "curvature" 1.0 |> law

            let prior = Prior.ofHead (head (Head.fix "loc" 0.0 >> Head.fix "scale" 1.0)) [ 3 ]
            let vae = Vae.create prior (Posterior.ofHead (head id) encoder) likelihood
            isSaved vae "ball"
            trains vae "ball" |> ignore

        testCase "a class latent beside a continuous one: relaxed, straight-through, and scored"
        <| fun () ->
            let uniform law rest = Prior.ofHead (Head.ofLaw law |> Head.fix "logits" 0.0 |> rest) [ 5 ]
            let z = Site.create "z" (Prior.standard 2) normal |> Site.seeing [ "class" ]
            let model site = Vae.hierarchy [ site; z ] [] likelihood

            let relaxed =
                let head = Head.ofLaw RelaxedOneHotCategorical.info |> Head.fix "temperature" 0.5

                Site.create
                    "class"
                    (uniform RelaxedOneHotCategorical.info (Head.fix "temperature" 0.5))
                    (Posterior.ofHead head encoder)

            trains (model relaxed) "relaxed" |> ignore

            let scored =
                Site.create "class" (uniform OneHotCategorical.info id) (Posterior.ofLaw OneHotCategorical.info encoder)

            let vae = model scored
            refused [ "posterior"; "no gradient"; "Objective.scored" ] (fun () -> Objective.check vae Objective.elbo)

            for objective in [ Objective.scored 3; Objective.vimco 3 ] do
                let run = Training.start options data vae |> Training.fit objective (Optimizer.adam 1e-2)
                Expect.isTrue (System.Double.IsFinite (List.last run.History).Total) objective.Name

        testCase "flows are refused by name where they cannot be"
        <| fun () ->
            let own =
                Posterior.custom "mine" (fun data latent -> normal.Wire "posterior" (Evidence.ofData data) latent)

            let make posterior prior = Vae.create prior posterior likelihood

            refused [ "posterior"; "mine"; "own" ] (fun () ->
                make (Posterior.flow (Flow.planar 1) own) (Prior.standard 3))

            refused [ "posterior"; "real numbers" ] (fun () ->
                make (Posterior.flow (Flow.planar 1) (Posterior.ofLaw Beta.info encoder)) (Prior.ofLaw Beta.info [ 3 ]))

            refused [ "posterior"; "vectors" ] (fun () ->
                make (Posterior.flow (Flow.planar 1) normal) (Prior.ofLaw Normal.info [ 3; 2 ]))

            refused [ "flow"; "coupling"; "at least 2" ] (fun () ->
                make (Posterior.flow (Flow.coupling [ 4 ] 1) normal) (Prior.standard 1))

            refused [ "flow"; "sylvester 4"; "at most 3" ] (fun () ->
                make (Posterior.flow (Flow.sylvester 4 1) normal) (Prior.standard 3))

            refused [ "count"; "0" ] (fun () -> Flow.planar 0)
            refused [ "bins"; "1" ] (fun () -> Flow.spline 1 [ 4 ] 1)
    ]
