namespace Vae.Core

open TorchSharp

/// Poisson(rate) on 0, 1, 2, ..., element by element. Tails and quantiles carry no gradient.
[<Sealed>]
type Poisson private (rate: Tensor, _isChecked: bool) =
    inherit Univariate()

    /// From here on the entropy's asymptotic series is exact to rounding.
    let large = 1e4

    /// The sum of -p log p.
    let summed (rate: Tensor) =
        let unbounded = torch.full_like (rate, System.Double.PositiveInfinity.AsScalar())

        Counting.sum rate rate (torch.zeros_like rate) unbounded (fun k ->
            let logMass = (Counting.rest k .+. Counting.deviance k rate (rate.log ())).neg()
            (logMass.exp () * logMass).neg())

    /// 1/2 log(2 pi e rate) - 1/(12 rate) - 1/(24 rate^2) - 19/(360 rate^3)
    let asymptotic (rate: Tensor) =
        let inverse = rate.reciprocal ()
        let correction = inverse * (1.0 / 12.0 .+ inverse * (1.0 / 24.0 .+ 19.0 / 360.0 .* inverse))
        (halfLogTwoPi + 0.5) .+ 0.5 .* rate.log () - correction

    /// From its mean. Refuses one that is not positive.
    new(rate: Tensor) =
        Check.positive (nameof rate) rate
        Poisson(rate, true)

    /// From one number, in float64.
    new(rate: float) = Poisson(ownNumber rate)

    /// The mean, and the variance.
    member _.Rate = rate

    override _.BatchShape = Shape.ofTensor rate
    override _.Support = Support.naturals
    override _.Placement = Placement.like rate

    /// k log rate - rate - log k!
    override _.LogDensity k = (Counting.rest k .+. Counting.deviance k rate (rate.log ())).neg()

    // P(X <= k) = Q(k + 1, rate), a gamma law's survival.
    override _.LowerTail k = Elementwise.map2 (fun k rate -> IncompleteGamma.upper (k + 1.0) rate) k rate
    override _.UpperTail k = Elementwise.map2 (fun k rate -> IncompleteGamma.lower (k + 1.0) rate) k rate

    override _.FromLower p =
        (p, rate)
        ||> Elementwise.map2 (fun p rate ->
            let cdf k = IncompleteGamma.upper (k + 1.0) rate
            let survival k = IncompleteGamma.lower (k + 1.0) rate
            Counting.quantile cdf survival p)

    override _.FromUpper q =
        (q, rate)
        ||> Elementwise.map2 (fun q rate ->
            let cdf k = IncompleteGamma.upper (k + 1.0) rate
            let survival k = IncompleteGamma.lower (k + 1.0) rate
            Counting.upperQuantile cdf survival q)

    override _.Mean = rate
    override _.Variance = rate
    override _.Mode = known (fun () -> rate.detach().floor())

    /// The sum over all counts that matter to rounding; for rates of 10,000 and more its asymptotic series.
    override _.Entropy =
        known (fun () ->
            let cut = large.AsScalar()
            torch.where (rate.lt cut, summed (rate.clamp_max cut), asymptotic (rate.clamp_min cut)))

[<RequireQualifiedAccess>]
module Poisson =
    /// Poisson(rate).
    let create (rate: Tensor) = Poisson rate

    /// Poisson as a kind of law.
    let info = LawInfo.of1 "Poisson" (LawParameter.positive "rate") create
