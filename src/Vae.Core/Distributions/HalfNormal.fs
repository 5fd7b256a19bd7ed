namespace Vae.Core

open System
open TorchSharp

/// HalfNormal(scale), the law of |x| for x of Normal(0, scale).
[<Sealed>]
type HalfNormal private (scale: Tensor, logScale: Tensor) =
    inherit Univariate()

    static let fromUpper (q: Tensor) : Tensor = torch.special.ndtri(0.5 .* q).neg()

    /// From the standard deviation of the normal law. Refuses scales that are not positive.
    new(scale: Tensor) =
        Check.positive (nameof scale) scale
        HalfNormal(scale, Tensor.scoped (fun () -> scale.log ()))

    /// From one number, in float64.
    new(scale: float) =
        Check.positiveFloat (nameof scale) scale
        HalfNormal(ownNumber scale, ownNumber (log scale))

    /// The quantile for scale 1: by erf's inverse where p is small, which the normal quantile of (1 + p) / 2 would round.
    static member internal Standard(p: Tensor) : Tensor =
        let isSmall = p.lt (0.5.AsScalar())
        let zero = torch.zeros_like p
        let small = sqrt 2.0 .* torch.special.erfinv (torch.where (isSmall, p, zero))
        torch.where (isSmall, small, fromUpper (1.0 .+ p.neg ()))

    /// The standard deviation of the normal law.
    member _.Scale = scale
    /// log scale
    member _.LogScale = logScale

    override _.BatchShape = Shape.ofTensor scale
    override _.Support = Support.nonNegative
    override _.Placement = Placement.like scale

    /// log 2 - (x / scale)^2 / 2 - log scale - 1/2 log 2 pi
    override _.LogDensity x = -0.5 .* (x / scale).squared() - ((halfLogTwoPi - log 2.0) .+ logScale)

    override _.LowerTail x = torch.special.erf (sqrt 0.5 .* (x / scale))
    override _.UpperTail x = torch.special.erfc (sqrt 0.5 .* (x / scale))
    override _.FromLower p = scale * HalfNormal.Standard p
    override _.FromUpper q = scale * fromUpper q

    override _.Mean = Tensor.scoped (fun () -> sqrt (2.0 / Math.PI) .* scale)
    override _.Variance = Tensor.scoped (fun () -> (1.0 - 2.0 / Math.PI) .* scale.squared ())
    override _.Mode = known (fun () -> torch.zeros_like scale)
    override _.Entropy = known (fun () -> (0.5 + halfLogTwoPi - log 2.0) .+ logScale)

[<RequireQualifiedAccess>]
module HalfNormal =
    /// HalfNormal(scale).
    let create (scale: Tensor) = HalfNormal scale

    /// The law with its sample path z = scale * noise.
    let pathwise (law: HalfNormal) = pathBy law HalfNormal.Standard (fun noise -> law.Scale * noise)

    /// HalfNormal as a kind of law.
    let info = LawInfo.of1 "HalfNormal" (LawParameter.positive "scale") create |> LawInfo.withPath pathwise
