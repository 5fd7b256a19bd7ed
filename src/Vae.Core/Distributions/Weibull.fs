namespace Vae.Core

open TorchSharp

/// Weibull(scale, concentration) on the positive numbers, element by element: with k the concentration, (x / scale)^k is
/// Exponential(1). Draws that would underflow to 0 or overflow are the least and the largest normal number.
[<Sealed>]
type Weibull private (scale: Tensor, concentration: Tensor, _isChecked: bool) =
    inherit Univariate()

    /// k log (x / scale)
    let logPower (x: Tensor) = concentration * Stable.logRatio x scale

    /// The number whose power is given by its log.
    let ofLogPower (y: Tensor) : Tensor = scale.log () .+. y / concentration

    /// From its parameters, which broadcast. Refuses those that are not positive.
    new(scale: Tensor, concentration: Tensor) =
        Check.positive (nameof scale) scale
        Check.positive (nameof concentration) concentration
        let scale, concentration = together (nameof scale) scale (nameof concentration) concentration
        Weibull(scale, concentration, true)

    /// From two numbers, in float64.
    new(scale: float, concentration: float) =
        Check.positiveFloat (nameof scale) scale
        Check.positiveFloat (nameof concentration) concentration
        Weibull(ownNumber scale, ownNumber concentration, true)

    /// The size of the numbers: P(X <= scale) = 1 - 1/e.
    member _.Scale = scale
    /// The power, which gives the law its shape.
    member _.Concentration = concentration

    override _.BatchShape = Shape.ofTensor scale
    override _.Support = Support.positive
    override _.Placement = Placement.like scale

    /// log k - log x + k log (x / scale) - (x / scale)^k
    member private _.Density(logX: Tensor, y: Tensor) = concentration.log () - logX .+. (y - y.exp ())

    override this.LogDensity x = this.Density(x.log (), logPower x)

    override this.LogDensityAt x =
        let log = Position.log x
        this.Density(log, concentration * (log - scale.log ()))

    override _.LowerTail x = (logPower x).exp().neg().expm1().neg()
    override _.UpperTail x = (logPower x).exp().neg().exp()

    /// The number whose power is given by its log.
    member private _.FromLogPower(y: Tensor) = scale * Draws.exp (y / concentration)

    override this.FromLower p = this.FromLogPower(p.neg().log1p().neg().log())
    override this.FromUpper q = this.FromLogPower(q.log().neg().log())

    override _.FromLowerAt p = Position.ofLog (ofLogPower (p.neg().log1p().neg().log()))
    override _.FromUpperAt q = Position.ofLog (ofLogPower (q.log().neg().log()))

    /// A draw from uniform noise.
    member internal this.Push(noise: Tensor) : Position = {
        this.FromLowerAt noise with
            X = Draws.positive (this.FromLower noise)
    }

    override this.SampleAt(key, draws) = positionsWithoutGradient (fun () -> this.Push(Draws.uniform this key draws))
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    /// log E[(x / scale)^r]
    member internal _.LogMoment(r: float) = (1.0 .+ r .* concentration.reciprocal ()).lgamma()

    override this.Mean = Tensor.scoped (fun () -> scale * this.LogMoment(1.0).exp())

    /// m^2 (e^D - 1) with m the mean and D the second difference of the log-moments: without the difference of moments that
    /// are close where the concentration is large.
    override this.Variance =
        Tensor.scoped (fun () ->
            let inverse = concentration.reciprocal ()
            let isNarrow = inverse.le (1.0.AsScalar())
            let narrow = inverse.masked_fill (isNarrow.logical_not (), 1.0.AsScalar())
            let bend r = narrow.squared () * Stirling.trigamma (1.0 .+ r .* narrow)
            let apart = this.LogMoment 2.0 - 2.0 .* this.LogMoment 1.0
            let d = torch.where (isNarrow, Bregman.secondDifference bend, apart)
            this.Mean.squared () * d.expm1 ())

    /// scale (1 - 1/k)^(1/k), and 0, the end that the density grows towards, where k <= 1.
    override _.Mode =
        known (fun () ->
            let inverse = concentration.reciprocal ()
            scale * (1.0 .+ inverse.neg ()).clamp_min(0.0.AsScalar()).pow inverse)

    override _.Entropy =
        known (fun () ->
            let inverse = concentration.reciprocal ()
            (1.0 + eulerGamma) .+ (scale.log () - concentration.log () - eulerGamma .* inverse))

[<RequireQualifiedAccess>]
module Weibull =
    /// Weibull(scale, concentration), from two tensors that broadcast.
    let create (scale: Tensor) (concentration: Tensor) = Weibull(scale, concentration)

    /// The law with its sample path, the quantile of uniform noise.
    let pathwise (law: Weibull) = Draws.uniformPositions PathOrder.Smooth law law.Push

    /// Weibull as a kind of law.
    let info =
        LawInfo.of2 "Weibull" (LawParameter.positive "scale") (LawParameter.shape "concentration") create
        |> LawInfo.withPath pathwise
