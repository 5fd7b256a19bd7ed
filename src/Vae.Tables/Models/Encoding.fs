namespace Vae.Tables

open System
open Vae.Core

/// A circle that a date goes round.
[<RequireQualifiedAccess>]
type internal Cycle =
    | Year
    | Week
    | Day

/// How a value becomes numbers that a model is of.
[<RequireQualifiedAccess>]
type internal Form =
    /// (x - center) / scale
    | Standardized of center: float * scale: float
    /// (log x - center) / scale
    | Logarithmic of center: float * scale: float
    /// A count, or the number of a level, as it is.
    | Whole
    /// A 1 at the place of a level, the last of which is "other".
    | OneOf of levels: int
    /// The point of a circle.
    | Around of Cycle

/// A value of a row as a model sees it: a column is one, a date several.
type internal Piece = {
    Column: string
    Form: Form
    Law: string
    /// Of the column's values, in its own units.
    Grid: Grid
}

/// How rows of a table become vectors that a model is of, and back: learned from the rows that the model is trained on.
type Encoding = private {
    /// In the order of the vector.
    pieces: Piece list
}

[<RequireQualifiedAccess>]
module Encoding =
    let private width (piece: Piece) =
        match piece.Form with
        | Form.OneOf levels -> levels + 1
        | Form.Around _ -> 2
        | Form.Standardized _
        | Form.Logarithmic _
        | Form.Whole -> 1

    let internal pieces (encoding: Encoding) : Piece list = encoding.pieces

    let internal ofPieces (pieces: Piece list) : Encoding = { pieces = pieces }

    /// How many numbers a row is.
    let size (encoding: Encoding) : int = encoding.pieces |> List.sumBy width

    /// The pieces with where each begins in a row's vector.
    let private placed (encoding: Encoding) : (Piece * int) list =
        encoding.pieces |> List.mapFold (fun start piece -> (piece, start), start + width piece) 0 |> fst

    /// A column's numbers by where its piece begins in each of so many vectors; of circles there are none, as a line tells the date.
    let private columnsBy (encoding: Encoding) (rows: int) (number: Piece -> int -> float) : Map<string, float[]> =
        let size = size encoding

        Map [
            for piece, start in placed encoding do
                match piece.Form with
                | Form.Around _ -> ()
                | _ -> piece.Column, Array.init rows (fun i -> number piece (i * size + start))
        ]

    let private around = "VonMisesFisher"

    /// What a column's numbers are told by: a positive one's by their logarithms.
    let private scaled (column: Column) : float -> float =
        match column.Kind with
        | ColumnKind.Positive -> log
        | _ -> id

    let private ofColumn (column: Column) (spread: Spread, grid: Grid) : Piece list =
        let piece form = { Column = column.Name; Form = form; Law = Column.lawText column; Grid = grid }

        match column.Kind with
        | ColumnKind.Real -> [ piece (Form.Standardized(Spread.moments spread)) ]
        | ColumnKind.Positive -> [ piece (Form.Logarithmic(Spread.moments spread)) ]
        | ColumnKind.Count
        | ColumnKind.Ordinal _
        | ColumnKind.Binary _ -> [ piece Form.Whole ]
        | ColumnKind.Category levels -> [ piece (Form.OneOf levels.Length) ]
        | ColumnKind.Date _ ->
            let span = Grid.width grid
            let circle cycle = { piece (Form.Around cycle) with Law = around }

            [
                piece (Form.Standardized(Spread.moments spread))
                // A circle that is not gone round twice says nothing that the line does not.
                if span > 730.0 then
                    circle Cycle.Year
                if span > 14.0 then
                    circle Cycle.Week
                if not (Grid.isWhole grid) then
                    circle Cycle.Day
            ]
        | ColumnKind.Label
        | ColumnKind.Ignored -> []

    let private isVector (piece: Piece) =
        match piece.Form with
        | Form.OneOf _
        | Form.Around _ -> true
        | _ -> false

    /// Pieces of numbers of one law stand together, as one part of the model; what is more than a number is a part by itself.
    let private inParts (pieces: Piece list) : Piece list list =
        let vectors, numbers = pieces |> List.partition isVector
        (numbers |> List.groupBy _.Law |> List.map snd) @ (vectors |> List.map List.singleton)

    /// The encoding of modelled columns by some of the rows, which are gone through once.
    let internal fitRows (isMeant: int -> bool) (rows: TableRows) : Encoding =
        let columns = Schema.modelled rows.Schema |> List.toArray
        let spreads = Array.create columns.Length (Spread.none, Grid.none)

        for start, part in TableRows.parts rows do
            columns
            |> Array.iteri (fun j column ->
                let numbers, scaled = Table.numbers column.Name part, scaled column

                for i in 0 .. numbers.Length - 1 do
                    if isMeant (start + i) then
                        let spread, grid = spreads[j]
                        spreads[j] <- Spread.add spread (scaled numbers[i]), Grid.add grid numbers[i])

        {
            pieces = Seq.map2 ofColumn columns spreads |> List.concat |> inParts |> List.concat
        }

    /// The encoding of a table's modelled columns, by its rows: means and standard deviations are those of the values that are there.
    let fit (table: Table) : Encoding = fitRows (fun _ -> true) (TableRows.ofTable table)

    let private circle cycle days =
        let turn =
            match cycle with
            | Cycle.Year -> Dates.ofYear days
            | Cycle.Week -> Dates.ofWeek days
            | Cycle.Day -> Dates.ofDay days

        let angle = 2.0 * Math.PI * turn
        float32 (cos angle), float32 (sin angle)

    /// A number within what a score in single precision can be made of: whoever is further out is as odd.
    let private within (most: float) (x: float) : float32 = float32 (Math.Clamp(x, -most, most))

    let private fill (vector: Span<float32>) (piece: Piece) (x: float) =
        match piece.Form with
        | _ when Double.IsNaN x -> vector.Fill Single.NaN
        | Form.Standardized(center, scale) -> vector[0] <- within 1e6 ((x - center) / scale)
        | Form.Logarithmic(center, scale) -> vector[0] <- within 1e6 ((log x - center) / scale)
        | Form.Whole -> vector[0] <- within 1e9 x
        | Form.OneOf _ ->
            vector.Clear()
            vector[int x] <- 1.0f
        | Form.Around cycle ->
            let first, second = circle cycle x
            vector[0] <- first
            vector[1] <- second

    /// The vectors of rows, one after another.
    let private vectors (encoding: Encoding) (table: Table) : float32[] =
        let size = size encoding
        let values = Array.zeroCreate (table.Rows * size)

        for piece, start in placed encoding do
            let numbers = Table.numbers piece.Column table
            let width = width piece

            for i in 0 .. table.Rows - 1 do
                fill (values.AsSpan(i * size + start, width)) piece numbers[i]

        values

    /// The vectors of rows in a store, each at the place of a row's number; in memory where they are no more than so many bytes.
    let internal store (most: int64) (place: int -> int) (encoding: Encoding) (rows: TableRows) : ValueStore =
        let size = size encoding
        let length = int64 rows.Rows * int64 size

        if length > int64 Array.MaxLength then
            Check.refuse
                (nameof rows)
                $"%O{rows}, which are %d{length} numbers"
                $"at most %d{Array.MaxLength}: fewer rows, or fewer columns"

        let store = ValueStore.Create(most, int length)

        try
            for start, part in TableRows.parts rows do
                let vectors = vectors encoding part

                for i in 0 .. part.Rows - 1 do
                    store.Write(place (start + i) * size, ReadOnlySpan(vectors, i * size, size))

            store
        with _ ->
            (store :> IDisposable).Dispose()
            reraise ()

    /// The vectors of a store as data.
    let internal dataOf (encoding: Encoding) (rows: TableRows) (store: ValueStore) : Data =
        let name = if rows.Name = "" then "table" else rows.Name
        Data.ofStore name [| int64 (size encoding) |] store

    /// The rows of a table as vectors. A number that is further than a million standard deviations from its column's mean counts as
    /// that far, and a count above 1e9 as 1e9.
    let data (encoding: Encoding) (table: Table) : Data =
        let rows = TableRows.ofTable table
        store Int64.MaxValue id encoding rows |> dataOf encoding rows

    /// The rows of a table as vectors, with a column missing.
    let internal dataWithout (column: string) (encoding: Encoding) (table: Table) : Data =
        let size, values = size encoding, vectors encoding table

        for piece, start in placed encoding do
            if piece.Column = column then
                for i in 0 .. table.Rows - 1 do
                    values.AsSpan(i * size + start, width piece).Fill Single.NaN

        Data.ofIncomplete "table" [| int64 size |] [||] values

    /// The vector of one row, by the numbers of its columns.
    let internal vector (encoding: Encoding) (number: string -> float) : float32[] =
        let values = Array.zeroCreate (size encoding)

        for piece, start in placed encoding do
            fill (values.AsSpan(start, width piece)) piece (number piece.Column)

        values

    /// What a vector of means says of each column, in the column's units: of levels without an order their probabilities and that of
    /// "other", of two the probability of the second, of others one number, which is not rounded.
    let internal expected (encoding: Encoding) (means: float32[]) : Map<string, float32[]> =
        Map [
            for piece, start in placed encoding do
                match piece.Form with
                | Form.Around _ -> ()
                | Form.Standardized(center, scale) -> piece.Column, [| float32 (center + scale * float means[start]) |]
                | Form.Logarithmic(center, scale) ->
                    piece.Column, [| float32 (exp (center + scale * float means[start])) |]
                | Form.Whole
                | Form.OneOf _ -> piece.Column, means[start .. start + width piece - 1]
        ]

    /// The number of a column's value that a piece of a vector is; NaN where another piece tells it.
    let private value (vector: ReadOnlySpan<float32>) (piece: Piece) : float =
        match piece.Form with
        | Form.Standardized(center, scale) -> center + scale * float vector[0]
        | Form.Logarithmic(center, scale) -> exp (center + scale * float vector[0])
        | Form.Whole -> Math.Round(float vector[0])
        | Form.OneOf levels ->
            let mutable best = 0

            for i in 1..levels do
                if vector[i] > vector[best] then
                    best <- i

            float best
        | Form.Around _ -> nan

    /// The numbers of each column, of vectors one after another: of a category the level with the largest.
    let internal columns (encoding: Encoding) (vectors: float32[]) : Map<string, float[]> =
        columnsBy encoding (vectors.Length / size encoding) (fun piece at ->
            value (ReadOnlySpan(vectors, at, width piece)) piece)

    /// Numbers of columns as the columns' values are: with their decimals, and within their ranges.
    let internal onGrid (encoding: Encoding) (columns: Map<string, float[]>) : Map<string, float[]> =
        let grids =
            Map [
                for piece in encoding.pieces do
                    match piece.Form with
                    // A level that was not seen is "other", and none that is near.
                    | Form.OneOf _
                    | Form.Around _ -> ()
                    | Form.Standardized _
                    | Form.Logarithmic _
                    | Form.Whole -> piece.Column, piece.Grid
            ]

        columns
        |> Map.map (fun name numbers ->
            match grids.TryFind name with
            | Some grid -> numbers |> Array.map (Grid.nearest grid)
            | None -> numbers)

    /// How sure each column's numbers are, of means and standard deviations of vectors one after another: a standard deviation in the
    /// column's units, of a positive one that of its logarithm, or the probability that a level is another.
    let internal uncertainty (encoding: Encoding) (means: float32[]) (deviations: float32[]) : Map<string, float[]> =
        columnsBy encoding (means.Length / size encoding) (fun piece at ->
            match piece.Form with
            | Form.Standardized(_, scale)
            | Form.Logarithmic(_, scale) -> scale * float deviations[at]
            | Form.OneOf levels -> 1.0 - float (Array.max means[at .. at + levels])
            | Form.Whole
            | Form.Around _ -> float deviations[at])

    /// What values of a row add to something, column by column.
    let internal byColumn (encoding: Encoding) (columns: string list) (values: float[]) : float[] =
        let place = columns |> List.mapi (fun i name -> name, i) |> Map.ofList
        let sums = Array.zeroCreate columns.Length

        encoding.pieces
        |> List.iteri (fun i piece ->
            let column = place[piece.Column]
            sums[column] <- sums[column] + values[i])

        sums

    /// The head of each part of a model of the rows: a name, how many numbers it is, and its law.
    let internal parts (encoding: Encoding) : (string * int * Head) list =
        let named (pieces: Piece list) =
            let plain (name: string) = name.Replace('.', '_')
            let head = HeadText.ofText $"column '%s{pieces.Head.Column}'" pieces.Head.Law

            let name =
                match pieces with
                | [ piece ] -> plain piece.Column
                | first :: _ -> (first.Law.Split ' ')[0]
                | [] -> invalidOp "a part has a piece"

            name, List.sumBy width pieces, head

        inParts encoding.pieces
        |> List.map named
        |> List.mapFold
            (fun used (name, numbers, head) ->
                let rec free n =
                    let candidate = if n = 1 then name else $"%s{name} %d{n}"
                    if Set.contains candidate used then free (n + 1) else candidate

                let name = free 1
                (name, numbers, head), Set.add name used)
            Set.empty
        |> fst
