namespace Vae.Core

open System
open TorchSharp

/// What laws by location and scale know.
[<RequireQualifiedAccess>]
module internal LocationScaleExpectations =
    let private square = PositiveExpectations.square
    let private finite = PositiveExpectations.finite
    let private isPositive (x: Tensor) = x.gt (0.0.AsScalar())

    let private ones (t: Tensor) = torch.ones_like t
    let private zeros (t: Tensor) = torch.zeros_like t

    /// +infinity for each law of the batch.
    let private infinite (q: Distribution) : Tensor = filled q.Placement q.BatchShape Double.PositiveInfinity

    let private laplace =
        LineLaw.on<Laplace> Support.reals
        |> LineLaw.entropy @"1+\log 2s_q"
        |> LineLaw.expects Moment.X @"\mu_q" _.Loc
        |> LineLaw.expectsAt Moment.Square @"(\mu_q-#1)^2+2s_q^2" (fun q m -> square q m)
        |> LineLaw.expectsAt Moment.Distance @"|\mu_q-#1|+s_qe^{-|\mu_q-#1|/s_q}" (fun q m ->
            let distance = (q.Loc - m).abs()
            distance .+. q.Scale * (distance / q.Scale).neg().exp())
        |> LineLaw.expectsAt2 Moment.Exp @"\tfrac{e^{#1(\mu_q-#2)}}{1-#1^2s_q^2}" (fun q t m ->
            let ts = t * q.Scale
            let left = (1.0 .+ ts) * (1.0 .+ ts.neg ())
            finite (isPositive left) (fun left -> (t * (q.Loc - m)).exp() / left) left)
        |> LineLaw.finiteWhere @"|#1| s_q < 1"
        |> LineLaw.logDensity @"-\log 2s_p" (fun p -> -(log 2.0) .+ p.LogScale.neg ())
        |> LineLaw.termAt Moment.Distance @"-\tfrac{1}{s_p}" (fun p -> p.Scale.reciprocal().neg()) [ @"\mu_p", _.Loc ]

    let private logistic =
        LineLaw.on<Logistic> Support.reals
        |> LineLaw.entropy @"2+\log s_q"
        |> LineLaw.expects Moment.X @"\mu_q" _.Loc
        |> LineLaw.expectsAt Moment.Square @"(\mu_q-#1)^2+\tfrac{\pi^2s_q^2}{3}" (fun q m -> square q m)
        |> LineLaw.expectsAt Moment.Distance @"|\mu_q-#1|+2s_q\log\left(1+e^{-|\mu_q-#1|/s_q}\right)" (fun q m ->
            let distance = (q.Loc - m).abs()
            distance .+. q.Scale * (2.0 .* Logistic.softplus ((distance / q.Scale).neg())))
        |> LineLaw.expectsAt2 Moment.Exp @"\tfrac{\pi s_q#1}{\sin\pi s_q#1}e^{#1(\mu_q-#2)}" (fun q t m ->
            let ts = t * q.Scale
            let isFinite = ts.abs().lt(1.0.AsScalar())
            finite isFinite (fun ts -> (t * (q.Loc - m)).exp() / ts.sinc ()) ts)
        |> LineLaw.finiteWhere @"|#1| s_q < 1"

    let private gumbel =
        LineLaw.on<Gumbel> Support.reals
        |> LineLaw.entropy @"1+\gamma+\log s_q"
        |> LineLaw.expects Moment.X @"\mu_q+\gamma s_q" _.Mean
        |> LineLaw.expectsAt Moment.Square @"(\mu_q+\gamma s_q-#1)^2+\tfrac{\pi^2s_q^2}{6}" (fun q m -> square q m)
        |> LineLaw.expectsAt2 Moment.Exp @"e^{#1(\mu_q-#2)}\,\Gamma(1-#1s_q)" (fun q t m ->
            let left = 1.0 .+ (t * q.Scale).neg()
            finite (isPositive left) (fun left -> (t * (q.Loc - m) .+. left.lgamma ()).exp()) left)
        |> LineLaw.finiteWhere @"#1s_q < 1"
        |> LineLaw.logDensity @"\tfrac{\mu_p}{s_p}-\log s_p" (fun p -> p.Loc / p.Scale - p.LogScale)
        |> LineLaw.term Moment.X @"-\tfrac{1}{s_p}" (fun p -> p.Scale.reciprocal().neg())
        |> LineLaw.termAt Moment.Exp "-1" (fun p -> (ones p.Scale).neg()) [
            @"-\tfrac{1}{s_p}", (fun p -> p.Scale.reciprocal().neg())
            @"\mu_p", _.Loc
        ]

    let private studentT =
        /// E[(x - loc)^2]
        let spread (q: StudentT) =
            let left = -2.0 .+ q.Df
            finite (isPositive left) (fun left -> q.Scale.squared () * (1.0 .+ 2.0 .* left.reciprocal ())) left

        LineLaw.on<StudentT> Support.reals
        |> LineLaw.entropy
            @"\tfrac{\nu_q+1}{2}\left[\psi(\tfrac{\nu_q+1}{2})-\psi(\tfrac{\nu_q}{2})\right]+\log\sqrt{\nu_q}s_qB(\tfrac{\nu_q}{2},\tfrac12)"
        |> LineLaw.expectsAt Moment.Square @"(\mu_q-#1)^2+\tfrac{\nu_qs_q^2}{\nu_q-2}" (fun q m ->
            (q.Loc - m).squared() .+. spread q)
        |> LineLaw.finiteWhere @"\nu_q > 2"
        |> LineLaw.logDensity @"\log\tfrac{\Gamma((\nu_p+1)/2)}{\Gamma(\nu_p/2)\sqrt{\pi\nu_p}s_p}" (fun p ->
            p.LogDensity p.Loc)
        |> LineLaw.termAt Moment.LogQuadratic @"-\tfrac{\nu_p+1}{2}" (fun p -> -0.5 .* (1.0 .+ p.Df)) [
            @"\mu_p", _.Loc
            @"s_p\sqrt{\nu_p}", (fun p -> p.Scale * p.Df.sqrt ())
        ]

    let private cauchy =
        LineLaw.on<Cauchy> Support.reals
        |> LineLaw.entropy @"\log 4\pi s_q"
        |> LineLaw.expectsAt2 Moment.LogQuadratic @"\log\tfrac{(s_q+#2)^2+(\mu_q-#1)^2}{#2^2}" (fun q m t ->
            let ratio = q.Scale / t
            (ratio * (2.0 .+ ratio) .+. ((q.Loc - m) / t).squared()).log1p())
        |> LineLaw.logDensity @"-\log\pi s_p" (fun p -> -(log Math.PI) .+ p.LogScale.neg ())
        |> LineLaw.termAt Moment.LogQuadratic "-1" (fun p -> (ones p.Scale).neg()) [ @"\mu_p", _.Loc; "s_p", _.Scale ]
        |> LineLaw.specialCaseOf typeof<StudentT>

    /// 2 e^(y^2/2) Phi(y) = E[e^(y |z|)], z standard normal: Mills' ratio for negative y, by quadrature.
    let private halfExponential (y: Tensor) =
        let positive, size = y.relu (), y.neg().relu()
        let ratio = (OverInterval.make (zeros y) (ones y) size (100.0 .+ size)).Total
        let above = (0.5 .* positive.squared ()).exp() * (1.0 .+ torch.special.erf (sqrt 0.5 .* positive))
        torch.where (y.lt (0.0.AsScalar()), sqrt (2.0 / Math.PI) .* ratio, above)

    let private halfNormal =
        /// E|x - m| for m >= 0; less is added below 0.
        let distance (q: HalfNormal) (m: Tensor) =
            let inside = m.relu ()
            let z = inside / q.Scale
            let density = (-0.5 .* z.squared ()).exp()
            let middle = inside * (-1.0 .+ 2.0 .* torch.special.erf (sqrt 0.5 .* z))
            inside - m .+. (middle .+. q.Mean * (-1.0 .+ 2.0 .* density))

        LineLaw.on<HalfNormal> Support.nonNegative
        |> LineLaw.entropy @"\tfrac12\log\tfrac{\pi e\sigma_q^2}{2}"
        |> LineLaw.expects Moment.X @"\sigma_q\sqrt{\tfrac2\pi}" _.Mean
        |> LineLaw.expectsAt
            Moment.Square
            @"\left(\sigma_q\sqrt{\tfrac2\pi}-#1\right)^2+\left(1-\tfrac2\pi\right)\sigma_q^2"
            (fun q m -> square q m)
        |> LineLaw.expectsAt
            Moment.Distance
            @"u-#1+u\left(2\operatorname{erf}\tfrac{u}{\sqrt2\sigma_q}-1\right)+\sigma_q\sqrt{\tfrac2\pi}\left(2e^{-u^2/2\sigma_q^2}-1\right),\ u=\max(#1,0)"
            distance
        |> LineLaw.expects Moment.Log @"\log\sigma_q-\tfrac{\gamma+\log 2}{2}" (fun q ->
            -0.5 * (eulerGamma + log 2.0) .+ q.LogScale)
        |> LineLaw.expectsAt
            Moment.LogSquare
            @"\left(\log\sigma_q-\tfrac{\gamma+\log 2}{2}-#1\right)^2+\tfrac{\pi^2}{8}"
            (fun q m ->
                let mean = -0.5 * (eulerGamma + log 2.0) .+ q.LogScale
                (Math.PI * Math.PI / 8.0) .+ (mean - m).squared())
        |> LineLaw.expectsAt2
            Moment.Power
            @"\left(\tfrac{\sqrt2\sigma_q}{#2}\right)^{#1}\tfrac{1}{\sqrt\pi}\Gamma\left(\tfrac{1+#1}{2}\right)"
            (fun q r s ->
                let size = r * (0.5 * log 2.0 .+ (q.LogScale - s.log ()))
                let order = (0.5 .* (1.0 .+ r)).expand(size.shape)

                finite (isPositive order) (fun order -> (-0.5 * log Math.PI .+ (size .+. order.lgamma ())).exp()) order)
        |> LineLaw.finiteWhere @"#1 > -1"
        |> LineLaw.expectsAt2 Moment.Exp @"2e^{#1^2\sigma_q^2/2-#1#2}\,\Phi(#1\sigma_q)" (fun q t m ->
            (t * m).neg().exp() * halfExponential (t * q.Scale))
        |> LineLaw.logDensity @"\tfrac12\log\tfrac{2}{\pi\sigma_p^2}" (fun p ->
            0.5 * log (2.0 / Math.PI) .+ p.LogScale.neg ())
        |> LineLaw.termAt Moment.Square @"-\tfrac{1}{2\sigma_p^2}" (fun p -> -0.5 .* p.Scale.squared().reciprocal()) [
            "0", (fun p -> zeros p.Scale)
        ]

    let private halfCauchy =
        LineLaw.on<HalfCauchy> Support.nonNegative
        |> LineLaw.entropy @"\log 2\pi s_q"
        |> LineLaw.expects Moment.X @"\infty" (fun q -> infinite q)
        |> LineLaw.neverFinite
        |> LineLaw.expectsAt Moment.Square @"\infty" (fun q _ -> infinite q)
        |> LineLaw.neverFinite
        |> LineLaw.expects Moment.Log @"\log s_q" _.LogScale
        |> LineLaw.expectsAt Moment.LogSquare @"(\log s_q-#1)^2+\tfrac{\pi^2}{4}" (fun q m ->
            (Math.PI * Math.PI / 4.0) .+ (q.LogScale - m).squared())
        |> LineLaw.expectsAt2 Moment.Power @"\left(\tfrac{s_q}{#2}\right)^{#1}\tfrac{1}{\cos(\pi #1/2)}" (fun q r s ->
            let size = r * (q.LogScale - s.log ())
            let r = r.expand size.shape
            let isFinite = r.abs().lt(1.0.AsScalar())
            finite isFinite (fun _ -> size.exp () / ((0.5 * Math.PI) .* r).cos()) r)
        |> LineLaw.finiteWhere @"|#1| < 1"
        |> LineLaw.logDensity @"\log\tfrac{2}{\pi s_p}" (fun p -> log (2.0 / Math.PI) .+ p.LogScale.neg ())
        |> LineLaw.termAt Moment.LogQuadratic "-1" (fun p -> (ones p.Scale).neg()) [
            "0", (fun p -> zeros p.Scale)
            "s_p", _.Scale
        ]

    let all = [
        LineLaw.known laplace
        LineLaw.known logistic
        LineLaw.known gumbel
        LineLaw.known studentT
        LineLaw.known cauchy
        LineLaw.known halfNormal
        LineLaw.known halfCauchy
    ]
