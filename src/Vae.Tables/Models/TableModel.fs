namespace Vae.Tables

open Vae.Core

/// What a model of a table's rows is made by and trained with.
type TableOptions = {
    /// Dimensions of the latent; None: half as many as there are modelled columns, from 2 to 8.
    Latent: int option
    /// Widths of the encoder's hidden layers; the decoder has them the other way round.
    Hidden: int list
    /// As text, as the recipes read it: `standard`, `mixture 10`.
    Prior: string
    Posterior: string
    /// `holes 0.5` in it hides values of training rows on the way, so that rows with holes are known to the model where the table has none.
    Objective: string
    /// How often the rows are visited; None: as often as makes about 3,000 steps, from 20 to 1,000.
    Epochs: int option
    /// Rows of a step; None: a hundredth of those that are trained on, from 128 to 1,024.
    BatchSize: int option
    LearningRate: float
    Seed: int
    /// The share of the rows, but at most 12,000 of them, that is held back, and not trained on: the best epoch is chosen by half of them,
    /// at most 2,000, and scores are calibrated by the others.
    HeldBack: float
}

[<RequireQualifiedAccess>]
module TableOptions =
    let defaults: TableOptions = {
        Latent = None
        Hidden = [ 128; 128 ]
        Prior = "standard"
        Posterior = "normal"
        Objective = "iwae 5, holes 0.5"
        Epochs = None
        BatchSize = None
        LearningRate = 2e-3
        Seed = 0
        HeldBack = 0.2
    }

    /// Rows that the best epoch is chosen by at most: they are all measured after every epoch.
    let internal mostChoosing = 2_000

    /// Rows that are held back at most: p-values are told to a ten thousandth.
    let internal mostHeldBack = 10_000 + mostChoosing

    /// Rows of a step, of so many.
    let batchSize (options: TableOptions) (rows: int) : int =
        options.BatchSize |> Option.defaultWith (fun () -> max 128 (min 1024 (rows / 100)))

    /// How often so many rows are visited.
    let epochs (options: TableOptions) (rows: int) : int =
        match options.Epochs with
        | Some epochs -> epochs
        | None ->
            let perEpoch = (rows - 1) / batchSize options rows + 1
            min 1000 (max 20 (3000 / perEpoch))

    let internal check (options: TableOptions) =
        options.Latent |> Option.iter (Check.atLeast 1 "Latent")
        options.Hidden |> List.iter (Check.atLeast 1 "Hidden")
        options.Epochs |> Option.iter (Check.atLeast 1 "Epochs")
        options.BatchSize |> Option.iter (Check.atLeast 1 "BatchSize")
        Check.positiveFloat "LearningRate" options.LearningRate

        if not (options.HeldBack > 0.0 && options.HeldBack < 1.0) then
            Check.refuse "HeldBack" (Check.number options.HeldBack) "a share of the rows, between 0 and 1"

/// Models of rows of a table: a law for each column, all of them given one latent.
[<RequireQualifiedAccess>]
module TableModel =
    /// Layers of these widths with rectifiers between them. One that is as wide as that before it is two, which are added to what they are
    /// of, so that what is linear goes through as it is: columns are often sums of others, and rectifiers would have to learn that piece by
    /// piece (K. He et al., "Identity mappings in deep residual networks", 2016).
    let private through (widths: int list) : Net =
        let block width = Net.residual (Net.relu --> Net.dense width --> Net.relu --> Net.dense width)

        let rec after before (net: Net) widths =
            match widths with
            | [] -> net
            | width :: rest when width = before -> after width (net --> block width) rest
            | width :: rest -> after width (net --> Net.relu --> Net.dense width) rest

        match widths with
        | [] -> Net.identity
        | [ only ] -> Net.dense only --> Net.relu
        | first :: rest ->
            let net = after first (Net.dense first) rest
            // What is added to is not cut off at 0.
            if List.last widths = List.item (widths.Length - 2) widths then
                net
            else
                net --> Net.relu

    /// The model of rows that an encoding makes vectors of. Its networks are told what is missing, and its score leaves that out.
    let create (options: TableOptions) (encoding: Encoding) : Vae =
        TableOptions.check options
        let parts = Encoding.parts encoding
        let columns = Encoding.pieces encoding |> List.distinctBy _.Column |> List.length
        let latent = options.Latent |> Option.defaultValue (max 2 (min 8 (columns / 2)))
        let encoder = Net.asinh --> through options.Hidden

        let outputs =
            parts
            |> List.sumBy (fun (_, numbers, head) ->
                Head.layout "likelihood" head [| int64 numbers |] |> Head.outputs |> int)

        Vae.create
            (PriorRecipes.read options.Prior latent)
            (PosteriorRecipes.read options.Posterior encoder)
            (Likelihood.product parts (through (List.rev options.Hidden) --> Net.dense outputs))
        |> Vae.forMissing
