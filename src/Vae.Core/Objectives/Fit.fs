namespace Vae.Core

open System
open TorchSharp

/// Whether a model can be trained or measured on data. Values are finite wherever they come from, as no `Data` holds others.
[<RequireQualifiedAccess>]
module internal Fit =
    /// Items whose values are looked at at once.
    let private chunk = 4096

    let private overChunks (data: Data) (look: int -> Tensor -> 'a option) : 'a option =
        seq { 0..chunk .. data.Count - 1 }
        |> Seq.tryPick (fun start ->
            use _ = torch.NewDisposeScope()
            look start (Data.range Placement.float32 start (min chunk (data.Count - start)) data))

    /// The first place where booleans are false, of all in a row.
    let private firstFalse (holds: Tensor) : int64 option =
        if holds.all().isTrue() then
            None
        else
            let outside = holds.logical_not().flatten().to_type torch.ScalarType.Byte
            Some(outside.argmax().whole())

    /// Of bytes only those that occur are looked at, once each.
    let private firstByteOutside support (bytes: ReadOnlyMemory<byte>) (data: Data) =
        use _ = torch.NewDisposeScope()
        let occurs = Array.zeroCreate<bool> 256

        for byte in bytes.Span do
            occurs[int byte] <- true

        let found = [|
            for byte in 0..255 do
                if occurs[byte] then
                    byte
        |]

        let values = found |> Array.map (fun byte -> float32 byte / float32 data.Scale)

        firstFalse (Support.contains support (torch.tensor values))
        |> Option.map (fun i ->
            let place = bytes.Span.IndexOf(byte found[int i])
            place / (bytes.Length / data.Count), Some(float values[int i]))

    /// The first item with a value outside a set, and that value where the set's points are numbers.
    let private firstOutside (vae: Vae) support (data: Data) : (int * float option) option =
        let isOfNumbers = Support.rank support = 0
        let missing = vae.Reads.Missing

        /// With what stands in place of missing values.
        let filled (x: Tensor) =
            match missing with
            | Some missing -> fst (Missing.fill missing x)
            | None -> x

        match Data.storedBytes data with
        | Some bytes when isOfNumbers -> firstByteOutside support bytes data
        | _ ->
            overChunks data (fun start x ->
                let x = filled x
                let inside = Support.contains support x

                firstFalse inside
                |> Option.map (fun i ->
                    let item = start + int (i / (inside.numel () / x.shape[0]))
                    item, (if isOfNumbers then Some(Tensor.toFloat (x.flatten()[i])) else None)))

    /// The least and the greatest value, of those that are there.
    let private range (data: Data) =
        let mutable low, high = infinity, -infinity

        overChunks data (fun _ x ->
            let missing = x.isnan ()

            low <- min low (Tensor.toFloat (x.masked_fill(missing, infinity.AsScalar()).min()))
            high <- max high (Tensor.toFloat (x.masked_fill(missing, (-infinity).AsScalar()).max()))
            None
            : unit option)
        |> ignore

        low, high

    let private isUnit support =
        match support with
        | Support.Open(Bound.At 0.0, Bound.At 1.0)
        | Support.Closed(Bound.At 0.0, Bound.At 1.0)
        | Support.Levels _ -> true
        | _ -> false

    /// What would bring values of a range into a set, or which likelihood takes them.
    let private advice support (low, high) =
        if support = Support.zeroOne && low >= 0.0 && high <= 1.0 then
            "for grey levels use Likelihood.bernoulliCrossEntropy or Likelihood.gaussian; bytes 0 and 1 of an IDX file are read as such by Idx.loadAs PixelScale.ZeroOne"
        elif isUnit support && low >= 0.0 && high <= 255.0 then
            "Data.scaleBy (1.0 / 255.0) brings grey levels from 0 to 255 there (in C#: ScaleBy)"
        elif isUnit support && low >= -1.0 && high <= 1.0 then
            "Data.shiftBy 1.0 and then Data.scaleBy 0.5 bring values from -1 to 1 there (in C#: ShiftBy and ScaleBy)"
        else
            "Data.shiftBy and Data.scaleBy bring values there (in C#: ShiftBy and ScaleBy), or use a likelihood that takes these, such as Likelihood.gaussian for all real numbers"

    let private inside (vae: Vae) argument (data: Data) =
        match vae.Observed with
        | Some support when not (Support.isReals support) ->
            match firstOutside vae support data with
            | None -> ()
            | Some(item, value) ->
                let low, high = range data

                let what =
                    match value with
                    | Some value -> $"the value %s{Check.number value}"
                    | None -> "a point outside"

                let grey =
                    if support = Support.zeroOne && low >= 0.0 && high <= 1.0 then
                        "grey levels: "
                    else
                        ""

                Check.refuse
                    argument
                    $"%s{grey}%O{data}, with %s{what} in item %d{item} and values from %s{Check.number low} to %s{Check.number high}"
                    $"values in %O{support}, where the likelihood (%O{vae.Parts.Likelihood.Spec}) is meant: %s{advice support (low, high)}"
        | _ -> ()

    /// Refuses items of another shape, and values outside the set that the likelihood scores.
    let check (vae: Vae) argument (data: Data) =
        if data.ItemShape <> vae.DataShape then
            Check.refuse
                argument
                $"of items %s{Check.shape data.ItemShape}"
                $"items %s{Check.shape vae.DataShape}, the shape of the model's data"

        Batches.check argument vae.Reads data
        inside vae argument data

    /// The greatest value that training under a likelihood can have: gradients are as (x / scale)^2 in the parameters next
    /// to the data, and optimizers square them.
    let private greatest (place: Placement) (likelihood: Likelihood) =
        let largest =
            if place.DType = torch.ScalarType.Float64 then
                Double.MaxValue
            else
                float Single.MaxValue

        match likelihood.Spec with
        | LikelihoodSpec.Gaussian(scale, _) -> Some(scale, scale * largest ** 0.25)
        | _ -> None

    /// `check`, and refuses values of a size at which the squares of gradients leave the parameters' precision: an optimizer
    /// would leave those parameters where they are, for ever and without a word.
    let checkTraining (place: Placement) (vae: Vae) argument (data: Data) =
        check vae argument data

        match greatest place vae.Parts.Likelihood with
        // Bytes are values of at most 1.
        | Some(scale, most) when most < 1.0 || (Data.storedBytes data).IsNone ->
            let low, high = range data

            if max -low high > most then
                Check.refuse
                    argument
                    $"%O{data}, with values from %s{Check.number low} to %s{Check.number high}"
                    $"none beyond %.1e{most}, %.1e{most / scale} standard deviations of the likelihood, where the squares of gradients leave %A{place.DType}: standardise the data, or bring it to about 1 by Data.shiftBy and Data.scaleBy (in C#: ShiftBy and ScaleBy)"
        | _ -> ()
