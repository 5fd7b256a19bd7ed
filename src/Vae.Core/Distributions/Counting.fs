namespace Vae.Core

open TorchSharp

/// Log-masses of counts without large terms that cancel: Stirling's main term is taken out of each factorial, and what is
/// left of the powers is collected into deviances (C. Loader, "Fast and accurate computation of binomial probabilities",
/// 2000). All of it is differentiable to any order.
[<RequireQualifiedAccess>]
module internal Counting =
    /// sum of c_k x^k
    let polynomial (c: float[]) (x: Tensor) =
        Array.foldBack (fun (coefficient: float) (sum: Tensor) -> coefficient .+ (sum * x)) c (torch.zeros_like x)

    /// Of the remainder of Stirling's series, in powers of 1 / x^2.
    let private stirlingSeries = [|
        1.0 / 12.0
        -1.0 / 360.0
        1.0 / 1260.0
        -1.0 / 1680.0
        1.0 / 1188.0
        -691.0 / 360360.0
        1.0 / 156.0
        -3617.0 / 122400.0
        43867.0 / 244188.0
    |]

    /// log x! - (x log x - x) for x >= 0, not only integers: 0 at 0.
    let rest (x: Tensor) : Tensor =
        let large, small = x.clamp_min (10.0.AsScalar()), x.clamp_max (10.0.AsScalar())
        let inverse = large.reciprocal ()

        let far =
            halfLogTwoPi .+ (0.5 .* large.log ()) .+. inverse * polynomial stirlingSeries (inverse.squared ())
        // Below 1e-37, about the least that float32 has, x log x is nothing beside 1.
        let near = (1.0 .+ small).lgamma() - small * small.clamp_min(1e-37.AsScalar()).log() .+. small
        torch.where (x.ge (10.0.AsScalar()), far, near)

    /// artanh s / s - 1 = s^2 (1/3 + s^2/5 + ...), where log(1 + u) = 2 artanh s for s = u / (2 + u).
    let private artanhSeries = [| for k in 1..17 -> 1.0 / float (2 * k + 1) |]

    /// x log(x / m) + m - x >= 0 for x >= 0 and m > 0, given log m as well. Near x = m it is x (u - log(1 + u)),
    /// u = m / x - 1, by a series.
    let deviance (x: Tensor) (mean: Tensor) (logMean: Tensor) : Tensor =
        let positive = x.gt (0.0.AsScalar())
        let some = torch.where (positive, x, torch.ones_like x)
        let u = (mean - some) / some
        let isNear = u.abs().le(0.5.AsScalar()).logical_and positive
        let small = torch.where (isNear, u, torch.zeros_like u)
        let s = small / (2.0 .+ small)
        let square = s.squared ()
        let near = some * s * (small - 2.0 .* (square * polynomial artanhSeries square))
        let far = some * (some.log () - logMean) .+. (mean - some)
        torch.where (isNear, near, torch.where (positive, far, mean.expand_as far))

    /// The log of the binomial mass of k successes and j failures, not only integers, at a logit.
    let binomial (k: Tensor) (j: Tensor) (logits: Tensor) : Tensor =
        let n = k .+. j
        let logN = n.clamp_min(1e-37.AsScalar()).log()
        let logP, logQ = torch.nn.functional.logsigmoid logits, torch.nn.functional.logsigmoid (logits.neg ())

        let left, right =
            deviance k (n * logP.exp ()) (logN .+. logP), deviance j (n * logQ.exp ()) (logN .+. logQ)

        rest n - rest k - rest j - left - right

    /// What the log-mass of counts under Polya's urn has of the total n and the concentrations' sum s. The masses are those
    /// of Stirling's main terms in a table of counts and concentrations, whose deviances from independence are the rest.
    let urn (n: Tensor) (s: Tensor) : Tensor = rest n - rest (n .+. s) .+. rest s .+. (n / s).log1p()

    /// What it has of one count k and its concentration a.
    let urnPart (n: Tensor) (s: Tensor) (k: Tensor) (a: Tensor) : Tensor =
        let share = (k .+. a) / (n .+. s)
        let logShare = share.log ()
        let left = deviance k (n * share) (n.clamp_min(1e-37.AsScalar()).log() .+. logShare)
        let right = deviance a (s * share) (s.log () .+. logShare)
        rest (k .+. a) - rest k - rest a - (k / a).log1p() - left - right

    /// 1 - p of probabilities p along the last dimension, as the sum of the others.
    let others (p: Tensor) : Tensor =
        let n = p.shape[p.shape.Length - 1]
        p.matmul (1.0 .+ torch.eye(n, dtype = p.dtype, device = p.device).neg())

    /// The sum of terms p(k) f(k) over k = low .. high within reach of a law's mean. By Bernstein's inequality for sums of
    /// independent trials no more than 1e-18 of the probability is beyond.
    /// The terms are given counts of shape [n, batch...].
    let sum (mean: Tensor) (variance: Tensor) (low: Tensor) (high: Tensor) (terms: Tensor -> Tensor) : Tensor =
        let mean, variance = mean.detach (), variance.detach ()
        let reach = 14.0 .+ (196.0 .+ 84.0 .* variance).sqrt()
        let first = (mean - reach).floor().maximum low
        let last = (mean .+. reach).ceil().minimum high
        let count = int64 (Tensor.toFloat ((last - first).amax([||]))) + 1L
        let place = Placement.like mean
        let steps = Tensor.range place count
        let k = first .+. steps.reshape (Array.append [| count |] (Array.create first.shape.Length 1L))
        let isCounted = k.le last
        // Elsewhere the terms see a count that they are defined at.
        let values = terms (torch.where (isCounted, k, first))
        values.masked_fill(isCounted.logical_not (), 0.0.AsScalar()).sum [| 0L |]

    /// 1 / (1 + e^-a) of a number.
    let sigmoid (a: float) =
        if a >= 0.0 then
            1.0 / (1.0 + exp -a)
        else
            let e = exp a
            e / (1.0 + e)

    /// Up to here counts are found among the integers; beyond, floating-point numbers are no denser than they.
    let private dense = 9007199254740992.0

    /// The least count with cdf >= p, the functions being those of a law without an upper end.
    let quantile (cdf: float -> float) (survival: float -> float) (p: float) =
        let k = float (Invert.integers (float >> cdf) p)

        if k < dense then
            k
        else
            Invert.continuous cdf survival (dense, infinity) (2.0 * dense) p

    /// The least count with survival <= q.
    let upperQuantile (cdf: float -> float) (survival: float -> float) (q: float) =
        let k = float (Invert.integersUpper (float >> survival) q)

        if k < dense then
            k
        else
            Invert.continuousUpper cdf survival (dense, infinity) (2.0 * dense) q
