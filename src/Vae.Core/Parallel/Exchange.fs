namespace Vae.Core

open TorchSharp

/// What the processes of a run tell one another.
[<RequireQualifiedAccess>]
module internal Exchange =
    /// Does something to a vector on the CPU, wherever it is.
    let private onCpu (change: Tensor -> unit) (t: Tensor) =
        if t.device.``type`` = DeviceType.CPU then
            change t
        else
            use here = t.cpu ()
            change here
            t.copy_ here |> ignore

    /// Rank 0's vector in every process.
    let broadcast (ranks: Ranks) (t: Tensor) = onCpu ranks.Broadcast t

    /// The means and the gradient over the whole batch, of those over each process's rows, weighed by their share of the
    /// batch. They travel as one vector, so that a step takes one sum.
    let mean (ranks: Ranks) (share: float) (means: float list) (gradient: Tensor) : float list * Tensor =
        let count = gradient.numel ()
        let place = Placement.like gradient
        let whole = torch.empty ([| count + int64 means.Length |], dtype = place.DType, device = place.Device)
        let first, last = whole.narrow (0L, 0L, count), whole.narrow (0L, count, int64 means.Length)
        first.copy_ gradient |> ignore
        last.copy_ (Tensor.ofArray place [| int64 means.Length |] (List.toArray means)) |> ignore
        whole.mul_ (share.AsScalar()) |> ignore
        onCpu ranks.Sum whole
        Tensor.toArray last |> Array.toList, first

    /// Values that one process each knows, all of them in every process: the others give 0.
    let values (ranks: Ranks) (known: float[]) : float[] =
        use whole = Tensor.ofArray Placement.float64 [| int64 known.Length |] known
        ranks.Sum whole
        Tensor.toArray whole

    /// Refuses, in every process, numbers that are not the same in all.
    let agree (ranks: Ranks) (named: (string * int64) list) =
        let mine = [| for _, value in named -> float value |]
        use first = Tensor.ofArray Placement.float64 [| int64 mine.Length |] mine
        ranks.Broadcast first

        let others =
            Array.map2 (fun a b -> if a = b then 0.0 else 1.0) mine (Tensor.toArray first) |> values ranks

        for (name, value), others in Seq.zip named others do
            if others > 0.0 then
                Check.refuse
                    name
                    $"%d{value} in rank %d{ranks.Rank}, and not the same in all %d{ranks.Size}"
                    "one number in all processes of a run"
