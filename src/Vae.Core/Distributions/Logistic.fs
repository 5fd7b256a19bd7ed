namespace Vae.Core

open System
open TorchSharp

/// Logistic(loc, scale) on the real line, element by element: P(X <= x) = 1 / (1 + e^(-(x - loc) / scale)).
[<Sealed>]
type Logistic private (loc: Tensor, scale: Tensor, logScale: Tensor) =
    inherit Univariate()

    /// From its mean and scale, which broadcast. Refuses a mean that is not finite and a scale that is not positive.
    new(loc: Tensor, scale: Tensor) =
        Check.finite (nameof loc) loc
        Check.positive (nameof scale) scale
        let loc, scale = together (nameof loc) loc (nameof scale) scale
        Logistic(loc, scale, Tensor.scoped (fun () -> scale.log ()))

    /// From two numbers, in float64.
    new(loc: float, scale: float) =
        Check.finiteFloat (nameof loc) loc
        Check.positiveFloat (nameof scale) scale
        Logistic(ownNumber loc, ownNumber scale, ownNumber (log scale))

    /// The mean.
    member _.Loc = loc
    /// sqrt(3) / pi times the standard deviation.
    member _.Scale = scale
    /// log scale
    member _.LogScale = logScale

    override _.BatchShape = Shape.ofTensor loc
    override _.Support = Support.reals
    override _.Placement = Placement.like loc

    /// -softplus(z) - softplus(-z) - log scale with z = (x - loc) / scale
    override _.LogDensity x =
        let z = (x - loc) / scale
        (Logistic.softplus z .+. Logistic.softplus (z.neg ()) .+. logScale).neg()

    override _.LowerTail x = ((x - loc) / scale).sigmoid()
    override _.UpperTail x = ((loc - x) / scale).sigmoid()
    override _.FromLower p = loc .+. scale * Logistic.logit p
    override _.FromUpper q = loc - scale * Logistic.logit q

    override _.Mean = loc
    override _.Variance = Tensor.scoped (fun () -> (Math.PI * Math.PI / 3.0) .* scale.squared ())
    override _.Mode = Some loc
    override _.Entropy = known (fun () -> 2.0 .+ logScale)

[<RequireQualifiedAccess>]
module Logistic =
    /// Logistic(loc, scale), from two tensors that broadcast.
    let create (loc: Tensor) (scale: Tensor) = Logistic(loc, scale)

    /// The law with its sample path z = loc + scale * noise.
    let pathwise (law: Logistic) = pathBy law Logistic.logit (fun noise -> law.Loc .+. law.Scale * noise)

    /// Logistic as a kind of law.
    let info =
        LawInfo.of2 "Logistic" (LawParameter.real "loc") (LawParameter.positive "scale") create
        |> LawInfo.withPath pathwise
