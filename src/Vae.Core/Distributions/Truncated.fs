namespace Vae.Core

open System
open TorchSharp

/// A law with a density on the line, given that its draw lies between two ends; an end may be infinite, and both may lie far out
/// in one tail. Gradients of the log-density pass as far as the base law's distribution function has them; quantiles have none.
[<Sealed>]
type Truncated private (law: Univariate, low: Tensor, high: Tensor, from: Tensor, upTo: Tensor, logMass: Tensor) =
    inherit Univariate()

    let logShare (a: Tensor) (b: Tensor) = IntervalMass.log law a b - logMass

    let quantile digits (below: Tensor) (above: Tensor) =
        use _ = torch.no_grad ()
        IntervalQuantile.solveFor digits law from upTo logMass below above

    /// The law between two ends, which broadcast with its batch. Refuses laws of integers, ends in the wrong order, and an
    /// interval that no probability of the law is in.
    static member Create(law: Univariate, low: Tensor, high: Tensor) =
        match law.Support with
        | Support.Open _
        | Support.Closed _ -> ()
        | other -> Check.refuse (nameof law) $"on %O{other}" "a law with a density on the line"

        let low, high = together (nameof low) low (nameof high) high
        use number = filled law.Placement [||] 0.0
        Check.together (nameof law) number (nameof low) low
        let shape = Shape.broadcast (nameof law) law.BatchShape (nameof low) low.shape
        Check.every (nameof low) $"numbers below %s{nameof high}" (fun low -> low.lt high) low
        let ofLow, ofHigh = Support.ends law.Support
        let place = law.Placement

        let all =
            Tensor.scopedAll (fun () ->
                let low, high = low.expand shape, high.expand shape
                let from = torch.maximum (low, Bound.toTensor place ofLow)
                [| low; high; from; torch.minimum (high, Bound.toTensor place ofHigh) |])

        let low, high, from, upTo = all[0], all[1], all[2], all[3]

        let logMass =
            Tensor.scoped (fun () ->
                let isSome = from.lt upTo
                let mass = IntervalMass.log law from (torch.maximum (from, upTo))
                mass.masked_fill (isSome.logical_not (), Double.NegativeInfinity.AsScalar()))

        Check.every
            $"the log of the probability between %s{nameof low} and %s{nameof high}"
            "finite numbers: an interval that the law has probability in"
            _.isfinite()
            logMass

        Truncated(law, low, high, from, upTo, logMass)

    /// The law that is cut.
    member _.Base = law
    /// The lower end.
    member _.Low = low
    /// The upper end.
    member _.High = high
    /// The log of the base law's probability between the ends, which may underflow.
    member _.LogMass = logMass
    /// The base law's probability between the ends.
    member _.Mass = Tensor.scoped (fun () -> logMass.exp ())

    override _.BatchShape = Shape.ofTensor low
    override _.Support = Support.Closed(Bound.PerLaw from, Bound.PerLaw upTo)
    override _.Placement = law.Placement
    override _.LogDensity x = law.LogProb x - logMass
    override _.LogDensityAt x = law.LogProbAt x - logMass
    override _.LowerTail x = (logShare from x).exp()
    override _.UpperTail x = (logShare x upTo).exp()
    override _.FromLower p = quantile IntervalQuantile.exact p (1.0 .+ p.neg ())
    override _.FromUpper q = quantile IntervalQuantile.exact (1.0 .+ q.neg ()) q

    /// By positions of the base law's, where its tails do not underflow.
    override this.SampleAt(key, draws) =
        positionsWithoutGradient (fun () ->
            let p = Key.uniform law.Placement (Array.append draws low.shape) key
            let q = 1.0 .+ p.neg ()

            IntervalQuantile.tryPosition law from upTo logMass p q
            |> Option.defaultWith (fun () -> Position.at (quantile IntervalQuantile.rough p q))
            |> inSupport law
            |> inSupport this)

    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

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
