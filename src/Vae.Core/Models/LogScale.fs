namespace Vae.Core

/// How a posterior's log-scale follows from its head. A soft clamp keeps |log scale| below a bound by
/// bound * tanh (x / bound), so that no output of a network makes a scale of 0 or infinity.
[<RequireQualifiedAccess>]
type LogScale =
    | Free
    | SoftClamp of bound: float

    override this.ToString() =
        match this with
        | Free -> "free log-scale"
        | SoftClamp bound ->
            $"log-scale within +-%s{Check.number bound} by %s{Check.number bound} tanh(x / %s{Check.number bound})"

[<RequireQualifiedAccess>]
module internal LogScale =
    let check policy =
        match policy with
        | LogScale.SoftClamp bound -> Check.positiveFloat "bound" bound
        | LogScale.Free -> ()

    /// The log-scale of a head's output.
    let apply policy (x: Tensor) : Tensor =
        match policy with
        | LogScale.Free -> x
        | LogScale.SoftClamp bound -> bound .* (1.0 / bound .* x).tanh()
