namespace Vae.Core

open System
open TorchSharp

/// What laws of positive numbers know.
[<RequireQualifiedAccess>]
module internal PositiveExpectations =
    let private infinity' = Double.PositiveInfinity

    /// (mean - m)^2 + variance
    let square (q: Distribution) (m: Tensor) : Tensor = (q.Mean - m).squared() .+. q.Variance

    /// A formula of x where a condition holds, and infinity elsewhere; there the formula sees 1.
    let finite (holds: Tensor) (formula: Tensor -> Tensor) (x: Tensor) : Tensor =
        let x, diverges = x.expand holds.shape, holds.logical_not ()
        (formula (x.masked_fill (diverges, 1.0.AsScalar()))).masked_fill(diverges, infinity'.AsScalar())

    let private isPositive (x: Tensor) = x.gt (0.0.AsScalar())

    /// Gamma(c) where c > 0, by its log and what is subtracted from that.
    let private gammaOver (logs: Tensor) (c: Tensor) = finite (isPositive c) (fun c -> (c.lgamma () - logs).exp()) c

    /// What follows for a law of Gamma(a, b).
    let private gammaLaw (a: 'law -> Tensor) (b: 'law -> Tensor) (a', b') (law: LineLaw<'law>) =
        law
        |> LineLaw.expects Moment.X $@"\tfrac{{%s{a'}}}{{%s{b'}}}" (fun q -> a q / b q)
        |> LineLaw.expectsAt
            Moment.Square
            $@"\left(\tfrac{{%s{a'}}}{{%s{b'}}}-#1\right)^2+\tfrac{{%s{a'}}}{{%s{b'}^2}}"
            (fun q m -> square q m)
        |> LineLaw.expects Moment.Log $@"\psi(%s{a'})-\log %s{b'}" (fun q -> Stirling.digamma (a q) - (b q).log())
        |> LineLaw.expectsAt Moment.LogSquare $@"(\psi(%s{a'})-\log %s{b'}-#1)^2+\psi'(%s{a'})" (fun q m ->
            (Stirling.digamma (a q) - (b q).log() - m).squared() .+. Stirling.trigamma (a q))
        |> LineLaw.expectsAt2
            Moment.Power
            $@"\tfrac{{\Gamma(%s{a'}+#1)}}{{\Gamma(%s{a'})}}(%s{b'}#2)^{{-#1}}"
            (fun q r s -> gammaOver ((a q).lgamma() .+. r * ((b q).log() .+. s.log ())) (a q .+. r))
        |> LineLaw.finiteWhere $@"#1 > -%s{a'}"
        |> LineLaw.expectsAt2 Moment.Exp $@"e^{{-#1#2}}\left(1-\tfrac{{#1}}{{%s{b'}}}\right)^{{-%s{a'}}}" (fun q t m ->
            let left = 1.0 .+ (t / b q).neg()
            finite (isPositive left) (fun left -> (a q * left.log () .+. t * m).neg().exp()) left)
        |> LineLaw.finiteWhere $@"#1 < %s{b'}"

    let private gamma =
        LineLaw.on<Gamma> Support.positive
        |> LineLaw.entropy @"\alpha_q-\log\beta_q+\log\Gamma(\alpha_q)+(1-\alpha_q)\psi(\alpha_q)"
        |> gammaLaw _.Concentration _.Rate (@"\alpha_q", @"\beta_q")
        |> LineLaw.logDensity @"\alpha_p\log\beta_p-\log\Gamma(\alpha_p)" (fun p ->
            p.Concentration * p.Rate.log () - p.Concentration.lgamma ())
        |> LineLaw.term Moment.Log @"(\alpha_p-1)" (fun p -> -1.0 .+ p.Concentration)
        |> LineLaw.term Moment.X @"-\beta_p" _.Rate.neg()

    let private chi2 =
        LineLaw.on<Chi2> Support.positive
        |> LineLaw.entropy
            @"\tfrac{\nu_q}{2}+\log 2\Gamma(\tfrac{\nu_q}{2})+\left(1-\tfrac{\nu_q}{2}\right)\psi(\tfrac{\nu_q}{2})"
        |> gammaLaw (fun q -> 0.5 .* q.Df) (fun q -> 0.5 .* torch.ones_like q.Df) (@"\tfrac{\nu_q}{2}", @"\tfrac12")
        |> LineLaw.logDensity @"-\tfrac{\nu_p}{2}\log 2-\log\Gamma(\tfrac{\nu_p}{2})" (fun p ->
            (-0.5 * log 2.0) .* p.Df - (0.5 .* p.Df).lgamma())
        |> LineLaw.term Moment.Log @"\left(\tfrac{\nu_p}{2}-1\right)" (fun p -> -1.0 .+ (0.5 .* p.Df))
        |> LineLaw.term Moment.X @"-\tfrac12" (fun p -> -0.5 .* torch.ones_like p.Df)
        |> LineLaw.specialCaseOf typeof<Gamma>

    /// E|x - m| = m - 1/b + (2/b) e^(-b m) for m >= 0, and 1/b - m elsewhere.
    let private exponentialDistance (q: Exponential) (m: Tensor) =
        let positive = m.relu ()
        let mean = q.Rate.reciprocal ()
        positive - m .+. (positive .+. mean * (2.0 .* (q.Rate * positive).neg().exp() - 1.0.AsScalar()))

    let private exponential =
        LineLaw.on<Exponential> Support.nonNegative
        |> LineLaw.entropy @"1-\log\lambda_q"
        |> gammaLaw (fun q -> torch.ones_like q.Rate) _.Rate ("1", @"\lambda_q")
        |> LineLaw.expectsAt
            Moment.Distance
            @"|#1|-\tfrac{1}{\lambda_q}+\tfrac{2}{\lambda_q}e^{-\lambda_q\max(#1,0)}"
            exponentialDistance
        |> LineLaw.logDensity @"\log\lambda_p" _.Rate.log()
        |> LineLaw.term Moment.X @"-\lambda_p" _.Rate.neg()
        |> LineLaw.specialCaseOf typeof<Gamma>
        |> LineLaw.specialCaseOf typeof<Weibull>

    let private chi =
        LineLaw.on<Chi> Support.positive
        |> LineLaw.entropy
            @"\log\Gamma(\tfrac{\nu_q}{2})+\tfrac12\left[\nu_q-\log 2-(\nu_q-1)\psi(\tfrac{\nu_q}{2})\right]"
        |> LineLaw.expects Moment.X @"\sqrt2\tfrac{\Gamma((\nu_q+1)/2)}{\Gamma(\nu_q/2)}" _.Mean
        |> LineLaw.expectsAt
            Moment.Square
            @"\nu_q-2\,#1\sqrt2\tfrac{\Gamma((\nu_q+1)/2)}{\Gamma(\nu_q/2)}+#1^2"
            (fun q m -> square q m)
        |> LineLaw.expects Moment.Log @"\tfrac12\left[\psi(\tfrac{\nu_q}{2})+\log 2\right]" (fun q ->
            0.5 .* (log 2.0 .+ Stirling.digamma (0.5 .* q.Df)))
        |> LineLaw.expectsAt
            Moment.LogSquare
            @"\left(\tfrac12\left[\psi(\tfrac{\nu_q}{2})+\log 2\right]-#1\right)^2+\tfrac14\psi'(\tfrac{\nu_q}{2})"
            (fun q m ->
                let a = 0.5 .* q.Df
                (0.5 .* (log 2.0 .+ Stirling.digamma a) - m).squared() .+. 0.25 .* Stirling.trigamma a)
        |> LineLaw.expectsAt2
            Moment.Power
            @"\tfrac{\Gamma((\nu_q+#1)/2)}{\Gamma(\nu_q/2)}\left(\tfrac{\sqrt2}{#2}\right)^{#1}"
            (fun q r s ->
                let logs = (0.5 .* q.Df).lgamma() .+. r * (-0.5 * log 2.0 .+ s.log ())
                gammaOver logs (0.5 .* (q.Df .+. r)))
        |> LineLaw.finiteWhere @"#1 > -\nu_q"
        |> LineLaw.logDensity @"\left(1-\tfrac{\nu_p}{2}\right)\log 2-\log\Gamma(\tfrac{\nu_p}{2})" (fun p ->
            let a = 0.5 .* p.Df
            log 2.0 .+ (-log 2.0 .* a - a.lgamma ()))
        |> LineLaw.term Moment.Log @"(\nu_p-1)" (fun p -> -1.0 .+ p.Df)
        |> LineLaw.termAt Moment.Square @"-\tfrac12" (fun p -> -0.5 .* torch.ones_like p.Df) [
            "0", (fun p -> torch.zeros_like p.Df)
        ]

    let private inverseGamma =
        LineLaw.on<InverseGamma> Support.positive
        |> LineLaw.entropy @"\alpha_q+\log\beta_q\Gamma(\alpha_q)-(1+\alpha_q)\psi(\alpha_q)"
        |> LineLaw.expects Moment.X @"\tfrac{\beta_q}{\alpha_q-1}" _.Mean
        |> LineLaw.finiteWhere @"\alpha_q > 1"
        |> LineLaw.expectsAt
            Moment.Square
            @"\left(\tfrac{\beta_q}{\alpha_q-1}-#1\right)^2+\tfrac{\beta_q^2}{(\alpha_q-1)^2(\alpha_q-2)}"
            (fun q m -> square q m)
        |> LineLaw.finiteWhere @"\alpha_q > 2"
        |> LineLaw.expects Moment.Log @"\log\beta_q-\psi(\alpha_q)" (fun q ->
            q.Rate.log () - Stirling.digamma q.Concentration)
        |> LineLaw.expectsAt Moment.LogSquare @"(\log\beta_q-\psi(\alpha_q)-#1)^2+\psi'(\alpha_q)" (fun q m ->
            (q.Rate.log () - Stirling.digamma q.Concentration - m).squared()
            .+. Stirling.trigamma q.Concentration)
        |> LineLaw.expectsAt2
            Moment.Power
            @"\tfrac{\Gamma(\alpha_q-#1)}{\Gamma(\alpha_q)}\left(\tfrac{\beta_q}{#2}\right)^{#1}"
            (fun q r s -> gammaOver (q.Concentration.lgamma () - r * (q.Rate.log () - s.log ())) (q.Concentration - r))
        |> LineLaw.finiteWhere @"#1 < \alpha_q"
        |> LineLaw.logDensity @"\alpha_p\log\beta_p-\log\Gamma(\alpha_p)" (fun p ->
            p.Concentration * p.Rate.log () - p.Concentration.lgamma ())
        |> LineLaw.term Moment.Log @"-(\alpha_p+1)" (fun p -> (1.0 .+ p.Concentration).neg())
        |> LineLaw.termAt Moment.Power "-1" (fun p -> torch.ones_like(p.Rate).neg()) [
            "-1", (fun p -> torch.ones_like(p.Rate).neg())
            @"\beta_p", _.Rate
        ]

    let private weibull =
        LineLaw.on<Weibull> Support.positive
        |> LineLaw.entropy @"\gamma\left(1-\tfrac{1}{k_q}\right)+\log\tfrac{\lambda_q}{k_q}+1"
        |> LineLaw.expects Moment.X @"\lambda_q\Gamma\left(1+\tfrac{1}{k_q}\right)" _.Mean
        |> LineLaw.expectsAt
            Moment.Square
            @"\lambda_q^2\Gamma\left(1+\tfrac{2}{k_q}\right)-2\,#1\lambda_q\Gamma\left(1+\tfrac{1}{k_q}\right)+#1^2"
            (fun q m -> square q m)
        |> LineLaw.expects Moment.Log @"\log\lambda_q-\tfrac{\gamma}{k_q}" (fun q ->
            q.Scale.log () - eulerGamma .* q.Concentration.reciprocal ())
        |> LineLaw.expectsAt
            Moment.LogSquare
            @"\left(\log\lambda_q-\tfrac{\gamma}{k_q}-#1\right)^2+\tfrac{\pi^2}{6k_q^2}"
            (fun q m ->
                let inverse = q.Concentration.reciprocal ()

                (q.Scale.log () - eulerGamma .* inverse - m).squared()
                .+. (Math.PI * Math.PI / 6.0) .* inverse.squared ())
        |> LineLaw.expectsAt2
            Moment.Power
            @"\left(\tfrac{\lambda_q}{#2}\right)^{#1}\Gamma\left(1+\tfrac{#1}{k_q}\right)"
            (fun q r s -> gammaOver (r * (s.log () - q.Scale.log ())) (1.0 .+ r / q.Concentration))
        |> LineLaw.finiteWhere @"#1 > -k_q"
        |> LineLaw.logDensity @"\log k_p-k_p\log\lambda_p" (fun p ->
            p.Concentration.log () - p.Concentration * p.Scale.log ())
        |> LineLaw.term Moment.Log @"(k_p-1)" (fun p -> -1.0 .+ p.Concentration)
        |> LineLaw.termAt Moment.Power "-1" (fun p -> torch.ones_like(p.Scale).neg()) [
            "k_p", _.Concentration
            @"\lambda_p", _.Scale
        ]

    /// E|x - m|: mean - m, and twice the mean shortfall from an m above the scale.
    let private paretoDistance (q: Pareto) (m: Tensor) =
        let above = torch.maximum (m, q.Scale)

        let beyond (less: Tensor) = above * (q.Alpha * Stable.logRatio above q.Scale).neg().exp() / less

        let formula (less: Tensor) =
            let mean = q.Scale * (1.0 .+ less.reciprocal ())
            above - m .+. (above - mean .+. 2.0 .* beyond less)

        let less = (-1.0 .+ q.Alpha).expand above.shape
        finite (isPositive less) formula less

    let private pareto =
        let from low = Support.Closed(Bound.At low, Bound.At infinity')

        LineLaw.between<Pareto> (from Double.MaxValue) (from Double.Epsilon)
        |> LineLaw.entropy @"\log\tfrac{s_q}{\alpha_q}+1+\tfrac{1}{\alpha_q}"
        |> LineLaw.expects Moment.X @"\tfrac{\alpha_qs_q}{\alpha_q-1}" _.Mean
        |> LineLaw.finiteWhere @"\alpha_q > 1"
        |> LineLaw.expectsAt
            Moment.Square
            @"\left(\tfrac{\alpha_qs_q}{\alpha_q-1}-#1\right)^2+\tfrac{\alpha_qs_q^2}{(\alpha_q-1)^2(\alpha_q-2)}"
            (fun q m -> square q m)
        |> LineLaw.finiteWhere @"\alpha_q > 2"
        |> LineLaw.expectsAt
            Moment.Distance
            @"u-#1+u-\tfrac{\alpha_qs_q}{\alpha_q-1}+\tfrac{2u}{\alpha_q-1}\left(\tfrac{s_q}{u}\right)^{\alpha_q},\ u=\max(#1,s_q)"
            paretoDistance
        |> LineLaw.finiteWhere @"\alpha_q > 1"
        |> LineLaw.expects Moment.Log @"\log s_q+\tfrac{1}{\alpha_q}" (fun q ->
            q.Scale.log () .+. q.Alpha.reciprocal ())
        |> LineLaw.expectsAt
            Moment.LogSquare
            @"\left(\log s_q+\tfrac{1}{\alpha_q}-#1\right)^2+\tfrac{1}{\alpha_q^2}"
            (fun q m ->
                let inverse = q.Alpha.reciprocal ()
                (q.Scale.log () .+. inverse - m).squared() .+. inverse.squared ())
        |> LineLaw.expectsAt2
            Moment.Power
            @"\left(\tfrac{s_q}{#2}\right)^{#1}\tfrac{\alpha_q}{\alpha_q-#1}"
            (fun q r s ->
                let size = (r * (q.Scale.log () - s.log ())).exp()
                let less = q.Alpha - r
                finite (isPositive less) (fun less -> size * q.Alpha / less) less)
        |> LineLaw.finiteWhere @"#1 < \alpha_q"
        |> LineLaw.logDensity @"\log\alpha_p+\alpha_p\log s_p" (fun p -> p.Alpha.log () .+. p.Alpha * p.Scale.log ())
        |> LineLaw.term Moment.Log @"-(\alpha_p+1)" (fun p -> (1.0 .+ p.Alpha).neg())

    let all = [
        LineLaw.known exponential
        LineLaw.known gamma
        LineLaw.known inverseGamma
        LineLaw.known chi2
        LineLaw.known chi
        LineLaw.known weibull
        LineLaw.known pareto
    ]
