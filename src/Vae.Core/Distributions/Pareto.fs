namespace Vae.Core

open System
open TorchSharp

/// Pareto(scale, alpha) on the numbers from the scale on, element by element: log (x / scale) is Exponential(alpha).
[<Sealed>]
type Pareto private (scale: Tensor, alpha: Tensor, _isChecked: bool) =
    inherit Univariate()

    /// From its parameters, which broadcast. Refuses those that are not positive.
    new(scale: Tensor, alpha: Tensor) =
        Check.positive (nameof scale) scale
        Check.positive (nameof alpha) alpha
        let scale, alpha = together (nameof scale) scale (nameof alpha) alpha
        Pareto(scale, alpha, true)

    /// From two numbers, in float64.
    new(scale: float, alpha: float) =
        Check.positiveFloat (nameof scale) scale
        Check.positiveFloat (nameof alpha) alpha
        Pareto(ownNumber scale, ownNumber alpha, true)

    /// The least number.
    member _.Scale = scale
    /// The power that the survival function decays with.
    member _.Alpha = alpha

    override _.BatchShape = Shape.ofTensor scale
    override _.Support = Support.Closed(Bound.PerLaw scale, Bound.At Double.PositiveInfinity)
    override _.Placement = Placement.like scale

    /// log alpha - log x - alpha log (x / scale)
    override _.LogDensity x = alpha.log () - x.log () - alpha * Stable.logRatio x scale

    /// By y = log (x / scale), log(1 + e^(log (x - scale) - log scale)).
    override _.LogDensityAt x =
        let y = Logistic.softplus (Position.logAbove scale x - scale.log ())
        alpha.log () - scale.log () - (1.0 .+ alpha) * y

    override _.LowerTail x = (alpha * Stable.logRatio x scale).neg().expm1().neg()
    override _.UpperTail x = (alpha * Stable.logRatio x scale).neg().exp()
    override _.FromLower p = scale * Draws.exp (p.neg().log1p().neg() / alpha)
    override _.FromUpper q = scale * Draws.exp (q.log().neg() / alpha)

    /// The position of scale e^y.
    member private _.Above(y: Tensor) : Position = {
        Position.at (scale * y.exp ()) with
            Low = Some { From = scale; Log = scale.log () .+. y .+. Stable.log1mexp (y.neg ()) }
            LogSize = Some(scale.log () .+. y)
    }

    override this.FromLowerAt p = this.Above(p.neg().log1p().neg() / alpha)
    override this.FromUpperAt q = this.Above(q.log().neg() / alpha)

    /// A draw from uniform noise, finite.
    member internal this.Push(noise: Tensor) : Position = {
        this.FromLowerAt noise with
            X = Draws.positive (this.FromLower noise)
    }

    override this.SampleAt(key, draws) = positionsWithoutGradient (fun () -> this.Push(Draws.uniform this key draws))
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    /// A moment where alpha is above its order, and infinity.
    member private _.Moment(order: float, formula: Tensor -> Tensor) =
        Tensor.scoped (fun () ->
            let diverges = alpha.le (order.AsScalar())
            let safe = alpha.masked_fill (diverges, (order + 1.0).AsScalar())
            (formula safe).masked_fill(diverges, Double.PositiveInfinity.AsScalar()))

    /// Infinite where alpha <= 1.
    override this.Mean = this.Moment(1.0, fun alpha -> scale * alpha / (-1.0 .+ alpha))

    /// Infinite where alpha <= 2.
    override this.Variance =
        this.Moment(2.0, fun alpha -> (scale / (-1.0 .+ alpha)).squared() * alpha / (-2.0 .+ alpha))

    override _.Mode = Some scale
    override _.Entropy = known (fun () -> 1.0 .+ (scale.log () - alpha.log () .+. alpha.reciprocal ()))

[<RequireQualifiedAccess>]
module Pareto =
    /// Pareto(scale, alpha), from two tensors that broadcast.
    let create (scale: Tensor) (alpha: Tensor) = Pareto(scale, alpha)

    /// The law with its sample path, the quantile of uniform noise.
    let pathwise (law: Pareto) = Draws.uniformPositions PathOrder.Smooth law law.Push

    /// Pareto as a kind of law.
    let info =
        LawInfo.of2 "Pareto" (LawParameter.positive "scale") (LawParameter.shape "alpha") create
        |> LawInfo.withPath pathwise
