namespace Vae.Core

open TorchSharp

/// What compares the draws of a batch's posteriors, all together, with draws of the prior.
[<RequireQualifiedAccess; NoEquality; NoComparison>]
type Matching =
    /// The squared maximum mean discrepancy by a kernel, unbiased: it may be below 0 (Gretton et al., 2012).
    | Mmd of Kernel
    /// The squared Wasserstein distance along so many random directions (Kolouri et al., 2019).
    | SlicedWasserstein of directions: int

    override this.ToString() =
        match this with
        | Mmd kernel -> $"MMD by %s{kernel.Name}"
        | SlicedWasserstein directions -> $"sliced Wasserstein distance by %d{directions} directions"

/// How far the latents' law over a batch is from the prior.
[<RequireQualifiedAccess>]
module internal Matching =
    let check (matching: Matching) =
        match matching with
        | Matching.Mmd _ -> ()
        | Matching.SlicedWasserstein directions -> Check.atLeast 1 (nameof directions) directions

    let private rows (t: Tensor) = t.reshape ([| t.shape[0]; -1L |])

    /// One draw for each example of its posterior, and as many of the prior, [batch, numbers].
    let private pairs (pass: Pass) : Tensor * Tensor =
        let z = pass.Z.select (0L, 0L)
        rows z, rows (pass.Prior.Sample(Key.foldName "matching" pass.Setting.Key, [| z.shape[0] |]))

    let private sorted (t: Tensor) : Tensor =
        let struct (values, _) = t.sort 0L
        values

    /// The distance, a tensor of no dimensions.
    let distance (matching: Matching) (pass: Pass) : Tensor =
        let z, p = pairs pass

        match matching with
        | Matching.Mmd kernel -> (Mmd.estimate kernel z p).Mean
        | Matching.SlicedWasserstein directions ->
            let size = z.shape[1]
            let place = Placement.like z
            let normal = Key.normal place [| size; int64 directions |] (Key.foldName "directions" pass.Setting.Key)
            let along = normal / normal.squared().sum([| 0L |], keepdim = true).sqrt()
            let apart = sorted (z.matmul along) - sorted (p.matmul along)
            // E over directions of (d . v)^2 is |v|^2 / size.
            float size .* apart.squared().mean()

    /// The reconstruction, so much of the KL, and so much of the distance.
    let terms (ofKl: float) (weight: float) (matching: Matching) (pass: Pass) : Term list = [
        Elbo.reconstruction pass
        for kl in Elbo.divergences pass do
            { kl with Weight = Schedule.scaled ofKl }
        {
            Term.whole "matching" (distance matching pass) with
                Weight = Schedule.scaled weight
        }
    ]
