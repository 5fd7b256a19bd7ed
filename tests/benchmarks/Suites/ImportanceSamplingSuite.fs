namespace Vae.Benchmarks.Suites

open BenchmarkDotNet.Attributes
open Vae.Benchmarks
open Vae.Core

/// log p(x) of 250 images by two draws for each: what importance sampling holds at once.
type ImportanceSamplingSuite() =
    inherit Suite()

    let data = Digits.draw (Key.ofSeed 7) 250

    [<Params("dense", "convolutional")>]
    member val Net = "" with get, set

    member val Run: Run = Unchecked.defaultof<_> with get, set

    override this.Prepare() =
        let workload = Workload.all |> List.find (fun w -> w.Name = this.Net)
        this.Run <- Training.untrained TrainingOptions.defaults (Density.vae workload)

    [<Benchmark>]
    member this.Chunk() = Evaluation.logLikelihood 2 this.Run data
