module Vae.Core.Tests.Storage.CheckpointTests

open System
open System.IO
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Storage.Stored

let private train, validation = Data.split 0.8 digits

let private options = { TrainingOptions.defaults with Seed = 11; Epochs = 3; BatchSize = 32 }

/// 240 images in batches of 32: epochs of 8 steps, the last of them of 16 images.
let private stepsPerEpoch = 8L

let private start options = dense () |> Training.start options train

/// A copy of a run after a step.
let private snapshotOf options optimizer step =
    start options
    |> Training.reports Objective.elbo optimizer
    |> Seq.pick (fun report -> if report.Progress.Step = step then Some(report.Snapshot()) else None)

/// The run, stopped after a step and gone on with from a checkpoint on disk.
let private interrupted folder options optimizer step =
    let path = Path.Combine(folder, "checkpoint.safetensors")

    do
        use snapshot = snapshotOf options optimizer step
        Checkpoint.write path snapshot

    use snapshot = Checkpoint.read path (dense ())
    start options |> Training.resume snapshot |> Training.fit Objective.elbo optimizer

let private resumes name options optimizer steps =
    inFolder name (fun folder ->
        let whole = start options |> Training.fit Objective.elbo optimizer

        for step in steps do
            let resumed = interrupted folder options optimizer step
            sameBits $"stopped after step %d{step}" whole.Params resumed.Params
            Expect.equal resumed.History whole.History $"stopped after step %d{step}: history")

let private bitForBit =
    // The middle of epochs, their last step but one, their ends, and the first and the last step of the run.
    let steps = [ 1L; 3L; stepsPerEpoch - 1L; stepsPerEpoch; 13L; 2L * stepsPerEpoch; 20L; 23L ]

    testList "a run that goes on from a checkpoint ends where the uninterrupted one does, bit for bit" [
        resumes "adam" options (Optimizer.adam 1e-3) steps
        resumes
            "momentum and a schedule"
            options
            (Optimizer.sgdMomentum 0.9 1e-4 |> Optimizer.withSchedule (Schedule.warmup 5 (Schedule.cosine 0.1)))
            [ 2; 12 ]
        resumes "plain descent" options (Optimizer.sgd 1e-5) [ 5 ]
        resumes "float64" { options with Placement = Placement.float64; Epochs = 2 } (Optimizer.adam 1e-3) [ 6L; 12L ]
        resumes
            "validation and patience"
            { options with Validation = Some validation; Patience = Some 2 }
            (Optimizer.adam 1e-3)
            [ 5L; stepsPerEpoch; 11L; 2L * stepsPerEpoch; 21L ]
        resumes "decay and a clipped gradient" options (Optimizer.adamW 0.1 1e-3 |> Optimizer.clip 5.0) [ 3L; 13L ]
        resumes "an optimizer of other means" options (Optimizer.adamax 1e-3 |> Optimizer.weightDecay 0.01) [ 13L ]
        resumes
            "an average, several batches a step, and the best epoch kept"
            {
                options with
                    BatchSize = 16
                    Accumulate = 2
                    Average = Some 0.9
                    KeepBest = true
                    Validation = Some validation
            }
            (Optimizer.adam 0.02)
            [ 1L; 5L; stepsPerEpoch; 21L ]
        resumes
            "a rate that falls on a plateau"
            { options with Validation = Some validation; Epochs = 6 }
            (Optimizer.adam 0.1 |> Optimizer.plateau 0.3 1)
            [ 5L; 3L * stepsPerEpoch; 5L * stepsPerEpoch - 1L; 43L ]
    ]

/// With so high a rate that the validation total moves up and down, and patience ends the run early.
let private impatient = { options with Epochs = 40; Validation = Some validation; Patience = Some 2 }

let private patience =
    inFolder "early stopping goes by the epochs before the checkpoint, and returns to the best of them" (fun folder ->
        let optimizer = Optimizer.adam 0.05
        let whole = start impatient |> Training.fit Objective.elbo optimizer
        let epochs = whole.History.Length
        Expect.isLessThan epochs impatient.Epochs "patience ends the run"

        for step in [ int64 (epochs - 1) * stepsPerEpoch; int64 (epochs - 1) * stepsPerEpoch + 3L ] do
            let resumed = interrupted folder impatient optimizer step
            sameBits $"stopped after step %d{step}" whole.Params resumed.Params
            Expect.equal resumed.History whole.History "history")

let private snapshotAfter options step = snapshotOf options (Optimizer.adam 1e-3) step

let private roundTrip =
    inFolder "a snapshot comes back whole" (fun folder ->
        let path = Path.Combine(folder, "checkpoint.safetensors")
        use snapshot = snapshotAfter { options with Validation = Some validation; Patience = Some 3 } 19
        Checkpoint.write path snapshot
        use back = Checkpoint.read path (dense ())
        Expect.equal back.Step 19L "step"
        Expect.equal back.Sums snapshot.Sums "sums"
        Expect.equal back.Origin snapshot.Origin "what makes the run"
        Expect.equal (back.Origin |> Option.map _.Data) (Some(Data.hash train)) "the data"
        Expect.equal back.History snapshot.History "history, wall-clock time included"
        sameBits "parameters" snapshot.Params back.Params

        let slots (s: Snapshot) = [ for name, slot in s.Slots -> name, slot.dtype, bytes slot ]
        Expect.equal (slots back) (slots snapshot) "what the optimizer remembers"

        match snapshot.Best, back.Best with
        | Some(epoch, best), Some(found, parameters) ->
            Expect.equal found epoch "the best epoch"
            sameBits "its parameters" best parameters
        | _ -> failtest "no best epoch")

let private older =
    inFolder "a checkpoint from before it knew its run is read, and goes on where its epochs fit" (fun folder ->
        let path = Path.Combine(folder, "checkpoint")
        use snapshot = snapshotAfter options 11L
        Checkpoint.write path { snapshot with Origin = None }
        use back = Checkpoint.read path (dense ())
        Expect.isNone back.Origin "what makes the run"
        let resumed = start options |> Training.resume back |> Training.fit Objective.elbo (Optimizer.adam 1e-3)
        let whole = start options |> Training.fit Objective.elbo (Optimizer.adam 1e-3)
        sameBits "parameters" whole.Params resumed.Params

        for other in [ { options with BatchSize = 64 }; { options with BatchSize = 16 } ] do
            let error = refusalOf<ArgumentException, _>(fun () -> start other |> Training.resume back)
            Expect.stringContains error.Message "BatchSize" "refusal")

/// Models like `dense ()`, but for these.
let private model prior hidden likelihood () =
    Vae.create prior (Posterior.diagonalNormal (Net.denseEncoder [ hidden ])) likelihood

let private prior = Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ]
let private decoder = Net.denseDecoder [ 24 ]
let private wider = model prior 25 (Likelihood.bernoulliCrossEntropy decoder)

let private memory =
    inFolder "nothing of a checkpoint stays behind, read or refused" (fun folder ->
        let path, cut = Path.Combine(folder, "whole.safetensors"), Path.Combine(folder, "cut.safetensors")

        do
            use snapshot = snapshotAfter { options with Validation = Some validation; Patience = Some 3 } 9
            Checkpoint.write path snapshot

        let whole = File.ReadAllBytes path
        File.WriteAllBytes(cut, whole[.. whole.Length - 2])
        let vae = dense ()

        let once () =
            use _ = Checkpoint.read path vae
            refusal (fun () -> Checkpoint.read cut vae) |> ignore
            refusal (fun () -> Checkpoint.read path (wider ())) |> ignore

        once ()
        let live () = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount
        let before = live ()

        for _ in 1..20 do
            once ()

        Expect.equal (live ()) before "tensors alive on this thread")

let private otherModels =
    let refused name vae place found =
        inFolder name (fun folder ->
            let path = Path.Combine(folder, "checkpoint.safetensors")
            use snapshot = snapshotAfter options 2L
            Checkpoint.write path snapshot
            let error = refusal (fun () -> Checkpoint.read path (vae ()))
            Expect.equal error.Place place "where"
            Expect.stringContains error.Found found "what"
            Expect.equal error.Path path "the file")

    testList "a checkpoint of another model is refused" [
        refused "another width" wider "tensor 'parameters.posterior.1.weight'" "[24, 784]"
        refused
            "another prior"
            (model (Prior.standard 2) 24 (Likelihood.bernoulliCrossEntropy decoder))
            "tensor 'parameters.prior.scaleTril'"
            "[2, 2]"
        refused
            "another likelihood of the same parameters"
            (model prior 24 (Likelihood.bernoulli decoder))
            "metadata 'model'"
            "cross-entropy"
    ]

let private otherRuns =
    testCase "a snapshot of another optimizer, model or precision does not go on" (fun () ->
        use snapshot = snapshotAfter options 2L
        let resumed = start options |> Training.resume snapshot

        let error =
            refusalOf<ArgumentException, _>(fun () -> Training.fit Objective.elbo (Optimizer.sgd 1e-3) resumed)

        Expect.stringContains error.Message "[mean, square]" "what is remembered"

        let other = model prior 24 (Likelihood.gaussian 1.0 decoder) ()

        let error =
            refusalOf<ArgumentException, _>(fun () ->
                other |> Training.start options train |> Training.resume snapshot)

        Expect.stringContains error.Message "normal of scale 1" "the model"

        let precise = start { options with Placement = Placement.float64 }
        let error = refusalOf<ArgumentException, _>(fun () -> precise |> Training.resume snapshot)
        Expect.stringContains error.Message "Float64" "the precision")

/// A checkpoint whose file was changed.
let private changed name change place found =
    inFolder name (fun folder ->
        let path = Path.Combine(folder, "checkpoint.safetensors")
        use snapshot = snapshotAfter { options with Validation = Some validation; Patience = Some 3 } 9
        Checkpoint.write path snapshot
        let metadata, tensors = Safetensors.read torch.CPU path |> change
        Safetensors.write path metadata tensors
        let error = refusal (fun () -> Checkpoint.read path (dense ()))
        Expect.equal error.Place place "where"
        Expect.stringContains error.Found found "what")

let private training
    (before: string)
    (after: string)
    (metadata: (string * string) list, tensors: (string * Tensor) list)
    =
    [
        for key, value in metadata -> key, (if key = "training" then value.Replace(before, after) else value)
    ],
    tensors

let private refusals =
    let place field = $"metadata 'training'%s{field}"

    testList "a checkpoint that does not hang together is refused" [
        changed "a negative step" (training "\"step\":9" "\"step\":-9") (place ".step") "-9"
        changed "no step" (training "\"step\":9," "") (place ".step") "nothing"
        changed "an unknown field" (training "\"step\":9" "\"step\":9,\"stop\":9") (place ".stop") "'stop'"
        changed "a best epoch that never was" (training "\"best\":1" "\"best\":2") (place ".best") "2"
        changed
            "a slot of another length"
            (fun (m, t) ->
                m, [ for n, t in t -> n, (if n = "optimizer.mean" then t[torch.TensorIndex.Slice(0L, 5L)] else t) ])
            "tensor 'optimizer.mean'"
            "[5]"
        changed
            "the best parameters are missing"
            (fun (m, t) -> m, List.filter (fun (n, _) -> n <> "best.prior.loc") t)
            "tensor 'best.prior.loc'"
            "nothing"
        changed "the best epoch is missing" (training ",\"best\":1" "") "tensor 'best.prior.loc'" "[2]"
        inFolder "a saved run" (fun folder ->
            Saved.save folder (dense () |> Training.untrained options)

            let error = refusal (fun () -> Checkpoint.read (Path.Combine(folder, "model.safetensors")) (dense ()))

            Expect.equal error.Place "metadata 'format'" "where")
        inFolder "cut off anywhere" (fun folder ->
            let path = Path.Combine(folder, "checkpoint.safetensors")
            use snapshot = snapshotAfter options 2L
            Checkpoint.write path snapshot
            let whole = File.ReadAllBytes path
            let random = Random 5

            for _ in 1..100 do
                File.WriteAllBytes(path, whole[.. random.Next whole.Length - 1])
                let error = refusal (fun () -> Checkpoint.read path (dense ()))
                Expect.equal error.Path path "the file")
    ]

let tests =
    testList "Checkpoint" [ bitForBit; patience; roundTrip; older; memory; otherModels; otherRuns; refusals ]
