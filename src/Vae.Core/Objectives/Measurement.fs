namespace Vae.Core

open System
open TorchSharp

/// A mean over a data set with its standard error, in nats per example.
/// The error is not a number where there is none: of one value, and of terms of a batch as a whole.
type Statistic = { Mean: float; StandardError: float }

[<RequireQualifiedAccess>]
module Statistic =
    /// The mean of values and the standard error of that mean; of one value the error is not a number.
    let ofValues (values: float[]) =
        let mean = Array.average values
        let squares = values |> Array.sumBy (fun v -> (v - mean) * (v - mean))
        let n = float values.Length

        { Mean = mean; StandardError = sqrt (squares / (n - 1.0) / n) }

/// The terms of an objective over a data set, in nats per example.
type Measurement = {
    /// Each term by name, unweighted.
    Terms: (string * Statistic) list
    /// The weighted sum of the terms.
    Total: Statistic
    /// How many examples were measured.
    Count: int
    /// What the reconstruction term is: "reconstruction", or the name of a score that is no density.
    ScoreName: string
} with

    /// A term by name. Raises ArgumentException for a name that the objective does not have.
    member this.Term name =
        match List.tryFind (fun (known, _) -> known = name) this.Terms with
        | Some(_, statistic) -> statistic
        | None -> Check.refuse (nameof name) $"'%s{name}'" (this.Terms |> List.map fst |> String.concat " or ")

    override this.ToString() =
        let line name (s: Statistic) =
            let name = if name = "reconstruction" then this.ScoreName else name
            FormattableString.Invariant $"{name, -16} {s.Mean, 10:F3} +- {s.StandardError:F3}"

        let heading = $"nats per example, over %d{this.Count}"

        String.concat "\n" [
            heading
            for name, statistic in this.Terms do
                line name statistic
            line "total" this.Total
        ]

[<RequireQualifiedAccess>]
module Measurement =
    /// Examples that are passed through a model at once: bounds memory, and is part of which noise an example gets.
    let private chunk = 250

    /// The parts of a data set that this process passes through the model, and whether it alone does: where there are too
    /// few for all, the others pass the first one, to know which terms there are.
    let private shared (ranks: Ranks option) (chunks: (int * int)[]) =
        match ranks with
        | None -> chunks, true
        | Some ranks ->
            match chunks |> Array.filter (fun (index, _) -> index % ranks.Size = ranks.Rank) with
            | [||] -> chunks[..0], false
            | mine -> mine, true

    /// `take`, by several processes where there are: each passes parts of the data through the model, and all have the
    /// measurement that one process takes.
    let internal takeBy
        (ranks: Ranks option)
        (objective: Objective)
        (key: Key)
        (vae: Vae)
        (parameters: Params)
        (data: Data)
        : Measurement =
        use _ = torch.no_grad ()
        let read = Batches.ranges parameters.Placement vae.Reads data

        let setting key = Pass.setting vae parameters Mode.Evaluate (Key.foldName "objective" key) data.Count

        /// The terms of a part with their weights, and whether each is of the part as a whole: then the number is the same for all
        /// its examples.
        let measure (index: int, start: int) =
            use _ = torch.NewDisposeScope()
            let batch = read start (min chunk (data.Count - start))
            let key = Key.fold index key

            let values (term: Term) =
                let values = Tensor.toArray term.Nats.Values

                match term.Nats with
                | Nats.Each _ -> false, values
                | Nats.Whole _ -> true, Array.create (Batch.count batch) values[0]

            objective.Terms(Pass.draw objective.Draws key (setting key) batch)
            |> List.map (fun t -> t.Name, t.Weight.Factor Progress.ended, values t)

        let mine, counts = seq { 0..chunk .. data.Count - 1 } |> Seq.indexed |> Seq.toArray |> shared ranks

        let measured =
            Alive.during (fun () -> mine |> Array.map (fun (index, start) -> start, measure (index, start)))

        /// The values of the i-th term, one for each example.
        let valuesOf i =
            let values = Array.zeroCreate data.Count

            if counts then
                for start, terms in measured do
                    let _, _, (_, nats) = terms |> List.item i
                    Array.blit nats 0 values start nats.Length

            ranks |> Option.fold (fun values ranks -> Exchange.values ranks values) values

        let terms =
            snd measured[0]
            |> List.mapi (fun i (name, weight, (isWhole, _)) -> name, weight, isWhole, valuesOf i)

        // What has no weight is no part of the total, though it be infinite.
        let weighed = terms |> List.filter (fun (_, weight, _, _) -> weight <> 0.0)

        let total =
            Array.init data.Count (fun i -> weighed |> List.sumBy (fun (_, weight, _, nats) -> weight * nats[i]))

        // Numbers that examples share say nothing of the error of their mean.
        let statistic isWhole nats =
            let statistic = Statistic.ofValues nats
            if isWhole then { statistic with StandardError = nan } else statistic

        {
            Terms = terms |> List.map (fun (name, _, isWhole, nats) -> name, statistic isWhole nats)
            Total = statistic (weighed |> List.exists (fun (_, _, isWhole, _) -> isWhole)) total
            Count = data.Count
            ScoreName = vae.Parts.Likelihood.ScoreName
        }

    /// An objective over a data set, as it is evaluated: nothing is recorded for gradients, memory stays bounded, and the
    /// noise is a function of the key alone. Refuses data that does not fit the model.
    let take (objective: Objective) (key: Key) (vae: Vae) (parameters: Params) (data: Data) : Measurement =
        Fit.check vae (nameof data) data
        let known = parameters.Declared |> List.map _.Path |> set

        // What an objective learns beside the model is no part of it.
        match objective.Declared vae |> List.tryFind (fun p -> not (known.Contains p.Path)) with
        | Some learned ->
            Check.refuse
                (nameof objective)
                $"'%s{objective.Name}', which learns '%s{learned.Path}' in training, and the model has none"
                "one that learns nothing itself, such as Objective.elbo; what it came to is in the run's history"
        | None -> ()

        takeBy None objective key vae parameters data
