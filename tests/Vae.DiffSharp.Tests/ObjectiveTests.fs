module Vae.DiffSharp.Tests.ObjectiveTests

open DiffSharp
open DiffSharp.Backends
open DiffSharp.Backends.Reference
open Expecto
open TorchSharp
open Vae.Core
open Vae.DiffSharp
open Vae.DiffSharp.Tests.Support
open Vae.Testing

let private objectives: Objective list = [
    Objective.elbo
    Objective.elboOf 3
    Objective.beta 4.0 Objective.elbo
    Objective.weigh "reconstruction" 0.5 Objective.elbo
]

let private initial place = Vae.initial place (Key.ofSeed 1) vae

/// The numbers of a DiffSharp backend that is not the Reference backend.
let private elsewhere (length: int) =
    {
        new RawTensorFloat32(Array.zeroCreate length, [| length |], Device.CPU) with
            override _.Backend = Backend.Register "Elsewhere"
    }
    |> DiffSharp.Tensor.ofRawTensor

let tests =
    scoped
    <| testList "Objectives" [
        for objective in objectives do
            testCase $"the gradient of %s{objective.Name} with %d{objective.Draws} draws is the library's own"
            <| fun () ->
                for place, dtype, rounding in [ Placement.float32, Dtype.Float32, 1.2e-7; f64, Dtype.Float64, 2.3e-16 ] do
                    use parameters = initial place
                    let x = Data.range place 0 50 images
                    let key = Key.ofSeed 9

                    let expected, gradient =
                        Diff.fgrad
                            (fun flat -> Objective.loss (Objective.terms key vae (parameters.With flat) x objective))
                            parameters.Trained

                    let loss = DiffSharpBridge.objective vae objective x key
                    let value, found = dsharp.fgrad loss (DiffSharpBridge.toVector parameters)
                    Expect.equal (value.dtype, found.dtype) (dtype, dtype) "types"
                    isClose rounding (number expected) (float value) "loss"
                    let gradient = Tensor.toArray gradient
                    let scale = gradient |> Array.map abs |> Array.max

                    List.iteri2
                        (fun i e a ->
                            if abs (e - a) > rounding * scale then
                                failtest $"entry %d{i} of %d{found.nelement}: expected %.9g{e}, found %.9g{a}")
                        (Array.toList gradient)
                        (numbers found)

        testCase "a stream has the batches and the noise of a run, a step each time"
        <| fun () ->
            let options = { options with Placement = f64; Epochs = 1 }
            let steps = Training.steps (start options)

            let loss =
                DiffSharpBridge.minibatches vae Objective.elbo (fun step -> steps.Batch step, steps.Noise step)

            use first = (Training.untrained options vae).Params
            // A step of gradient descent at rate 1 tells the gradient.
            let gradient =
                use snapshot =
                    start options
                    |> Training.reports Objective.elbo (Optimizer.sgd 1.0)
                    |> Seq.map _.Snapshot()
                    |> Seq.head

                Tensor.toArray (first.Trained - snapshot.Params.Trained)

            let _, found = dsharp.fgrad loss (DiffSharpBridge.toVector first)
            // The difference is rounded to that of parameters below 1.
            List.iter2 (fun e a -> isClose 1e-15 e a "first step") (Array.toList gradient) (numbers found)
            let again = dsharp.grad loss (DiffSharpBridge.toVector first)
            Expect.notEqual (numbers again) (numbers found) "the second step is of another batch"

        testCase "second derivatives of an objective are Diff's"
        <| fun () ->
            let small =
                Vae.create
                    (Prior.standard 1)
                    (Posterior.diagonalNormal (Net.flatten --> Net.dense 2 --> Net.tanh))
                    (Likelihood.gaussian 0.5 (Net.dense 3))

            use parameters = Vae.initial f64 (Key.ofSeed 2) small
            let x, key = Key.normal f64 [| 6L; 3L |] (Key.ofSeed 4), Key.ofSeed 5
            let v = Key.normal f64 [| parameters.Count |] (Key.ofSeed 6)

            let expected =
                Diff.hessianv
                    (fun flat -> Objective.loss (Objective.terms key small (parameters.With flat) x Objective.elbo))
                    parameters.Trained
                    v

            let loss = DiffSharpBridge.objective small Objective.elbo x key
            let v = dvector (Tensor.toArray v |> Array.toList)

            areClose
                1e-12
                (Tensor.toArray expected |> Array.toList)
                (dsharp.hessianv loss (DiffSharpBridge.toVector parameters) v)
                "hessianv"

        testCase "a vector keeps the names, the shapes and the constants"
        <| fun () ->
            for place in [ Placement.float32; f64 ] do
                use parameters = initial place
                let vector = DiffSharpBridge.toVector parameters
                use back = DiffSharpBridge.toParams parameters vector
                let layout (p: Params) = p.Declared |> List.map (fun d -> d.Path, d.Shape, Tensor.toArray p[d.Path])
                Expect.equal (layout back) (layout parameters) "there and back"

                let named = DiffSharpBridge.named parameters vector
                let trained = parameters.Declared |> List.filter _.Trained
                Expect.equal (List.map fst named) (trained |> List.map _.Path) "names"

                for path, part in named do
                    Expect.equal (Array.map int64 part.shape) parameters[path].shape path
                    areClose 0.0 (Tensor.toArray parameters[path] |> Array.toList) part path

        testCase "the named parts are differentiable"
        <| fun () ->
            use parameters = initial f64
            let path = "likelihood.0.bias"

            let f vector =
                let part = DiffSharpBridge.named parameters vector |> List.find (fst >> (=) path) |> snd
                (part * part + part).sum()

            use ones =
                Params.Create(
                    f64,
                    parameters.Declared,
                    fun p -> if p.Path = path then torch.ones p.Shape else torch.zeros p.Shape
                )

            let expected = ones.Trained * (2.0 * parameters.Trained + ones.Trained)

            areClose
                1e-15
                (Tensor.toArray expected |> Array.toList)
                (dsharp.grad f (DiffSharpBridge.toVector parameters))
                "gradient"

        testCase "a vector of another length, type or backend is refused by name"
        <| fun () ->
            use parameters = initial Placement.float32
            let x = Data.range Placement.float32 0 8 images
            let loss = DiffSharpBridge.objective vae Objective.elbo x (Key.ofSeed 9)
            let n = int parameters.Count
            let expected = $"a Float32 vector of %d{n}"

            for vector, found in
                [
                    dsharp.zeros [ n + 1 ], $"[%d{n + 1}]"
                    dsharp.zeros [ 1; n ], $"[1, %d{n}]"
                    dsharp.zeros ([ n ], dtype = Dtype.Float64), "Float64"
                ] do
                refused [ "parameters is"; found; expected ] (fun () -> loss vector)
                refused [ "parameters is"; found; expected ] (fun () -> dsharp.grad loss vector)
                refused [ "parameters is"; found; expected ] (fun () -> DiffSharpBridge.toParams parameters vector)
                refused [ "parameters is"; found; expected ] (fun () -> DiffSharpBridge.named parameters vector)

            refused [ "parameters is"; "Elsewhere"; "Reference" ] (fun () -> loss (elsewhere n))

            refused [ "x is"; "Elsewhere"; "Reference" ] (fun () ->
                DiffSharpBridge.lift (fun x -> x.sum ()) (elsewhere 2))

            refused [ "parameters is"; "Int32"; "Float32 or Float64" ] (fun () ->
                loss (dsharp.zeros ([ n ], dtype = Dtype.Int32)))
    ]
