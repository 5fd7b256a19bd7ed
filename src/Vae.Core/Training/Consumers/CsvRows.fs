namespace Vae.Core

open System
open System.Buffers.Text
open System.Text

/// The rows of a training log: a header, and a line for each row, which begins with its step.
[<RequireQualifiedAccess>]
module internal CsvRows =
    let private first = "step,epoch,examples,total"B

    let private refuse path line (found: string) expected =
        raise (StorageException(path, $"line %d{line}", found, expected))

    /// How many of a log's first bytes are its header and rows of steps before one. A line that was not finished is none.
    let before (path: string) (step: int64) (bytes: byte[]) : int =
        let rec rows line start =
            match Array.IndexOf(bytes, '\n'B, start) with
            | -1 -> start
            | stop ->
                let row = ReadOnlySpan(bytes, start, stop - start)
                let mutable found, length = 0L, 0

                if line = 1 then
                    if not (row.StartsWith(ReadOnlySpan first)) then
                        refuse path line (Encoding.UTF8.GetString row) $"the header of a training log"

                    rows 2 (stop + 1)
                elif not (Utf8Parser.TryParse(row, &found, &length)) then
                    refuse path line (Encoding.UTF8.GetString row) "a row that begins with its step"
                elif found >= step then
                    start
                else
                    rows (line + 1) (stop + 1)

        rows 1 0

    /// A text as a field (RFC 4180), in one line.
    let private field (text: string) =
        let line = text.ReplaceLineEndings " "

        if line.AsSpan().IndexOfAny(',', '"') < 0 then
            line
        else
            "\"" + line.Replace("\"", "\"\"") + "\""

    let private line fields = String.Join(',', List.map field fields)

    let header (terms: string list) : string =
        line [
            "step"
            "epoch"
            "examples"
            "total"
            yield! terms
            "learning_rate"
            "gradient_norm"
            "validation_total"
            for term in terms do
                "validation_" + term
            "fault"
        ]

    let row (report: Report) : string =
        let measured = report.Completed |> Option.bind _.Validation
        let validation value = measured |> Option.map (value >> Check.number) |> Option.defaultValue ""

        line [
            string report.Progress.Step
            string report.Epoch
            string report.Examples
            Check.number report.Total
            for _, nats in report.Terms do
                Check.number nats
            Check.number report.Rate
            Check.number report.GradientNorm
            validation _.Total.Mean
            for i in 0 .. report.Terms.Length - 1 do
                validation (fun m -> (snd m.Terms[i]).Mean)
            report.Fault |> Option.map string |> Option.defaultValue ""
        ]
