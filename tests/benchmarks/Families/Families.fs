namespace Vae.Benchmarks.Families

open System
open System.Diagnostics
open Vae.Core
open Vae.Benchmarks

/// A mean over seeds, and the standard deviation among them.
type Spread = { Mean: float; Deviation: float }

/// What a candidate came to on held-out digits.
type Family = {
    Group: string
    Name: string
    /// The objective in words.
    Objective: string
    /// Whether its total bounds -log p(x).
    IsBound: bool
    /// The objective's own total, nats per digit.
    Total: Spread
    /// By importance sampling, nats per digit.
    LogLikelihood: Spread
    Kl: Spread
    /// Dimensions of latents whose posterior mean has a variance over the digits of more than 0.01 (Burda et al., 2016).
    ActiveUnits: Spread
    Dimensions: int
    /// The median step of the ELBO on the base is 1.
    StepRatio: float
}

/// How all are trained and measured.
type FamiliesOptions = { Train: int; HeldOut: int; Epochs: int; Seeds: int; Samples: int }

/// Every objective and family on the digits that the library draws, as pixels of 0 and 1: one net, one optimizer, one budget. It says
/// which run and what they cost; a setting of its own would serve some of them better.
[<RequireQualifiedAccess>]
module Families =
    let private digits (options: FamiliesOptions) =
        let count = options.Train + options.HeldOut
        let drawn = Digits.draw (Key.ofSeed 7) count

        let pixels =
            Array.init count (fun i -> Data.item i drawn |> Array.map (fun v -> if v > 0.5f then 1uy else 0uy))

        let data = Data.ofBytes "binary digits" [| 1L; 28L; 28L |] 1.0 drawn.Labels (Array.concat pixels)
        Data.slice 0 options.Train data, Data.slice options.Train options.HeldOut data

    let private spread (values: float list) =
        let mean = List.average values
        let squares = values |> List.sumBy (fun v -> (v - mean) ** 2.0)
        { Mean = mean; Deviation = sqrt (squares / float (max 1 (values.Length - 1))) }

    let private median (values: float list) = (List.sort values)[values.Length / 2]

    /// Trains with a seed; the run, and milliseconds of each step but the first.
    let private train (options: FamiliesOptions) (data, heldOut) (candidate: Candidate) seed =
        let settings = {
            TrainingOptions.defaults with
                Epochs = options.Epochs
                BatchSize = 100
                Seed = seed
                Validation = Some heldOut
        }

        let watch = Stopwatch.StartNew()
        let steps = ResizeArray()

        let observe (report: Report) =
            // The last step of an epoch has the validation in its time.
            if report.Completed.IsNone then
                steps.Add watch.Elapsed.TotalMilliseconds

            watch.Restart()

        let run =
            Training.start settings data candidate.Vae
            |> Training.fitWith observe candidate.Objective (Optimizer.adam 2e-3)

        run, List.ofSeq steps |> List.tail

    let private activeUnits (run: Run) (data: Data) =
        run.Vae.Sites
        |> List.sumBy (fun site ->
            use codes = Evaluation.encodeSite site.Name run data
            let values = codes.data<float32>().ToArray() |> Array.map float
            let size = values.Length / data.Count

            Seq.init size (fun j ->
                let column = Array.init data.Count (fun i -> values[i * size + j])
                let mean = Array.average column
                column |> Array.averageBy (fun v -> (v - mean) ** 2.0))
            |> Seq.filter (fun variance -> variance > 0.01)
            |> Seq.length)

    let private measured (options: FamiliesOptions) data (candidate: Candidate) =
        let heldOut = snd data

        let seeds = [
            for seed in 1 .. options.Seeds do
                let run, steps = train options data candidate seed
                use _ = run.Params
                // What an objective learns itself is there in training only.
                let measured = (List.last run.History).Validation.Value
                let evidence = Evaluation.logLikelihood options.Samples run heldOut

                {|
                    Total = measured.Total.Mean
                    Evidence = evidence.Mean
                    Kl = Kl.ofMeasurement measured
                    Active = float (activeUnits run heldOut)
                    Step = median steps
                |}
        ]

        let over get = seeds |> List.map get |> spread

        {
            Group = candidate.Group
            Name = candidate.Name
            Objective = candidate.Objective.Name
            IsBound = (candidate.Objective.Claim = Claim.Bound)
            Total = over _.Total
            LogLikelihood = over _.Evidence
            Kl = over _.Kl
            ActiveUnits = over _.Active
            Dimensions = candidate.Vae.Sites |> List.sumBy (fun site -> int (Array.fold (*) 1L site.Shape))
            StepRatio = seeds |> List.map _.Step |> List.min
        }

    /// All candidates in turn, each told of as it is done. The base is measured again at the end, and its lesser step is what the others'
    /// are compared with, so that a machine that slows down is not taken for a slow objective.
    let measure (options: FamiliesOptions) (told: Family -> unit) : Family list =
        let data = digits options

        let one candidate =
            let family = measured options data candidate
            told family
            family

        let all = Candidate.all |> List.map one
        let again = one Candidate.all.Head
        let step = min all.Head.StepRatio again.StepRatio
        all |> List.map (fun family -> { family with StepRatio = family.StepRatio / step })
