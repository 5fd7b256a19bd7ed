namespace Vae.Core

open TorchSharp

/// One of several processes that train together, and what it does together with the others. Every process makes the same
/// calls in the same order: a call returns when all have made it.
[<ReferenceEquality>]
type Ranks = {
    /// This process, from 0.
    Rank: int
    /// How many processes there are.
    Size: int
    /// Replaces a vector by the sum of all processes' vectors, the same bits in each. It is contiguous, on the CPU, and of
    /// float32 or float64 numbers.
    Sum: Tensor -> unit
    /// Replaces a vector, as `Sum` takes it, by that of rank 0.
    Broadcast: Tensor -> unit
    /// Waits for all.
    Barrier: unit -> unit
}

[<RequireQualifiedAccess>]
module Ranks =
    /// Refuses what no process can send: another precision or device, or values that do not follow one another in memory.
    let internal vector argument (t: Tensor) =
        if t.dtype <> torch.ScalarType.Float32 && t.dtype <> torch.ScalarType.Float64 then
            Check.refuse argument $"a tensor of %A{t.dtype}" "one of Float32 or Float64"

        if t.device.``type`` <> DeviceType.CPU then
            Check.refuse argument $"a tensor on %O{t.device}" "one on the CPU"

        if t.ndim <> 1L || not (t.is_contiguous ()) then
            Check.refuse argument $"a tensor of shape %s{Check.shape t.shape}" "a contiguous vector"

        let bytes = t.numel () * t.element_size ()

        if bytes > int64 System.Int32.MaxValue then
            Check.refuse argument $"a vector of %d{bytes} bytes" $"at most %d{System.Int32.MaxValue}"

    /// Whether this process speaks, and writes files, for all of a run: the only process there is, or the first of several.
    let isFirst (ranks: Ranks option) = ranks |> Option.forall (fun ranks -> ranks.Rank = 0)
