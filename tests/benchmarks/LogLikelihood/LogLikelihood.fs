namespace Vae.Benchmarks.LogLikelihood

open System.Diagnostics
open Vae.Core
open Vae.Benchmarks

/// One model of binary images, as papers state them.
type LogLikelihoodOptions = {
    Folder: string
    /// Widths of the encoder's hidden layers and the latent's dimensions: 400, 40.
    Widths: int list
    /// A word of activations.
    Activation: string
    Prior: string
    Posterior: string
    Objective: string
    Epochs: int
    Batch: int
    Rate: float
    Seed: int
    /// Draws for log p(x) of each test image.
    Samples: int
    /// Test images that are measured.
    Images: int
}

type LogLikelihood = {
    /// The negative ELBO of the test images, nats, and its standard error.
    NegativeElbo: float
    /// log p(x) of the test images by importance sampling, nats, and the standard error of the mean.
    LogLikelihood: float
    StandardError: float
    Kl: float
    TestImages: int
    Parameters: int64
    Steps: int64
    Seconds: float
}

/// log p(x) of test images for a model that is trained here, by the parameters that were best on validation images.
[<RequireQualifiedAccess>]
module LogLikelihood =
    let private activations = [ "relu", Net.relu; "tanh", Net.tanh ]

    /// The words that a net's activation is asked for by.
    let activationNames = activations |> List.map fst

    let private model (options: LogLikelihoodOptions) (shape: int64[]) : Vae =
        let activation = activations |> List.find (fun (name, _) -> name = options.Activation) |> snd
        let hidden, latent = List.take (options.Widths.Length - 1) options.Widths, List.last options.Widths
        let through (widths: int list) = widths |> List.map (fun width -> Net.dense width --> activation)
        let size = shape |> Array.fold (fun n side -> n * int side) 1
        let encoder = through hidden |> List.fold (-->) Net.flatten
        let decoder = through (List.rev hidden) |> List.fold (-->) Net.flatten
        let toImages = decoder --> Net.dense size --> Net.reshape [ for side in shape -> int side ]

        Vae.create
            (PriorRecipes.read options.Prior latent)
            (PosteriorRecipes.read options.Posterior encoder)
            (Likelihood.bernoulli toImages)

    /// What is trained on and validated on: a folder's own part or, where it has none, the last sixth of the training images.
    let private validation (folder: string) (train: Data) : Data * Data =
        try
            train, Idx.loadSplit Split.Validation folder
        with :? DataFormatException ->
            Data.split (5.0 / 6.0) train

    let measure (options: LogLikelihoodOptions) (told: Epoch -> unit) : LogLikelihood =
        let train, test = Idx.load options.Folder
        let train, valid = validation options.Folder train
        let test = Data.thin options.Images test
        let vae = model options train.ItemShape
        let objective = ObjectiveRecipes.read options.Objective vae

        let settings = {
            TrainingOptions.defaults with
                Epochs = options.Epochs
                BatchSize = options.Batch
                Seed = options.Seed
                Validation = Some(Data.thin 2000 valid)
                KeepBest = true
        }

        let optimizer = Optimizer.adam options.Rate |> Optimizer.withSchedule (Schedule.cosine 0.01)
        let watch = Stopwatch.StartNew()

        let run =
            Training.start settings train vae
            |> Training.fitWith (fun report -> Option.iter told report.Completed) objective optimizer

        use _ = run.Params
        let seconds = watch.Elapsed.TotalSeconds

        let elbo =
            Evaluation.measure
                (if objective.Needs |> List.contains Need.Path then Objective.elbo else objective)
                run
                test

        let evidence = Evaluation.logLikelihood options.Samples run test

        {
            NegativeElbo = elbo.Total.Mean
            LogLikelihood = evidence.Mean
            StandardError = evidence.StandardError
            Kl = Kl.ofMeasurement elbo
            TestImages = test.Count
            Parameters = run.Params.Count
            Steps = int64 ((train.Count - 1) / options.Batch + 1) * int64 options.Epochs
            Seconds = seconds
        }
