(**
---
title: Files and runs to rely on
category: Guides
categoryindex: 1
index: 4
description: What a model file proves of itself, what reading one can cost, and what training does about a step that is not finite.
---

# Files and runs to rely on

A run is hours of somebody's time, and a model file may come from anybody. This page says what holds of both, and shows it: its
messages are those of the program below, run while the page is built.
*)

(*** hide ***)
#load "../scripts/load.fsx"

(** *)
open System
open System.IO
open TorchSharp
open Vae.Core

let digits = Digits.draw (Key.ofSeed 7) 600

let vae =
    Vae.create
        (Prior.standard 2)
        (Posterior.diagonalNormal (Net.denseEncoder [ 32 ]))
        (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 32 ]))

let options = { TrainingOptions.defaults with Seed = 1; Epochs = 1; BatchSize = 64 }

let run = vae |> Training.start options digits |> Training.fit Objective.elbo (Optimizer.adam 1e-3)

(**
## A file proves what it is

`Saved.save` writes `model.json`, the description of the model, and `model.safetensors`, its parameters. Among the texts of the
latter is the SHA-256 of all of its bytes, computed with zeros in its own place; loading checks it. Any other program that reads
safetensors reads the file, and passes over that text. Checkpoints are files of the same kind.
*)

let folder = Directory.CreateTempSubdirectory("vae-page-").FullName
Saved.save folder run
let file = Path.Combine(folder, "model.safetensors")

/// What a load says of a file with one byte changed.
let refusal at =
    let whole = File.ReadAllBytes file
    let damaged = Array.copy whole
    damaged[at] <- damaged[at] ^^^ 1uy
    File.WriteAllBytes(file, damaged)

    try
        Saved.load folder |> ignore
        "loaded"
    with :? StorageException as error ->
        File.WriteAllBytes(file, whole)
        error.Message.Replace(folder, "run")

(**
A changed number of its last layer:
*)

refusal (int (FileInfo(file).Length) - 3)

(*** include-it ***)

(**
A checksum tells of damage, and not of who made a file: whoever changes one can compute it again. A file that an older version
wrote states none; `Saved.checksum` then is `None`, `vae` says so, and its numbers are taken as they are. Parameters that are
infinite or no number are refused by their names.

The same settings make the same bytes: there is no clock in a model's file, nor in a checkpoint. A run that was stopped, killed
and resumed ends with the file that it would have ended with, on one thread or on two. Two things of libtorch's add in an
order that depends on the number of threads: layers where .NET does not use vectors of 512 bits (processors without them, and
those of Intel that slow down for them, such as Cascade Lake), and convolutions of batches of fewer than 33 examples; between machines of other vector widths, and on other devices, last bits differ as well.

Files are written beside their names and renamed, so that a process that is killed leaves the old file or the new one; what it
leaves beside it, called `.partial`, is deleted by whoever next writes the file or resumes the run. SIGTERM ends a run of the
command as Ctrl-C does: the checkpoint is that of the step it came to.

## A file costs what it is long

A description of 300 bytes can ask for layers of a million numbers, and a header of some megabytes for tensors of any size.
Nothing of that is made before it is known to be there: shapes are worked out without numbers, and compared with those in
the file of parameters, whose bytes bound them.

* Reading a model, a checkpoint or any safetensors file of $n$ bytes takes at most $32 n$ bytes of memory and 64 MB, and
  in time a second and what $n$ bytes of JSON take, of which the worst are about 8 MB a second.
* The header of a safetensors file has at most 16 MB, and an example of a model at most $2^{31} - 1$ numbers.
* A gzip file of images may unpack to 64 times its size and 64 MB. MNIST's do to 5 times, black and white ones to 30; a file
  of zeros, to a thousand. Unpacked beforehand, any can be read.

Names, paths and texts of files appear in messages without the characters that steer a terminal.

What is refused is refused by StorageException or, for data, DataFormatException, with the file, the place in it, what was found
and what was expected. The tests try every reader on a thousand changed files; `Vae.Core.Tests --fuzz 100000` tries more.

## A step that is not finite is never applied

Each step of training looks at the loss, at the gradient, and at the parameters that the step has left. Where one of them is not
finite the step is not made: what stays is what the step before it left, in memory and in the checkpoint. The run then ends
by TrainingDivergedException, which says what was not finite first: a layer's output, a term of the loss, the gradient by a
parameter, or a parameter; at which step, and of which examples of the data.
*)

let hot = Optimizer.sgd 1e12

let diverged =
    try
        vae |> Training.start options digits |> Training.fit Objective.elbo hot |> ignore
        "trained"
    with :? TrainingDivergedException as error ->
        error.Message

diverged

(*** include-it ***)

(**
`TrainingOptions.Guard` asks for something else: `Guard.Skip 10` leaves such steps out, up to ten of a run, and `Guard.LowerRate(0.5,
10)` halves the learning rate of all steps after each. A step that is left out is no part of the epoch's means, a report says what
was wrong with it (`Report.Fault`), and a checkpoint counts them, so that a run that goes on in the middle ends the same.
Leaving a step out helps against an example that is at fault or a gradient that overflows; against parameters that have
gone too far it does not, and the run ends soon after.

`Optimizer.clip` shortens gradients to a norm, and `Report.GradientNorm` tells how long they were.
*)

(*** hide ***)
Directory.Delete(folder, true)
