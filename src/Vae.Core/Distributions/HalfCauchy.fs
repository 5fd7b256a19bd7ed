namespace Vae.Core

open System
open TorchSharp

/// HalfCauchy(scale), the law of |x| for x of Cauchy(0, scale): neither mean nor variance is finite.
[<Sealed>]
type HalfCauchy private (scale: Tensor, logScale: Tensor) =
    inherit Univariate()

    static let fromUpper (q: Tensor) : Tensor = CauchyTail.cotangent (0.5 .* q)

    /// From its scale. Refuses scales that are not positive.
    new(scale: Tensor) =
        Check.positive (nameof scale) scale
        HalfCauchy(scale, Tensor.scoped (fun () -> scale.log ()))

    /// From one number, in float64.
    new(scale: float) =
        Check.positiveFloat (nameof scale) scale
        HalfCauchy(ownNumber scale, ownNumber (log scale))

    /// The quantile for scale 1: tan(pi p / 2), by the tangent of the smallest angle that gives it.
    static member internal Standard(p: Tensor) : Tensor =
        let small = ((0.5 * Math.PI) .* p).tan()
        torch.where (p.lt (0.5.AsScalar()), small, fromUpper (1.0 .+ p.neg ()))

    /// The median.
    member _.Scale = scale
    /// log scale
    member _.LogScale = logScale

    override _.BatchShape = Shape.ofTensor scale
    override _.Support = Support.nonNegative
    override _.Placement = Placement.like scale

    /// log(2 / pi) - log(1 + (x / scale)^2) - log scale
    override _.LogDensity x = (logOnePlusSquare (x / scale)).neg() - (log (0.5 * Math.PI) .+ logScale)

    override _.LowerTail x = (2.0 / Math.PI) .* (x / scale).atan()
    override _.UpperTail x = (2.0 / Math.PI) .* CauchyTail.angle (x / scale)
    override _.FromLower p = scale * HalfCauchy.Standard p
    override _.FromUpper q = scale * fromUpper q

    /// Infinite.
    override _.Mean = Tensor.scoped (fun () -> filled (Placement.like scale) scale.shape Double.PositiveInfinity)

    /// Infinite, about every centre.
    override _.Variance =
        Tensor.scoped (fun () -> filled (Placement.like scale) scale.shape Double.PositiveInfinity)

    override _.Mode = known (fun () -> torch.zeros_like scale)
    override _.Entropy = known (fun () -> log (2.0 * Math.PI) .+ logScale)

[<RequireQualifiedAccess>]
module HalfCauchy =
    /// HalfCauchy(scale).
    let create (scale: Tensor) = HalfCauchy scale

    /// The law with its sample path z = scale * noise.
    let pathwise (law: HalfCauchy) = pathBy law HalfCauchy.Standard (fun noise -> law.Scale * noise)

    /// HalfCauchy as a kind of law.
    let info = LawInfo.of1 "HalfCauchy" (LawParameter.positive "scale") create |> LawInfo.withPath pathwise
