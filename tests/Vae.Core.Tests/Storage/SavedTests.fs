module Vae.Core.Tests.Storage.SavedTests

open System.IO
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Storage.Stored

let private trained =
    lazy
        (let train, rest = Data.split 0.7 digits

         dense ()
         |> Training.start
             {
                 TrainingOptions.defaults with
                     Seed = 4
                     Epochs = 2
                     BatchSize = 32
                     Validation = Some rest
             }
             train
         |> Training.fit Objective.elbo (Optimizer.adam 1e-3))

let private saved (folder: string) =
    let run = Path.Combine(folder, "run")
    Saved.save run trained.Value
    run

let private roundTrip =
    inFolder "a loaded run has the parameters, the history and the figures of the saved one" (fun folder ->
        let back = Saved.load (saved folder)
        let run = trained.Value
        sameBits "parameters" run.Params back.Params
        Expect.equal back.History run.History "history"
        Expect.equal (Vae.describe back.Vae) (Vae.describe run.Vae) "model"
        Expect.equal (Evaluation.elbo back digits) (Evaluation.elbo run digits) "figures"

        use z = Tensor.ofArray Placement.float32 [| 1L; 2L |] [| 0.3; -1.2 |]
        Expect.equal (bytes (Evaluation.decode back z)) (bytes (Evaluation.decode run z)) "decoded")

let private precise =
    inFolder "a run that was never trained, in float64" (fun folder ->
        let options = { TrainingOptions.defaults with Placement = Placement.float64 }
        let run = dense () |> Training.untrained options
        Saved.save folder run
        let back = Saved.load folder
        Expect.equal back.Params.Placement.DType torch.ScalarType.Float64 "precision"
        sameBits "parameters" run.Params back.Params
        Expect.isEmpty back.History "no epochs")

let private notFinite =
    inFolder "a history with figures that are not finite" (fun folder ->
        let epoch: Epoch = {
            Number = 1
            Terms = [ "kl", infinity; "kl", -0.0 ]
            Total = -infinity
            Validation =
                Some {
                    Terms = [ "kl", { Mean = 1e-310; StandardError = nan } ]
                    Total = { Mean = 0.1 + 0.2; StandardError = nan }
                    Count = 1
                    ScoreName = "\"score\"\n"
                }
            Rate = 1e-3
            Examples = 1
        }

        let run = {
            (dense () |> Training.untrained TrainingOptions.defaults) with
                History = [ epoch ]
        }

        Saved.save folder run
        // As text, as NaN is unequal to itself and -0 equal to 0.
        Expect.equal $"%A{(Saved.load folder).History}" $"%A{run.History}" "history")

let private kept =
    inFolder "a folder with a run is not written over" (fun folder ->
        let run = saved folder
        let before = File.ReadAllBytes(Path.Combine(run, "model.safetensors"))
        let error = refusal (fun () -> Saved.save run (dense () |> Training.untrained TrainingOptions.defaults))
        Expect.stringContains error.Found "a run" "what is there"
        Expect.equal (File.ReadAllBytes(Path.Combine(run, "model.safetensors"))) before "the run")

let private custom =
    inFolder "a model with a part of one's own is refused by its name" (fun folder ->
        let posterior = Posterior.diagonalNormal (Net.denseEncoder [ 4 ])

        let run =
            Vae.create
                (Prior.standard 2)
                (Posterior.custom "mine" (fun data latent -> posterior.Wire "posterior" (Evidence.ofData data) latent))
                (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 4 ]))
            |> Training.untrained TrainingOptions.defaults

        let error = refusalOf<System.ArgumentException, _>(fun () -> Saved.save folder run)
        Expect.stringContains error.Message "'mine'" "its name"
        Expect.isEmpty (Directory.GetFiles folder) "nothing is written")

/// A run whose file of parameters was changed.
let private changed name change place found =
    inFolder name (fun folder ->
        let run = saved folder
        let path = Path.Combine(run, "model.safetensors")
        let metadata, tensors = Safetensors.read torch.CPU path
        let metadata, tensors = change (metadata, tensors)
        Safetensors.write path metadata tensors
        let error = refusal (fun () -> Saved.load run)
        Expect.equal error.Place place "where"
        Expect.stringContains error.Found found "what"
        Expect.equal error.Path path "the file")

let private map name change (tensors: (string * Tensor) list) =
    tensors |> List.map (fun (known, t) -> known, (if known = name then change t else t))

let private text name change (metadata: (string * string) list) =
    metadata |> List.map (fun (known, value) -> known, (if known = name then change value else value))

let private refusals =
    let bias = "posterior.1.bias"

    testList "files that are not about one model are refused" [
        changed
            "a parameter is missing"
            (fun (m, t) -> m, List.filter (fun (name, _) -> name <> bias) t)
            $"tensor '%s{bias}'"
            "nothing"
        changed
            "a parameter too many"
            (fun (m, t) -> m, t @ [ "posterior.9.bias", snd t.Head ])
            "tensor 'posterior.9.bias'"
            "a tensor of shape [2]"
        changed
            "another shape"
            (fun (m, t) -> m, map bias (fun t -> t.reshape [| 4L; 6L |]) t)
            $"tensor '%s{bias}'"
            "the shape [4, 6]"
        changed
            "two precisions"
            (fun (m, t) -> m, map bias (fun t -> t.``to`` torch.ScalarType.Float64) t)
            $"tensor '%s{bias}'"
            "Float64"
        changed
            "no floating-point numbers"
            (fun (m, t) -> m, List.map (fun (name, t: Tensor) -> name, t.``to`` torch.ScalarType.Int64) t)
            "tensor 'prior.loc'"
            "Int64"
        changed
            "no history"
            (fun (m, t) -> List.filter (fun (key, _) -> key <> "history") m, t)
            "metadata 'history'"
            "nothing"
        changed
            "a history that is no JSON"
            (fun (m, t) -> text "history" (fun s -> s + "]") m, t)
            "metadata 'history'"
            "no JSON"
        changed
            "an epoch that is left out"
            (fun (m, t) -> text "history" (fun s -> s.Replace("\"number\":1,", "\"number\":3,")) m, t)
            "metadata 'history'[0]"
            "epoch 3"
        changed "another kind of file" (fun (m, t) -> text "format" (fun _ -> "pt") m, t) "metadata 'format'" "pt"
        changed
            "another model of the same parameters"
            (fun (m, t) -> text "model" (fun s -> s.Replace("relu", "tanh")) m, t)
            "metadata 'model'"
            "tanh"
    ]

let private missing =
    inFolder "a file that is missing is named" (fun folder ->
        let run = saved folder
        File.Delete(Path.Combine(run, "model.safetensors"))
        let error = refusal (fun () -> Saved.load run)
        Expect.equal error.Path (Path.Combine(run, "model.safetensors")) "parameters"
        let nothing = refusal (fun () -> Saved.load (Path.Combine(folder, "nowhere")))
        Expect.equal nothing.Path (Path.Combine(folder, "nowhere", "model.json")) "description")

let tests = testList "Saved" [ roundTrip; precise; notFinite; kept; custom; refusals; missing ]
