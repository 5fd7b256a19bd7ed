namespace Vae.Core

open System
open TorchSharp

/// What laws on the unit sphere of R^d share.
[<RequireQualifiedAccess>]
module internal Sphere =
    /// The log of the sphere's area, 2 pi^(d/2) / Gamma(d/2).
    let logArea (d: int64) = log 2.0 + 0.5 * float d * log Math.PI - LogGamma.at (0.5 * float d)

    /// More dimensions than a point has room for in memory are a slip.
    let private mostDimensions = 1e6

    /// A number of dimensions, at least 2, that a tensor holds: the same for all laws of a batch.
    let dimension (name: string) (values: Tensor) =
        Check.whole 2.0 name values
        let values = Tensor.toArray values

        if values.Length = 0 || values |> Array.exists ((<>) values[0]) then
            Check.refuse name "not one number" "the same number for all laws of the batch"

        if values[0] > mostDimensions then
            Check.refuse name (Check.number values[0]) $"at most %g{mostDimensions}"

        int values[0]

    /// An axis [batch..., d], a unit vector, and a concentration [batch...], brought to one batch. Refuses axes of other
    /// lengths and of fewer than two dimensions.
    let axial (loc: Tensor) (concentration: Tensor) =
        Check.finite (nameof loc) loc
        Check.positive (nameof concentration) concentration
        Check.together (nameof loc) loc (nameof concentration) concentration

        if loc.dim () < 1L || loc.shape[loc.shape.Length - 1] < 2L then
            Check.refuse
                (nameof loc)
                $"of shape %s{Check.shape loc.shape}"
                "a unit vector for each law, of shape [batch..., d] with d of at least 2"

        let slack = if loc.dtype = torch.ScalarType.Float64 then 1e-6 else 1e-4
        use squares = Tensor.scoped (fun () -> loc.detach().squared().sum(-1L))

        Check.every
            $"the squared length of %s{nameof loc}"
            "1"
            (fun s -> (-1.0 .+ s).abs().le(slack.AsScalar()))
            squares

        let batch, event = Shape.splitLast 1 loc.shape
        let batch = Shape.broadcast (nameof loc) batch (nameof concentration) concentration.shape
        Tensor.scopedPair (fun () -> loc.expand (Array.append batch event), concentration.expand batch)

    /// |x - y|^2 / 2 of unit vectors: 1 - x'y, without its cancellation.
    let gap (x: Tensor) (y: Tensor) = 0.5 .* (x - y).squared().sum(-1L)

    /// Points turned by the isometry that takes the first coordinate vector to the axis. It is smooth in the axis save
    /// where the axis is orthogonal to that vector, and is made of Householder's reflection in axis + e or axis - e,
    /// whichever is the longer.
    let private turned (axis: Tensor) (y: Tensor) =
        let first = axis.detach().narrow(-1L, 0L, 1L)
        let sign = -1.0 .+ (2.0 .* first.ge(0.0.AsScalar()).to_type axis.dtype)
        let d = axis.shape[axis.shape.Length - 1]
        let e = torch.eye(d, dtype = axis.dtype, device = axis.device)[0L]
        let mirror = axis .+. sign * e
        let share = 2.0 .* (mirror * y).sum(-1L, keepdim = true) / mirror.squared().sum(-1L, keepdim = true)
        sign * (share * mirror - y)

    /// The points at an angle [...] from the axis [..., d], in the direction of noise [..., d - 1] about it.
    let around (axis: Tensor) (angle: Tensor) (noise: Tensor) =
        let angle = angle.unsqueeze -1L
        let direction = noise / noise.squared().sum(-1L, keepdim = true).sqrt()
        turned axis (torch.cat ([| angle.cos (); angle.sin () * direction |], -1L))

    /// The variance of each coordinate, from Var[t] and E[1 - t^2] of t = axis'x.
    let variance (axis: Tensor) (ofCosine: Tensor) (squaredSine: Tensor) =
        let d = float axis.shape[axis.shape.Length - 1]
        let along = axis.squared ()

        along * ofCosine.unsqueeze -1L
        .+. (1.0 / (d - 1.0)) .* (1.0 .+ along.neg ()) * squaredSine.unsqueeze -1L
