namespace Vae.Core

open TorchSharp

/// Total variation, the largest difference of two laws' probabilities of one event: half of the integral of |q - p|.
[<RequireQualifiedAccess>]
module TotalVariation =
    /// sum |q_i - p_i| / 2, by q |1 - p/q| for the larger of each.
    let private finite (logQ: Tensor) (logP: Tensor) =
        let none = LogOdds.isNone(logQ).logical_and(LogOdds.isNone logP)
        let logQ, logP = LogOdds.orZero none logQ, LogOdds.orZero none logP
        let larger = logQ.maximum logP
        0.5 .* (larger.exp () * (logQ - logP).abs().neg().expm1().neg()).sum -1L

    /// erf(|m_q - m_p| / (s 2 sqrt 2)) for normals of one scale.
    let private normal (q: Normal) (p: Normal) =
        if q.Scale.eq(p.Scale).all().isTrue() then
            Some(torch.special.erf (sqrt 0.125 .* ((q.Loc - p.Loc).abs() / q.Scale)))
        else
            None

    /// Normals of one covariance differ along one line only.
    let private multivariate (q: MultivariateNormal) (p: MultivariateNormal) =
        if q.ScaleTril.shape = p.ScaleTril.shape && q.ScaleTril.eq(p.ScaleTril).all().isTrue() then
            let shift = q.Whiten((q.Loc - p.Loc).unsqueeze -1L).squared().sum([| -2L; -1L |]).sqrt()
            Some(torch.special.erf (sqrt 0.125 .* shift))
        else
            None

    /// Between the rates a < b the densities cross where e^-(b - a) x = a / b.
    let private exponential (q: Exponential) (p: Exponential) =
        let t = (Stable.logRatio p.Rate q.Rate).abs()
        // (b/a)^(-a / (b - a)) (1 - a/b), with t = log b/a and u = t / (e^t - 1).
        let safe = torch.where (t.gt (0.0.AsScalar()), t, torch.ones_like t)
        let value = (safe / safe.expm1 ()).neg().exp() * safe.neg().expm1().neg()
        torch.where (t.gt (0.0.AsScalar()), value, torch.zeros_like t)

    let private laplace (q: Laplace) (p: Laplace) =
        if q.Scale.eq(p.Scale).all().isTrue() then
            Some((-0.5 .* ((q.Loc - p.Loc).abs() / q.Scale)).expm1().neg())
        else
            None

    /// 1 less the probability that the wider law gives to what both cover.
    let private uniform (q: Uniform) (p: Uniform) =
        let common = (q.High.minimum p.High - q.Low.maximum p.Low).clamp_min(0.0.AsScalar())
        1.0 .+ (common / q.Width.maximum p.Width).neg()

    let private exact (q: Distribution) (p: Distribution) =
        let known () =
            match q, p with
            | (:? Normal as q), (:? Normal as p) -> normal q p
            | (:? Exponential as q), (:? Exponential as p) -> Some(exponential q p)
            | (:? Laplace as q), (:? Laplace as p) -> laplace q p
            | (:? Uniform as q), (:? Uniform as p) -> Some(uniform q p)
            | _ ->
                match NormalVector.tryOf q, NormalVector.tryOf p with
                | Some q, Some p -> multivariate q p
                | _ -> None

        FiniteLaw.compare finite q p |> Option.orElseWith (fun () -> KlLookup.expanded q p known)

    /// Between 0 and 1: in closed form for laws on finitely many values, normal laws of one scale or covariance,
    /// Laplace laws of one scale, exponential and uniform laws.
    let distance: Discrepancy = {
        Name = "total variation"
        TryExact = exact
        // E_q[(1 - p/q)+]
        Estimate = Estimate.ofLogRatio (fun d -> d.neg().clamp_max(0.0.AsScalar()).expm1().neg())
    }
