namespace Vae.Core

open TorchSharp

/// Exponential(rate) on the numbers from 0, element by element: density rate e^(-rate x).
[<Sealed>]
type Exponential private (rate: Tensor, _isChecked: bool) =
    inherit Univariate()

    /// From its rate. Refuses one that is not positive.
    new(rate: Tensor) =
        Check.positive (nameof rate) rate
        Exponential(rate, true)

    /// From a number, in float64.
    new(rate: float) =
        Check.positiveFloat (nameof rate) rate
        Exponential(ownNumber rate, true)

    /// 1 / mean
    member _.Rate = rate

    override _.BatchShape = Shape.ofTensor rate
    override _.Support = Support.nonNegative
    override _.Placement = Placement.like rate

    override _.LogDensity x = rate.log () - rate * x

    override _.LowerTail x = (rate * x).neg().expm1().neg()
    override _.UpperTail x = (rate * x).neg().exp()
    override _.FromLower p = p.neg().log1p().neg() / rate
    override _.FromUpper q = q.log().neg() / rate

    /// A draw from uniform noise, never 0.
    member internal this.Push(noise: Tensor) = Draws.positive (this.FromLower noise)

    override this.Sample(key, draws) = withoutGradient (fun () -> this.Push(Draws.uniform this key draws))

    override _.Mean = Tensor.scoped (fun () -> rate.reciprocal ())
    override _.Variance = Tensor.scoped (fun () -> rate.reciprocal().squared())
    override _.Mode = known (fun () -> torch.zeros_like rate)
    override _.Entropy = known (fun () -> 1.0 .+ rate.log().neg())

[<RequireQualifiedAccess>]
module Exponential =
    /// Exponential(rate).
    let create (rate: Tensor) = Exponential rate

    /// The law with its sample path, the quantile of uniform noise.
    let pathwise (law: Exponential) = Draws.uniformPath PathOrder.Smooth law law.Push

    /// Exponential as a kind of law.
    let info = LawInfo.of1 "Exponential" (LawParameter.positive "rate") create |> LawInfo.withPath pathwise
