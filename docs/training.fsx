(**
---
title: Training
category: Guides
categoryindex: 1
index: 3
description: Optimizers, schedules, averages of parameters, steps of several batches, and the files and loggers that a run is shown to.
---

# Training
*)

(*** hide ***)
#load "../scripts/load.fsx"

(** *)
open System.IO
open Vae.Core

let train, validation = Digits.draw (Key.ofSeed 7) 400 |> Data.split 0.8

let vae =
    Vae.create
        (Prior.standard 2)
        (Posterior.diagonalNormal (Net.denseEncoder [ 32 ]))
        (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 32 ]))

let options = {
    TrainingOptions.defaults with
        Epochs = 4
        BatchSize = 16
        Accumulate = 2 // a step of two batches
        Average = Some 0.99 // the result is an average over the steps
        Validation = Some validation
        KeepBest = true
}

let optimizer =
    Optimizer.adamW 0.01 1e-3 |> Optimizer.clip 100.0 |> Optimizer.withSchedule Schedule.oneCycle

(*** hide ***)
let folder = Directory.CreateTempSubdirectory("vae-training-").FullName

(** *)
let log = TrainingLog.csv (Path.Combine(folder, "log.csv"))
let board = TensorBoard.events (Path.Combine(folder, "board"))

let run =
    vae
    |> Training.start options train
    |> Training.fitWith
        (fun report ->
            log report
            board report)
        Objective.elbo
        optimizer

(**
The same from C#:

```csharp
await vae.FitAsync(
    train,
    new TrainingOptions
    {
        Epochs = 4,
        BatchSize = 16,
        Accumulate = 2,
        Average = 0.99,
        Validation = validation,
        KeepBest = true,
        Optimizer = Optimizer.AdamW(1e-3, decay: 0.01).Clipped(100).WithSchedule(Schedule.OneCycle()),
    },
    TrainingLog.All(TrainingLog.Csv("log.csv"), TrainingLog.TensorBoard("board"), TrainingLog.To(logger))
);
```

## The step

| F# | C# | |
|---|---|---|
| `Optimizer.adam`, `adamBy` | `Adam` | Kingma and Ba, 2015 |
| `Optimizer.adamW`, `adamWBy` | `AdamW` | decay of the parameters by themselves: Loshchilov and Hutter, 2019 |
| `Optimizer.adamax`, `radam`, `rmsProp` | `Adamax`, `RAdam`, `RmsProp` | |
| `Optimizer.sgd`, `sgdMomentum`, `sgdNesterov` | `Sgd` | |
| `Optimizer.weightDecay` | `WithWeightDecay` | L2: of SGD the same as decay, of Adam not |
| `Optimizer.clip` | `Clipped` | reports tell the norm before |
| `Optimizer.withSchedule` | `WithSchedule` | a factor of the rate, by how far the run is |
| `Optimizer.plateau` | `OnPlateau` | a factor of the rate, by the validation totals so far |

`Accumulate` takes a step of several batches one after another: the run is that of batches as many times as large, to rounding, the
noise of each example included, in the memory of one. `Average` is over the parameters after each step, those after step k of n
with the weight decay^(n - k), divided by the sum of the weights; validation, the best epoch and the result are of it.

All of it is in a checkpoint or is a function of what is: a run that goes on ends with the bits of the uninterrupted one.

## A number over the run

A schedule is a factor of the learning rate, or the weight of a term. `Span.Epochs 5.0`, `Span.Steps 1000L` and `Span.Share 0.3` say how
much of a run.
*)

let middle = { Step = 500L; Steps = 1000L; StepsPerEpoch = 100 }

let factors = [
    for schedule in
        [
            Schedule.linear 0.0 1.0 (Span.Epochs 10.0)
            Schedule.sigmoid 0.0 1.0 (Span.Share 0.8)
            Schedule.cyclical 4 0.5
            Schedule.cosine 0.1
            Schedule.cosineRestarts 2 0.0 (Span.Epochs 1.0)
            Schedule.polynomial 2.0 0.0 (Span.Share 1.0)
            Schedule.oneCycle
            Schedule.exponential 0.9 |> Schedule.warmup 200
        ] do
        schedule.Name, schedule.Factor middle
]

factors

(*** include-it ***)

(**
## What is shown the reports

Training is a sequence of reports, and whatever takes a report can be shown them. `TrainingLog.csv` writes a row an epoch,
`TrainingLog.csvOfSteps` a row a step:
*)

File.ReadAllText(Path.Combine(folder, "log.csv"))

(*** include-it ***)

(**
`TensorBoard.events` writes the terms, the learning rate, the gradient's norm and validation into a folder that `tensorboard --logdir`
shows. What a file was shown is in it at once, so that a run that is killed leaves it whole; a run that goes on from a checkpoint
goes on in the file, from the checkpoint's step; a run that begins anew is refused another's file. Of several processes only the
first is to write.
*)

(*** hide ***)
Directory.Delete(folder, true)
