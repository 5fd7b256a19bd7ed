namespace Vae.Core

open System
open TorchSharp

/// What is known of the Chernoff integral, log of the integral of q^a p^(1 - a), for two laws of one kind.
type ChernoffRule = {
    /// The kind of both laws.
    Law: Type
    /// In TeX, with the subscripts q and p: of an exponential family the parameters of the law between the two.
    Tex: string
    /// What makes it finite, in words; empty where it always is.
    Finite: string
    Formula: float -> Distribution -> Distribution -> Tensor option
}

/// The Chernoff integrals that are known. b is 1 - a throughout.
[<RequireQualifiedAccess>]
module internal ChernoffRules =
    let private rule<'law when 'law :> Distribution>
        tex
        finite
        (formula: float -> 'law -> 'law -> Tensor option)
        : ChernoffRule = {
        Law = typeof<'law>
        Tex = tex
        Finite = finite
        Formula = fun a q p -> formula a (unbox<'law>(box q)) (unbox<'law>(box p))
    }

    let private infiniteUnless (holds: Tensor) (value: Tensor) =
        torch.where (holds, value, Tensor.scalar (Placement.like value) Double.PositiveInfinity)

    /// With m the law whose density is proportional to q^a p^b, the integral's logarithm is -a KL(m || q) - b KL(m || p),
    /// which does not cancel where the laws are close.
    let private through (a: float) (m: Distribution) (q: Distribution) (p: Distribution) =
        Option.map2
            (fun (toQ: Tensor) (toP: Tensor) -> (-a .* toQ) - ((1.0 - a) .* toP))
            (Kl.tryExact m q)
            (Kl.tryExact m p)

    /// a s + b t.
    let private mix a (s: Tensor) (t: Tensor) : Tensor = (a .* s) .+. ((1.0 - a) .* t)

    /// Parameters that have to be positive, mixed, and 1 in place of those that are not; and where all are.
    let private mixPositive a (pairs: (Tensor * Tensor) list) =
        let mixed = pairs |> List.map (fun (s, t) -> mix a s t)
        let positive = mixed |> List.map _.gt(0.0.AsScalar())
        let safe = List.map2 (fun (m: Tensor) holds -> torch.where (holds, m, torch.ones_like m)) mixed positive
        safe, positive |> List.reduce (fun x y -> x.logical_and y)

    let private one make a q p first =
        let safe, positive = mixPositive a [ first ]
        through a (make safe[0]) q p |> Option.map (infiniteUnless positive)

    let private two make a q p first second =
        let safe, positive = mixPositive a [ first; second ]
        through a (make (safe[0], safe[1])) q p |> Option.map (infiniteUnless positive)

    /// With d = log s_q - log s_p, v = a + b e^2d and z = (m_q - m_p) / s_p: -(log v - 2 b d) / 2 - a b z^2 / 2v.
    let private normal a (q: Normal) (p: Normal) =
        let b = 1.0 - a
        let d2 = 2.0 .* (q.LogScale - p.LogScale)
        let excess = b .* d2.expm1 ()
        let positive = excess.gt ((-1.0).AsScalar())
        let excess = torch.where (positive, excess, torch.zeros_like excess)
        let shift = ((q.Loc - p.Loc) / p.Scale).squared() / (1.0 .+ excess)
        -0.5 .* (excess.log1p () - (b .* d2) .+. (a * b .* shift)) |> infiniteUnless positive

    /// The same with the matrix V = a I + b W W', W = inv(L_p) L_q, in place of v; it has to be positive definite.
    let multivariate a (q: MultivariateNormal) (p: MultivariateNormal) =
        let b = 1.0 - a
        let spread = p.Whiten q.ScaleTril
        let shift = p.Whiten((q.Loc - p.Loc).unsqueeze -1L)
        let identity = torch.eye (q.EventShape[0], dtype = spread.dtype, device = spread.device)
        let mixed = (a .* identity) .+. (b .* spread.matmul (spread.transpose (-1L, -2L)))
        let struct (_, failures) = torch.linalg.cholesky_ex (mixed.detach ())
        let definite = failures.eq (0.0.AsScalar())

        let factor =
            torch.linalg.cholesky (torch.where (definite.unsqueeze(-1L).unsqueeze -1L, mixed, identity))

        let logDet = factor.diagonal(dim1 = -2L, dim2 = -1L).log().sum(-1L)
        let white = torch.linalg.solve_triangular(factor, shift, upper = false).squared().sum([| -2L; -1L |])

        (b .* (q.LogDet - p.LogDet)) - logDet - (0.5 * a * b .* white) |> infiniteUnless definite

    let private logits a (q: Tensor) (p: Tensor) = mix a q p

    /// Of laws on the same finitely many values, by their log-masses. What one law excludes is not in the law between the two;
    /// where the other has it under a negative exponent the integral is infinite, and where nothing is left it is 0.
    let private values a (logQ: Tensor) (logP: Tensor) =
        let noQ, noP = LogOdds.isNone logQ, LogOdds.isNone logP
        let either = noQ.logical_or noP
        let mixed = logits a (LogOdds.orZero either logQ) (LogOdds.orZero either logP)
        let nothing = either.all -1L
        let left = either.logical_and (nothing.logical_not().unsqueeze -1L)
        let between = Categorical.OfLogits(mixed.masked_fill (left, Double.NegativeInfinity.AsScalar()))

        let excluded =
            if a > 1.0 then Some(noP.logical_and (noQ.logical_not ()))
            elif a < 0.0 then Some(noQ.logical_and (noP.logical_not ()))
            else None

        // KL of the law between the two against each, where both have what it has.
        let against (log: Tensor) =
            let given = log.masked_fill (nothing.unsqueeze -1L, 0.0.AsScalar())
            DiscreteRules.categories between.LogProbs given

        let value =
            (-a .* against logQ - ((1.0 - a) .* against logP)).masked_fill(nothing, Double.NegativeInfinity.AsScalar())

        match excluded with
        | Some excluded -> value.masked_fill (excluded.any -1L, Double.PositiveInfinity.AsScalar())
        | None -> value

    let private categorical a (q: Categorical) (p: Categorical) =
        if q.Count = p.Count then Some(values a q.LogProbs p.LogProbs) else None

    let private bothOutcomes (logits: Tensor) : Tensor =
        torch.nn.functional.logsigmoid (torch.stack ([| logits.neg (); logits |], -1L))

    /// Of one trial.
    let private trial a (q: Tensor) (p: Tensor) =
        if LogOdds.anyInfinite q || LogOdds.anyInfinite p then
            Some(values a (bothOutcomes q) (bothOutcomes p))
        else
            through a (Bernoulli.OfLogits(logits a q p)) (Bernoulli.OfLogits q) (Bernoulli.OfLogits p)

    /// With one shape k, x^k is exponential with the rate scale^-k.
    let private weibull a (q: Weibull) (p: Weibull) =
        if q.Concentration.eq(p.Concentration).all().isTrue() then
            // In units of the first scale, which a power of either might not be representable without.
            let ratio = (p.Concentration * Stable.logRatio q.Scale p.Scale).exp()
            let rate = mix a (torch.ones_like ratio) ratio
            let positive = rate.gt (0.0.AsScalar())
            let rate = torch.where (positive, rate, torch.ones_like rate)
            let scale = q.Scale * rate.pow (q.Concentration.reciprocal().neg())
            through a (Weibull(scale, q.Concentration)) q p |> Option.map (infiniteUnless positive)
        else
            None

    /// On the numbers above both scales.
    let private pareto a (q: Pareto) (p: Pareto) =
        one (fun alpha -> Pareto(q.Scale.maximum p.Scale, alpha)) a q p (q.Alpha, p.Alpha)

    let private dirichlet a (q: Dirichlet) (p: Dirichlet) =
        let safe, positive = mixPositive a [ q.Concentration, p.Concentration ]
        through a (Dirichlet safe[0]) q p |> Option.map (infiniteUnless (positive.all -1L))

    /// Their natural parameter is log(1 - p), which has to be negative.
    let private geometric a (q: Geometric) (p: Geometric) =
        let logOther (law: Geometric) = (Logistic.softplus law.Logits).neg()
        let safe, positive = mixPositive a [ (logOther q).neg(), (logOther p).neg() ]
        let always = LogOdds.isAll safe[0]
        let odds = (LogOdds.orZero always safe[0]).masked_fill(always, 1.0.AsScalar()).expm1().log()
        let between = Geometric.OfLogits(odds.masked_fill (always, Double.PositiveInfinity.AsScalar()))

        through a between q p
        |> Option.map (fun value ->
            // Of equal laws that are certain it would be infinity less infinity.
            (infiniteUnless positive value).masked_fill(q.Logits.eq p.Logits, 0.0.AsScalar()))

    /// With u = a / s_q, v = b / s_p and the distance d of the locations, the integral of e^(-u |x| - v |x - d|), of which the
    /// part between the locations and the parts outside are taken in units of the larger of e^-ud and e^-vd.
    let private laplace a (q: Laplace) (p: Laplace) =
        let b = 1.0 - a
        let u, v = a .* q.Scale.reciprocal (), b .* p.Scale.reciprocal ()
        let distance = (q.Loc - p.Loc).abs()
        let safe, positive = mixPositive a [ q.Scale.reciprocal (), p.Scale.reciprocal () ]
        let t = (u - v).abs() * distance
        let apart = t.gt (0.0.AsScalar())
        let safeT = torch.where (apart, t, torch.ones_like t)
        let between = distance * torch.where (apart, safeT.neg().expm1().neg() / safeT, torch.ones_like t)
        let outside = (1.0 .+ t.neg().exp()) / safe[0]
        let constants = (a .* q.LogScale) .+. (b .* p.LogScale)

        (outside .+. between).log() - u.minimum v * distance - (log 2.0 .+ constants)
        |> infiniteUnless positive

    /// The length of what both cover.
    let private uniform a (q: Uniform) (p: Uniform) =
        let common = (q.High.minimum p.High - q.Low.maximum p.Low).clamp_min(0.0.AsScalar())
        common.log () - mix a (q.Width.log ()) (p.Width.log ())

    let private binomial a (q: Binomial) (p: Binomial) =
        if q.TotalCount.eq(p.TotalCount).all().isTrue() then
            if q.IsCertain || p.IsCertain then
                trial a q.Logits p.Logits
                |> Option.map (fun value -> q.TotalCount * LogOdds.orZero (q.TotalCount.eq (0.0.AsScalar())) value)
            else
                through a (Binomial.OfLogits(q.TotalCount, logits a q.Logits p.Logits)) q p
        else
            None

    let private gammaTex = @"\alpha = a\alpha_q+(1-a)\alpha_p,\quad \beta = a\beta_q+(1-a)\beta_p"
    let private logitsTex = @"\text{logits } a\,\ell_q+(1-a)\,\ell_p"
    let private degreesTex = @"\nu = a\nu_q+(1-a)\nu_p"

    let all: ChernoffRule list = [
        rule<Normal>
            @"-\tfrac12\left[\log\tfrac{v}{\sigma_q^{2(1-a)}\sigma_p^{2a}} + \tfrac{a(1-a)(\mu_q-\mu_p)^2}{v}\right],\quad v = a\sigma_p^2+(1-a)\sigma_q^2"
            "v is positive"
            (fun a q p -> Some(normal a q p))
        rule<MultivariateNormal>
            @"-\tfrac12\left[\log\tfrac{|V|}{|\Sigma_q|^{1-a}|\Sigma_p|^a} + a(1-a)(\mu_q-\mu_p)^\top V^{-1}(\mu_q-\mu_p)\right],\quad V = a\Sigma_p+(1-a)\Sigma_q"
            "V is positive definite"
            (fun a q p -> Some(multivariate a q p))
        rule<Bernoulli> logitsTex "" (fun a q p -> trial a q.Logits p.Logits)
        rule<Categorical> logitsTex "" categorical
        rule<ContinuousBernoulli> logitsTex "" (fun a q p ->
            through a (ContinuousBernoulli.OfLogits(logits a q.Logits p.Logits)) q p)
        rule<LogNormal> @"\text{as of the normal laws of the logarithms}" "v is positive" (fun a q p ->
            Some(normal a q.OfLog p.OfLog))
        rule<Laplace>
            @"\log\int e^{-a|x-\mu_q|/b_q-(1-a)|x-\mu_p|/b_p}\,dx - a\log 2b_q-(1-a)\log 2b_p"
            "a/b_q + (1-a)/b_p is positive"
            (fun a q p -> Some(laplace a q p))
        rule<Uniform>
            @"\log|\text{common part}| - a\log w_q-(1-a)\log w_p"
            "the first is within the second, for a above 1"
            (fun a q p -> Some(uniform a q p))
        rule<Poisson> @"\log\lambda = a\log\lambda_q+(1-a)\log\lambda_p" "" (fun a q p ->
            through a (Poisson((mix a (q.Rate.log ()) (p.Rate.log ())).exp())) q p)
        rule<Geometric> @"\log(1-\pi) = a\log(1-\pi_q)+(1-a)\log(1-\pi_p)" "it is negative" geometric
        rule<Binomial> logitsTex "" binomial
        rule<Exponential> @"\lambda = a\lambda_q+(1-a)\lambda_p" "the rate is positive" (fun a q p ->
            one Exponential a q p (q.Rate, p.Rate))
        rule<Gamma> gammaTex "both are positive" (fun a q p ->
            two Gamma a q p (q.Concentration, p.Concentration) (q.Rate, p.Rate))
        rule<InverseGamma> gammaTex "both are positive" (fun a q p ->
            two InverseGamma a q p (q.Concentration, p.Concentration) (q.Rate, p.Rate))
        rule<Chi2> degreesTex "they are positive" (fun a q p -> one Chi2 a q p (q.Df, p.Df))
        rule<Chi> degreesTex "they are positive" (fun a q p -> one Chi a q p (q.Df, p.Df))
        rule<Weibull>
            @"\lambda^{-k} = a\lambda_q^{-k}+(1-a)\lambda_p^{-k},\quad k = k_q = k_p"
            "the rate is positive"
            weibull
        rule<Pareto> @"\alpha = a\alpha_q+(1-a)\alpha_p,\quad m = \max(m_q, m_p)" "the exponent is positive" pareto
        rule<Beta> gammaTex "both are positive" (fun a q p ->
            two Beta a q p (q.Concentration1, p.Concentration1) (q.Concentration0, p.Concentration0))
        rule<Dirichlet> @"\alpha = a\alpha_q+(1-a)\alpha_p" "all are positive" dirichlet
    ]
