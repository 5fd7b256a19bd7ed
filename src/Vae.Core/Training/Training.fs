namespace Vae.Core

/// A run that is about to begin, or to go on.
type Start = { Vae: Vae; Options: TrainingOptions; Data: Data; From: Snapshot option }

/// Training is a sequence of reports, one a step; the state of a run after step n is a function of the seed and n.
[<RequireQualifiedAccess>]
module Training =
    /// Refuses data that a model can be neither trained nor measured on: items of another shape, and values outside the set that the likelihood scores ([0, 1] for a cross-entropy, 0 and 1 for Bernoulli pixels).
    /// Whatever takes data does so itself; this is for who wants to know before.
    let check (data: Data) (vae: Vae) : unit = Fit.check vae (nameof data) data

    /// A run of a model on data, from the beginning. Refuses options out of range, and data that `check` refuses
    /// or whose values are too large for the parameters' precision to train on.
    let start (options: TrainingOptions) (data: Data) (vae: Vae) : Start =
        TrainingOptions.check options
        Fit.checkTraining options.Placement vae (nameof data) data
        options.Validation |> Option.iter (Fit.checkTraining options.Placement vae "Validation")
        // The run may be another thread's.
        Team.release ()

        { Vae = vae; Options = options; Data = data; From = None }

    /// The steps of a run: their batches and noise, for whoever moves the parameters by other means.
    let steps (start: Start) : Steps = Steps(start.Options, start.Vae.Reads, start.Data)

    /// The same run, going on from where it was copied. With the same options, data and objective it ends bit for bit where
    /// the uninterrupted run does; with other Epochs it is longer or shorter. Refuses a snapshot of another model, of another
    /// precision or device than the options', and of a run on other data, in other batches or of another seed. One of another
    /// optimizer, and in the middle of an epoch of another objective, is refused once the run goes on. What a snapshot does not
    /// say of itself, as that of an older checkpoint, is taken on trust, where its epochs are of as many steps and examples.
    let resume (snapshot: Snapshot) (start: Start) : Start =
        let layout (declared: Parameter list) = declared |> List.map (fun p -> p.Path, p.Shape)

        let model = Vae.declared start.Vae
        let paths = model |> List.map _.Path |> set
        // An objective may have learned more.
        let found = snapshot.Params.Declared |> List.filter (fun p -> paths.Contains p.Path)

        if layout found <> layout model then
            Check.refuse (nameof snapshot) "of a model with other parameters" "a snapshot of the model that goes on"

        if snapshot.Model <> Vae.describe start.Vae then
            Check.refuse (nameof snapshot) $"of the model\n%s{snapshot.Model}" $"of\n%s{Vae.describe start.Vae}"

        let found, expected = snapshot.Params.Placement, start.Options.Placement

        if found.DType <> expected.DType || not (Placement.isSameDevice found.Device expected.Device) then
            let describe place = $"in %A{place.DType} on %O{place.Device}"
            Check.refuse (nameof snapshot) (describe found) $"one %s{describe expected}, the placement of the options"

        SameRun.check snapshot start.Options start.Data
        { start with From = Some snapshot }

    /// The reports of a run, as it runs. Leaving the sequence early ends the run.
    let reports (objective: Objective) (optimizer: Optimizer) (start: Start) : seq<Report> =
        seq {
            use loop = new Loop(objective, optimizer, start.Vae, start.Options, start.Data, start.From)

            while not loop.IsDone do
                yield loop.Next()
        }

    /// Trains to the end, showing every report to a function on the way.
    let fitWith (observe: Report -> unit) (objective: Objective) (optimizer: Optimizer) (start: Start) : Run =
        use loop = new Loop(objective, optimizer, start.Vae, start.Options, start.Data, start.From)

        while not loop.IsDone do
            observe (loop.Next())

        let parameters, history = loop.Result()
        { Vae = start.Vae; Params = parameters; History = history }

    /// Trains to the end.
    let fit (objective: Objective) (optimizer: Optimizer) (start: Start) : Run =
        fitWith ignore objective optimizer start

    /// A model with the parameters a run begins with.
    let untrained (options: TrainingOptions) (vae: Vae) : Run = {
        Vae = vae
        Params = Vae.initial options.Placement (Steps.InitialKeyOf options) vae
        History = []
    }
