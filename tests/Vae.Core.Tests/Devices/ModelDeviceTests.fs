/// A model on a device beside the CPU: its parameters, its losses and their gradients, what is said of data, and what is
/// saved.
module Vae.Core.Tests.Devices.ModelDeviceTests

open System
open System.Collections.Generic
open System.Collections.Immutable
open System.IO
open System.Reflection
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.Storage

let private key = Key.ofSeed 31
let private data = Digits.draw (Key.ofSeed 7) 40

let private correlated = Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ]

let private models =
    lazy
        ([
            "dense, cross-entropy",
            Vae.create
                correlated
                (Posterior.diagonalNormal (Net.denseEncoder [ 8 ]))
                (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 8 ]))
            "convolutions, normal pixels",
            Vae.create
                (Prior.standard 2)
                (Posterior.diagonalNormal (Net.convEncoder [ 4; 4 ] 8))
                (Likelihood.gaussian 0.3 (Net.convDecoder [ 4; 4 ]))
        ])

/// Parameters of which each is a tensor of its own: the lazy device leaves the parts of a split on the CPU, as which
/// parameters stand in one vector.
let private apart (place: Placement) (parameters: Params) : Params =
    let own trained =
        parameters.Declared
        |> List.filter (fun p -> p.Trained = trained)
        |> List.map (fun p -> KeyValuePair(p.Path, parameters[p.Path].detach().clone().``to``(place.Device)))
        |> ImmutableDictionary.CreateRange

    new Params(
        parameters.Declared,
        parameters.Trained.``to`` place.Device,
        parameters.Constants.``to`` place.Device,
        own true,
        own false,
        None,
        None,
        false
    )

/// The same parameters on the CPU and there.
let private both vae =
    let here = Vae.initial f64 key vae
    apart f64 here, apart (SecondDevice.placement ()) here

let private batch place = Data.gather place [| 3; 1; 20; 39 |] data

let private terms vae (parameters: Params) =
    Objective.terms key vae parameters (Batch.ofX (batch parameters.Placement)) Objective.elbo

let private ofModel (name: string) (vae: unit -> Vae) =
    let each what (check: Vae -> Params -> Params -> unit) =
        testCase $"%s{name}: %s{what}"
        <| fun () ->
            let vae = vae ()
            both vae ||> check vae

    let run vae parameters = { Vae = vae; Params = parameters; History = [] }

    [
        each "a loss, term by term" (fun vae here there ->
            for expected, actual in List.zip (terms vae here) (terms vae there) do
                SecondDevice.agrees expected.Name expected.Nats.Values actual.Nats.Values)

        each "the gradient of a loss by every parameter" (fun vae here there ->
            let gradients (parameters: Params) =
                let trained = parameters.Declared |> List.filter _.Trained
                let leaves = trained |> List.map (fun p -> parameters[p.Path].requires_grad_ true)
                (Objective.loss (terms vae parameters)).backward()
                List.zip trained (leaves |> List.map (fun leaf -> Option.ofObj leaf.grad))

            let there = SecondDevice.whereItCan (fun () -> gradients there)

            for (p, expected), (_, actual) in List.zip (gradients here) there do
                SecondDevice.agrees p.Path (Option.get expected) (Option.get actual))

        each "evaluation" (fun vae here there ->
            let expected, actual = Evaluation.elbo (run vae here) data, Evaluation.elbo (run vae there) data
            isClose 1e-9 expected.Total.Mean actual.Total.Mean "total"
            isClose 1e-9 expected.Total.StandardError actual.Total.StandardError "standard error")

        each "codes, images and samples" (fun vae here there ->
            let here, there = run vae here, run vae there
            let codes = Evaluation.encode here data
            SecondDevice.agrees "codes" codes (Evaluation.encode there data)

            SecondDevice.agrees
                "reconstructions"
                (Evaluation.reconstruct here data)
                (Evaluation.reconstruct there data)

            SecondDevice.agrees "samples" (Evaluation.sample key 3 here) (Evaluation.sample key 3 there)
            // Latents come from wherever they were made.
            SecondDevice.agrees "decoded" (Evaluation.decode here codes) (Evaluation.decode there codes))
    ]

let private ofStorage = [
    Stored.inFolder "a model is saved from a device and loaded onto one" (fun folder ->
        let _, vae = models.Value.Head
        let here, there = both vae
        let saved = Path.Combine(folder, "model")
        Saved.save saved { Vae = vae; Params = there; History = [] }
        let onCpu, again = Saved.load saved, Saved.loadOn (SecondDevice.device ()) saved
        Stored.sameBits "on the CPU" here onCpu.Params
        SecondDevice.agrees "trained" here.Trained again.Params.Trained
        SecondDevice.agrees "constants" here.Constants again.Params.Constants)

    Stored.inFolder "a checkpoint is written from a device and read onto one" (fun folder ->
        let _, vae = models.Value.Head
        let here, there = both vae
        let file = Path.Combine(folder, "checkpoint.safetensors")

        let snapshot: Snapshot = {
            Model = Vae.describe vae
            Step = 3L
            Origin = None
            Params = there
            Learned = []
            Slots = [ "mean", there.Trained; "square", there.Trained ]
            Average = Some there.Trained
            Sums = []
            Total = Some 0.0
            Skipped = 0
            Missed = 0
            History = []
            Best = None
        }

        Checkpoint.write file snapshot
        use again = Checkpoint.readOn (SecondDevice.device ()) file vae
        SecondDevice.agrees "trained" here.Trained again.Params.Trained
        SecondDevice.agrees "slot" here.Trained (snd again.Slots.Head)
        SecondDevice.agrees "average" here.Trained again.Average.Value

        let options = {
            TrainingOptions.defaults with
                BatchSize = 10
                Average = Some 0.9
                Placement = SecondDevice.placement ()
        }

        let start = Training.start options data vae
        Expect.isSome (Training.resume again start).From "goes on there"

        refused [ "snapshot"; "on cpu" ] (fun () ->
            Training.resume again (Training.start { options with Placement = f64 } data vae)))
]

let private ofRandomness = [
    testCase "noise is the same numbers, whatever the device"
    <| fun () ->
        for make in [ Key.normal; Key.uniform ] do
            SecondDevice.agrees "noise" (make f64 [| 3L; 5L |] key) (make (SecondDevice.placement ()) [| 3L; 5L |] key)

    testCase "a batch of data"
    <| fun () -> SecondDevice.agrees "batch" (batch f64) (batch (SecondDevice.placement ()))
]

let private ofSteps = [
    for optimizer in
        [
            Optimizer.sgd 0.1
            Optimizer.sgdMomentum 0.9 0.1
            Optimizer.adam 0.1
            Optimizer.adamW 0.5 0.1
            Optimizer.adamax 0.1
            Optimizer.radam 0.1
            Optimizer.rmsProp 0.9 0.1
        ] do
        testCase $"a step of %s{optimizer.Name} with %d{optimizer.Slots.Length} slots"
        <| fun () ->
            let stepped place =
                let parameters, gradient = Key.normal place [| 5L |] key, Key.normal place [| 5L |] (Key.fold 1 key)
                let slots = optimizer.Slots |> List.map (fun _ -> gradient.zeros_like ())
                optimizer.Update 1L 0.1 parameters gradient slots
                parameters :: slots

            let there = SecondDevice.whereItCan (fun () -> stepped (SecondDevice.placement ()))
            List.iter2 (SecondDevice.agrees "parameters and slots") (stepped f64) there
]

let private ofTraining = [
    testCase "a run trains there to the losses of the CPU"
    <| fun () ->
        if not SecondDevice.isCuda.Value then
            skiptest "the lazy device leaves the parts of a split on the CPU, as which a step sees the parameters"

        let losses place =
            let options = { TrainingOptions.defaults with Epochs = 2; BatchSize = 16; Placement = place }
            let start = Training.start options data (snd models.Value.Head)
            (Training.fit Objective.elbo (Optimizer.adam 1e-3) start).History |> List.map _.Total

        for expected, actual in List.zip (losses f64) (losses (SecondDevice.placement ())) do
            isClose 1e-6 expected actual "loss"
]

let private ofDerivatives = [
    testCase "gradients, products and Hessians"
    <| fun () ->
        let f (x: Tensor) = (x.sin () * x.exp ()).sum()

        let derivatives place =
            let x, v = Key.normal place [| 3L |] key, Key.normal place [| 3L |] (Key.fold 1 key)
            [ Diff.grad f x; Diff.hessian f x; Diff.jacobianv (fun x -> x.sin () * x) x v; Diff.laplacian f x ]

        List.iter2 (SecondDevice.agrees "derivative") (derivatives f64) (derivatives (SecondDevice.placement ()))
]

let tests =
    scoped
    <| testList "Models on a second device" [
        for name, index in [ "dense, cross-entropy", 0; "convolutions, normal pixels", 1 ] do
            yield! ofModel name (fun () -> snd models.Value[index])
        yield! ofRandomness
        yield! ofDerivatives
        yield! ofSteps
        yield! ofTraining
        yield! ofStorage
    ]
