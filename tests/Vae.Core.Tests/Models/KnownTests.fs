module Vae.Core.Tests.KnownTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 97
let private encoder = Net.dense 6 --> Net.tanh

let private ofClass =
    Site.create "class" (PriorRecipes.read "categories" 3) (Posterior.ofLaw OneHotCategorical.info encoder)

/// A class alone, of which everything is a finite sum.
let private alone =
    Vae.hierarchy [ ofClass |> Site.known (Given.label 3) ] [] (Likelihood.bernoulli (Net.dense 4))

/// The semi-supervised model of Kingma et al., 2014: a class, and numbers whose posterior sees it.
let private m2 =
    Vae.hierarchy
        [
            ofClass |> Site.known (Given.label 3)
            Site.create "z" (Prior.standard 2) (Posterior.diagonalNormal encoder) |> Site.seeing [ "class" ]
        ]
        []
        (Likelihood.bernoulli (Net.dense 8 --> Net.tanh --> Net.dense 4))

let private bits n = (Key.uniform f64 [| n; 4L |] key).gt(0.5.AsScalar()).to_type torch.ScalarType.Float64

let private oneHot (labels: int list) =
    matrix [
        for label in labels ->
            [
                for c in 0..2 ->
                    if label < 0 then nan
                    elif c = label then 1.0
                    else 0.0
            ]
    ]

let private value terms name = TermValues.named name terms

let private total = TermValues.total

/// log p(x, y) of each class, [classes, batch].
let private joint (vae: Vae) parameters (x: Tensor) =
    let y = torch.eye(3L, dtype = torch.ScalarType.Float64).unsqueeze(1L).expand(3L, x.shape[0], 3L)
    let likelihood = vae.Likelihood.Apply parameters Mode.Evaluate y
    likelihood.Law.LogProb x + (vae.Prior.Apply parameters Mode.Evaluate ()).LogProb y

let tests =
    scoped
    <| testList "Known" [
        testCase
            "a class that is summed over: the bound is that of log p(x), exactly, and of log p(x, y) where it is known"
        <| fun () ->
            use parameters = Vae.initial f64 key alone
            let x = bits 5L
            let labels = [ 2; -1; 0; -1; -1 ]
            let batch = Batch.ofX x |> Batch.known "class" (oneHot labels)
            let found = total (Objective.terms key alone parameters batch Objective.summed)
            let joint = joint alone parameters x
            let q = (alone.Posterior.Apply parameters Mode.Evaluate x).Law
            let y = torch.eye(3L, dtype = torch.ScalarType.Float64).unsqueeze(1L).expand(3L, 5L, 3L)
            let logQ = q.LogProb y
            let elbo = Tensor.toArray ((logQ.exp () * (joint - logQ)).sum 0L)
            let at label i = Tensor.toArray(joint.select (1L, int64 i))[label]

            for i, label in List.indexed labels do
                let expected = if label < 0 then elbo[i] else at label i
                isClose 1e-10 -expected found[i] $"example {i}"

        testCase "what is summed is what the score estimates, in value and gradient"
        <| fun () ->
            use parameters = Vae.initial f64 key m2
            let n = int64 (drawsToDetect 0.15)
            let x = (bits 2L).[0L].expand(n, 4L)
            let batch = Batch.ofX x
            let terms objective parameters = Objective.terms key m2 parameters batch objective

            let summed, scored =
                total (terms Objective.summed parameters), total (terms (Objective.scored 2) parameters)

            meanIs 0.0 (Array.map2 (-) scored summed) "their difference"

            let gradient objective =
                Diff.grad (fun flat -> terms objective (parameters.With flat) |> Objective.loss) parameters.Trained
                |> Tensor.toArray

            let exact, estimated = gradient Objective.summed, gradient (Objective.scored 2)
            let size = exact |> Array.sumBy (fun g -> g * g) |> sqrt
            let away = Array.map2 (fun a b -> (a - b) ** 2.0) exact estimated |> Array.sum |> sqrt
            Expect.isLessThan (away / size) 0.25 "the gradient of many examples"

        testCase "of an example of which the class is known, every objective is the bound of log p(x, y)"
        <| fun () ->
            use parameters = Vae.initial f64 key m2
            let x = bits 4L
            let known = Batch.ofX x |> Batch.known "class" (oneHot [ 0; 1; 2; 1 ])
            let terms objective = Objective.terms key m2 parameters known objective

            // p(y) is 1/3, and no objective charges a divergence of q(y|x).
            for objective in [ Objective.summed; Objective.scored 2 ] do
                for kl in value (terms objective) "kl class" do
                    isClose 1e-10 (log 3.0) kl objective.Name

            let gradient =
                Diff.grad
                    (fun flat ->
                        Objective.terms key m2 (parameters.With flat) known (Objective.scored 2) |> Objective.loss)
                    parameters.Trained

            for p in m2.Sites.Head.Posterior.Declared do
                let ofClass = Tensor.toArray (parameters.With(gradient)[p.Path])
                Expect.isTrue (ofClass |> Array.forall (fun g -> g = 0.0)) $"{p.Path} is not trained"

        testCase "supervision is -log q of what is known, and 0 of the rest"
        <| fun () ->
            use parameters = Vae.initial f64 key m2
            let x = bits 3L
            let batch = Batch.ofX x |> Batch.known "class" (oneHot [ 2; -1; 0 ])
            let objective = Objective.summed |> Objective.supervised 5.0
            let terms = Objective.terms key m2 parameters batch objective
            let found = value terms "supervision class"
            let site = m2.Sites.Head
            let q = (site.Posterior.Apply parameters Mode.Evaluate (Sight.ofBatch [] (Batch.ofX x))).Law
            let expected label row = -(Tensor.toArray(q.LogProb(oneHot [ label; label; label ]))[row])
            isClose 1e-12 (expected 2 0) found[0] "known"
            isClose 1e-12 0.0 found[1] "not known"
            isClose 1e-12 (expected 0 2) found[2] "known"
            let without = Objective.terms key m2 parameters (Batch.ofX x) objective
            Expect.equal (value without "supervision class") [| 0.0; 0.0; 0.0 |] "none known"

            refused [ "Site.known" ] (fun () ->
                Objective.check (Vae.hierarchy [ ofClass ] [] (Likelihood.bernoulli (Net.dense 4))) objective)

        testCase "a few labels name the classes that the rest is told apart by"
        <| fun () ->
            // Three kinds of vectors of 12 bits, each bit turned with a probability of 0.1.
            let label i = i % 3

            let bit i j =
                let isOn = j / 4 = label i
                let turned = Key.unitAt (int64 (12 * i + j)) key < 0.1
                if isOn <> turned then 1uy else 0uy

            let data =
                Data.ofBytes "kinds" [| 12L |] 1.0 [| for i in 0..599 -> label i |] [|
                    for i in 0..599 do
                        for j in 0..11 -> bit i j
                |]

            let few = Data.hideLabels 6 key data

            Expect.equal
                (few.Labels |> Array.filter (fun l -> l >= 0) |> Array.sort)
                [| 0; 0; 1; 1; 2; 2 |]
                "two of each"

            let vae =
                Vae.hierarchy
                    [
                        ofClass |> Site.known (Given.label 3)
                        Site.create "z" (Prior.standard 1) (Posterior.diagonalNormal encoder) |> Site.seeing [ "class" ]
                    ]
                    []
                    (Likelihood.bernoulli (Net.dense 8 --> Net.tanh --> Net.dense 12))

            let options = { TrainingOptions.defaults with Epochs = 40; BatchSize = 100; Seed = 3 }

            use run =
                Training.start options few vae
                |> Training.fit (Objective.summed |> Objective.supervised 20.0) (Optimizer.adam 1e-2)
                |> fun run -> run.Params

            let run = { Vae = vae; Params = run; History = [] }
            let codes = Evaluation.encodeSite "class" run (Data.withoutLabels data)
            let found = codes.argmax (1L) |> Tensor.toArray |> Array.map int
            let right = Array.map2 (fun a b -> if a = b then 1.0 else 0.0) found data.Labels |> Array.average
            Expect.isGreaterThan right 0.95 "the share of examples that are told"

        testCase "what a latent is known from has to have its shape, and labels to be of its classes"
        <| fun () ->
            refused [ "from"; "[4]"; "[3]" ] (fun () -> Site.known (Given.label 4) ofClass)
            let data labels = Data.ofBytes "bits" [| 4L |] 1.0 labels (Array.zeroCreate 8)
            refused [ "label 3"; "0 to 2" ] (fun () -> Training.check (data [| 3; 0 |]) alone)
            Training.check (data [| -1; 0 |]) alone
            Training.check (data [||]) alone
            refused [ "labels"; "-2" ] (fun () -> data [| -2; 0 |])

            let conditional =
                Vae.conditional
                    (Given.label 3)
                    (Prior.standard 1)
                    (Posterior.diagonalNormal encoder)
                    (Likelihood.bernoulli (Net.dense 4))

            refused [ "item 0"; "no label" ] (fun () -> Training.check (data [| -1; 0 |]) conditional)
    ]
