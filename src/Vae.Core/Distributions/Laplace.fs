namespace Vae.Core

open TorchSharp

/// Laplace(loc, scale) on the real line, element by element: density e^(-|x - loc| / scale) / (2 scale).
[<Sealed>]
type Laplace private (loc: Tensor, scale: Tensor, logScale: Tensor) =
    inherit Univariate()

    /// The tail beyond |z|, and the other side's 1 minus it.
    static let tail (z: Tensor) =
        let half = 0.5 .* z.abs().neg().exp()
        torch.where (z.gt (0.0.AsScalar()), half, 1.0 .+ half.neg ())

    /// Of the upper tail, for loc 0 and scale 1.
    static let fromUpper (q: Tensor) : Tensor =
        let below = (2.0 .* (1.0 .+ q.neg ())).log()
        torch.where (q.lt (0.5.AsScalar()), (2.0 .* q).log().neg(), below)

    /// From its median and scale, which broadcast. Refuses a median that is not finite and a scale that is not positive.
    new(loc: Tensor, scale: Tensor) =
        Check.finite (nameof loc) loc
        Check.positive (nameof scale) scale
        let loc, scale = together (nameof loc) loc (nameof scale) scale
        Laplace(loc, scale, Tensor.scoped (fun () -> scale.log ()))

    /// From two numbers, in float64.
    new(loc: float, scale: float) =
        Check.finiteFloat (nameof loc) loc
        Check.positiveFloat (nameof scale) scale
        Laplace(ownNumber loc, ownNumber scale, ownNumber (log scale))

    /// The quantile for loc 0 and scale 1.
    static member internal Standard(p: Tensor) : Tensor = (fromUpper p).neg()

    /// The median, and the mean.
    member _.Loc = loc
    /// The mean of |x - loc|.
    member _.Scale = scale
    /// log scale
    member _.LogScale = logScale

    override _.BatchShape = Shape.ofTensor loc
    override _.Support = Support.reals
    override _.Placement = Placement.like loc

    /// -|x - loc| / scale - log(2 scale)
    override _.LogDensity x = ((x - loc) / scale).abs().neg() - (log 2.0 .+ logScale)

    override _.LowerTail x = tail ((loc - x) / scale)
    override _.UpperTail x = tail ((x - loc) / scale)
    override _.FromLower p = loc .+. scale * Laplace.Standard p
    override _.FromUpper q = loc .+. scale * fromUpper q

    override _.Mean = loc
    override _.Variance = Tensor.scoped (fun () -> 2.0 .* scale.squared ())
    override _.Mode = Some loc
    override _.Entropy = known (fun () -> (1.0 + log 2.0) .+ logScale)

[<RequireQualifiedAccess>]
module Laplace =
    /// Laplace(loc, scale), from two tensors that broadcast.
    let create (loc: Tensor) (scale: Tensor) = Laplace(loc, scale)

    /// The law with its sample path z = loc + scale * noise.
    let pathwise (law: Laplace) = pathBy law Laplace.Standard (fun noise -> law.Loc .+. law.Scale * noise)

    /// Laplace as a kind of law.
    let info =
        LawInfo.of2 "Laplace" (LawParameter.real "loc") (LawParameter.positive "scale") create
        |> LawInfo.withPath pathwise
