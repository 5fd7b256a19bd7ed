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

/// A factor, as a function of how far the run is: of the learning rate, or of a term of the loss.
type Schedule = { Name: string; Factor: Progress -> float }

[<RequireQualifiedAccess>]
module Schedule =
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

    /// From 1 to a final factor along half a cosine (Loshchilov and Hutter, 2017).
    let cosine (final: float) =
        Check.notNegativeFloat (nameof final) final

        {
            Name = $"cosine to %s{Check.number final}"
            Factor =
                fun progress ->
                    let t = float progress.Step / float (max 1L (progress.Steps - 1L))
                    final + (1.0 - final) * 0.5 * (1.0 + cos (Math.PI * t))
        }

    /// Multiplied by a factor after every epoch.
    let exponential (factor: float) =
        Check.positiveFloat (nameof factor) factor

        {
            Name = $"times %s{Check.number factor} every epoch"
            Factor = fun progress -> factor ** float (progress.Step / int64 progress.StepsPerEpoch)
        }

    /// Multiplied by a factor after every n epochs.
    let stepwise (epochs: int) (factor: float) =
        Check.atLeast 1 (nameof epochs) epochs
        Check.positiveFloat (nameof factor) factor

        {
            Name = $"times %s{Check.number factor} every %d{epochs} epochs"
            Factor = fun progress -> factor ** float (progress.Step / (int64 progress.StepsPerEpoch * int64 epochs))
        }

    /// Another schedule, multiplied by a ramp from 0 over the first steps.
    let warmup (steps: int) (schedule: Schedule) =
        Check.atLeast 1 (nameof steps) steps

        {
            Name = $"%s{schedule.Name}, warmed up over %d{steps} steps"
            Factor = fun progress -> min 1.0 (float (progress.Step + 1L) / float steps) * schedule.Factor progress
        }
