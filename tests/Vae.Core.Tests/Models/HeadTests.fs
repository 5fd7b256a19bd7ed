/// Every law of the library as what a network ends in: of a posterior, a prior and a likelihood.
module Vae.Core.Tests.HeadTests

open System
open System.IO
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Storage.Stored
open Vae.Testing

let private rankOf (info: LawInfo) =
    use _ = torch.NewDisposeScope()
    (LawInfo.example info).EventShape.Length

/// A head with what no network gives: counts, and sizes where the law has no vector to tell them.
let private headOf (info: LawInfo) : Head =
    let fix head (p: LawParameter) =
        match p.Domain with
        | Domain.Positive when p.Name = "curvature" -> Head.fix p.Name 0.7 head
        | Domain.Whole least -> Head.fix p.Name (if info.Name = "SphericalUniform" then 3.0 else least + 3.0) head
        | _ -> head

    let needsSize =
        info.Parameters |> List.exists (fun p -> p.Domain = Domain.Columns || p.Rank = 1 && rankOf info = 0)

    let head = info.Parameters |> List.fold fix (Head.ofLaw info)
    if needsSize then Head.size (if rankOf info = 0 then 3 else 1) head else head

let private shapeOf info = if rankOf info = 0 then [ 2 ] else [ 3 ]

let private ofAll (test: LawInfo -> unit) = [
    for info in Laws.all do
        if rankOf info < 2 then
            testCase info.Name (fun () ->
                use _ = torch.NewDisposeScope()
                test info)
]

/// Real numbers of a parameter, [batch, places..., numbers].
let private numbers (scale: float) (head: Head) (shape: int64[]) key (p: LawParameter) : Tensor =
    let layout = Head.layout "head" head shape
    let shape = Array.concat [ [| 50L |]; layout.Places; [| Head.reals layout p |] ]
    scale .* Key.normal Placement.float32 shape (Key.foldName p.Name key)

let private shape64 info = shapeOf info |> List.map int64 |> List.toArray

let private links =
    testList
        "links lead into every parameter's domain, however large the numbers"
        (ofAll (fun info ->
            let head = headOf info
            let shape = shape64 info

            for scale in [ 0.0; 1.0; 30.0; 1e4 ] do
                let place = Placement.float32

                let encoded =
                    Head.encoded (Head.layout "head" head shape) place (numbers scale head shape (Key.ofSeed 3))

                Expect.equal encoded.Law.EventShape (if rankOf info = 0 then shape else shape) $"event, at %g{scale}"
                let z = encoded.Law.Sample(Key.ofSeed 4, [||])
                Expect.isTrue (z.isfinite().all().ToBoolean()) $"finite draws, at %g{scale}"))

/// Laws whose support moves with their parameters: what one has drawn another may exclude.
let private moving = [ "Uniform"; "TruncatedNormal"; "Pareto"; "Delta" ]

/// Those among them that are known to, before any step.
let private apart = [ "Uniform"; "TruncatedNormal"; "Pareto" ]

let private data =
    Data.ofFloats "waves" [| 4L |] [||] [|
        for i in 0..39 do
            for j in 0..3 -> sin (float32 (i + 5 * j))
    |]

let private encoder = Net.dense 8 --> Net.tanh

let private modelOf info =
    let head = headOf info
    let decoder = Net.flatten --> Net.dense 8 --> Net.tanh --> Net.dense 4
    Vae.create (Prior.ofHead head (shapeOf info)) (Posterior.ofHead head encoder) (Likelihood.gaussian 1.0 decoder)

let private options = {
    TrainingOptions.defaults with
        Epochs = 2
        BatchSize = 20
        Placement = Placement.float64
}

let private posteriors =
    testList
        "a posterior and a prior of each law make a model, which is described, and trains where draws pass gradients"
        (ofAll (fun info ->
            if List.contains info.Name apart then
                let error = refusalOf<ArgumentException, _>(fun () -> modelOf info)
                Expect.stringContains error.Message "outside it their KL is infinite" "refused"
            else

                let vae = modelOf info
                Expect.stringContains (Vae.describe vae) info.Name "described"

                match vae.Gradient with
                | Gradient.Scored ->
                    Expect.isNone info.Path "a law without a path"

                    let error =
                        refusalOf<ArgumentException, _>(fun () ->
                            Training.start options data vae |> Training.fit Objective.elbo (Optimizer.adam 1e-3))

                    Expect.stringContains error.Message info.Name "is refused by its name"
                | Gradient.Pathwise _ when List.contains info.Name moving -> ()
                | Gradient.Pathwise _ ->
                    let run = Training.start options data vae |> Training.fit Objective.elbo (Optimizer.adam 1e-3)
                    Expect.isTrue (Double.IsFinite (List.last run.History).Total) "its loss is a number"
                    use first = Vae.initial options.Placement (Steps.InitialKeyOf options) vae

                    for p in vae.Posterior.Declared do
                        Expect.notEqual
                            (Tensor.toArray run.Params[p.Path])
                            (Tensor.toArray first[p.Path])
                            $"%s{p.Path} moves"))

let private likelihoods =
    testList
        "a likelihood of each law scores its own draws, for data of the shape that its decoder's output is cut to"
        (ofAll (fun info ->
            let head = headOf info
            let shape = shape64 info
            let layout = Head.layout "head" head shape

            let total =
                info.Parameters
                |> List.filter (fun p -> Head.source head p = Source.Network)
                |> List.sumBy (fun p -> Head.reals layout p)

            if total > 0L then
                let decoder = Net.dense (int (total * Shape.size layout.Places))

                let vae =
                    Vae.create (Prior.standard 2) (Posterior.diagonalNormal encoder) (Likelihood.ofHead head decoder)

                Expect.equal vae.DataShape shape "the shape of the data"
                let place = Placement.float64
                use parameters = Vae.initial place (Key.ofSeed 1) vae
                let z = Key.normal place [| 1L; 30L; 2L |] (Key.ofSeed 2)
                let x = (vae.Likelihood.Apply parameters Mode.Evaluate z).Law.Sample(Key.ofSeed 3, [||])
                let x = x.squeeze 0L

                let loss flat =
                    let observed = vae.Likelihood.Apply (parameters.With flat) Mode.Evaluate z
                    (observed.Score x).sum().neg()

                let value, gradient = Diff.fgrad loss parameters.Trained
                Expect.isTrue (Double.IsFinite(Tensor.toFloat value)) "its score"
                Expect.isTrue (gradient.isfinite().all().ToBoolean()) "and the gradient of it"))

let private images =
    testCase "an image of two numbers a pixel has half of the decoder's channels" (fun () ->
        let decoder = Net.dense (6 * 4 * 4) --> Net.reshape [ 6; 4; 4 ]
        let likelihood = Likelihood.ofLaw Normal.info decoder
        Expect.equal (likelihood.DataShape [| 2L |]) [| 3L; 4L; 4L |] "data"
        use parameters = Params.Initial(Placement.float64, Key.ofSeed 1, (likelihood.Wire [| 2L |]).Declared)
        let z = Key.normal Placement.float64 [| 5L; 2L |] (Key.ofSeed 2)
        let net = Net.wire "likelihood" [| 2L |] decoder
        let output = Net.apply net parameters Mode.Evaluate z
        let observed = (likelihood.Wire [| 2L |]).Apply parameters Mode.Evaluate z

        isClose
            1e-12
            (Tensor.toArray (output.narrow (1L, 0L, 3L)) |> Array.sum)
            (Tensor.toArray observed.Law.Mean |> Array.sum)
            "means"

        Expect.equal
            (Tensor.toArray observed.Law.Mean)
            (Tensor.toArray (output.narrow (1L, 0L, 3L)))
            "the first channels are the means"

        let categorical = Likelihood.ofHead (Head.ofLaw Categorical.info |> Head.size 256) (Net.dense (256 * 6))
        Expect.equal (categorical.DataShape [| 2L |]) [| 6L |] "of 256 logits each")

let private shared =
    testCase "a parameter is a constant, or one learned number, where that is asked for" (fun () ->
        let decoder = Net.dense 4
        let head = Head.ofLaw Normal.info |> Head.share "scale"

        let vae =
            Vae.create (Prior.standard 2) (Posterior.diagonalNormal encoder) (Likelihood.ofHead head decoder)

        let scale = Vae.declared vae |> List.find (fun p -> p.Path = "likelihood.scale")
        Expect.equal (scale.Shape, scale.Trained) ([| 1L |], true) "one learned number"
        let fixedHead = Head.ofLaw Normal.info |> Head.fix "scale" 0.5
        let stated = Likelihood.ofHead fixedHead decoder
        let gaussian = Likelihood.gaussian 0.5 decoder
        use parameters = Params.Initial(Placement.float64, Key.ofSeed 1, (stated.Wire [| 2L |]).Declared)
        let z = Key.normal Placement.float64 [| 5L; 2L |] (Key.ofSeed 2)
        let x = Key.normal Placement.float64 [| 5L; 4L |] (Key.ofSeed 3)

        let score (likelihood: Likelihood) =
            ((likelihood.Wire [| 2L |]).Apply parameters Mode.Evaluate z).Score x |> Tensor.toArray

        Array.iter2 (fun a b -> isClose 1e-12 a b "score") (score stated) (score gaussian))

let private eachPlace =
    inFolder "a parameter is learned for each place where that is asked for" (fun folder ->
        let head = Head.ofLaw Normal.info |> Head.each "scale"
        let likelihood = Likelihood.ofHead head (Net.dense 4)
        let declared = (likelihood.Wire [| 2L |]).Declared
        let scale = declared |> List.find (fun p -> p.Path = "likelihood.scale")
        Expect.equal (scale.Shape, scale.Trained) ([| 4L; 1L |], true) "a number a place"
        use _ = torch.NewDisposeScope()
        let scales = [| 0.5; 1.0; 2.0; 3.0 |]

        let value (p: Parameter) =
            if p.Path = scale.Path then
                // The link's inverse: exp of ten times a number, softly clamped within +-10.
                Tensor.ofArray Placement.float64 p.Shape (scales |> Array.map (fun s -> Math.Atanh(log s / 10.0)))
            else
                p.Initial Placement.float64 (Key.ofSeed 1)

        use parameters = Params.Create(Placement.float64, declared, value)
        let z = Key.normal Placement.float64 [| 5L; 2L |] (Key.ofSeed 2)
        let law = ((likelihood.Wire [| 2L |]).Apply parameters Mode.Evaluate z).Law
        let deviations = Tensor.toArray (law.Variance.sqrt ())
        Array.iter2 (fun a b -> isClose 1e-12 a b "scale") (Array.replicate 5 scales |> Array.concat) deviations
        Expect.equal (string head) "Normal (scale each)" "in words"

        let prior = Prior.ofHead head [ 4 ]
        let posterior = Posterior.ofHead head (Net.dense 3)
        let vae = Vae.create prior posterior (Likelihood.ofHead head (Net.dense 4))

        for part in [ "prior"; "posterior"; "likelihood" ] do
            let found = Vae.declared vae |> List.find (fun p -> p.Path = $"%s{part}.scale")
            Expect.equal found.Shape [| 4L; 1L |] part

        let path = Path.Combine(folder, "model.json")
        ModelFile.write path vae
        Expect.equal (Vae.describe (ModelFile.read path)) (Vae.describe vae) "written and read")

let private files =
    testList
        "a model of each law is written and read"
        ([
            for info in Laws.all do
                if rankOf info < 2 && not (List.contains info.Name apart) then
                    inFolder info.Name (fun folder ->
                        let path = Path.Combine(folder, "model.json")
                        let vae = modelOf info
                        ModelFile.write path vae
                        let back = ModelFile.read path
                        Expect.equal (Vae.describe back) (Vae.describe vae) "described"

                        Expect.equal
                            (Vae.declared back |> List.map (fun p -> p.Path, p.Shape))
                            (Vae.declared vae |> List.map (fun p -> p.Path, p.Shape))
                            "declared")
        ])

let private refusals =
    testCase "what is no head is refused by its name, with what would do" (fun () ->
        let refused (words: string list) (make: unit -> 'a) =
            let error = refusalOf<ArgumentException, _> make

            for word in words do
                Expect.stringContains error.Message word "said"

        refused [ "Wishart"; "matrices" ] (fun () ->
            Vae.create
                (Prior.standard 2)
                (Posterior.ofLaw Wishart.info encoder)
                (Likelihood.gaussian 1.0 (Net.dense 4)))

        refused [ "Binomial"; "totalCount"; "Head.fix" ] (fun () ->
            (Likelihood.ofLaw Binomial.info (Net.dense 4)).DataShape [| 2L |])

        refused [ "Categorical"; "Head.size" ] (fun () ->
            (Likelihood.ofLaw Categorical.info (Net.dense 4)).DataShape [| 2L |])

        refused [ "decoder"; "[5]"; "loc, scale" ] (fun () ->
            (Likelihood.ofLaw Normal.info (Net.dense 5)).DataShape [| 2L |])

        refused [ "WrappedNormal"; "curvature"; "Head.fix" ] (fun () -> Prior.ofLaw WrappedNormal.info [ 3 ])
        refused [ "'rate'"; "loc, scale" ] (fun () -> Head.ofLaw Normal.info |> Head.fix "rate" 1.0)

        refused [ "posterior"; "support" ] (fun () ->
            Vae.create
                (Prior.ofLaw Gamma.info [ 2 ])
                (Posterior.diagonalNormal encoder)
                (Likelihood.gaussian 1.0 (Net.dense 4))))

let tests =
    testList "Heads" [ links; posteriors; likelihoods; images; shared; eachPlace; files; refusals ]
