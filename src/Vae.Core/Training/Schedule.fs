namespace Vae.Core

open System

/// How far a run is.
type Progress = {
    /// Steps taken before this one.
    Step: int64
    /// Steps of the whole run.
    Steps: int64
    StepsPerEpoch: int
}

[<RequireQualifiedAccess>]
module Progress =
    /// The end of a run, after more steps than any has: what is measured beside training is measured there.
    let ended: Progress = { Step = 1L <<< 40; Steps = 1L <<< 40; StepsPerEpoch = 1 }

/// A stretch of a run, from its beginning.
[<RequireQualifiedAccess>]
type Span =
    /// So many epochs, whole or not.
    | Epochs of float
    | Steps of int64
    /// A share of the whole run, above 0 and at most 1.
    | Share of float

    override this.ToString() =
        match this with
        | Span.Epochs epochs -> $"%s{Check.number epochs} epochs"
        | Span.Steps steps -> $"%d{steps} steps"
        | Span.Share share -> $"%s{Check.number share} of the run"

[<RequireQualifiedAccess>]
module internal Span =
    let check argument span =
        match span with
        | Span.Epochs epochs -> Check.positiveFloat argument epochs
        | Span.Steps steps ->
            if steps < 1L then
                Check.refuse argument (string span) "a step or more"
        | Span.Share share ->
            if not (share > 0.0 && share <= 1.0) then
                Check.refuse argument (string span) "a share of the run above 0 and at most 1"

    /// How many steps of a run that is, whole or not.
    let length (progress: Progress) span =
        match span with
        | Span.Epochs epochs -> epochs * float progress.StepsPerEpoch
        | Span.Steps steps -> float steps
        | Span.Share share -> share * float progress.Steps

/// A number as a function of how far a run is: a factor of the learning rate, or the weight of a term. After the run's last
/// step it is what the schedule ends with.
type Schedule = { Name: string; Factor: Progress -> float }

[<RequireQualifiedAccess>]
module Schedule =
    let private isOver (progress: Progress) = progress.Step >= progress.Steps

    /// How much of a span lies behind, from 0 to 1: all of it once the run is over, however long the span.
    let private passed span (progress: Progress) =
        if isOver progress then
            1.0
        else
            min 1.0 (float progress.Step / Span.length progress span)

    /// Epochs completed: of a run that is over, those before its last step.
    let private epochs (progress: Progress) = (min progress.Step (progress.Steps - 1L)) / int64 progress.StepsPerEpoch

    /// From one number to another; the second one exactly where t is 1.
    let private between (from: float) (to': float) t = from * (1.0 - t) + to' * t

    /// The same along half a cosine: level at both ends.
    let private eased from to' t = between from to' (0.5 * (1.0 - cos (Math.PI * t)))

    /// 1 throughout.
    let constant = { Name = "constant"; Factor = fun _ -> 1.0 }

    /// One number throughout.
    let scaled (factor: float) =
        Check.finiteFloat (nameof factor) factor
        { Name = Check.number factor; Factor = fun _ -> factor }

    /// 0 throughout: of a term that is reported only.
    let never = scaled 0.0

    /// Another schedule, multiplied by a number.
    let times (factor: float) (schedule: Schedule) =
        Check.finiteFloat (nameof factor) factor

        {
            Name = $"%s{schedule.Name} x %s{Check.number factor}"
            Factor = fun progress -> factor * schedule.Factor progress
        }

    /// Two schedules, multiplied.
    let product (a: Schedule) (b: Schedule) = {
        Name = $"%s{a.Name} x %s{b.Name}"
        Factor = fun progress -> a.Factor progress * b.Factor progress
    }

    /// From 1 to a final factor along half a cosine (Loshchilov and Hutter, 2017), which the last step has.
    let cosine (final: float) =
        Check.notNegativeFloat (nameof final) final

        {
            Name = $"cosine to %s{Check.number final}"
            Factor =
                fun progress ->
                    let t = float progress.Step / float (max 1L (progress.Steps - 1L))
                    final + (1.0 - final) * 0.5 * (1.0 + cos (Math.PI * min 1.0 t))
        }

    /// Again and again from 1 to a final factor along half a cosine: over a span at first, and each time over so many times
    /// the steps of the time before (Loshchilov and Hutter, 2017, SGDR). A run that ends on the way has the factor it came to
    /// in its last step.
    let cosineRestarts (lengthening: int) (final: float) (first: Span) =
        Check.atLeast 1 (nameof lengthening) lengthening
        Check.notNegativeFloat (nameof final) final
        Span.check (nameof first) first

        // How much of its cycle lies behind a step.
        let rec share step length =
            if step < length then step / length
            elif lengthening = 1 then step % length / length
            else share (step - length) (length * float lengthening)

        {
            Name = $"cosines to %s{Check.number final}, the first over %O{first}, each %d{lengthening} times the last"
            Factor =
                fun progress ->
                    if isOver progress then
                        final
                    else
                        eased 1.0 final (share (float progress.Step) (max 1.0 (Span.length progress first)))
        }

    /// Multiplied by a factor after every epoch.
    let exponential (factor: float) =
        Check.positiveFloat (nameof factor) factor

        {
            Name = $"times %s{Check.number factor} every epoch"
            Factor = fun progress -> factor ** float (epochs progress)
        }

    /// Multiplied by a factor after every n epochs.
    let stepwise (epochs: int) (factor: float) =
        Check.atLeast 1 (nameof epochs) epochs
        Check.positiveFloat (nameof factor) factor
        let every = int64 epochs

        {
            Name = $"times %s{Check.number factor} every %d{epochs} epochs"
            Factor =
                fun progress ->
                    let step = min progress.Step (progress.Steps - 1L)
                    factor ** float (step / (int64 progress.StepsPerEpoch * every))
        }

    /// From one number to another in a straight line over a span, and then the other.
    let linear (from: float) (to': float) (over: Span) =
        Check.finiteFloat (nameof from) from
        Check.finiteFloat "to" to'
        Span.check (nameof over) over

        {
            Name = $"from %s{Check.number from} to %s{Check.number to'} over %O{over}"
            Factor = passed over >> between from to'
        }

    /// From one number to another along a logistic curve over a span, and then the other (Bowman et al., 2016): the curve
    /// from -6 to 6, scaled so that it begins and ends at the two numbers.
    let sigmoid (from: float) (to': float) (over: Span) =
        Check.finiteFloat (nameof from) from
        Check.finiteFloat "to" to'
        Span.check (nameof over) over

        {
            Name = $"from %s{Check.number from} to %s{Check.number to'} over %O{over}, logistic"
            // (logistic x - logistic -6) / (logistic 6 - logistic -6), of which tanh has the ends exact.
            Factor = passed over >> fun t -> between from to' (0.5 + 0.5 * tanh (6.0 * t - 3.0) / tanh 3.0)
        }

    /// From 1 to a final factor by a power of what is left of a span, (1 - t)^power, and then that factor.
    let polynomial (power: float) (final: float) (over: Span) =
        Check.positiveFloat (nameof power) power
        Check.notNegativeFloat (nameof final) final
        Span.check (nameof over) over

        {
            Name = $"to %s{Check.number final} over %O{over}, by the power %s{Check.number power}"
            Factor = passed over >> fun t -> final + (1.0 - final) * (1.0 - t) ** power
        }

    /// So many cycles over the run, each of which rises from 0 to 1 in a straight line over a share of it and stays at 1 (Fu
    /// et al., 2019): 1 once the run is over.
    let cyclical (cycles: int) (share: float) =
        Check.atLeast 1 (nameof cycles) cycles

        if not (share > 0.0 && share <= 1.0) then
            Check.refuse (nameof share) (Check.number share) "a number above 0 and at most 1"

        {
            Name = $"%d{cycles} cycles, each rising over %s{Check.number share} of it"
            Factor =
                fun progress ->
                    if isOver progress then
                        1.0
                    else
                        // A quotient that is a whole number is one exactly: cycles begin at 0.
                        let t = float progress.Step * float cycles / float progress.Steps
                        min 1.0 ((t - floor t) / share)
        }

    /// One cycle (Smith and Topin, 2018): from a first factor up to 1 over a share of the run, and from there down to a final
    /// one, each along half a cosine, as torch's OneCycleLR has it. The last step has the final factor.
    let oneCycleBy (rise: float) (first: float) (final: float) =
        if not (rise > 0.0 && rise < 1.0) then
            Check.refuse (nameof rise) (Check.number rise) "a number between 0 and 1"

        Check.notNegativeFloat (nameof first) first
        Check.notNegativeFloat (nameof final) final

        {
            Name =
                $"one cycle from %s{Check.number first} over %s{Check.number rise} of the run, to %s{Check.number final}"
            Factor =
                fun progress ->
                    let step, last = float progress.Step, float progress.Steps - 1.0
                    let peak = rise * float progress.Steps - 1.0

                    if step >= last then final
                    elif step < peak then eased first 1.0 (step / peak)
                    else eased 1.0 final ((step - max 0.0 peak) / (last - max 0.0 peak))
        }

    /// One cycle from 1/25 over 0.3 of the run to 1/250,000, torch's choice.
    let oneCycle = oneCycleBy 0.3 (1.0 / 25.0) (1.0 / 250_000.0)

    /// Another schedule, multiplied by a ramp from 0 over the first steps.
    let warmup (steps: int) (schedule: Schedule) =
        Check.atLeast 1 (nameof steps) steps

        let ramp (progress: Progress) =
            if isOver progress then
                1.0
            else
                min 1.0 (float (progress.Step + 1L) / float steps)

        {
            Name = $"%s{schedule.Name}, warmed up over %d{steps} steps"
            Factor = fun progress -> ramp progress * schedule.Factor progress
        }
