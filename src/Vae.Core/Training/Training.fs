namespace Vae.Core

/// A run that is about to begin, or to go on.
type Start<'q> = { Vae: Vae<'q>; Options: TrainingOptions; Data: Data; From: Snapshot option }

/// Training is a sequence of reports, one a step; the state of a run after step n is a function of the seed and n.
[<RequireQualifiedAccess>]
module Training =
    /// Data that a model can be trained or measured on. Refuses items of another shape, and values outside the set that
    /// the likelihood is a density on.
    let internal fitting (vae: Vae<'q>) argument (data: Data) =
        if data.ItemShape <> vae.DataShape then
            Check.refuse
                argument
                $"of items %s{Check.shape data.ItemShape}"
                $"items %s{Check.shape vae.DataShape}, the shape of the model's data"

        if vae.Parts.Likelihood.Data = Some Support.zeroOne && not (Data.isBinary data) then
            Check.refuse
                argument
                $"grey levels (%O{data})"
                "pixels of 0 and 1, as the Bernoulli likelihood is a density of these; for grey levels use Likelihood.bernoulliCrossEntropy or Likelihood.gaussian"

    /// A run of a model on data, from the beginning. Refuses options out of range and data that does not fit the model.
    let start (options: TrainingOptions) (data: Data) (vae: Vae<'q>) : Start<'q> =
        TrainingOptions.check options
        fitting vae (nameof data) data
        options.Validation |> Option.iter (fitting vae "Validation")
        // The run may be another thread's.
        Team.release ()

        { Vae = vae; Options = options; Data = data; From = None }

    /// The steps of a run: their batches and noise, for whoever moves the parameters by other means.
    let steps (start: Start<'q>) : Steps = Steps(start.Options, start.Data)

    /// The same run, going on from where it was copied. With the same options, data and objective it ends bit for bit where
    /// the uninterrupted run does. Refuses a snapshot of another model, or of another precision or device than the options';
    /// one of another optimizer is refused once the run goes on.
    let resume (snapshot: Snapshot) (start: Start<'q>) : Start<'q> =
        let layout (declared: Parameter list) = declared |> List.map (fun p -> p.Path, p.Shape)

        if layout snapshot.Params.Declared <> layout (Vae.declared start.Vae) then
            Check.refuse (nameof snapshot) "of a model with other parameters" "a snapshot of the model that goes on"

        if snapshot.Model <> Vae.describe start.Vae then
            Check.refuse (nameof snapshot) $"of the model\n%s{snapshot.Model}" $"of\n%s{Vae.describe start.Vae}"

        let found, expected = snapshot.Params.Placement, start.Options.Placement

        if found.DType <> expected.DType || not (Placement.isSameDevice found.Device expected.Device) then
            let describe place = $"in %A{place.DType} on %O{place.Device}"
            Check.refuse (nameof snapshot) (describe found) $"one %s{describe expected}, the placement of the options"

        { start with From = Some snapshot }

    /// The reports of a run, as it runs. Leaving the sequence early ends the run.
    let reports (objective: Objective<'q>) (optimizer: Optimizer) (start: Start<'q>) : seq<Report> =
        seq {
            use loop = new Loop<'q>(objective, optimizer, start.Vae, start.Options, start.Data, start.From)

            while not loop.IsDone do
                yield loop.Next()
        }

    /// The run that a snapshot ends, with its best parameters where early stopping chose them; the rest is disposed of.
    let private finish (vae: Vae<'q>) (snapshot: Snapshot) : Run<'q> =
        for _, slot in snapshot.Slots do
            slot.Dispose()

        let chosen =
            match snapshot.Best with
            | Some(_, best) ->
                (snapshot.Params :> System.IDisposable).Dispose()
                best
            | None -> snapshot.Params

        { Vae = vae; Params = chosen; History = snapshot.History }

    /// Trains to the end, showing every report to a function on the way.
    let fitWith
        (observe: Report -> unit)
        (objective: Objective<'q>)
        (optimizer: Optimizer)
        (start: Start<'q>)
        : Run<'q> =
        use loop = new Loop<'q>(objective, optimizer, start.Vae, start.Options, start.Data, start.From)

        while not loop.IsDone do
            observe (loop.Next())

        finish start.Vae (loop.Snapshot())

    /// Trains to the end.
    let fit (objective: Objective<'q>) (optimizer: Optimizer) (start: Start<'q>) : Run<'q> =
        fitWith ignore objective optimizer start

    /// A model with the parameters a run begins with.
    let untrained (options: TrainingOptions) (vae: Vae<'q>) : Run<'q> = {
        Vae = vae
        Params = Vae.initial options.Placement (Steps.InitialKeyOf options) vae
        History = []
    }
