namespace Vae.Tables

open System
open System.Collections.Generic
open System.Globalization

/// What has been seen of a column's values, in bounded memory.
type internal Look = {
    Name: string
    Seen: int64
    Missing: int64
    Numbers: int64
    /// Where the first value is that is no number, and what it is.
    NotNumber: (string * string) option
    /// Where the first infinity is.
    Infinite: (string * string) option
    /// Numbers with a decimal comma: how many, and the first.
    Commas: int64
    FirstComma: (string * string) option
    IsWhole: bool
    Least: float
    Greatest: float
    /// Sums of the numbers and their powers from the first on, and of their logarithms, for the skewness of both.
    Moments: float[]
    LogMoments: float[]
    /// Date formats that all values fit.
    Dates: string list
    /// Distinct texts with how often they are there; None of more than are counted.
    Levels: Map<string, int64> option
    /// Numbers so far that each are one more than the one before.
    IsRunning: bool
}

[<RequireQualifiedAccess>]
module internal Look =
    /// Distinct texts that are counted.
    let most = 50_000

    let tryNumber (text: string) : float option =
        match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, number -> Some number
        | _ ->
            match text.Trim().ToLowerInvariant() with
            | "inf"
            | "+inf" -> Some infinity
            | "-inf" -> Some -infinity
            | _ -> None

    /// The numbers that stand for a missing value, of texts that do.
    let missingNumbers (missing: string seq) : HashSet<float> = HashSet(missing |> Seq.choose tryNumber)

    let private isComma (text: string) =
        let number = text.Replace(',', '.')

        text.IndexOf ',' > 0
        && text.IndexOf '.' < 0
        && text.LastIndexOf ',' = text.IndexOf ','
        && (tryNumber number).IsSome

    /// The looks at columns of a source, its values read once.
    let columns (missing: string list) (source: TableSource) : Look list =
        let missing = HashSet<string> missing
        let missingNumbers = missingNumbers missing
        let width = source.Columns.Length
        let seen, absent = Array.zeroCreate<int64> width, Array.zeroCreate<int64> width
        let numbers, commas = Array.zeroCreate<int64> width, Array.zeroCreate<int64> width
        let notNumber = Array.create width None
        let infinite, firstComma = Array.create width None, Array.create width None
        let whole, running = Array.create width true, Array.create width true
        let least, greatest = Array.create width infinity, Array.create width -infinity
        let first, last = Array.create width nan, Array.create width nan
        let moments = Array.init width (fun _ -> Array.zeroCreate<float> 3)
        let logs = Array.init width (fun _ -> Array.zeroCreate<float> 3)
        let dates = Array.create width Dates.formats
        let levels = Array.init width (fun _ -> Dictionary<string, int64>())

        /// Whether there are no more distinct texts than are counted.
        let isCounted j = levels[j].Count <= most

        let count j (value: string) =
            if isCounted j then
                match levels[j].TryGetValue value with
                | true, before -> levels[j][value] <- before + 1L
                | _ -> levels[j][value] <- 1L

        let textOf (x: float) = x.ToString("R", CultureInfo.InvariantCulture)

        let number j (where: unit -> string) (text: unit -> string) (x: float) =
            if Double.IsFinite x then
                numbers[j] <- numbers[j] + 1L

                if Double.IsNaN first[j] then
                    first[j] <- x

                whole[j] <- whole[j] && x = floor x
                running[j] <- running[j] && (Double.IsNaN last[j] || x = last[j] + 1.0)
                last[j] <- x
                least[j] <- min least[j] x
                greatest[j] <- max greatest[j] x
                // Beside the first value, so that what cancels is small.
                let shifted = x - first[j]

                for power in 0..2 do
                    moments[j][power] <- moments[j][power] + Math.Pow(shifted, float (power + 1))

                if x > 0.0 then
                    let log = log x

                    for power in 0..2 do
                        logs[j][power] <- logs[j][power] + Math.Pow(log, float (power + 1))
            elif infinite[j].IsNone then
                infinite[j] <- Some(where (), text ())

        let text j (where: unit -> string) (value: string) =
            seen[j] <- seen[j] + 1L

            if value = "" || missing.Contains value then
                absent[j] <- absent[j] + 1L
            else
                match tryNumber value with
                | Some x when not (Double.IsNaN x) -> number j where (fun () -> value) x
                | _ ->
                    running[j] <- false

                    if notNumber[j].IsNone then
                        notNumber[j] <- Some(where (), value)

                    if isComma value then
                        commas[j] <- commas[j] + 1L

                        if firstComma[j].IsNone then
                            firstComma[j] <- Some(where (), value)

                if not dates[j].IsEmpty then
                    dates[j] <- dates[j] |> List.filter (fun format -> (Dates.tryDays format value).IsSome)

                count j value

        for chunk in source.Chunks() do
            for j in 0 .. width - 1 do
                match chunk.Cells[j] with
                | Cells.Texts texts ->
                    for i in 0 .. chunk.Count - 1 do
                        text j (fun () -> chunk.Where i) texts[i]
                | Cells.Numbers values ->
                    dates[j] <- []

                    for i in 0 .. chunk.Count - 1 do
                        seen[j] <- seen[j] + 1L
                        let x = values[i]

                        if Double.IsNaN x || missingNumbers.Contains x then
                            absent[j] <- absent[j] + 1L
                        else
                            number j (fun () -> chunk.Where i) (fun () -> textOf x) x

                            if isCounted j then
                                count j (textOf x)

        source.Columns
        |> List.mapi (fun j name -> {
            Name = name
            Seen = seen[j]
            Missing = absent[j]
            Numbers = numbers[j]
            NotNumber = notNumber[j]
            Infinite = infinite[j]
            Commas = commas[j]
            FirstComma = firstComma[j]
            IsWhole = whole[j]
            Least = least[j]
            Greatest = greatest[j]
            Moments = moments[j]
            LogMoments = logs[j]
            Dates = dates[j]
            Levels =
                if not (isCounted j) then
                    None
                else
                    Some(Map [ for pair in levels[j] -> pair.Key, pair.Value ])
            IsRunning = running[j]
        })

    /// The skewness of numbers by their first three sums of powers.
    let skewness (count: int64) (sums: float[]) : float =
        let n = float count
        let mean = sums[0] / n
        let variance = sums[1] / n - mean * mean
        let third = sums[2] / n - 3.0 * mean * sums[1] / n + 2.0 * mean * mean * mean
        if variance <= 0.0 then 0.0 else third / (variance * sqrt variance)
