/// Whole trainings that DiffSharp 1.0.7 computed in float64 (its Reference backend), reproduced by the library's own model,
/// objective and optimizers: {relu, tanh} x {standard, correlated prior} x {Adam, SGD}, 20 steps each.
module Vae.Core.Tests.GoldenTrajectoryTests

open System
open System.IO
open System.Text.Json
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private tolerance = 1e-12

let private golden =
    lazy
        JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Objectives", "Golden", "vae-trajectory.json"))
        )

let private text (json: JsonElement) (name: string) = json.GetProperty(name).GetString() |> Option.ofObj |> Option.get

let private floats (json: JsonElement) = json.EnumerateArray() |> Seq.map _.GetDouble() |> Seq.toArray

let private tensor (json: JsonElement) : Tensor =
    let shape = json.GetProperty("shape").EnumerateArray() |> Seq.map _.GetInt64() |> Seq.toArray
    Tensor.ofArray f64 shape (floats (json.GetProperty "values"))

let private named (json: JsonElement) = json.EnumerateArray() |> Seq.map (fun p -> text p "name", tensor p) |> Map

/// Where the golden parameters stand in the library's model: its heads for loc and log-variance are two, theirs is one.
let private atPath (values: Map<string, Tensor>) (p: Parameter) : Tensor =
    let head kind rows = values[$"encoder.head.%s{kind}"].index_select(0L, torch.tensor (Array.ofList<int64> rows))

    match p.Path with
    | "posterior.1.weight" -> values["encoder.hidden.weight"]
    | "posterior.1.bias" -> values["encoder.hidden.bias"]
    | "posterior.loc.1.weight" -> head "weight" [ 0L; 1L ]
    | "posterior.loc.1.bias" -> head "bias" [ 0L; 1L ]
    | "posterior.logVariance.1.weight" -> head "weight" [ 2L; 3L ]
    | "posterior.logVariance.1.bias" -> head "bias" [ 2L; 3L ]
    | "likelihood.0.weight" -> values["decoder.hidden.weight"]
    | "likelihood.0.bias" -> values["decoder.hidden.bias"]
    | "likelihood.2.weight" -> values["decoder.head.weight"]
    | "likelihood.2.bias" -> values["decoder.head.bias"]
    | _ -> p.Initial f64 (Key.ofSeed 0)

let private reproduce (trajectory: JsonElement) =
    let root = golden.Value.RootElement
    let x, eps = tensor (root.GetProperty "x"), tensor (root.GetProperty "eps")

    let activation = if text trajectory "activation" = "relu" then Net.relu else Net.tanh

    let prior =
        let covariance =
            trajectory.GetProperty("prior").GetProperty("covariance").EnumerateArray()
            |> Seq.map (floats >> Array.toList)
            |> Seq.toList

        if covariance = [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ] then
            Prior.standard 2
        else
            Prior.gaussian covariance

    let vae =
        Vae.create
            prior
            (Posterior.diagonalNormalBy LogScale.Free (Net.flatten --> Net.dense 8 --> activation))
            (Likelihood.bernoulliCrossEntropy (Net.dense 8 --> activation --> Net.dense 12))

    Expect.equal vae.Kl KlCharge.Exact "KL"

    let optimizer =
        let json = trajectory.GetProperty "optimizer"
        let get (name: string) = json.GetProperty(name).GetDouble()

        match text json "name" with
        | "adam" -> Optimizer.adamBy (get "beta1") (get "beta2") (get "eps") (get "lr")
        | _ -> Optimizer.sgd (get "lr")

    let parameters =
        Params.Create(f64, Vae.declared vae, atPath (named (root.GetProperty "initialParameters")))

    Expect.equal parameters.Count 272L "trained numbers"
    let slots = optimizer.Slots |> List.map (fun _ -> parameters.Trained.zeros_like ())
    let id = text trajectory "id"
    let close name expected actual = isClose tolerance expected actual $"%s{id} %s{name}"

    let closeTo name (expected: Map<string, Tensor>) (actual: Params) =
        for p in actual.Declared |> List.filter _.Trained do
            Array.iter2
                (close $"%s{name} %s{p.Path}")
                (Tensor.toArray (atPath expected p))
                (Tensor.toArray actual[p.Path])

    let mutable steps = 0

    for entry in trajectory.GetProperty("log").EnumerateArray() do
        let noise = eps[int64 steps]
        let mutable terms = []

        let loss (flat: Tensor) =
            let pass =
                let setting = Pass.setting vae (parameters.With flat) Mode.Evaluate (Key.ofSeed 0) (int (x.size 0))

                Pass.makeBy (fun _ q -> q.Push(noise.unsqueeze 0L)) setting (Batch.ofX x)


            let found = Objective.elbo.Terms pass
            terms <- found |> List.map (fun t -> t.Name, number (t.Nats.Mean()))
            Objective.loss found

        let value, gradient = Diff.fgrad loss parameters.Trained
        let expected (name: string) = entry.GetProperty(name).GetDouble()
        close "loss" (expected "loss") (number value)
        close "reconstruction" (expected "reconstruction") ((List.find (fst >> (=) "reconstruction") terms |> snd))
        close "kl" (expected "kl") ((List.find (fst >> (=) "kl") terms |> snd))
        close "gradient norm" (expected "gradientNorm") (number (gradient.norm ()))

        if steps = 0 then
            closeTo "first gradient" (named (trajectory.GetProperty "firstGradients")) (parameters.With gradient)

        steps <- steps + 1
        optimizer.Update (int64 steps) optimizer.Rate parameters.Trained gradient slots

    Expect.equal steps 20 "steps"
    closeTo "final" (named (trajectory.GetProperty "finalParameters")) parameters

let tests =
    scoped
    <| testList "Golden trajectories" [
        testCase "there are eight, and each is reproduced"
        <| fun () ->
            let all = golden.Value.RootElement.GetProperty("trajectories").EnumerateArray() |> Seq.toList
            Expect.equal all.Length 8 "trajectories"
            all |> List.iter reproduce
    ]
