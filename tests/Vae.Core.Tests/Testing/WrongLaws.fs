/// A normal law with one thing wrong.
module Vae.Core.Tests.Testing.WrongLaws

open System
open TorchSharp
open Vae.Core

[<RequireQualifiedAccess>]
type Fault =
    | Nothing
    | Normaliser
    | LogDensityGradient
    | UpperTailByDifference
    | Quantile
    | Sampler
    | Mean
    | Variance
    | Entropy
    | Mode
    | PathGradient
    | PathDraws
    | MeanShape
    | Precision
    | LowEnd
    | NoRefusal
    | UnnamedRefusal

type Bent(loc: Tensor, scale: Tensor, fault: Fault) =
    inherit Univariate()

    do
        if fault = Fault.UnnamedRefusal && not (scale.isfinite().all().ToBoolean()) then
            invalidArg "x" "bad"

        if fault <> Fault.NoRefusal then
            Check.finite (nameof loc) loc
            Check.positive (nameof scale) scale

    let loc, scale = together (nameof loc) loc (nameof scale) scale
    let normal = Normal(loc, (if fault = Fault.NoRefusal then scale.abs () else scale))
    let when' wrong (change: Tensor -> Tensor) (t: Tensor) = if fault = wrong then change t else t

    member _.Loc = loc
    member _.Scale = scale
    member _.Fault = fault
    override _.BatchShape = loc.shape

    override _.Support =
        if fault = Fault.LowEnd then
            Support.Open(Bound.PerLaw(loc - 2.0 .* scale), Bound.At Double.PositiveInfinity)
        else
            Support.reals

    override _.Placement = Placement.like loc

    override _.LogDensity x =
        normal.LogDensity x
        |> when' Fault.Normaliser (fun t -> 1e-6 .+ t)
        |> when' Fault.LogDensityGradient _.detach()

    override _.LowerTail x = normal.LowerTail x

    override _.UpperTail x =
        if fault = Fault.UpperTailByDifference then
            1.0 .+ normal.LowerTail(x).neg()
        else
            normal.UpperTail x

    override _.FromLower p = normal.FromLower p |> when' Fault.Quantile (fun x -> x + 1e-6 .* scale)
    override _.FromUpper q = normal.FromUpper q

    override _.Sample(key, draws) = normal.Sample(key, draws) |> when' Fault.Sampler (fun x -> x + 0.06 .* scale)

    override _.Mean =
        loc
        |> when' Fault.Mean (fun m -> m + 1e-6 .* scale)
        |> when' Fault.MeanShape (fun m -> m.unsqueeze 0L)
        |> when' Fault.Precision _.to_type(torch.ScalarType.Float64)

    override _.Variance = scale.squared () |> when' Fault.Variance (fun v -> 1.000001 .* v)
    override _.Mode = Some(loc |> when' Fault.Mode (fun m -> m + 0.2 .* scale))
    override _.Entropy = normal.Entropy |> Option.map (when' Fault.Entropy (fun h -> 1e-6 .+ h))

let private path (law: Bent) =
    let normal = Normal.pathwise (Normal(law.Loc, law.Scale))

    Reparameterized(
        law,
        (fun key draws -> normal.Noise(key, draws)),
        fun noise ->
            match law.Fault with
            | Fault.PathGradient -> law.Loc + law.Scale.detach () * noise
            | Fault.PathDraws -> law.Loc - law.Scale * noise
            | _ -> law.Loc + law.Scale * noise
    )

let info (fault: Fault) =
    LawInfo.of2 "Bent" (LawParameter.real "loc") (LawParameter.positive "scale") (fun loc scale ->
        Bent(loc, scale, fault))
    |> LawInfo.withPath path
