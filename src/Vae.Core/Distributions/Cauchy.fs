namespace Vae.Core

open System
open TorchSharp

/// Angles of the Cauchy laws' tails, which keep the digits of both.
[<RequireQualifiedAccess>]
module internal CauchyTail =
    /// The angle in (0, pi) whose cotangent is z: small where z is large.
    let angle (z: Tensor) : Tensor = torch.atan2 (torch.ones_like z, z)

    /// cot(pi u) for u in (0, 1), by the tangent of the smallest angle that gives it.
    let cotangent (u: Tensor) : Tensor =
        let beside (v: Tensor) = (Math.PI .* v).tan().reciprocal()
        let middle = (Math.PI .* (0.5 .+ u.neg ())).tan()
        let right = torch.where (u.gt (0.75.AsScalar()), (beside (1.0 .+ u.neg ())).neg(), middle)
        torch.where (u.lt (0.25.AsScalar()), beside u, right)

/// Cauchy(loc, scale) on the real line, element by element: no mean and no variance.
[<Sealed>]
type Cauchy private (loc: Tensor, scale: Tensor, logScale: Tensor) =
    inherit Univariate()

    /// From its median and scale, which broadcast. Refuses a median that is not finite and a scale that is not positive.
    new(loc: Tensor, scale: Tensor) =
        Check.finite (nameof loc) loc
        Check.positive (nameof scale) scale
        let loc, scale = together (nameof loc) loc (nameof scale) scale
        Cauchy(loc, scale, Tensor.scoped (fun () -> scale.log ()))

    /// From two numbers, in float64.
    new(loc: float, scale: float) =
        Check.finiteFloat (nameof loc) loc
        Check.positiveFloat (nameof scale) scale
        Cauchy(ownNumber loc, ownNumber scale, ownNumber (log scale))

    /// The quantile for loc 0 and scale 1.
    static member internal Standard(p: Tensor) : Tensor = (CauchyTail.cotangent p).neg()

    /// The median.
    member _.Loc = loc
    /// Half the distance between the quartiles.
    member _.Scale = scale
    /// log scale
    member _.LogScale = logScale

    override _.BatchShape = Shape.ofTensor loc
    override _.Support = Support.reals
    override _.Placement = Placement.like loc

    /// -log(1 + ((x - loc) / scale)^2) - log(pi scale)
    override _.LogDensity x = (logOnePlusSquare ((x - loc) / scale)).neg() - (log Math.PI .+ logScale)

    override _.LowerTail x = (1.0 / Math.PI) .* CauchyTail.angle ((loc - x) / scale)
    override _.UpperTail x = (1.0 / Math.PI) .* CauchyTail.angle ((x - loc) / scale)
    override _.FromLower p = loc .+. scale * Cauchy.Standard p
    override _.FromUpper q = loc .+. scale * CauchyTail.cotangent q

    /// NaN: the integral does not exist.
    override _.Mean = Tensor.scoped (fun () -> filled (Placement.like loc) loc.shape Double.NaN)

    /// NaN, as there is no mean.
    override _.Variance = Tensor.scoped (fun () -> filled (Placement.like loc) loc.shape Double.NaN)

    override _.Mode = Some loc
    override _.Entropy = known (fun () -> log (4.0 * Math.PI) .+ logScale)

[<RequireQualifiedAccess>]
module Cauchy =
    /// Cauchy(loc, scale), from two tensors that broadcast.
    let create (loc: Tensor) (scale: Tensor) = Cauchy(loc, scale)

    /// The law with its sample path z = loc + scale * noise.
    let pathwise (law: Cauchy) = pathBy law Cauchy.Standard (fun noise -> law.Loc .+. law.Scale * noise)

    /// Cauchy as a kind of law.
    let info =
        LawInfo.of2 "Cauchy" (LawParameter.real "loc") (LawParameter.positive "scale") create
        |> LawInfo.withPath pathwise
