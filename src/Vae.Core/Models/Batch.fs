namespace Vae.Core

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

/// Examples that are passed through a model together.
type Batch = {
    /// [batch, data...]
    X: Tensor
    /// What a conditional model is given of each, [batch, given...].
    Given: Tensor option
}

[<RequireQualifiedAccess>]
module Batch =
    /// Examples without more, [batch, data...].
    let ofX (x: Tensor) : Batch = { X = x; Given = None }

    /// Examples and what a conditional model is given of each, [batch, given...].
    let conditional (given: Tensor) (x: Tensor) : Batch = { X = x; Given = Some given }

    /// How many there are.
    let count (batch: Batch) : int = int (batch.X.size 0)

    /// Some of its rows.
    let internal rows (start: int) (count: int) (batch: Batch) : Batch =
        let cut (t: Tensor) = t.narrow (0L, int64 start, int64 count)
        { X = cut batch.X; Given = Option.map cut batch.Given }
