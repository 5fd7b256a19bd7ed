namespace Vae.Core

open System
open TorchSharp

/// The probability that a law on the line gives to an interval, in logs: from the tails where they have the digits, and by
/// quadrature of the density where these underflow, or cancel as the interval is short.
[<RequireQualifiedAccess>]
module internal IntervalMass =
    /// The share of a tail below which the difference of two of them is not taken.
    let private least = 1e-4

    /// By how much the log-density may fall before the rest is cut off.
    let private depth = 80.0

    let private expandedNodes (rank: int) place =
        let nodes, weights = Quadrature.rule |> Array.map (fun struct (x, w) -> x, w) |> Array.unzip
        let shape = Array.append [| -1L |] (Array.create rank 1L)
        let column (values: float[]) = (Tensor.ofArray place [| int64 values.Length |] values).reshape shape
        column nodes, column weights

    /// By quadrature from the denser end, over as much of the interval as matters. The density falls from there all the way where
    /// the interval is longer.
    let private byQuadrature (law: Univariate) (a: Tensor) (b: Tensor) : Tensor =
        let place = law.Placement
        let inf = Tensor.scalar place Double.PositiveInfinity
        // An infinite end is never the denser.
        let at (x: Tensor) = (law.LogProb(x.nan_to_num ())).masked_fill(x.isinf (), Double.NegativeInfinity.AsScalar())

        let fromHigh = (at b).gt(at a)
        let near, sign = torch.where (fromHigh, b, a), 1.0 .+ -2.0 .* fromHigh.to_type a.dtype
        let width = b - a
        let top = at near

        // Halved and doubled until the fall over the reach is between half the depth and the depth, or it is the width.
        let fall (reach: Tensor) = top - law.LogProb(near .+. sign * reach)

        let mutable reach = torch.where(width.isfinite (), width, near.abs().clamp_min(1.0.AsScalar())).detach()

        let mutable isLeft = true
        let mutable steps = 0

        while isLeft && steps < 2200 do
            let fallen = (fall reach).detach()
            let isLong = fallen.gt(depth.AsScalar()).logical_or(fallen.isnan ())
            let isShort = fallen.lt((0.5 * depth).AsScalar()).logical_and(reach.lt width)

            let next =
                torch.where (isLong, 0.5 .* reach, torch.where (isShort, torch.minimum (1.5 .* reach, width), reach))

            isLeft <- next.ne(reach).any().isTrue()
            reach <- next
            steps <- steps + 1

        // A whole interval keeps its gradient by the ends.
        let reach = torch.where (reach.lt width, reach, torch.where (width.isfinite (), width, inf))
        let nodes, weights = expandedNodes (int (reach.dim ())) place
        let x = near .+. sign * nodes * reach
        (law.LogDensity x - top .+. (weights * reach).log()).logsumexp(0L) .+. top

    /// log P(a < X <= b), for a <= b.
    let log (law: Univariate) (a: Tensor) (b: Tensor) : Tensor =
        let a, b = together "a" a "b" b
        let aboveA, aboveB, belowA, belowB = law.Survival a, law.Survival b, law.Cdf a, law.Cdf b
        let isUpper = aboveA.lt (0.5.AsScalar())
        let isLower = belowB.lt (0.5.AsScalar())
        let one = torch.ones_like aboveA
        let whole = torch.where (isUpper, aboveA, torch.where (isLower, belowB, one))
        let rest = torch.where (isUpper, aboveB, torch.where (isLower, belowA, belowA .+. aboveB))
        let limits = torch.finfo whole.dtype
        let isGood = (whole - rest).gt(least .* whole).logical_and(whole.gt ((limits.tiny * 1e6).AsScalar()))
        let tails = (whole - rest).masked_fill(isGood.logical_not (), 1.0.AsScalar()).log()

        if isGood.all().isTrue() then
            tails
        else
            let shape = isGood.shape
            let isPoint = a.eq b
            let chosen = isGood.logical_or isPoint
            // Where the tails do, quadrature sees an interval that is easy.
            let easy = Support.anchor law.Placement [||] law.Support
            let a = torch.where (chosen, easy, a.expand shape)
            let b = torch.where (chosen, easy .+. 1e-3 .* (1.0 .+ easy.abs ()), b.expand shape)
            let summed = (byQuadrature law a b).masked_fill(isPoint, Double.NegativeInfinity.AsScalar())
            torch.where (isGood, tails, summed)
