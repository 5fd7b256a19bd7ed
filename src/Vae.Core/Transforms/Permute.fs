namespace Vae.Core

open TorchSharp

/// y_i = x_order(i), for vectors x.
[<Sealed>]
type PermuteTransform private (order: int[], inverse: int[]) =
    inherit VectorTransform(int64 order.Length)

    let take (order: int[]) (t: Tensor) =
        let index = torch.tensor (Array.map int64 order, device = t.device)
        t.index_select (-1L, index)

    /// Refuses an order that does not have each of 0 .. k - 1 once.
    static member Create(order: int[]) =
        if order.Length = 0 || Array.sort order <> Array.init order.Length id then
            let found = order |> Array.map string |> String.concat ", "
            Check.refuse (nameof order) $"[%s{found}]" $"each of 0 .. %d{order.Length - 1} once"

        let inverse = Array.zeroCreate order.Length
        order |> Array.iteri (fun i from -> inverse[from] <- i)
        PermuteTransform(Array.copy order, inverse)

    /// Where each number of y is taken from.
    member _.Order = Array.copy order

    override _.Name = "permute"
    override _.Map x = take order x
    override _.Back y = take inverse y

    /// 0
    override _.LogSlope(x, _) = noSlope x
