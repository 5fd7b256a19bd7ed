/// What is computed with a tensor that was disposed of is refused by name.
module Vae.Core.Tests.Threads.DisposedTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests
open Vae.Testing

let private key = Key.ofSeed 23

/// Raises ObjectDisposedException, with a name; what a law or a model knows without its tensors it may still say.
let private isRefused what (compute: unit -> unit) =
    try
        compute ()
        true
    with
    | :? ObjectDisposedException as error ->
        Expect.isNotEmpty error.ObjectName what
        Expect.stringContains error.Message "disposed" what
        false
    | :? NotSupportedException -> true

let private members (law: Distribution) (x: Tensor) : (string * (unit -> unit)) list = [
    "Sample", (fun () -> law.Sample(key, [| 3L |]) |> ignore)
    "LogProb", (fun () -> law.LogProb x |> ignore)
    "Mean", (fun () -> law.Mean |> ignore)
    "Variance", (fun () -> law.Variance |> ignore)
    "Mode", (fun () -> law.Mode |> ignore)
    "Entropy", (fun () -> law.Entropy |> ignore)
    "BatchShape", (fun () -> law.BatchShape |> ignore)
    "Placement", (fun () -> law.Placement |> ignore)
    "KL", (fun () -> Kl.tryExact law law |> ignore)
    match law with
    | :? Univariate as law ->
        "Cdf", (fun () -> law.Cdf x |> ignore)
        "Quantile", (fun () -> law.Quantile(Tensor.scalar f64 0.3) |> ignore)
    | _ -> ()
]

let private ofLaw (info: LawInfo) =
    testCase $"%s{info.Name} names what was disposed of"
    <| fun () ->
        let law, x =
            use scope = torch.NewDisposeScope()
            let law = LawInfo.example info
            law, scope.Detach(law.Sample(key, [| 3L |]))

        use _ = torch.NewDisposeScope()

        for name, compute in members law x do
            let answers = isRefused $"%s{info.Name}.%s{name}" compute

            // A law without parameters on a scope has nothing to lose.
            if answers && (name = "Sample" || name = "LogProb") then
                Expect.equal
                    info.Name
                    "SphericalUniform"
                    $"%s{info.Name}.%s{name} after its parameters were disposed of"

let tests () =
    testList "Disposed" [
        for info in Laws.all do
            ofLaw info

        testCase "a parameter of a law is named"
        <| fun () ->
            let loc, scale = vector [ 0.0 ], vector [ 1.0 ]
            let law = Normal(loc, scale)
            law.Loc.Dispose()
            let error = Expect.throwsC (fun () -> law.LogProb scale |> ignore) id
            Expect.equal (error :?> ObjectDisposedException).ObjectName "Normal.loc" "name"
            scale.Dispose()
            let error = Expect.throwsC (fun () -> Normal(vector [ 0.0 ], scale) |> ignore) id
            Expect.equal (error :?> ObjectDisposedException).ObjectName "scale" "name"

        testCase "a model says that its parameters were disposed of"
        <| fun () ->
            let data = Digits.draw (Key.ofSeed 3) 8

            let run =
                Vae.create
                    (Prior.standard 2)
                    (Posterior.diagonalNormal (Net.denseEncoder [ 8 ]))
                    (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 8 ]))
                |> Training.untrained { TrainingOptions.defaults with BatchSize = 8 }

            (run.Params :> IDisposable).Dispose()

            for name, compute in
                [
                    "encode", (fun () -> Evaluation.encode run data |> ignore)
                    "reconstruct", (fun () -> Evaluation.reconstruct run data |> ignore)
                    "sample", (fun () -> Evaluation.sample key 2 run |> ignore)
                    "decode",
                    (fun () -> Evaluation.decode run (Tensor.ofArray f64 [| 1L; 2L |] [| 0.0; 0.0 |]) |> ignore)
                    "elbo", (fun () -> Evaluation.elbo run data |> ignore)
                    "copy", (fun () -> run.Params.Copy() |> ignore)
                ] do
                let error = Expect.throwsC compute id
                Expect.equal (error :? ObjectDisposedException) true $"%s{name}: %O{error}"
                Expect.equal (error :?> ObjectDisposedException).ObjectName "Params" name
    ]
