namespace Vae.Core

open System.Text

/// Files of what a run's reports say, as functions to show every report to (`Training.fitWith`). A run that is killed leaves
/// all rows but the last one whole, and one that goes on from a snapshot goes on in the file from there.
[<RequireQualifiedAccess>]
module TrainingLog =
    let private rows (isRow: Report -> bool) (path: string) : Report -> unit =
        let file = GrowingFile(path, CsvRows.before path)
        let write (line: string) = file.Append(Encoding.UTF8.GetBytes(line + "\n"))
        let mutable header = ""

        fun report ->
            file.Reach report.Progress.Step
            |> Option.iter (fun kept -> header <- (Encoding.UTF8.GetString kept).Split('\n', 2)[0])

            // A first step that a law refuses leaves no terms, and with them no columns.
            if isRow report && not report.Terms.IsEmpty then
                let columns = CsvRows.header (List.map fst report.Terms)

                if header = "" then
                    write columns
                    header <- columns
                elif header <> columns then
                    raise (StorageException(path, "line 1", header, columns))

                write (CsvRows.row report)

    /// A CSV file (RFC 4180) with a row for each epoch: the step that completed it, the epoch, examples visited, the mean of
    /// the objective and of each term over them, the learning rate and the gradient's norm of the last step, the same of the
    /// validation data, empty where there is none, and what was wrong with a step that was left out. Nats per example, with all
    /// digits. Raises StorageException where the file has rows and the run begins anew, and where its columns are others.
    let csv (path: string) : Report -> unit = rows _.Completed.IsSome path

    /// `csv` with a row for each step: its means are those of the epoch so far.
    let csvOfSteps (path: string) : Report -> unit = rows (fun _ -> true) path
