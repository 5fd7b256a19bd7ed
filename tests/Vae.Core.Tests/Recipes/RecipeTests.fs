module Vae.Core.Tests.RecipeTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private encoder = Net.flatten --> Net.dense 8 --> Net.tanh
let private decoderTo (shape: int list) = Net.flatten --> Net.dense 8 --> Net.tanh --> Net.denseDecoderTo shape []

/// Bits with labels, as a likelihood of any kind takes them.
let private data =
    let bits = [|
        for i in 0..47 do
            for j in 0..5 -> byte ((i * (j + 3) / 2 + i / 7) % 2)
    |]

    Data.ofBytes "bits" [| 6L |] 1.0 [| for i in 0..47 -> i % 3 |] bits

/// The same, some of whose labels are not known.
let private partly = Data.withLabels [| for i in 0..47 -> if i % 4 = 3 then -1 else i % 3 |] data

let private options = { TrainingOptions.defaults with Epochs = 10; BatchSize = 10; Seed = 5 }

let private normal = Posterior.diagonalNormal encoder
let private bernoulli = Likelihood.bernoulli (decoderTo [ 6 ])
let private categories = PriorRecipes.read "categories" 3

let private experts () = [
    { Name = "left"; Numbers = 2; Encoder = encoder }
    { Name = "right"; Numbers = 4; Encoder = encoder }
]

/// Bits in two named parts.
let private parts decoder =
    let bits = Head.ofLaw Bernoulli.info
    Likelihood.product [ "left", 2, bits; "right", 4, bits ] decoder

/// Models of every shape that there is.
let private shapes: (string * Vae) list = [
    "plain", Vae.create (Prior.standard 3) normal bernoulli
    "a score that is no density",
    Vae.create (Prior.standard 3) normal (Likelihood.bernoulliCrossEntropy (decoderTo [ 6 ]))
    "conditional", Vae.conditional (Given.label 3) (Prior.standard 3) normal bernoulli
    "VampPrior", Vae.create (Prior.vamp 3 4) normal bernoulli
    "a flow", Vae.create (Prior.standard 3) (PosteriorRecipes.read "normal, iaf 2 8" encoder) bernoulli
    "a full covariance", Vae.create (Prior.standard 3) (PosteriorRecipes.read "full" encoder) bernoulli
    "the sphere", Vae.create (Prior.uniformOnSphere 3) (PosteriorRecipes.read "VonMisesFisher" encoder) bernoulli
    "categories", Vae.create categories (PosteriorRecipes.read "OneHotCategorical" encoder) bernoulli
    "a ladder",
    Vae.hierarchy
        [
            Site.create "z2" (Prior.standard 2) normal
            Site.below [ "z2" ] "z1" [ 3 ] normal normal |> Site.seeing [ "z2" ]
        ]
        [ "z1" ]
        bernoulli
    "a class beside numbers",
    Vae.hierarchy
        [
            Site.create "class" categories (Posterior.ofLaw OneHotCategorical.info encoder)
            Site.create "z" (Prior.standard 2) normal |> Site.seeing [ "class" ]
        ]
        []
        bernoulli
    "a class known of some",
    Vae.hierarchy
        [
            Site.create "class" categories (Posterior.ofLaw OneHotCategorical.info encoder)
            |> Site.known (Given.label 3)
            Site.create "z" (Prior.standard 2) normal |> Site.seeing [ "class" ]
        ]
        []
        bernoulli
    "parts that may be missing",
    Vae.create (Prior.standard 3) (Experts.product (experts ())) (parts (decoderTo [ 6 ]))
    |> Vae.forMissing
    "a codebook",
    Vae.create
        (Prior.codebook 5 [ 2; 3 ])
        (Posterior.quantized 5 (encoder --> Net.dense 6 --> Net.reshape [ 2; 3 ]))
        bernoulli
    "a mixture of experts",
    Vae.create (Prior.standard 3) (Experts.mixture (experts ())) (parts (decoderTo [ 6 ]))
    |> Vae.forMissing
]

let private objectives: string list = [
    for recipe in ObjectiveRecipes.all do
        recipe.Text
    for change in ObjectiveRecipes.changes do
        $"elbo, %s{change.Text}"
    "elbo 2, warm-up 0.5 share, free-bits 0.1 latent example"
    "quantized 0.25 0.9"
]

/// Whether a model lacks what an objective asks for.
let private lacks (vae: Vae) need =
    match need with
    | Need.Path -> vae.Sites |> List.exists (fun site -> site.Gradient = Gradient.Scored)
    | Need.Density -> not vae.Parts.Likelihood.IsDensity
    | Need.OneLatent -> vae.Sites.Length > 1
    | Need.PerDimension -> vae.Sites |> List.exists (fun site -> not site.IsPerDimension)
    | Need.Moments -> vae.Sites |> List.exists (fun site -> not site.HasMoments)
    | Need.Categories -> vae.Sites |> List.filter _.Categories.IsSome |> List.length <> 1
    | Need.KnownLatent -> vae.Parts.Sites |> List.forall _.Known.IsNone
    | Need.Codebook -> vae.Parts.Sites |> List.exists (fun site -> not site.Posterior.Spec.IsQuantized)
    | Need.NamedParts
    | Need.MissingValues -> not vae.Parts.IsIncomplete
    | Need.WholeBatch -> false

let private bits (run: Run) = Tensor.toArray run.Params.Trained

let private matrix =
    testList "every objective on every shape of model" [
        for shape, vae in shapes do
            for text in objectives do
                testCase $"%s{text} on %s{shape}"
                <| fun () ->
                    let data = if vae.Given.IsSome then data else partly

                    let objective =
                        try
                            Ok(ObjectiveRecipes.read text vae)
                        with :? ArgumentException as error ->
                            Error error.Message

                    match objective with
                    | Error message -> failtest message
                    | Ok objective when objective.Needs |> List.exists (lacks vae) ->
                        refused [ objective.Name; "expected" ] (fun () ->
                            Training.start options data vae |> Training.fit objective (Optimizer.adam 3e-3))
                    | Ok objective ->
                        let start = Training.start options data vae
                        let mutable taken = None

                        let take (report: Report) =
                            if report.Progress.Step = 33L then
                                taken <- Some(report.Snapshot())

                        let run = start |> Training.fitWith take objective (Optimizer.adam 3e-3)
                        Expect.hasLength run.History 10 "50 steps"
                        Expect.isTrue (run.History |> List.forall (fun e -> Double.IsFinite e.Total)) "numbers"
                        use snapshot = taken.Value

                        let resumed = start |> Training.resume snapshot |> Training.fit objective (Optimizer.adam 3e-3)
                        Expect.equal (bits resumed) (bits run) "resumed bit for bit"
                        Expect.equal resumed.History run.History "its history"

                        for p in run.Params.Declared do
                            Expect.isFalse
                                (p.Path.StartsWith("adversary", StringComparison.Ordinal))
                                "the model's alone"
    ]

let private stored =
    testList "every shape of model is read from its file as it was written" [
        for shape, vae in shapes do
            testCase shape
            <| fun () ->
                let folder = IO.Directory.CreateTempSubdirectory "vae-recipes-"

                try
                    let path = IO.Path.Combine(folder.FullName, "model.json")
                    ModelFile.write path vae
                    let back = ModelFile.read path
                    let layout vae = Vae.declared vae |> List.map (fun p -> p.Path, p.Shape, p.Trained)
                    Expect.equal (Vae.describe back) (Vae.describe vae) "in words"
                    Expect.equal (layout back) (layout vae) "what it declares"
                    ModelFile.write path back
                    Expect.equal (Vae.describe (ModelFile.read path)) (Vae.describe vae) "written again"
                finally
                    folder.Delete true
    ]

let private readable argument (recipes: Recipe<'made> list) (read: string -> 'any) =
    testCase $"every %s{argument} is read by its example, and others are refused with what there is"
    <| fun () ->
        for recipe in recipes do
            read recipe.Text |> ignore

            refused [ argument; recipe.Usage ] (fun () -> read $"%s{recipe.Text} 1 2 3 4 5 6 7 8 x" |> ignore)

        refused [ argument; "'nothing'"; recipes.Head.Usage ] (fun () -> read "nothing" |> ignore)
        refused [ argument ] (fun () -> read "" |> ignore)

let tests =
    scoped
    <| testList "Recipes" [
        matrix
        stored
        readable "objective" ObjectiveRecipes.all (fun text -> ObjectiveRecipes.read text (snd shapes.Head))
        readable "prior" PriorRecipes.all (fun text -> PriorRecipes.read text 4)
        readable "posterior" PosteriorRecipes.all (fun text -> PosteriorRecipes.read text encoder)
        readable "likelihood" LikelihoodRecipes.all (fun text -> LikelihoodRecipes.read text [ 1; 2; 3 ] decoderTo)
        readable "flow" FlowRecipes.all FlowRecipes.read

        testCase "laws are read by their names, with what is not the network's"
        <| fun () ->
            let spec text = string (LikelihoodRecipes.read text [ 1; 2; 3 ] decoderTo).Spec
            Expect.stringContains (spec "StudentT df=4 scale=shared") "StudentT (df 4, scale shared)" "head"
            Expect.stringContains (spec "Categorical size=256") "Categorical (size 256)" "size"

            let vae =
                Vae.create
                    (Prior.standard 3)
                    normal
                    (LikelihoodRecipes.read "Normal scale=shared" [ 1; 2; 3 ] decoderTo)

            Expect.equal vae.DataShape [| 1L; 2L; 3L |] "one number a place"
            let vae = Vae.create (Prior.standard 3) normal (LikelihoodRecipes.read "Normal" [ 2; 2; 3 ] decoderTo)
            Expect.equal vae.DataShape [| 2L; 2L; 3L |] "two numbers a place"
            refused [ "name"; "'nu'"; "df" ] (fun () -> spec "StudentT nu=4")
            refused [ "likelihood"; "df=four" ] (fun () -> spec "StudentT df=four")
            refused [ "likelihood"; "StudentT 4" ] (fun () -> spec "StudentT 4")

        testCase "what is read is what is made by hand"
        <| fun () ->
            let vae = snd shapes.Head
            let name text = (ObjectiveRecipes.read text vae).Name

            Expect.equal
                (name "elbo, warm-up 5")
                (Objective.elbo |> Objective.anneal "kl" (Schedule.linear 0.0 1.0 (Span.Epochs 5.0))).Name
                "warm-up"

            let both =
                Objective.elboOf 3
                |> Objective.freeBits 0.1
                |> Objective.anneal "charged kl" (Schedule.linear 0.0 1.0 (Span.Epochs 2.0))

            Expect.stringContains both.Name "0.1 nats free" "free bits"
            Expect.stringContains (name "elbo, beta 4, free-bits 0.1") "kl x 4" "both"
            refused [ "objective"; "iwae 5" ] (fun () -> name "iwae 5, free-bits 0.1")
    ]
