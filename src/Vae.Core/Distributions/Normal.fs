namespace Vae.Core

open TorchSharp

/// Normal(loc, scale) on the real line, element by element: batch shape of its parameters, events of no dimensions.
[<Sealed>]
type Normal private (loc: Tensor, scale: Tensor, logScale: Tensor) =
    inherit Univariate()

    /// From its mean and standard deviation, which broadcast. Refuses a mean that is not finite and a scale that is not positive.
    new(loc: Tensor, scale: Tensor) =
        Check.finite (nameof loc) loc
        Check.positive (nameof scale) scale
        let loc, scale = together (nameof loc) loc (nameof scale) scale
        Normal(loc, scale, Tensor.scoped (fun () -> scale.log ()))

    /// From two numbers, in float64.
    new(loc: float, scale: float) =
        Check.finiteFloat (nameof loc) loc
        Check.positiveFloat (nameof scale) scale
        Normal(ownNumber loc, ownNumber scale, ownNumber (log scale))

    /// From its mean and the logarithm of its standard deviation: the form that networks give. Nothing is checked.
    static member internal OfLogScale(loc: Tensor, logScale: Tensor) = Normal(loc, logScale.exp (), logScale)

    /// The mean.
    member _.Loc = loc
    /// The standard deviation.
    member _.Scale = scale
    /// log scale
    member _.LogScale = logScale

    override _.BatchShape = Shape.ofTensor loc
    override _.Support = Support.reals
    override _.Placement = Placement.like loc

    /// -(x - loc)^2 / (2 scale^2) - log scale - 1/2 log 2 pi
    override _.LogDensity x = -0.5 .* ((x - loc) / scale).squared() - (halfLogTwoPi .+ logScale)

    override _.Sample(key, draws) =
        withoutGradient (fun () ->
            finite (loc .+. scale * Key.normal (Placement.like loc) (Array.append draws loc.shape) key))

    override _.LowerTail x = normalSurvival ((loc - x) / scale)
    override _.UpperTail x = normalSurvival ((x - loc) / scale)
    override _.FromLower p = loc .+. scale * torch.special.ndtri p
    override _.FromUpper q = loc - scale * torch.special.ndtri q

    override _.Mean = loc
    override _.Variance = Tensor.scoped (fun () -> scale.squared ())
    override _.Mode = Some loc
    override _.Entropy = known (fun () -> (0.5 + halfLogTwoPi) .+ logScale)

[<RequireQualifiedAccess>]
module Normal =
    /// Normal(loc, scale), from two tensors that broadcast.
    let create (loc: Tensor) (scale: Tensor) = Normal(loc, scale)

    /// The law with its sample path z = loc + scale * noise, noise standard normal.
    let pathwise (normal: Normal) =
        let noise = {
            NoiseShape = normal.Loc.shape
            Numbers = Key.normal (Placement.like normal.Loc)
        }

        Reparameterized.ofStandard PathOrder.Smooth noise normal (fun noise ->
            finite (normal.Loc .+. normal.Scale * noise))

    /// Normal as a kind of law.
    let info =
        LawInfo.of2 "Normal" (LawParameter.real "loc") (LawParameter.positive "scale") create
        |> LawInfo.withPath pathwise
