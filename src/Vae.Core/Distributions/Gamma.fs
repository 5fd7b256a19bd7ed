namespace Vae.Core

open TorchSharp

/// Gamma(concentration, rate) on the positive numbers, element by element. The distribution function and quantiles carry no
/// gradient; draws do, once. Draws that would underflow to 0 are the least normal number.
[<Sealed>]
type Gamma private (concentration: Tensor, rate: Tensor, _isChecked: bool) =
    inherit Univariate()

    /// From its parameters, which broadcast. Refuses those that are not positive.
    new(concentration: Tensor, rate: Tensor) =
        Check.positive (nameof concentration) concentration
        Check.positive (nameof rate) rate
        let concentration, rate = together (nameof concentration) concentration (nameof rate) rate
        Gamma(concentration, rate, true)

    /// From two numbers, in float64.
    new(concentration: float, rate: float) =
        Check.positiveFloat (nameof concentration) concentration
        Check.positiveFloat (nameof rate) rate
        Gamma(ownNumber concentration, ownNumber rate, true)

    /// The shape, often called alpha: mean times rate.
    member _.Concentration = concentration
    /// The inverse of the scale.
    member _.Rate = rate

    override _.BatchShape = Shape.ofTensor concentration
    override _.Support = Support.positive
    override _.Placement = Placement.like concentration

    member private _.Density(ratio: Tensor) =
        StandardGamma.logDensity -1.0 concentration ratio .+. (rate.log () - concentration.log ())

    override this.LogDensity x = this.Density(Stable.logRatio (rate * x) concentration)
    override this.LogDensityAt x = this.Density(StandardGamma.logRatio x rate concentration)

    override _.LowerTail x = Elementwise.map2 IncompleteGamma.lower concentration (rate * x)
    override _.UpperTail x = Elementwise.map2 IncompleteGamma.upper concentration (rate * x)
    override _.FromLower p = Elementwise.map2 IncompleteGamma.inverseLower concentration p / rate
    override _.FromUpper q = Elementwise.map2 IncompleteGamma.inverseUpper concentration q / rate

    override _.FromLowerAt p = Position.ofLog (Elementwise.map2 StandardGamma.logLower concentration p - rate.log ())

    override _.FromUpperAt q = Position.ofLog (Elementwise.map2 StandardGamma.logUpper concentration q - rate.log ())

    /// The log of a draw: finite where the draw itself would underflow.
    member internal _.LogPush(noise: Tensor) = StandardGamma.logDraw concentration noise - rate.log ()

    member internal this.Push(noise: Tensor) = Draws.ofLog (this.LogPush noise)

    member internal _.Noise key draws =
        StandardGamma.noise (Placement.like rate) (Array.append draws concentration.shape) key

    override this.SampleAt(key, draws) = positionsWithoutGradient (fun () -> this.Push(this.Noise key draws))
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    override _.Mean = Tensor.scoped (fun () -> concentration / rate)
    override _.Variance = Tensor.scoped (fun () -> concentration / rate / rate)

    /// (concentration - 1) / rate, and 0, the end that the density grows towards, where the concentration is at most 1.
    override _.Mode = known (fun () -> (-1.0 .+ concentration).clamp_min(0.0.AsScalar()) / rate)

    override _.Entropy =
        known (fun () -> StandardGamma.logEntropy concentration .+. Stirling.digamma concentration - rate.log ())

[<RequireQualifiedAccess>]
module Gamma =
    /// Gamma(concentration, rate), from two tensors that broadcast.
    let create (concentration: Tensor) (rate: Tensor) = Gamma(concentration, rate)

    /// The law with its sample path, two uniform numbers for a draw, which differentiates once.
    let pathwise (law: Gamma) = Reparameterized.ofPositions PathOrder.Once law law.Noise law.Push

    /// Gamma as a kind of law.
    let info =
        LawInfo.of2 "Gamma" (LawParameter.shape "concentration") (LawParameter.positive "rate") create
        |> LawInfo.withPath pathwise
