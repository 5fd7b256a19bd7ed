namespace Vae.Core

open TorchSharp

/// A part of a vector passes unchanged and decides how the others are transformed, element by element.
/// L. Dinh, J. Sohl-Dickstein and S. Bengio, "Density estimation using Real NVP", 2017.
[<Sealed>]
type CouplingTransform private (mask: bool[], conditioner: Tensor -> Transform) =
    inherit VectorTransform(int64 mask.Length)

    let positions passes =
        mask |> Array.indexed |> Array.filter (fun (_, kept) -> kept = passes) |> Array.map (fst >> int64)

    let kept, changed = positions true, positions false

    /// Where each number of the whole stands in the kept ones followed by the changed ones.
    let places =
        let order = Array.append kept changed
        let places = Array.zeroCreate<int64> order.Length
        order |> Array.iteri (fun i position -> places[int position] <- int64 i)
        places

    let take (indices: int64[]) (t: Tensor) = t.index_select (-1L, torch.tensor (indices, device = t.device))

    /// The transform of the changed numbers by either of its directions, with its log-determinants summed.
    let through (run: Transform -> Tensor -> Tensor * Tensor) (t: Tensor) =
        let passing = take kept t
        let transform = conditioner passing

        if transform.Rank <> 0 then
            Check.refuse "conditioner" $"the transform %s{transform.Name} of vectors" "an elementwise transform"

        let moved, slope = run transform (take changed t)
        let batch = Shape.splitLast 1 moved.shape |> fst
        let whole = torch.cat ([| passing.expand (Array.append batch [| int64 kept.Length |]); moved |], -1L)
        take places whole, (transform.Expand(moved, slope)).sum -1L

    /// The mask is true where a number passes. Refuses one by which none passes or none changes.
    static member Create(mask: bool[], conditioner: Tensor -> Transform) =
        for value, what in [ true, "passes"; false, "changes" ] do
            if not (Array.contains value mask) then
                Check.refuse (nameof mask) $"%A{mask}" $"a mask by which at least one number %s{what}"

        CouplingTransform(Array.copy mask, conditioner)

    /// Where numbers pass.
    member _.Mask = Array.copy mask

    override _.Name = "coupling"
    override _.MapWithSlope x = through _.MapWithSlope x
    override _.BackWithSlope y = through _.BackWithSlope y
    override this.Map x = fst (this.MapWithSlope x)
    override this.Back y = fst (this.BackWithSlope y)

    /// The sum of the log-slopes of the numbers that change.
    override this.LogSlope(x, _) = snd (this.MapWithSlope x)
