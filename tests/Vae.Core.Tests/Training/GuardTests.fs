module Vae.Core.Tests.GuardTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

/// Rows of four numbers; one of them, example 11, begins with 9 and is what faults are planted on.
let private planted = 11

let private data =
    let row i j = if i = planted && j = 0 then 9f else sin (float32 (i + 5 * j))

    Data.ofFloats "rows" [| 4L |] [||] [|
        for i in 0..39 do
            for j in 0..3 -> row i j
    |]

/// A layer that adds 0 times a parameter to each example, and to the planted one a function of that.
let private layer name (fault: Tensor -> Tensor) : Net =
    let parameter: Parameter = {
        Path = "planted"
        Shape = [| 4L |]
        Trained = true
        Initial = fun place _ -> torch.ones (4L, dtype = place.DType)
    }

    Net.custom {
        Name = name
        Declared = fun _ _ -> [ parameter ]
        Output = id
        Apply =
            fun parameters _ _ x ->
                let zero = parameters["planted"] * torch.tensor 0f

                let row i =
                    let one = x.narrow (0L, i, 1L)
                    one + (if Tensor.toFloat (one.select (1L, 0L)) = 9.0 then fault zero else zero)

                torch.cat ([| for i in 0L .. x.shape[0] - 1L -> row i |], 0L)
    }

let private sound = layer "sound" id
let private broken = layer "broken" (fun zero -> zero / zero)
/// Finite, with a gradient that is not.
let private steep = layer "steep" _.sqrt()

let private model (first: Net) =
    let encoder = Net.dense 4 --> Net.relu --> Net.dense 3
    Vae.create (Prior.standard 2) (Posterior.diagonalNormal (first --> encoder)) (Likelihood.gaussian 1.0 (Net.dense 4))

let private options = { TrainingOptions.defaults with Seed = 5; Epochs = 3; BatchSize = 8 }

let private start options first = Training.start options data (model first)
let private adam = Optimizer.adam 1e-2

/// The step, from 1, whose batch has the planted example in an epoch.
let private stepOf epoch (first: Net) =
    let steps = Training.steps (start options first)
    let first = int64 ((epoch - 1) * steps.PerEpoch)
    let has step = steps.Examples step |> Array.contains planted
    Seq.init steps.PerEpoch (fun i -> first + int64 i) |> Seq.find has |> (+) 1L

let private diverged (act: unit -> 'a) : TrainingDivergedException =
    let raised =
        try
            act () |> ignore
            None
        with :? TrainingDivergedException as error ->
            Some error

    Expect.wantSome raised "it diverges"

let private stops what net objective found examples =
    testCase what (fun () ->
        let error = diverged (fun () -> start options net |> Training.fit objective adam)
        Expect.equal error.Step (stepOf 1 net) "at the step whose batch has the example"
        Expect.stringContains error.Found found "what"
        Expect.equal (List.ofSeq error.Examples) examples "whose"
        Expect.stringContains error.Message "was not applied" "said")

/// Parameters and slots after a step of a run.
let private numbersAt step optimizer guard net =
    start { options with Guard = guard } net
    |> Training.reports Objective.elbo optimizer
    |> Seq.pick (fun report ->
        if report.Progress.Step = step then
            use snapshot = report.Snapshot()
            Some(Tensor.toArray snapshot.Params.Trained, snapshot.Slots |> List.map (snd >> Tensor.toArray))
        else
            None)

/// Adam, but for a step after which a parameter, or what it remembers of one, is no number.
let private spoiling step (which: Tensor -> Tensor list -> Tensor) = {
    adam with
        SquaresBoundSlots = false
        Update =
            fun t rate parameters gradient slots ->
                adam.Update t rate parameters gradient slots

                if t = step then
                    (which parameters slots).narrow(0L, 6L, 2L).fill_(nan.ToScalar()) |> ignore
}

/// The ELBO, of which one term is no number for the planted example.
let private ofBrokenTerm: Objective = {
    Objective.elbo with
        Terms =
            fun pass ->
                let marked = pass.X.select(1L, 0L).eq(torch.tensor 9f)

                Objective.elbo.Terms pass
                |> List.map (fun t ->
                    if t.Name = "kl" then
                        {
                            t with
                                Nats = Nats.Each(torch.where (marked, torch.tensor nanf, t.Nats.Values))
                        }
                    else
                        t)
}

let private diagnoses =
    testList "what was not finite first is named" [
        stops "a layer" broken Objective.elbo "layer posterior.0 (broken)" [ planted ]
        stops "a term" sound ofBrokenTerm "term kl" [ planted ]
        stops "a gradient" steep Objective.elbo "the gradient by planted" [ planted ]

        testCase "a layer, where a law refuses what comes of it" (fun () ->
            let encoder = broken --> Net.dense 4
            let prior, posterior = Prior.ofLaw Gamma.info [ 2 ], Posterior.ofLaw Gamma.info encoder
            let vae = Vae.create prior posterior (Likelihood.gaussian 1.0 (Net.dense 4))

            let error = diverged (fun () -> Training.start options data vae |> Training.fit Objective.elbo adam)

            Expect.equal error.Step (stepOf 1 broken) "at the step whose batch has the example"
            Expect.stringContains error.Found "layer posterior.0 (broken)" "which"
            Expect.equal (List.ofSeq error.Examples) [ planted ] "whose"
            let skipping = { options with Epochs = 1; Guard = Guard.Skip 1 }
            let run = Training.start skipping data vae |> Training.fit Objective.elbo adam
            Expect.equal run.History.Head.Examples 32 "or it is left out")

        testCase "a parameter, and what the optimizer remembers" (fun () ->
            let found which =
                diverged (fun () -> start options sound |> Training.fit Objective.elbo (spoiling 3L which))

            let parameter = found (fun parameters _ -> parameters)
            Expect.equal parameter.Step 3L "at its step"
            Expect.stringContains parameter.Found "would leave posterior.1.weight with 2 of 16 numbers" "which"
            let slot = found (fun _ slots -> slots[1])
            Expect.equal slot.Step 3L "at its step"
            Expect.stringContains slot.Found "what adam remembers as 'square' of posterior.1.weight" "which")
    ]

let private undone =
    testCase "a step that would leave what is not finite is undone, bit for bit, after any number of steps" (fun () ->
        // 5 steps an epoch: copies are kept after each epoch, and every 50 steps.
        for step in [ 1L; 2L; 5L; 8L ] do
            let before =
                if step = 1L then
                    let run = Training.untrained options (model sound)
                    Tensor.toArray run.Params.Trained, List.replicate 2 (Array.zeroCreate (int run.Params.Count))
                else
                    numbersAt (step - 1L) adam Guard.Stop sound

            for which in [ (fun parameters _ -> parameters); (fun _ (slots: Tensor list) -> slots[0]) ] do
                let after = numbersAt step (spoiling step which) (Guard.Skip 1) sound
                Expect.equal after before $"step %d{step} is as if it had not been")

let private skipped =
    testCase "a step that is left out is no part of the epoch's means" (fun () ->
        let reports =
            start { options with Epochs = 1; Guard = Guard.Skip 1 } broken
            |> Training.reports Objective.elbo adam
            |> Seq.toList

        let faults = reports |> List.choose _.Fault
        Expect.equal (faults |> List.map _.Step) [ stepOf 1 broken ] "the step is told of"
        Expect.equal faults.Head.Examples [ planted ] "and why"
        let epoch = (List.last reports).Completed.Value
        Expect.equal epoch.Examples 32 "four batches of five"
        isClose 1e-9 (epoch.Terms |> List.sumBy snd) epoch.Total "means over them"
        Expect.isTrue (Double.IsFinite epoch.Total) "that are numbers"

        let error =
            diverged (fun () -> start { options with Guard = Guard.Skip 2 } broken |> Training.fit Objective.elbo adam)

        Expect.equal error.Step (stepOf 3 broken) "the third is one too many"
        Expect.stringContains error.Message "after 2 steps that were left out" "said")

let private refusedFirst =
    testCase "a step that a law refuses is left out wherever in an epoch it comes" (fun () ->
        let encoder = broken --> Net.dense 4
        let prior, posterior = Prior.ofLaw Gamma.info [ 2 ], Posterior.ofLaw Gamma.info encoder
        let vae = Vae.create prior posterior (Likelihood.gaussian 1.0 (Net.dense 4))

        // The planted example is in the first batch of the first epoch, or of the second.
        for epoch in [ 1; 2 ] do
            let optionsOf seed = { options with Seed = seed; Epochs = 2; Guard = Guard.Skip 2 }

            let isFirst seed =
                let steps = Training.steps (Training.start (optionsOf seed) data vae)
                steps.Examples(int64 ((epoch - 1) * steps.PerEpoch)) |> Array.contains planted

            let seed = Seq.initInfinite id |> Seq.find isFirst
            let run = Training.start (optionsOf seed) data vae |> Training.fit Objective.elbo adam
            Expect.equal (run.History |> List.map _.Examples) [ 32; 32 ] "four batches of five, twice"

            for epoch in run.History do
                isClose 1e-9 (epoch.Terms |> List.sumBy snd) epoch.Total "means over them")

let private lowered =
    testCase "the rate is lowered for what follows, and a run that goes on in the middle ends the same" (fun () ->
        let options = { options with Guard = Guard.LowerRate(0.5, 3) }
        let whole = start options broken |> Training.fit Objective.elbo adam
        Expect.equal (whole.History |> List.map _.Examples) [ 32; 32; 32 ] "one batch of each epoch is left out"
        let last = List.last whole.History
        let steps = Training.steps (start options broken)
        let lowerings = if stepOf 3 broken = steps.Count then 2 else 3
        isClose 1e-12 last.Rate (1e-2 * 0.5 ** float lowerings) "the last step's rate"

        use snapshot =
            start options broken
            |> Training.reports Objective.elbo adam
            |> Seq.pick (fun report ->
                if report.Progress.Step = stepOf 2 broken then Some(report.Snapshot()) else None)

        Expect.equal snapshot.Skipped 2 "steps left out so far"
        let resumed = start options broken |> Training.resume snapshot |> Training.fit Objective.elbo adam
        Expect.equal resumed.History whole.History "history"
        Expect.equal (Tensor.toArray resumed.Params.Trained) (Tensor.toArray whole.Params.Trained) "parameters")

let private clipped =
    testCase "a gradient is shortened to the norm where it is longer" (fun () ->
        let first = Training.untrained options (model sound)
        let before = Tensor.toArray first.Params.Trained

        let moved (optimizer: Optimizer) =
            start options sound
            |> Training.reports Objective.elbo optimizer
            |> Seq.pick (fun report ->
                use snapshot = report.Snapshot()
                let after = Tensor.toArray snapshot.Params.Trained
                let length = sqrt (Array.fold2 (fun sum a b -> sum + (a - b) ** 2.0) 0.0 before after)
                Some(report.GradientNorm, length))

        let norm, length = moved (Optimizer.sgd 1.0)
        isClose 1e-4 length norm "the norm is that of the gradient"
        let same, halved = moved (Optimizer.sgd 1.0 |> Optimizer.clip (norm / 2.0))
        Expect.equal same norm "reported as it was"
        isClose 1e-4 halved (norm / 2.0) "and shortened"
        isClose 1e-6 (snd (moved (Optimizer.sgd 1.0 |> Optimizer.clip (2.0 * norm)))) length "a shorter one stays")

let private refused =
    testCase "settings that no training takes are refused by name" (fun () ->
        let refuses (words: string list) (make: unit -> 'a) =
            let error = Expect.throwsC (fun () -> make () |> ignore) id

            for word in words do
                Expect.stringContains error.Message word "said"

        refuses [ "momentum"; "NaN"; "[0, 1)" ] (fun () -> Optimizer.sgdMomentum nan 0.1)
        refuses [ "momentum"; "1" ] (fun () -> Optimizer.sgdMomentum 1.0 0.1)
        refuses [ "beta1"; "NaN" ] (fun () -> Optimizer.adamBy nan 0.9 1e-8 0.1)
        refuses [ "beta2"; "2" ] (fun () -> Optimizer.adamBy 0.9 2.0 1e-8 0.1)
        refuses [ "epsilon"; "-1" ] (fun () -> Optimizer.adamBy 0.9 0.99 -1.0 0.1)
        refuses [ "rate"; "Infinity" ] (fun () -> Optimizer.adam infinity)
        refuses [ "maxNorm"; "0" ] (fun () -> adam |> Optimizer.clip 0.0)
        refuses [ "final"; "NaN" ] (fun () -> Schedule.cosine nan)
        refuses [ "factor"; "-1" ] (fun () -> Schedule.exponential -1.0)
        refuses [ "factor"; "NaN" ] (fun () -> Schedule.stepwise 2 nan)
        refuses [ "factor"; "NaN" ] (fun () -> Objective.elbo |> Objective.beta nan)
        refuses [ "Guard.Skip"; "0" ] (fun () -> start { options with Guard = Guard.Skip 0 } sound)
        refuses [ "Guard.LowerRate"; "1.5" ] (fun () -> start { options with Guard = Guard.LowerRate(1.5, 1) } sound)

        let wild =
            adam |> Optimizer.withSchedule { Name = "wild"; Factor = fun p -> if p.Step = 2L then nan else 1.0 }

        refuses [ "learning rate"; "NaN"; "step 3"; "'wild'" ] (fun () ->
            start options sound |> Training.fit Objective.elbo wild))

let tests = testList "Guard" [ diagnoses; undone; skipped; refusedFirst; lowered; clipped; refused ]
