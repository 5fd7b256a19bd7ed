namespace Vae.Core

open TorchSharp

/// A network of k numbers whose outputs i, a shift and a log-scale, depend on inputs before i only: a pure function of
/// its weights, by masks. Hidden units have degrees 1 .. k - 1 in turn; a weight stays where the degree does not fall
/// (at the output: where it rises). Layers are affine with tanh between.
/// M. Germain, K. Gregor, I. Murray and H. Larochelle, "MADE: masked autoencoder for distribution estimation", 2015.
[<Sealed>]
type Made private (k: int, layers: (Tensor * Tensor) list) =
    let inputDegrees = Array.init k (fun i -> i + 1)
    let hiddenDegrees width = Array.init width (fun j -> 1 + j % max 1 (k - 1))

    /// Weights [out, in] with zeros where the masks are.
    let masked (isLast: bool) (degrees: int[]) (weight: Tensor) =
        let next =
            if isLast then
                Array.append inputDegrees inputDegrees
            else
                hiddenDegrees (int weight.shape[0])

        let column = torch.tensor(next, device = weight.device).unsqueeze -1L
        let row = torch.tensor (degrees, device = weight.device)
        let mask = if isLast then column.gt row else column.ge row
        next, weight * mask.to_type weight.dtype

    /// From weights [out, in] and biases [out] of each layer in turn: the first takes k numbers, the last gives 2k, the
    /// shifts and then the log-scales.
    static member Create(k: int, layers: (Tensor * Tensor) list) =
        Check.atLeast 1 (nameof k) k

        if layers.IsEmpty then
            Check.refuse (nameof layers) "empty" "at least one layer of weights and biases"

        let last =
            (int64 k, List.indexed layers)
            ||> List.fold (fun inputs (i, (weight, bias)) ->
                Check.finite $"weight %d{i}" weight
                Check.finite $"bias %d{i}" bias
                Check.together $"weight 0" (fst layers.Head) $"weight %d{i}" weight
                Check.together $"weight 0" (fst layers.Head) $"bias %d{i}" bias

                if weight.shape.Length <> 2 || weight.shape[1] <> inputs then
                    Check.refuse $"weight %d{i}" $"of shape %s{Check.shape weight.shape}" $"[out, %d{inputs}]"

                if bias.shape <> [| weight.shape[0] |] then
                    Check.refuse $"bias %d{i}" $"of shape %s{Check.shape bias.shape}" $"[%d{weight.shape[0]}]"

                weight.shape[0])

        if last <> 2L * int64 k then
            Check.refuse (nameof layers) $"with %d{last} outputs" $"%d{2 * k}, a shift and a log-scale of each number"

        Made(k, layers)

    /// Of layers that are known to fit: nothing is checked.
    static member internal OfParts(k: int, layers: (Tensor * Tensor) list) = Made(k, layers)

    /// How many numbers a point has.
    member _.Size = k
    /// The weights [out, in] and biases [out] of each layer.
    member _.Layers = layers

    /// Shifts and log-scales, each of the shape of x [..., k].
    member internal _.Run(x: Tensor) : Tensor * Tensor =
        let last = layers.Length - 1

        let _, output =
            ((inputDegrees, x), List.indexed layers)
            ||> List.fold (fun (degrees, h) (i, (weight, bias)) ->
                let h = if i = 0 then h else h.tanh ()
                let degrees, weight = masked (i = last) degrees weight
                degrees, h.matmul (weight.t ()) .+. bias)

        output.narrow (-1L, 0L, int64 k), output.narrow (-1L, int64 k, int64 k)

    /// Shifts and log-scales, each of the shape of x [..., k].
    member this.Conditions(x: Tensor) : Tensor * Tensor = Tensor.scopedPair (fun () -> this.Run x)

[<RequireQualifiedAccess>]
module Made =
    /// From the weights and biases of its layers, for points of k numbers.
    let ofLayers (k: int) (layers: (Tensor * Tensor) list) = Made.Create(k, layers)

    /// With hidden layers of the given widths: weights are normal numbers over the square root of a layer's inputs, biases 0.
    let create (place: Placement) (k: int) (widths: int list) (key: Key) =
        Check.atLeast 1 (nameof k) k
        widths |> List.iter (Check.atLeast 1 (nameof widths))
        let sizes = (k :: widths) @ [ 2 * k ]

        let layers =
            List.pairwise sizes
            |> List.mapi (fun i (inputs, outputs) ->
                let weight = Key.normal place [| int64 outputs; int64 inputs |] (Key.fold i key)
                let bias = torch.zeros ([| int64 outputs |], dtype = place.DType, device = place.Device)
                weight.mul_ ((1.0 / sqrt (float inputs)).AsScalar()), bias)

        Made.Create(k, layers)
