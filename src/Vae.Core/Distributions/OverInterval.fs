namespace Vae.Core

open TorchSharp

/// Quadrature over an interval of the normal law, in tensor operations, so that it is differentiable: at most two pieces
/// that fall away from the point nearest to the mean. All terms are positive, and masses are in units of the density at
/// that point, so that nothing cancels and nothing underflows.
type internal OverInterval = {
    Scale: Tensor
    /// The interval's point nearest to the mean, and its distance in scales, with its sign.
    Near: Tensor
    Z: Tensor
    /// The nodes by their distances from that point in scales, with their signs: the first dimension is the nodes.
    Offsets: Tensor
    /// Minus the log of the density at the nodes against that at the nearest point.
    Falls: Tensor
    /// The nodes' masses, and their sum.
    Masses: Tensor
    Total: Tensor
}

[<RequireQualifiedAccess>]
module internal OverInterval =
    /// The log of the share beyond which the integrand is cut off, with its sign changed.
    let private depth = 40.0

    let make (loc: Tensor) (scale: Tensor) (low: Tensor) (high: Tensor) : OverInterval =
        // Not by maxima: these share the gradient where loc is an end.
        let near = torch.where (loc.lt low, low, torch.where (loc.gt high, high, loc))
        let z = (near - loc) / scale
        let distance = z.abs ()
        let place = Placement.like loc
        let nodes, weights = Quadrature.rule |> Array.map (fun struct (x, w) -> x, w) |> Array.unzip
        let shape = Array.append [| -1L |] (Array.create (int (z.dim ())) 1L)

        let column (values: float[]) = (Tensor.ofArray place [| int64 values.Length |] values).reshape shape

        /// d t + t^2 / 2 = depth
        let reach =
            let d = distance.detach ()
            (2.0 * depth) .* (d .+. (2.0 * depth .+ d.squared ()).sqrt()).reciprocal()

        let side (width: Tensor) =
            let length = torch.minimum (width / scale, reach)
            let t = column nodes * length
            let falls = t * (distance .+. 0.5 .* t)
            t, falls, column weights * length * falls.neg().exp()

        let above, fallsAbove, massesAbove = side (high - near)
        let below, fallsBelow, massesBelow = side (near - low)
        let masses = torch.cat ([| massesAbove; massesBelow |], 0L)

        {
            Scale = scale
            Near = near
            Z = z
            Offsets = torch.cat ([| above; below.neg () |], 0L)
            Falls = torch.cat ([| fallsAbove; fallsBelow |], 0L)
            Masses = masses
            Total = masses.sum [| 0L |]
        }

    /// E[f] for a function of which the values at the nodes are given.
    let expectation (over: OverInterval) (values: Tensor) : Tensor = (over.Masses * values).sum [| 0L |] / over.Total

    /// (z^2 - zNear^2) / 2 of a number x: what its log-density is below that of the nearest point.
    let fall (over: OverInterval) (x: Tensor) : Tensor =
        let offset = (x - over.Near) / over.Scale
        offset * (over.Z .+. 0.5 .* offset)

    /// The log-density of the law cut to the interval.
    let logDensity (over: OverInterval) (x: Tensor) : Tensor =
        (fall over x .+. over.Total.log () .+. over.Scale.log ()).neg()

    /// The nodes.
    let points (over: OverInterval) : Tensor = over.Near .+. over.Scale * over.Offsets

    /// The share of an interval that a part of it has.
    let share (whole: OverInterval) (part: OverInterval) : Tensor =
        (fall whole part.Near).neg().exp() * part.Total / whole.Total
