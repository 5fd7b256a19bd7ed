namespace Vae.Core

open System
open TorchSharp

/// Gumbel(loc, scale), the law of the greatest of many: P(X <= x) = exp(-e^(-(x - loc) / scale)).
[<Sealed>]
type Gumbel private (loc: Tensor, scale: Tensor, logScale: Tensor) =
    inherit Univariate()

    /// From its mode and scale, which broadcast. Refuses a mode that is not finite and a scale that is not positive.
    new(loc: Tensor, scale: Tensor) =
        Check.finite (nameof loc) loc
        Check.positive (nameof scale) scale
        let loc, scale = together (nameof loc) loc (nameof scale) scale
        Gumbel(loc, scale, Tensor.scoped (fun () -> scale.log ()))

    /// From two numbers, in float64.
    new(loc: float, scale: float) =
        Check.finiteFloat (nameof loc) loc
        Check.positiveFloat (nameof scale) scale
        Gumbel(ownNumber loc, ownNumber scale, ownNumber (log scale))

    /// The quantile for loc 0 and scale 1.
    static member internal Standard(p: Tensor) : Tensor = p.log().neg().log().neg()

    /// The mode.
    member _.Loc = loc
    /// sqrt(6) / pi times the standard deviation.
    member _.Scale = scale
    /// log scale
    member _.LogScale = logScale

    override _.BatchShape = Shape.ofTensor loc
    override _.Support = Support.reals
    override _.Placement = Placement.like loc

    /// -z - e^-z - log scale with z = (x - loc) / scale
    override _.LogDensity x =
        let z = (x - loc) / scale
        (z .+. z.neg().exp() .+. logScale).neg()

    override _.LowerTail x = ((loc - x) / scale).exp().neg().exp()
    override _.UpperTail x = ((loc - x) / scale).exp().neg().expm1().neg()
    override _.FromLower p = loc .+. scale * Gumbel.Standard p
    override _.FromUpper q = loc - scale * q.neg().log1p().neg().log()

    override _.Mean = Tensor.scoped (fun () -> loc .+. eulerGamma .* scale)
    override _.Variance = Tensor.scoped (fun () -> (Math.PI * Math.PI / 6.0) .* scale.squared ())
    override _.Mode = Some loc
    override _.Entropy = known (fun () -> (1.0 + eulerGamma) .+ logScale)

[<RequireQualifiedAccess>]
module Gumbel =
    /// Gumbel(loc, scale), from two tensors that broadcast.
    let create (loc: Tensor) (scale: Tensor) = Gumbel(loc, scale)

    /// The law with its sample path z = loc + scale * noise.
    let pathwise (law: Gumbel) = pathBy law Gumbel.Standard (fun noise -> law.Loc .+. law.Scale * noise)

    /// Gumbel as a kind of law.
    let info =
        LawInfo.of2 "Gumbel" (LawParameter.real "loc") (LawParameter.positive "scale") create
        |> LawInfo.withPath pathwise
