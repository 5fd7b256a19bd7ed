namespace Vae.Benchmarks

open System
open System.Globalization
open Vae.Core

/// How the time to a quality is spent, from before a process is started.
type Quality = {
    /// Whether the target was reached.
    Reached: bool
    /// Seconds to the evaluation that reached it, or to the last one.
    Seconds: float
    /// The negative ELBO with the cross-entropy of grey levels, nats per test image, and its standard error.
    Total: float
    StandardError: float
    TestImages: int
    Steps: int
    /// Seconds to each thing that was done.
    Stages: (string * float) list
}

/// How a fresh process trains until held-out images are good enough.
type QualityOptions = {
    Folder: string
    /// Nats per image.
    Target: float
    Rate: float
    Batch: int
    /// The length of the run that the learning rate's schedule is spread over.
    Epochs: int
    /// Steps between evaluations.
    Every: int
}

/// Time to a quality: the whole chain from the start of a process to an evaluation on test images that meets a target.
[<RequireQualifiedAccess>]
module Quality =
    let private culture = CultureInfo.InvariantCulture

    /// The dense net of the benchmarks, on a latent space of two dimensions as the study's.
    let private model =
        lazy
            Vae.create
                (Prior.standard 2)
                (Posterior.diagonalNormal (Net.denseEncoder [ 512; 256 ]))
                (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 256; 512 ]))

    /// How far below the target training goes on the images it watches: test images may be that much harder by chance.
    let private margin = 1.0

    /// Loads, trains and evaluates in this process, a line for each thing done. When to stop is decided on training images
    /// that are held out, and the test images are evaluated once.
    let child (options: QualityOptions) =
        let line (text: string) = Console.Out.WriteLine text
        Native.load ()
        line "native libraries loaded"
        let all, test = Idx.load options.Folder
        line $"%d{all.Count} training and %d{test.Count} test images read"
        let train, watched = Data.split 0.97 all
        let vae = model.Value

        let optimizer =
            Optimizer.adam options.Rate |> Optimizer.withSchedule (Schedule.warmup 50 (Schedule.cosine 0.05))

        let totalOn data (report: Report) =
            use snapshot = report.Snapshot()
            (Evaluation.elbo { Vae = vae; Params = snapshot.Params; History = [] } data).Total

        let isGoodEnough (report: Report) =
            let total = (totalOn watched report).Mean
            line $"step %d{report.Progress.Step}, %d{watched.Count} watched images at %.2f{total} nats"
            total <= options.Target - margin

        let isLast (report: Report) = report.Progress.Step = report.Progress.Steps

        let isLooking (report: Report) = report.Completed.IsSome || report.Progress.Step % int64 options.Every = 0L

        /// Evaluates on the test images where training ends.
        let ends (report: Report) =
            let isEnd = isLooking report && (isGoodEnough report || isLast report)

            if isEnd then
                let total = totalOn test report

                String.Format(
                    culture,
                    "evaluated {0} {1} {2} {3}",
                    total.Mean,
                    total.StandardError,
                    test.Count,
                    report.Progress.Step
                )
                |> line

            isEnd

        vae
        |> Training.start
            {
                TrainingOptions.defaults with
                    Epochs = options.Epochs
                    BatchSize = options.Batch
            }
            train
        |> Training.reports Objective.elbo optimizer
        |> Seq.exists ends
        |> ignore

    let private arguments (o: QualityOptions) = [
        o.Folder
        o.Target.ToString culture
        o.Rate.ToString culture
        string o.Batch
        string o.Epochs
        string o.Every
    ]

    /// What `child` was asked for.
    let ofArguments (arguments: string list) =
        match arguments with
        | [ folder; target; rate; batch; epochs; every ] -> {
            Folder = folder
            Target = Double.Parse(target, culture)
            Rate = Double.Parse(rate, culture)
            Batch = int batch
            Epochs = int epochs
            Every = int every
          }
        | _ -> invalidOp "a child is given a folder, a target, a learning rate, a batch, epochs and steps"

    /// The same in a process of its own, timed from before its start.
    let measure (options: QualityOptions) : Quality =
        let lines = Child.timedLines ("reach-quality" :: arguments options)
        let last, seconds = List.last lines
        let number (text: string) = Double.Parse(text, culture)

        match last.Split ' ' with
        | [| "evaluated"; total; error; images; steps |] -> {
            Reached = number total <= options.Target
            Seconds = seconds
            Total = number total
            StandardError = number error
            TestImages = int images
            Steps = int steps
            Stages =
                lines
                |> List.map (fun (text, at) ->
                    match text.Split ' ' with
                    | [| "evaluated"; total; _; _; _ |] -> $"evaluated: %.2f{number total} nats", at
                    | _ -> text, at)
          }
        | _ -> invalidOp $"the child ended with '%s{last}'"
