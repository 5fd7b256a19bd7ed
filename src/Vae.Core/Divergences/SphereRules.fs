namespace Vae.Core

open TorchSharp

/// KL between laws of directions, and between wrapped normals.
[<RequireQualifiedAccess>]
module internal SphereRules =
    let private page = "kl-sphere"

    let private same (a: Tensor) (b: Tensor) = a.eq(b).all().isTrue()

    let private vonMises (q: VonMises) (p: VonMises) =
        let apart = 2.0 .* (0.5 .* (q.Loc - p.Loc)).sin().squared()

        Colatitude.divergence 2L q.Concentration p.Concentration .+. p.Concentration * q.MeanCosine * apart

    let private fisher (q: VonMisesFisher) (p: VonMisesFisher) =
        Colatitude.divergence q.EventShape[0] q.Concentration p.Concentration
        .+. p.Concentration * q.MeanCosine * Sphere.gap q.Loc p.Loc

    let private fisherUniform (q: VonMisesFisher) (_: SphericalUniform) =
        Colatitude.divergence q.EventShape[0] q.Concentration (torch.zeros_like q.Concentration)

    let private uniformFisher (_: SphericalUniform) (p: VonMisesFisher) =
        Colatitude.divergence p.EventShape[0] (torch.zeros_like p.Concentration) p.Concentration

    let private uniform (q: SphericalUniform) (_: SphericalUniform) = filled q.Placement q.BatchShape 0.0

    let private powerUniform (q: PowerSpherical) (_: SphericalUniform) = q.FromUniform

    let private uniformPower (_: SphericalUniform) (p: PowerSpherical) =
        p.LogMoment - p.UniformMeanLog .* p.Concentration

    let private power (q: PowerSpherical) (p: PowerSpherical) =
        if same q.Loc p.Loc then
            Some((q.Concentration - p.Concentration) * q.MeanLog - (q.LogMoment - p.LogMoment))
        else
            None

    /// KL from the uniform law, and k (1 - E[nu'x]) of the second law with its normaliser, log E exp(k (nu'x - 1)).
    let private powerFisher (q: PowerSpherical) (p: VonMisesFisher) =
        let d = p.EventShape[0]
        let cosine = q.MeanCosine
        let away = 1.0 .+ cosine.neg () .+. cosine * Sphere.gap q.Loc p.Loc
        q.FromUniform .+. p.Concentration * away .+. Colatitude.logNormaliser d p.Concentration

    /// One exponential map takes both to the tangent space, where they are normal.
    let private wrapped (q: WrappedNormal) (p: WrappedNormal) =
        if same q.Loc p.Loc && same q.Curvature p.Curvature then
            let twice = 2.0 .* (q.Scale.log () - p.Scale.log ())
            Some((0.5 .* (twice.expm1 () - twice)).sum -1L)
        else
            None

    let all = [
        KlRule.create
            @"\kappa_q A(\kappa_q) - \kappa_p A(\kappa_q)\cos(\mu_q-\mu_p) + \log\tfrac{I_0(\kappa_p)}{I_0(\kappa_q)}"
            page
            vonMises
        KlRule.create
            @"\kappa_q A_d(\kappa_q) - \kappa_p A_d(\kappa_q)\,\mu_q^\top\mu_p + \log\tfrac{C_d(\kappa_q)}{C_d(\kappa_p)}"
            page
            fisher
        KlRule.create @"\kappa A_d(\kappa) + \log C_d(\kappa) + \log\tfrac{2\pi^{d/2}}{\Gamma(d/2)}" page fisherUniform
        KlRule.create @"-\log C_d(\kappa) - \log\tfrac{2\pi^{d/2}}{\Gamma(d/2)}" page uniformFisher
        KlRule.create @"0" page uniform
        KlRule.create
            @"\kappa\left[\psi(b+\kappa) - \psi(2b+\kappa)\right] - \log\tfrac{\Gamma(b+\kappa)\Gamma(2b)}{\Gamma(2b+\kappa)\Gamma(b)},\ b = \tfrac{d-1}2"
            page
            powerUniform
        KlRule.create
            @"\log\tfrac{\Gamma(b+\kappa)\Gamma(2b)}{\Gamma(2b+\kappa)\Gamma(b)} - \kappa\left[\psi(b) - \psi(2b)\right],\ b = \tfrac{d-1}2"
            page
            uniformPower
        KlRule.partial
            @"(\kappa_q-\kappa_p)\left[\psi(b+\kappa_q) - \psi(2b+\kappa_q)\right] - \log\tfrac{\Gamma(b+\kappa_q)\Gamma(2b+\kappa_p)}{\Gamma(2b+\kappa_q)\Gamma(b+\kappa_p)},\ b = \tfrac{d-1}2"
            "the directions are equal"
            page
            power
        KlRule.create
            @"-H(q) - \kappa_p\tfrac{\kappa_q}{\kappa_q+d-1}\,\mu_q^\top\mu_p - \log C_d(\kappa_p)"
            page
            powerFisher
        KlRule.partial
            @"\tfrac12\sum_i\left[\tfrac{\sigma_{q,i}^2}{\sigma_{p,i}^2} - 1 - \log\tfrac{\sigma_{q,i}^2}{\sigma_{p,i}^2}\right]"
            "the centres and the curvatures are equal"
            page
            wrapped
    ]
