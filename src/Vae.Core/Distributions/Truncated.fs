namespace Vae.Core

open TorchSharp

/// A law with a density on the line, given that its draw lies between two ends; an end may be infinite.
/// Gradients pass as far as the base law's distribution function has them.
[<Sealed>]
type Truncated private (law: Univariate, low: Tensor, high: Tensor) =
    inherit Univariate()

    /// Whether the interval lies in the upper half of the base law: there the upper tail has the digits.
    let upper = (law.Survival low).lt(0.5.AsScalar())

    /// The base law's probability between two numbers.
    let between (a: Tensor) (b: Tensor) = torch.where (upper, law.Survival a - law.Survival b, law.Cdf b - law.Cdf a)

    let mass = between low high

    /// Rounding must not carry a quantile out of the interval.
    let inside (x: Tensor) = torch.minimum (torch.maximum (x, low), high)

    /// The law between two ends, which broadcast with its batch. Refuses laws of integers, ends in the wrong order, and an
    /// interval to which the law gives no probability.
    static member Create(law: Univariate, low: Tensor, high: Tensor) =
        match law.Support with
        | Support.Open _
        | Support.Closed _ -> ()
        | other -> Check.refuse (nameof law) $"on %O{other}" "a law with a density on the line"

        let low, high = together (nameof low) low (nameof high) high
        let shape = Shape.broadcast (nameof law) law.BatchShape (nameof low) low.shape

        Check.every (nameof low) $"numbers below %s{nameof high}" (fun low -> low.lt high) low
        let truncated = Truncated(law, low.expand shape, high.expand shape)
        Check.positive $"the probability between %s{nameof low} and %s{nameof high}" truncated.Mass
        truncated

    /// The law that is cut.
    member _.Base = law
    /// The lower end.
    member _.Low = low
    /// The upper end.
    member _.High = high
    /// The base law's probability between the ends.
    member _.Mass = mass

    override _.BatchShape = low.shape

    override _.Support =
        let ofBase, ofBaseHigh = Support.ends law.Support
        let place = law.Placement

        Support.Closed(
            Bound.PerLaw(torch.maximum (low, (Bound.toTensor place ofBase).expand low.shape)),
            Bound.PerLaw(torch.minimum (high, (Bound.toTensor place ofBaseHigh).expand high.shape))
        )

    override _.Placement = law.Placement
    override _.LogDensity x = law.LogProb x - mass.log ()
    override _.LowerTail x = between low x / mass
    override _.UpperTail x = between x high / mass

    override _.FromLower p =
        let fromBelow = law.FromLower(law.Cdf low + p * mass)
        let fromAbove = law.FromUpper(law.Survival low - p * mass)
        inside (torch.where (upper, fromAbove, fromBelow))

    override _.FromUpper q =
        let fromBelow = law.FromLower(law.Cdf high - q * mass)
        let fromAbove = law.FromUpper(law.Survival high + q * mass)
        inside (torch.where (upper, fromAbove, fromBelow))

    /// By quadrature.
    override this.Mean = OverQuantiles.mean this

    /// By quadrature.
    override this.Variance = OverQuantiles.variance this

    /// By quadrature.
    override this.Entropy = Some(OverQuantiles.entropy this)

    override _.Name = $"Truncated(%s{law.Name})"

[<RequireQualifiedAccess>]
module Truncated =
    /// A law between two ends.
    let create (low: Tensor) (high: Tensor) (law: Univariate) = Truncated.Create(law, low, high)
