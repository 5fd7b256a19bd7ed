namespace Vae.Core

open TorchSharp

/// A snapshot as one safetensors file: a run that is killed goes on from the last one, bit for bit.
[<RequireQualifiedAccess>]
module Checkpoint =
    let private kind = "vae-checkpoint"

    let private current, private slot, private best = "parameters.", "optimizer.", "best."

    let private averaged = "average"

    let private isSlot (name: string) = name.StartsWith(slot, System.StringComparison.Ordinal)

    let private prefixed prefix tensors = tensors |> List.map (fun (name, t: Tensor) -> prefix + name, t)

    let private ofOrigin (origin: Origin) =
        Json.Object [
            "data", Json.Text origin.Data
            "examples", Json.ofInt origin.Examples
            "batchSize", Json.ofInt origin.BatchSize
            "seed", Json.ofInt origin.Seed
            "objective", Json.Text origin.Objective
            match origin.Validation with
            | Some hash -> "validation", Json.Text hash
            | None -> ()
        ]

    let private toOrigin at : Origin =
        JsonAt.only [ "data"; "examples"; "batchSize"; "seed"; "objective"; "validation" ] at

        {
            Data = JsonAt.field "data" at |> JsonAt.text
            Examples = JsonAt.field "examples" at |> JsonAt.integer 1
            BatchSize = JsonAt.field "batchSize" at |> JsonAt.integer 1
            Seed = JsonAt.field "seed" at |> JsonAt.integer System.Int32.MinValue
            Objective = JsonAt.field "objective" at |> JsonAt.text
            Validation = JsonAt.tryField "validation" at |> Option.map JsonAt.text
        }

    /// Writes a snapshot of a model's training. A file of the same name is replaced in one step: a process killed at any
    /// moment leaves the old checkpoint or the new one, whole.
    let write (path: string) (snapshot: Snapshot) : unit =
        let state =
            Json.Object [
                "step", Json.ofWhole snapshot.Step
                "sums", HistoryJson.ofNamed snapshot.Sums
                match snapshot.Total with
                | Some total -> "total", Json.ofFloat total
                | None -> ()
                if not snapshot.Learned.IsEmpty then
                    "learned", Json.List [ for path in snapshot.Learned -> Json.Text path ]
                if snapshot.Skipped > 0 then
                    "skipped", Json.ofInt snapshot.Skipped
                    "missed", Json.ofInt snapshot.Missed
                "history", HistoryJson.ofHistory snapshot.History
                match snapshot.Origin with
                | Some origin -> "origin", ofOrigin origin
                | None -> ()
                match snapshot.Best with
                | Some(epoch, _) -> "best", Json.ofInt epoch
                | None -> ()
            ]

        let metadata = [ "format", StoredParams.kind kind; "model", snapshot.Model; "training", Json.print state ]

        Safetensors.write path metadata [
            yield! StoredParams.tensors snapshot.Params |> prefixed current
            yield! prefixed slot snapshot.Slots
            for average in Option.toList snapshot.Average do
                averaged, average
            for _, parameters in Option.toList snapshot.Best do
                yield! StoredParams.tensors parameters |> prefixed best
        ]

    /// A number that is left out where it is 0.
    let private count name at = JsonAt.tryField name at |> Option.map (JsonAt.integer 0) |> Option.defaultValue 0

    /// The best epoch, which training compares the following ones with.
    let private bestEpoch (history: Epoch list) at =
        let number = JsonAt.integer 1 at

        if history |> List.exists (fun e -> e.Number = number && e.Validation.IsSome) then
            number
        else
            JsonAt.refuse at $"%d{number}" "an epoch of the history that was measured on validation data"

    /// `read` onto a device.
    let readOn (device: torch.Device) (path: string) (vae: Vae) : Snapshot =
        Native.load ()
        use _ = torch.NewDisposeScope()
        let model = Vae.declared vae

        /// What an objective has learned beside the model: paths that the file names, of the shapes that its tensors have.
        let learned state (header: StoredHeader) =
            let parameter at =
                let path = JsonAt.text at

                match header.Tensors |> List.tryFind (fun t -> t.Name = current + path) with
                | Some t when model |> List.forall (fun p -> p.Path <> path) -> {
                    Learned.numbers path t.Shape with
                        Trained = true
                  }
                | _ -> JsonAt.refuse at $"'%s{path}'" "a tensor of the file that is no parameter of the model"

            JsonAt.tryField "learned" state
            |> Option.map (JsonAt.items >> List.map parameter)
            |> Option.defaultValue []

        let accept (header: StoredHeader) =
            StoredParams.expectKind path kind header
            let state = StoredParams.json path "training" header.Metadata
            JsonAt.only [ "step"; "sums"; "total"; "learned"; "skipped"; "missed"; "history"; "origin"; "best" ] state

            let declared = model @ learned state header
            let shapes prefix = declared |> List.map (fun p -> prefix + p.Path, p.Shape)
            let trained = declared |> List.filter _.Trained |> List.sumBy (fun p -> Shape.size p.Shape)

            StoredParams.check
                path
                [
                    yield! shapes current
                    for t in header.Tensors do
                        if isSlot t.Name || t.Name = averaged then
                            t.Name, [| trained |]
                    if (JsonAt.tryField "best" state).IsSome then
                        yield! shapes best
                ]
                header.Tensors

            StoredParams.expect path "model" (Vae.describe vae) header.Metadata
            state, declared

        let (state, declared), tensors = Safetensors.readBy accept device path
        StoredParams.checkFinite path tensors
        let slots = tensors |> List.filter (fst >> isSlot)
        let history = JsonAt.field "history" state |> HistoryJson.toHistory
        let bestNumber = JsonAt.tryField "best" state |> Option.map (bestEpoch history)

        {
            Model = Vae.describe vae
            Step = JsonAt.field "step" state |> JsonAt.whole 0L
            Sums = JsonAt.field "sums" state |> HistoryJson.toNamed
            Total = JsonAt.tryField "total" state |> Option.map JsonAt.float
            Skipped = count "skipped" state
            Missed = count "missed" state
            History = history
            Origin = JsonAt.tryField "origin" state |> Option.map toOrigin
            Slots = [ for name, t in slots -> name[slot.Length ..], t.DetachFromDisposeScope() ]
            Average =
                tensors
                |> List.tryFind (fun (name, _) -> name = averaged)
                |> Option.map (fun (_, t) -> t.DetachFromDisposeScope())
            Params = StoredParams.create declared current tensors
            Learned = declared |> List.skip model.Length |> List.map _.Path
            Best = bestNumber |> Option.map (fun number -> number, StoredParams.create declared best tensors)
        }

    /// The snapshot of a model that a file holds, on the CPU, in the precision it was trained in; the caller disposes of it.
    /// Raises StorageException for a file that is missing or damaged, and for a checkpoint of another model, naming what
    /// differs.
    let read (path: string) (vae: Vae) : Snapshot = readOn Placement.float32.Device path vae
