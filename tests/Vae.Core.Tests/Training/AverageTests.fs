module Vae.Core.Tests.AverageTests

open System
open Expecto
open Vae.Core
open Vae.Testing

let private data, private validation = Digits.draw (Key.ofSeed 7) 100 |> Data.split 0.8

let private vae =
    lazy
        (Vae.create
            (Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ])
            (Posterior.diagonalNormal (Net.denseEncoder [ 8 ]))
            (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 8 ])))

let private options = {
    TrainingOptions.defaults with
        Epochs = 3
        BatchSize = 32
        Validation = Some validation
        Placement = Placement.float64
}

let private averaged = { options with Average = Some 0.8 }
let private adam = Optimizer.adam 0.01
let private start options = Training.start options data vae.Value
let private fit options = start options |> Training.fit Objective.elbo adam
let private numbers (p: Params) = Tensor.toArray p.Trained

/// The parameters after each step, without an average.
let private trail optimizer options =
    start options
    |> Training.reports Objective.elbo optimizer
    |> Seq.map (fun report ->
        use snapshot = report.Snapshot()
        report.Fault.IsNone, numbers snapshot.Params)
    |> Seq.toList

/// What the average is defined as.
let private weighted decay (trail: float[] list) =
    let n = trail.Length
    let weights = [ for k in 1..n -> decay ** float (n - k) ]

    Array.init trail.Head.Length (fun i ->
        (List.map2 (fun w (p: float[]) -> w * p[i]) weights trail |> List.sum) / List.sum weights)

let private agree what (expected: float[]) (found: float[]) =
    Array.iter2 (fun a b -> isClose 1e-12 a b what) expected found

let tests =
    testList "Average" [
        testCase "it is the weighted mean of the parameters after the steps, without the first ones"
        <| fun () ->
            let steps = trail adam options |> List.map snd

            for n in 1..9 do
                use snapshot =
                    start averaged
                    |> Training.reports Objective.elbo adam
                    |> Seq.pick (fun r -> if r.Progress.Step = int64 n then Some(r.Snapshot()) else None)

                use run = (Snapshot.run vae.Value snapshot).Params
                agree $"step %d{n}" (weighted 0.8 (List.take n steps)) (numbers run)
                Expect.equal (numbers snapshot.Params) steps[n - 1] "what is trained is as without it"

        testCase "the result and validation are of the average"
        <| fun () ->
            let plain, run = fit options, fit averaged
            agree "result" (trail adam options |> List.map snd |> weighted 0.8) (numbers run.Params)
            Expect.equal (Tensor.toArray run.Params.Constants) (Tensor.toArray plain.Params.Constants) "constants"
            Expect.equal (run.History |> List.map _.Terms) (plain.History |> List.map _.Terms) "what training saw"

            let key = Key.fold 3 (Key.ofSeed options.Seed)
            let again = Measurement.take Objective.elbo key vae.Value run.Params validation
            Expect.equal (List.last run.History).Validation (Some again) "the last epoch's validation"

        testCase "a decay of 0 is no average"
        <| fun () ->
            Expect.equal
                (numbers (fit { options with Average = Some 0.0 }).Params)
                (numbers (fit options).Params)
                "result"

        testCase "the best epoch's average is kept"
        <| fun () ->
            // So high a rate that validation soon gets worse.
            let wild = Optimizer.adam 0.3
            let long = { averaged with Epochs = 10; KeepBest = true }
            let run = start long |> Training.fit Objective.elbo wild
            let totals = run.History |> List.map (fun e -> e.Number, e.Validation.Value.Total.Mean)
            let best, least = totals |> List.minBy snd
            Expect.hasLength totals 10 "it did not end early"
            Expect.isLessThan best 10 "the last is not the best"
            let key = Key.fold 3 (Key.ofSeed options.Seed)
            let again = Measurement.take Objective.elbo key vae.Value run.Params validation
            Expect.equal again.Total.Mean least "the parameters returned"

        testCase "steps that are left out are no part of it"
        <| fun () ->
            let spoiling = {
                adam with
                    SquaresBoundSlots = false
                    Update =
                        fun t rate parameters gradient slots ->
                            adam.Update t rate parameters gradient slots

                            if t = 1L || t = 5L then
                                parameters.fill_ (nan.AsScalar()) |> ignore
            }

            let guarded = { options with Guard = Guard.Skip 2 }
            let made = trail spoiling guarded |> List.filter fst |> List.map snd
            Expect.hasLength made 7 "steps that were made"

            use run = (start { guarded with Average = Some 0.8 } |> Training.fit Objective.elbo spoiling).Params

            agree "result" (weighted 0.8 made) (numbers run)

        testCase "a run goes on with its average, and not without"
        <| fun () ->
            let snapshotOf options =
                start options |> Training.reports Objective.elbo adam |> Seq.pick (fun r -> Some(r.Snapshot()))

            use with' = snapshotOf averaged
            use without = snapshotOf options
            refused [ "snapshot"; "average"; "Average" ] (fun () -> start options |> Training.resume with')
            refused [ "snapshot"; "without an average"; "0.8" ] (fun () -> start averaged |> Training.resume without)

        testCase "a decay out of range is refused by name"
        <| fun () ->
            refused [ "Average"; "1" ] (fun () -> start { options with Average = Some 1.0 })
            refused [ "KeepBest"; "validation" ] (fun () -> start { options with KeepBest = true; Validation = None })
    ]
