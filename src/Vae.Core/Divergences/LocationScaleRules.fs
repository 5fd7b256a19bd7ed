namespace Vae.Core

open System
open TorchSharp

/// KL between laws of one family by location and scale: sums of terms that are not negative, none of which cancels where
/// the laws are close.
[<RequireQualifiedAccess>]
module internal LocationScaleRules =
    let private page = "kl-location-scale"

    /// With d = log(s / t) and u = |m - n| / s: e^d (u + e^-u - 1) + e^d - 1 - d.
    let private laplace (q: Laplace) (p: Laplace) =
        let u = ((q.Loc - p.Loc) / q.Scale).abs()
        let d = Stable.logRatio q.Scale p.Scale
        d.exp () * Bregman.exponential (u.neg ()) .+. Bregman.exponential d

    /// ((s + t)^2 + (m - n)^2) / (4 s t) is 1 + sinh^2(d / 2) + (m - n)^2 / (4 s t).
    let private cauchy (q: Cauchy) (p: Cauchy) =
        let shift = q.Loc - p.Loc
        let stretch = (0.5 .* Stable.logRatio q.Scale p.Scale).sinh().squared()
        (stretch .+. 0.25 .* ((shift / q.Scale) * (shift / p.Scale))).log1p()

    /// That of the Cauchy laws which are folded at 0: 2 log cosh(d / 2).
    let private halfCauchy (q: HalfCauchy) (p: HalfCauchy) =
        (0.5 .* Stable.logRatio q.Scale p.Scale).sinh().squared().log1p()

    /// With c = s / t and v the log of E[e^-(x - n)/t]: e^v - 1 - v, and log Gamma(c) + gamma (c - 1).
    let private gumbel (q: Gumbel) (p: Gumbel) =
        let c = q.Scale / p.Scale
        let v = (p.Loc - q.Loc) / p.Scale .+. (1.0 .+ c).lgamma()
        Bregman.exponential v .+. Bregman.logGamma c (torch.ones_like c)

    /// d coth(d / 2) - 2 for d >= 0: d - 2 + 2 d / (e^d - 1), and its Taylor series where that cancels.
    let private cothExcess (d: Tensor) : Tensor =
        // 2 B_2k / (2k)!, k = 1, 2, ...
        let series = [
            1.0 / 6.0
            -1.0 / 360.0
            1.0 / 15120.0
            -1.0 / 604800.0
            1.0 / 23950080.0
            -691.0 / 653837184000.0
            1.0 / 37362124800.0
            -3617.0 / 5335311421440000.0
            43867.0 / 2554547108585472000.0
        ]

        let square = d.squared ()
        let isNear = d.le (1.0.AsScalar())
        let near = square * Stable.polynomial series (square.clamp_max (1.0.AsScalar()))
        let far = Stable.choose isNear 1.0 id (fun d -> -2.0 .+ (d .+. 2.0 .* (d / d.expm1 ()))) d
        torch.where (isNear, near, far)

    /// Unequal scales have no closed form.
    let private logistic (q: Logistic) (p: Logistic) =
        if q.Scale.ne(p.Scale).any().isTrue() then
            None
        else
            let shift = (q.Loc - p.Loc) / q.Scale
            Some(cothExcess (shift.abs ()))

    /// The widths' ratio is 1 + the gaps at both ends / the first width.
    let private uniform (q: Uniform) (p: Uniform) =
        let gaps = (q.Low - p.Low) .+. (p.High - q.High)
        (gaps / q.Width).log1p()

    let private halfNormal (q: HalfNormal) (p: HalfNormal) =
        0.5 .* Bregman.exponential (2.0 .* Stable.logRatio q.Scale p.Scale)

    /// By quadrature over the first interval. With d the log of the ratio of the densities, E d = E[d + e^-d - 1] and the
    /// share of the second law outside: used where the laws are close.
    let private truncated (q: TruncatedNormal) (p: TruncatedNormal) =
        let batch = Shape.broadcast "q" q.BatchShape "p" p.BatchShape

        let wide (law: TruncatedNormal) =
            let from, upTo = law.Reached
            OverInterval.make (law.Loc.expand batch) (law.Scale.expand batch) (from.expand batch) (upTo.expand batch)

        let over, other = wide q, wide p
        let x = OverInterval.points over
        let d = OverInterval.logDensity over x - OverInterval.logDensity other x
        let part low high = OverInterval.share other (OverInterval.make p.Loc p.Scale low high)
        // Where the second interval is not the larger, the divergence is infinite by the supports.
        let (qLow, qHigh), (pLow, pHigh) = q.Reached, p.Reached
        let outside = part pLow (torch.maximum (pLow, qLow)) .+. part (torch.minimum (pHigh, qHigh)) pHigh
        let small = d.clamp ((-1.0).AsScalar(), 1.0.AsScalar())
        let isNear = d.detach().abs().amax([| 0L |]).le(1.0.AsScalar())
        let near = OverInterval.expectation over (Bregman.exponential (small.neg ())) .+. outside
        torch.where (isNear, near, OverInterval.expectation over d)

    let all = [
        KlRule.create
            @"\log\tfrac{s_p}{s_q} + \tfrac{|\mu_q-\mu_p|}{s_p} + \tfrac{s_q}{s_p}e^{-|\mu_q-\mu_p|/s_q} - 1"
            page
            laplace
        KlRule.create @"\log\tfrac{(s_q+s_p)^2+(\mu_q-\mu_p)^2}{4s_qs_p}" page cauchy
        KlRule.create @"\log\tfrac{(s_q+s_p)^2}{4s_qs_p}" page halfCauchy
        |> KlRule.impliedBy "Cauchy || Cauchy"
        KlRule.create
            @"\log\tfrac{s_p}{s_q} + \gamma\left(\tfrac{s_q}{s_p}-1\right) + \tfrac{\mu_q-\mu_p}{s_p} + e^{(\mu_p-\mu_q)/s_p}\,\Gamma\left(1+\tfrac{s_q}{s_p}\right) - 1"
            page
            gumbel
        KlRule.partial
            @"\delta\coth\tfrac{\delta}{2} - 2,\quad \delta = \tfrac{\mu_q-\mu_p}{s}"
            "both scales are the same number s"
            page
            logistic
        KlRule.create @"\log\tfrac{b_p-a_p}{b_q-a_q}" page uniform
        |> KlRule.where "the interval of the first is within that of the second"
        KlRule.create
            @"\tfrac12\left[\tfrac{\sigma_q^2}{\sigma_p^2} - 1 - \log\tfrac{\sigma_q^2}{\sigma_p^2}\right]"
            page
            halfNormal
        |> KlRule.impliedBy "Normal || Normal"
        KlRule.create
            @"\log\tfrac{\sigma_pZ_p}{\sigma_qZ_q} + \mathbb{E}_q\left[\tfrac{(x-\mu_p)^2}{2\sigma_p^2} - \tfrac{(x-\mu_q)^2}{2\sigma_q^2}\right],\quad Z = \Phi\left(\tfrac{b-\mu}{\sigma}\right)-\Phi\left(\tfrac{a-\mu}{\sigma}\right)"
            page
            truncated
        |> KlRule.where "the interval of the first is within that of the second"
    ]
