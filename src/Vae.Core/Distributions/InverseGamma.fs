namespace Vae.Core

open System
open TorchSharp

/// InverseGamma(concentration, rate) on the positive numbers, element by element: the law of 1 / x for x of
/// Gamma(concentration, rate). The rate multiplies its draws: it is their scale, often called beta. The distribution function
/// and quantiles carry no gradient; draws do, once. Draws that would overflow are the largest finite number.
[<Sealed>]
type InverseGamma private (concentration: Tensor, rate: Tensor, _isChecked: bool) =
    inherit Univariate()

    /// From its parameters, which broadcast. Refuses those that are not positive.
    new(concentration: Tensor, rate: Tensor) =
        Check.positive (nameof concentration) concentration
        Check.positive (nameof rate) rate
        let concentration, rate = together (nameof concentration) concentration (nameof rate) rate
        InverseGamma(concentration, rate, true)

    /// From two numbers, in float64.
    new(concentration: float, rate: float) =
        Check.positiveFloat (nameof concentration) concentration
        Check.positiveFloat (nameof rate) rate
        InverseGamma(ownNumber concentration, ownNumber rate, true)

    /// The shape: the survival function decays with this power.
    member _.Concentration = concentration
    /// The rate of 1 / x, which is the scale of x.
    member _.Rate = rate

    override _.BatchShape = Shape.ofTensor concentration
    override _.Support = Support.positive
    override _.Placement = Placement.like concentration

    member private _.Density(ratio: Tensor) =
        StandardGamma.logDensity 1.0 concentration ratio - (rate.log () - concentration.log ())

    override this.LogDensity x = this.Density(Stable.logRatio (rate / x) concentration)

    override this.LogDensityAt x =
        let inverse = { Position.ofLog (Position.log(x).neg()) with X = x.X.reciprocal () }
        this.Density(StandardGamma.logRatio inverse rate concentration)

    override _.LowerTail x = Elementwise.map2 IncompleteGamma.upper concentration (rate / x)
    override _.UpperTail x = Elementwise.map2 IncompleteGamma.lower concentration (rate / x)
    override _.FromLower p = rate / Elementwise.map2 IncompleteGamma.inverseUpper concentration p
    override _.FromUpper q = rate / Elementwise.map2 IncompleteGamma.inverseLower concentration q

    override _.FromLowerAt p = Position.ofLog (rate.log () - Elementwise.map2 StandardGamma.logUpper concentration p)

    override _.FromUpperAt q = Position.ofLog (rate.log () - Elementwise.map2 StandardGamma.logLower concentration q)

    member internal _.Push(noise: Tensor) = Draws.ofLog (rate.log () - StandardGamma.logDraw concentration noise)

    member internal _.Noise key draws =
        StandardGamma.noise (Placement.like rate) (Array.append draws concentration.shape) key

    override this.SampleAt(key, draws) = positionsWithoutGradient (fun () -> this.Push(this.Noise key draws))
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    /// A moment where the concentration is above its order, and infinity.
    member private _.Moment(order: float, formula: Tensor -> Tensor) =
        Tensor.scoped (fun () ->
            let diverges = concentration.le (order.AsScalar())
            let safe = concentration.masked_fill (diverges, (order + 1.0).AsScalar())
            (formula safe).masked_fill(diverges, Double.PositiveInfinity.AsScalar()))

    /// Infinite where the concentration is at most 1.
    override this.Mean = this.Moment(1.0, fun a -> rate / (-1.0 .+ a))

    /// Infinite where the concentration is at most 2.
    override this.Variance = this.Moment(2.0, fun a -> (rate / (-1.0 .+ a)).squared() / (-2.0 .+ a))

    override _.Mode = known (fun () -> rate / (1.0 .+ concentration))

    override _.Entropy =
        known (fun () -> StandardGamma.logEntropy concentration - Stirling.digamma concentration .+. rate.log ())

[<RequireQualifiedAccess>]
module InverseGamma =
    /// InverseGamma(concentration, rate), from two tensors that broadcast.
    let create (concentration: Tensor) (rate: Tensor) = InverseGamma(concentration, rate)

    /// The law with its sample path, two uniform numbers for a draw, which differentiates once.
    let pathwise (law: InverseGamma) = Reparameterized.ofPositions PathOrder.Once law law.Noise law.Push

    /// InverseGamma as a kind of law.
    let info =
        LawInfo.of2 "InverseGamma" (LawParameter.shape "concentration") (LawParameter.positive "rate") create
        |> LawInfo.withPath pathwise
