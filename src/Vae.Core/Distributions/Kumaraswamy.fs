namespace Vae.Core

open TorchSharp

/// Kumaraswamy(concentration1, concentration0) on the numbers between 0 and 1, element by element: with a and b these
/// parameters, P(X > x) = (1 - x^a)^b. Draws that would round to 0 or 1 are the nearest numbers inside.
/// P. Kumaraswamy, "A generalized probability density function for double-bounded random processes", 1980.
[<Sealed>]
type Kumaraswamy private (concentration1: Tensor, concentration0: Tensor, _isChecked: bool) =
    inherit Univariate()

    /// log (1 - x^a)
    let logComplement (x: Tensor) = Stable.log1mexp (concentration1 * x.log ())

    /// The same by log x and log(1 - x): where x is near 1 it is about log a + log(1 - x).
    let logComplementOf (logX: Tensor) (logRest: Tensor) =
        let isNear = (logRest .+. concentration1.log().clamp_min(0.0.AsScalar())).lt(-20.0.AsScalar())
        let bend = (0.5 .* (1.0 .+ concentration1.neg ()) * logRest.exp ()).log1p()
        let away = logX.masked_fill (isNear, -1.0.AsScalar())
        torch.where (isNear, concentration1.log () .+. logRest .+. bend, Stable.log1mexp (concentration1 * away))

    /// From its parameters, which broadcast. Refuses those that are not positive.
    new(concentration1: Tensor, concentration0: Tensor) =
        Check.positive (nameof concentration1) concentration1
        Check.positive (nameof concentration0) concentration0
        let a, b = together (nameof concentration1) concentration1 (nameof concentration0) concentration0
        Kumaraswamy(a, b, true)

    /// From two numbers, in float64.
    new(concentration1: float, concentration0: float) =
        Check.positiveFloat (nameof concentration1) concentration1
        Check.positiveFloat (nameof concentration0) concentration0
        Kumaraswamy(ownNumber concentration1, ownNumber concentration0, true)

    /// The power of x, often called a.
    member _.Concentration1 = concentration1
    /// The power of 1 - x^a, often called b.
    member _.Concentration0 = concentration0

    override _.BatchShape = Shape.ofTensor concentration1
    override _.Support = Support.unit
    override _.Placement = Placement.like concentration1

    /// log a + log b + (a - 1) log x + (b - 1) log(1 - x^a)
    member private _.Density(logX: Tensor, logComplement: Tensor) =
        let sizes = concentration1.log () .+. concentration0.log ()
        sizes .+. (-1.0 .+ concentration1) * logX .+. (-1.0 .+ concentration0) * logComplement

    override this.LogDensity x = this.Density(x.log (), logComplement x)

    override this.LogDensityAt x =
        let log = Position.log x
        this.Density(log, logComplementOf log (Position.logRest x))

    override _.LowerTail x = (concentration0 * logComplement x).expm1().neg()
    override _.UpperTail x = (concentration0 * logComplement x).exp()

    /// The x above which the probability has a given log.
    member private _.FromLogSurvival(y: Tensor) =
        Draws.exp(Stable.log1mexp (y / concentration0) / concentration1).clamp_max(1.0.AsScalar())

    override this.FromLower p = this.FromLogSurvival(p.neg().log1p())
    override this.FromUpper q = this.FromLogSurvival(q.log ())

    /// The same by its position: x^a = 1 - w with w = e^(y / b), so that 1 - x is about w / a where w is small.
    member private _.FromLogSurvivalAt(y: Tensor) : Position =
        let logW = y / concentration0
        let log = Stable.log1mexp logW / concentration1
        let isNear = log.gt (-1e-6.AsScalar())
        let far = Stable.log1mexp (log.masked_fill (isNear, -1.0.AsScalar()))
        // log(1 - e^(-s)) is log s - s / 2 for s = -log x = -log(1 - w) / a, and -log(1 - w) is about w.
        let s =
            torch.where (logW.lt (-30.0.AsScalar()), logW, log.neg().log() .+. concentration1.log ())
            - concentration1.log ()

        let rest = torch.where (isNear, s - 0.5 .* s.exp (), far)
        Position.ofLogs log rest

    override this.FromLowerAt p = this.FromLogSurvivalAt(p.neg().log1p())
    override this.FromUpperAt q = this.FromLogSurvivalAt(q.log ())

    /// A draw from uniform noise.
    member internal this.Push(noise: Tensor) : Position = {
        this.FromLowerAt noise with
            X = Draws.unit (this.FromLower noise)
    }

    override this.SampleAt(key, draws) = positionsWithoutGradient (fun () -> this.Push(Draws.uniform this key draws))
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    /// log E[x^r] = log [Gamma(1 + r / a) Gamma(1 + b) / Gamma(1 + r / a + b)], in which r / a and b may change places.
    member internal _.LogMoment(r: float) =
        let order = r .* concentration1.reciprocal ()
        let small, large = torch.minimum (order, concentration0), torch.maximum (order, concentration0)
        (1.0 .+ small).lgamma() - Stirling.logRise (1.0 .+ large) small

    override this.Mean = Tensor.scoped (fun () -> this.LogMoment(1.0).exp())

    /// m^2 (e^D - 1) with m the mean and D the second difference of the log-moments: without the difference of moments that
    /// are close where the first concentration is large.
    override this.Variance =
        Tensor.scoped (fun () ->
            let inverse = concentration1.reciprocal ()
            let isNarrow = inverse.le (1.0.AsScalar())
            let narrow = inverse.masked_fill (isNarrow.logical_not (), 1.0.AsScalar())

            let bend (r: float) =
                let order = 1.0 .+ r .* narrow
                narrow.squared () * (Stirling.trigamma order - Stirling.trigamma (order .+. concentration0))

            let apart = this.LogMoment 2.0 - 2.0 .* this.LogMoment 1.0
            let d = torch.where (isNarrow, Bregman.secondDifference bend, apart)
            this.Mean.squared () * d.expm1 ())

    /// ((a - 1) / (a b - 1))^(1/a) where it lies inside; else an end that the density grows towards.
    override _.Mode =
        known (fun () ->
            let a, b = concentration1, concentration0
            let top, bottom = -1.0 .+ a, -1.0 .+ a * b
            let inside = a.gt(1.0.AsScalar()).logical_and(b.gt (1.0.AsScalar()))
            let ends = 0.5 .+ 0.5 .* (a - b).sign()
            let outside = inside.logical_not ()
            let ratio = top.masked_fill (outside, 1.0.AsScalar()) / bottom.masked_fill (outside, 1.0.AsScalar())
            torch.where (inside, ratio.pow (a.reciprocal ()), ends))

    /// digamma(b + 1) + Euler's constant
    member internal _.Harmonic = eulerGamma .+ Stirling.digamma (1.0 .+ concentration0)

    /// (1 - 1/b) + (1 - 1/a) H_b - log(a b), H_b the harmonic number
    override this.Entropy =
        known (fun () ->
            let less (c: Tensor) = 1.0 .+ c.reciprocal().neg()
            let logs = concentration1.log () .+. concentration0.log ()
            less concentration0 .+. less concentration1 * this.Harmonic - logs)

[<RequireQualifiedAccess>]
module Kumaraswamy =
    /// Kumaraswamy(concentration1, concentration0), from two tensors that broadcast.
    let create (concentration1: Tensor) (concentration0: Tensor) = Kumaraswamy(concentration1, concentration0)

    /// The law with its sample path, the quantile of uniform noise.
    let pathwise (law: Kumaraswamy) = Draws.uniformPositions PathOrder.Smooth law law.Push

    /// Kumaraswamy as a kind of law.
    let info =
        LawInfo.of2 "Kumaraswamy" (LawParameter.shape "concentration1") (LawParameter.shape "concentration0") create
        |> LawInfo.withPath pathwise
