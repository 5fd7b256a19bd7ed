namespace Vae.Core

open System
open System.IO

/// Event files, which TensorBoard reads, of what a run's reports say.
[<RequireQualifiedAccess>]
module TensorBoard =
    let private name = "events.out.tfevents.vae"

    /// How many of a file's first bytes are records of steps before one.
    let internal before (path: string) (step: int64) (bytes: byte[]) : int =
        TfRecord.read path bytes
        |> List.takeWhile (fun record -> EventBytes.step path bytes record < step)
        |> List.tryLast
        |> Option.map (fun (_, stop) -> stop + 4)
        |> Option.defaultValue 0

    let private values (report: Report) = [
        "train/total", report.Total
        for term, nats in report.Terms do
            "train/" + term, nats
        "learning_rate", report.Rate
        "gradient_norm", report.GradientNorm
        for epoch in Option.toList report.Completed do
            for measured in Option.toList epoch.Validation do
                "validation/total", measured.Total.Mean

                for term, nats in measured.Terms do
                    "validation/" + term, nats.Mean
    ]

    /// A function to show every report of a run to (`Training.fitWith`), which writes an event file into a folder: with every
    /// step the means of the objective and of its terms over the epoch so far, in nats per example, the learning rate and the
    /// gradient's norm, and with an epoch's last those of the validation data. `tensorboard --logdir` of the folder, or of one
    /// that has a folder for each run, shows them. They are in single precision, with the time of day, as the format has it;
    /// what is no number is left out. A run that is killed leaves all events but the last one whole; one that goes on from a
    /// snapshot goes on in the file from there. Raises StorageException where the folder has the events of a run, and another
    /// begins anew, and where they are damaged.
    let events (folder: string) : Report -> unit =
        let path = Path.Combine(folder, name)
        let file = GrowingFile(path, before path)
        let write event = file.Append(TfRecord.ofBytes event)

        fun report ->
            let step = report.Progress.Step
            let now = DateTimeOffset.UtcNow

            match file.Reach step with
            | Some kept ->
                if kept.Length = 0 then
                    write (EventBytes.version now)

                write (EventBytes.start now step)
            | None -> ()

            match values report |> List.filter (snd >> Double.IsFinite) with
            | [] -> ()
            | finite -> write (EventBytes.scalars now step finite)
