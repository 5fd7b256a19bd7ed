namespace Vae.Core

open TorchSharp

/// What a model is conditional on, read from the data beside its items.
[<RequireQualifiedAccess>]
type Given =
    /// The label, as a vector of one category each with a 1 at its own.
    | Label of classes: int
    /// Factors of the data by their names, as they are.
    | Factors of names: string list

    override this.ToString() =
        match this with
        | Label classes -> $"the label, one of %d{classes}"
        | Factors names -> $"""the factors %s{String.concat ", " names}"""

[<RequireQualifiedAccess>]
module Given =
    /// The label of each example, one of so many.
    let label (classes: int) : Given =
        Check.atLeast 2 (nameof classes) classes
        Given.Label classes

    /// Factors of each example, as numbers.
    let factors (names: string list) : Given =
        if names.IsEmpty || (List.distinct names).Length <> names.Length then
            Check.refuse (nameof names) $"%A{names}" "names of factors, each once"

        Given.Factors names

    /// The shape of what is given of one example.
    let shape (given: Given) : int64[] =
        match given with
        | Given.Label classes -> [| int64 classes |]
        | Given.Factors names -> [| names.Length |]

/// What stands for values of data that are missing.
type internal Missing = {
    /// The set that an example lies in, the same for every law.
    Support: Support
    /// One number for each of an example: values that the likelihood has, so that a score that is left out is a number all the same.
    Filler: float[]
}

[<RequireQualifiedAccess>]
module internal Missing =
    /// What a function makes of the numbers of each point as a whole, given their dimensions, for each of its numbers: [..., data...].
    let rec private overPoints (ofPoint: int -> Tensor -> Tensor) (support: Support) (numbers: Tensor) : Tensor =
        match support with
        | Support.Parts parts ->
            let starts = parts |> List.map (fst >> Shape.size) |> Shape.starts

            let part (shape: int64[], support) start =
                let own = numbers.narrow (-1L, start, Shape.size shape)
                let leading = own.shape[.. own.shape.Length - 2]
                (overPoints ofPoint support (own.reshape (Array.append leading shape))).reshape own.shape

            torch.cat (List.map2 part parts starts |> List.toArray, -1L)
        | _ when Support.rank support = 0 -> numbers
        | _ ->
            let rank = Support.rank support
            (ofPoint rank numbers |> Shape.besideEvents rank).expand numbers.shape

    /// Numbers [..., data...] of which those of one point, such as a category, are the same: its first.
    let samePoints (missing: Missing) (numbers: Tensor) : Tensor =
        let rec first rank (t: Tensor) = if rank = 0 then t else first (rank - 1) (t.select (-1L, 0L))
        overPoints first missing.Support numbers

    /// Examples [batch, data...] with a filler for what is missing, NaN, and which values are there. Of a value that is more than a
    /// number, such as a category, none is there unless all of it is.
    let fill (missing: Missing) (x: Tensor) : Tensor * Tensor =
        let there = overPoints Shape.allLast missing.Support (x.isnan().logical_not())
        let filler = Tensor.ofArray (Placement.like x) x.shape[1..] missing.Filler
        torch.where (there, x, filler), there

/// What a model reads of a data set beside its values.
type internal Reads = {
    Given: Given option
    /// Latents that may be known of an example, by their names, and what from.
    Known: (string * Given) list
    /// Of a model of data with missing values, what stands in their place.
    Missing: Missing option
}

/// Examples that are passed through a model together.
type Batch = {
    /// [batch, data...]. What stands at missing values means nothing, but the likelihood has it.
    X: Tensor
    /// Which values are there, booleans [batch, data...]; None where all are.
    Observed: Tensor option
    /// What a conditional model is given of each, [batch, given...].
    Given: Tensor option
    /// Latents that are known of some examples, by their names, [batch, latent...]: NaN where one is not.
    Known: (string * Tensor) list
}

[<RequireQualifiedAccess>]
module Batch =
    /// Examples without more, [batch, data...].
    let ofX (x: Tensor) : Batch = { X = x; Observed = None; Given = None; Known = [] }

    /// Examples and what a conditional model is given of each, [batch, given...].
    let conditional (given: Tensor) (x: Tensor) : Batch = { ofX x with Given = Some given }

    /// The same examples, of which only these values are there: booleans [batch, data...]. What stands at the others has to be a
    /// value that the likelihood has.
    let observed (there: Tensor) (batch: Batch) : Batch = { batch with Observed = Some there }

    /// The same examples, of which a latent is known: [batch, latent...], NaN in the rows of those of which it is not.
    let known (latent: string) (values: Tensor) (batch: Batch) : Batch = {
        batch with
            Known = (batch.Known |> List.filter (fun (name, _) -> name <> latent)) @ [ latent, values ]
    }

    /// How many there are.
    let count (batch: Batch) : int = int (batch.X.size 0)

    /// Some of its rows.
    let internal rows (start: int) (count: int) (batch: Batch) : Batch =
        let cut (t: Tensor) = t.narrow (0L, int64 start, int64 count)

        {
            X = cut batch.X
            Observed = Option.map cut batch.Observed
            Given = Option.map cut batch.Given
            Known = batch.Known |> List.map (fun (name, values) -> name, cut values)
        }
