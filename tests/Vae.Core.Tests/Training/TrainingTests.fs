module Vae.Core.Tests.TrainingTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private data = Digits.draw (Key.ofSeed 7) 300

let private vae =
    Vae.create
        (Prior.standard 2)
        (Posterior.diagonalNormal (Net.denseEncoder [ 32 ]))
        (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 32 ]))

let private options = { TrainingOptions.defaults with Seed = 3; Epochs = 3; BatchSize = 64 }

let private adam = Optimizer.adam 1e-3
let private start options = Training.start options data vae
let private fit options = start options |> Training.fit Objective.elbo adam
let private numbers (run: Run) = Tensor.toArray run.Params.Trained

/// A copy of a run after its first step.
let private firstOf start =
    start |> Training.reports Objective.elbo adam |> Seq.pick (fun report -> Some(report.Snapshot()))

let tests =
    testList "Training" [
        testCase "training makes the total small, and reports it in nats"
        <| fun () ->
            let run = fit { options with Epochs = 12 }
            let totals = run.History |> List.map _.Total
            Expect.equal totals.Length 12 "epochs"
            Expect.isLessThan (List.last totals) (0.6 * totals.Head) "the last total"

            for epoch in run.History do
                isClose 1e-9 (epoch.Terms |> List.sumBy snd) epoch.Total "total = reconstruction + KL"

            let untrained = Evaluation.elbo (Training.untrained options vae) data
            // All logits near 0: log 2 for each pixel.
            Expect.isLessThan (abs (untrained.Total.Mean - 784.0 * log 2.0)) 20.0 "before training"

        testCase "the same seed gives the same parameters, another seed others"
        <| fun () ->
            Expect.equal (numbers (fit options)) (numbers (fit options)) "same seed"
            Expect.notEqual (numbers (fit options)) (numbers (fit { options with Seed = 4 })) "another seed"

        testCase "a loop of one's own over the run's steps is the run, bit for bit"
        <| fun () ->
            let start = start { options with Validation = Some(Data.take 40 data) }
            let steps = Training.steps start
            let optimizer = Optimizer.sgd 1e-3
            use parameters = (Training.untrained options vae).Params
            Expect.equal (steps.PerEpoch, steps.Count) (5, 15L) "steps"

            for step in 0L .. steps.Count - 1L do
                use _ = torch.NewDisposeScope()
                let x = steps.Batch step

                let loss flat =
                    Objective.terms (steps.Noise step) vae (parameters.With flat) x Objective.elbo |> Objective.loss

                optimizer.Update (step + 1L) 1e-3 parameters.Trained (Diff.grad loss parameters.Trained) []

            let run = start |> Training.fit Objective.elbo optimizer
            Expect.equal (Tensor.toArray parameters.Trained) (numbers run) "parameters"

            Expect.equal
                (steps.Validate(Objective.elbo, vae, parameters))
                (List.last run.History).Validation
                "validation"

        testCase "reports come a step at a time and count the examples"
        <| fun () ->
            let reports = start options |> Training.reports Objective.elbo adam |> Seq.toList
            Expect.equal (reports |> List.map _.Progress.Step) [ 1L .. 15L ] "steps"
            Expect.equal (reports |> List.map _.Examples |> List.take 5) [ 64; 128; 192; 256; 300 ] "examples"
            Expect.equal (reports |> List.choose _.Completed |> List.map _.Number) [ 1; 2; 3 ] "epochs"
            Expect.equal (reports |> List.map _.Epoch |> List.distinct) [ 1; 2; 3 ] "the epoch under way"
            let last = reports[4]
            Expect.equal last.Total last.Completed.Value.Total "the epoch's mean is the last report's"

        testCase "two reports of one run share nothing that training changes"
        <| fun () ->
            let snapshots =
                start options
                |> Training.reports Objective.elbo adam
                |> Seq.truncate 2
                |> Seq.map (fun report -> report.Snapshot())
                |> Seq.toList

            let first, second =
                Tensor.toArray snapshots[0].Params.Trained, Tensor.toArray snapshots[1].Params.Trained

            Expect.notEqual first second "parameters"
            Expect.equal (snapshots |> List.map _.Step) [ 1L; 2L ] "steps"

        testCase "a report's snapshot is refused by name once the run has gone on"
        <| fun () ->
            let refuses (report: Report) =
                Expect.throwsT<InvalidOperationException> (fun () -> report.Snapshot() |> ignore) "snapshot"

            let reports = start options |> Training.reports Objective.elbo adam
            let mutable last = None

            for report in Seq.truncate 3 reports do
                last |> Option.iter refuses
                last <- Some report

            last |> Option.iter refuses

        testCase "a run goes on from a snapshot bit for bit, in the middle of an epoch too"
        <| fun () ->
            let whole = fit options

            for stop in [ 1L; 4L; 5L; 7L ] do
                let snapshot =
                    start options
                    |> Training.reports Objective.elbo adam
                    |> Seq.pick (fun report -> if report.Progress.Step = stop then Some(report.Snapshot()) else None)

                let resumed = start options |> Training.resume snapshot |> Training.fit Objective.elbo adam
                Expect.equal (numbers resumed) (numbers whole) $"parameters, from step %d{stop}"
                Expect.equal (resumed.History |> List.map _.Terms) (whole.History |> List.map _.Terms) "history"

        testCase "a run does not go on with other data, batches or seeds"
        <| fun () ->
            use snapshot =
                start options
                |> Training.reports Objective.elbo adam
                |> Seq.pick (fun report -> if report.Progress.Step = 7L then Some(report.Snapshot()) else None)

            let refusedOn data options words =
                refused ("snapshot" :: "Training.start" :: words) (fun () ->
                    Training.start options data vae |> Training.resume snapshot)

            refusedOn data { options with BatchSize = 32 } [ "BatchSize 64"; "32" ]
            refusedOn data { options with Seed = 4 } [ "Seed 3"; "not 4" ]
            let others = Digits.draw (Key.ofSeed 8) 300
            refusedOn others options [ "300 examples"; Data.hash data; Data.hash others ]
            refusedOn (Data.take 299 data) options [ "300 examples"; "299 items" ]

            let longer = Training.start { options with Epochs = 4 } data vae |> Training.resume snapshot
            Expect.hasLength (longer |> Training.fit Objective.elbo adam).History 4 "more epochs"

            refused [ "'elbo'"; "kl x 4"; "middle of an epoch" ] (fun () ->
                start options |> Training.resume snapshot |> Training.fit (Objective.beta 4.0 Objective.elbo) adam)

        testCase "at the end of an epoch a run may go on by another objective"
        <| fun () ->
            use snapshot =
                start options
                |> Training.reports Objective.elbo adam
                |> Seq.pick (fun report -> if report.Progress.Step = 5L then Some(report.Snapshot()) else None)

            let run =
                start options |> Training.resume snapshot |> Training.fit (Objective.beta 4.0 Objective.elbo) adam

            Expect.hasLength run.History 3 "epochs"

        testCase "batches larger than the data are all one"
        <| fun () ->
            let large = { options with BatchSize = 1000 }
            use snapshot = firstOf (start large)

            let resumed =
                start { options with BatchSize = 300 }
                |> Training.resume snapshot
                |> Training.fit Objective.elbo adam

            Expect.equal (numbers resumed) (numbers (fit large)) "parameters"

        testCase "early stopping goes on by its own validation data"
        <| fun () ->
            let train, validation = Data.split 0.7 data
            let patient = { options with Validation = Some validation; Patience = Some 2 }

            use snapshot = firstOf (Training.start patient train vae)

            refused [ "Validation"; Data.hash validation ] (fun () ->
                Training.start { patient with Validation = Some(Data.take 20 validation) } train vae
                |> Training.resume snapshot)

        testCase "a snapshot that does not know its origin is held to its epochs"
        <| fun () ->
            use snapshot =
                start options
                |> Training.reports Objective.elbo adam
                |> Seq.pick (fun report -> if report.Progress.Step = 11L then Some(report.Snapshot()) else None)

            let unknown = { snapshot with Origin = None }
            let resumed = start options |> Training.resume unknown |> Training.fit Objective.elbo adam
            Expect.equal (numbers resumed) (numbers (fit options)) "parameters"

            refused [ "11 steps for 2 epochs"; "BatchSize"; "128"; "3 epochs" ] (fun () ->
                start { options with BatchSize = 128 } |> Training.resume unknown)

            refused [ "300 examples"; "200" ] (fun () ->
                Training.start options (Data.take 200 data) vae |> Training.resume unknown)

        testCase "validation is measured after every epoch, and patience ends the run at its best epoch"
        <| fun () ->
            let train, validation = Data.split 0.7 data
            let options = { options with Validation = Some validation; Epochs = 60; Patience = Some 2 }
            // A learning rate far too large: validation soon gets worse.
            let run = Training.start options train vae |> Training.fit Objective.elbo (Optimizer.adam 0.03)
            let totals = run.History |> List.map (fun e -> e.Number, e.Validation.Value.Total.Mean)
            let best, least = totals |> List.minBy snd
            Expect.isLessThan totals.Length 60 "it ended early"
            Expect.equal totals.Length (best + 2) "two epochs after the best"
            // The measurement of an epoch uses the run's own validation noise, so the returned parameters are compared by it.
            let again =
                Measurement.take Objective.elbo (Key.fold 3 (Key.ofSeed options.Seed)) vae run.Params validation

            Expect.equal again.Total.Mean least "the parameters returned are the best epoch's"

        testCase "a schedule moves the rate"
        <| fun () ->
            let rates =
                start options
                |> Training.fit Objective.elbo (adam |> Optimizer.withSchedule (Schedule.exponential 0.5))
                |> _.History
                |> List.map _.Rate

            Expect.equal rates [ 1e-3; 5e-4; 2.5e-4 ] "rates"

        testCase "a loss that is not a number ends training by name, before the parameters move"
        <| fun () ->
            let broken = Optimizer.sgd 1e9

            Expect.throwsT<TrainingDivergedException>
                (fun () -> start options |> Training.fit Objective.elbo broken |> ignore)
                "diverged"

        testCase "sgd with momentum and a sampled KL train as well"
        <| fun () ->
            let sampled = Vae.sampled vae

            let run =
                Training.start options data sampled
                |> Training.fit (Objective.elboOf 2) (Optimizer.sgdMomentum 0.9 1e-4)

            Expect.isLessThan (List.last run.History).Total run.History.Head.Total "total"

        testCase "options and data that do not fit are refused by name"
        <| fun () ->
            refused [ "Epochs"; "0"; "at least 1" ] (fun () -> start { options with Epochs = 0 })
            refused [ "BatchSize"; "-1" ] (fun () -> start { options with BatchSize = -1 })
            refused [ "Patience"; "validation" ] (fun () -> start { options with Patience = Some 2 })
            refused [ "rate"; "0" ] (fun () -> Optimizer.adam 0.0)
            let small = Data.ofFloats "small" [| 4L |] [||] (Array.create 8 0.5f)
            refused [ "data"; "[4]"; "[1, 28, 28]" ] (fun () -> Training.start options small vae)

            let binary =
                Vae.create
                    (Prior.standard 2)
                    (Posterior.diagonalNormal (Net.denseEncoder [ 8 ]))
                    (Likelihood.bernoulli (Net.denseDecoder [ 8 ]))

            refused [ "grey levels"; "bernoulliCrossEntropy" ] (fun () -> Training.start options data binary)

        testCase "a batch larger than the data is all of it"
        <| fun () ->
            let whole = fit { options with BatchSize = data.Count }

            for size in [ data.Count + 1; Int32.MaxValue ] do
                let start = start { options with BatchSize = size }
                let steps = Training.steps start
                Expect.equal (steps.BatchSize, steps.PerEpoch, steps.Count) (300, 1, 3L) "steps"
                let run = start |> Training.fit Objective.elbo adam
                Expect.equal (numbers run) (numbers whole) $"batches of %d{size}"
                Expect.equal (run.History |> List.map _.Examples) [ 300; 300; 300 ] "examples"

        testCase "steps are counted beyond 32 bits"
        <| fun () ->
            let start = start { options with Epochs = Int32.MaxValue; BatchSize = 7 }
            let steps = Training.steps start
            Expect.equal steps.Count (43L * 2147483647L) "steps"
            use x = (steps.Batch(steps.Count - 1L)).X
            Expect.equal x.shape[0] (int64 (300 - 42 * 7)) "rows of the last"
            Expect.notEqual (steps.Noise(1L <<< 32)) (steps.Noise 0L) "noise"
            let report = start |> Training.reports Objective.elbo adam |> Seq.head
            Expect.equal report.Progress { Step = 1L; Steps = steps.Count; StepsPerEpoch = 43 } "progress"

        testCase "a run goes on beyond 2^31 steps"
        <| fun () ->
            let endless = { options with Epochs = Int32.MaxValue; BatchSize = 7 }
            let report = start endless |> Training.reports Objective.elbo adam |> Seq.head
            Expect.isGreaterThan report.Progress.Steps (int64 Int32.MaxValue) "steps"

            use snapshot =
                start endless
                |> Training.reports Objective.elbo adam
                |> Seq.pick (fun report -> Some(report.Snapshot()))

            let far = 43L * 100_000_000L

            let report =
                start endless
                |> Training.resume { snapshot with Step = far; Sums = [] }
                |> Training.reports Objective.elbo adam
                |> Seq.head

            Expect.equal report.Progress.Step (far + 1L) "step"
            Expect.equal report.Epoch 100_000_001 "epoch"
            Expect.equal report.Examples 7 "examples"

        testCase "parameters that the optimizer can no longer move end training by name"
        <| fun () ->
            let vast =
                Likelihood.custom "vast" (fun _ -> [| 4L |]) (fun latent ->
                    let net = Net.wire "likelihood" latent (Net.dense 4)

                    {
                        Declared = net.Declared
                        Apply =
                            fun parameters mode z ->
                                Independent.create
                                    1
                                    (Normal.OfLogScale(Net.apply net parameters mode z, torch.zeros 4L))
                    })

            let model = Vae.create (Prior.standard 2) (Posterior.diagonalNormal (Net.denseEncoder [ 4 ])) vast

            let data = Data.ofFloats "vast" [| 4L |] [||] (Array.init 64 (fun i -> 1e13f * float32 (i % 5)))

            let error =
                Expect.throwsC
                    (fun () -> Training.start options data model |> Training.fit Objective.elbo adam |> ignore)
                    (fun error -> error)

            match error with
            | :? TrainingDivergedException as diverged ->
                Expect.equal diverged.Step 1L "step"

                for word in [ "adam"; "square"; "parameters"; "Data.scaleBy" ] do
                    Expect.stringContains diverged.Message word "said"
            | other -> failtest $"%O{other}"

        testCase "a step leaves no tensors behind"
        <| fun () ->
            let train steps =
                start { options with Epochs = 100 }
                |> Training.reports Objective.elbo adam
                |> Seq.truncate steps
                |> Seq.iter ignore

            let before = DisposeScopeManager.Statistics.ThreadTotalLiveCount
            train 10
            let after10 = DisposeScopeManager.Statistics.ThreadTotalLiveCount
            train 60
            let after60 = DisposeScopeManager.Statistics.ThreadTotalLiveCount
            Expect.isLessThanOrEqual (after60 - after10) (after10 - before) "50 more steps, no more live tensors"
    ]
