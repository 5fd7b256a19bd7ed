namespace Vae.Core

open TorchSharp

/// Geometric on 0, 1, 2, ...: the failures before the first success of trials with the log-odds `logits`, element by element.
/// Of a logit of infinity, where the first trial is a success, it is on 0 alone.
[<Sealed>]
type Geometric private (logits: Tensor, isCertain: bool) =
    inherit Univariate()

    /// log of the probability of a failure
    let logFailure () = torch.nn.functional.logsigmoid (logits.neg ())

    /// The least count, near a guess, at which a condition holds that then holds for all that are larger. It fails at -1.
    let settle (holds: Tensor -> Tensor) (guess: Tensor) =
        let guess = guess.clamp_min (0.0.AsScalar())
        let before = -1.0 .+ guess
        torch.where (holds before, before, torch.where (holds guess, guess, 1.0 .+ guess))

    /// From logits. Refuses NaN and -infinity, for which there is no success to wait for.
    static member OfLogits(logits: Tensor) =
        LogOdds.check Outcomes.possible (nameof logits) logits
        Geometric(logits, LogOdds.anyInfinite logits)

    /// From one logit, in float64.
    static member OfLogits(logits: float) = Geometric.OfLogits(ownNumber logits)

    /// From probabilities of success. Refuses numbers that are not above 0 and at most 1.
    static member OfProbs(probs: Tensor) = Geometric.OfLogits(LogOdds.ofProbs Outcomes.possible probs)

    /// From one probability, in float64.
    static member OfProbs(probs: float) = Geometric.OfLogits(LogOdds.ofProb Outcomes.possible probs)

    /// log p / (1 - p), p the probability of success
    member _.Logits = logits

    override _.BatchShape = Shape.ofTensor logits

    override _.Support =
        if isCertain then
            let unbounded =
                Tensor.scoped (fun () ->
                    (torch.zeros_like logits).masked_fill((LogOdds.isAll logits).logical_not(), infinity.AsScalar()))

            Support.Integers(Bound.At 0.0, Bound.PerLaw unbounded)
        else
            Support.naturals

    override _.Placement = Placement.like logits

    /// k log(1 - p) + log p
    override _.LogDensity k =
        // Where success is certain only 0 is asked for.
        let logFailure =
            if isCertain then
                LogOdds.orZero (LogOdds.isAll logits) (logFailure ())
            else
                logFailure ()

        k * logFailure .+. torch.nn.functional.logsigmoid logits

    override _.LowerTail k = ((1.0 .+ k) * logFailure ()).expm1().neg()
    override _.UpperTail k = ((1.0 .+ k) * logFailure ()).exp()

    override this.FromLower p =
        let guess = -1.0 .+ (p.neg().log1p() / logFailure ()).ceil()
        settle (fun k -> this.LowerTail(k).ge p) guess

    override this.FromUpper q =
        let guess = -1.0 .+ (q.log () / logFailure ()).ceil()
        settle (fun k -> this.UpperTail(k).le q) guess

    override _.Mean = Tensor.scoped (fun () -> logits.neg().exp())

    /// (1 - p) / p^2
    override _.Variance =
        Tensor.scoped (fun () ->
            let odds = logits.neg().exp()
            odds * (1.0 .+ odds))

    override _.Mode = known (fun () -> torch.zeros_like logits)

    /// -log p - (1 - p) / p log(1 - p)
    override _.Entropy =
        known (fun () ->
            // log(1 + e^a) / e^a, which is 1 to rounding where e^a is less than rounding.
            let inside = logits.clamp ((-40.0).AsScalar(), (1000.0).AsScalar())
            let failures = Logistic.softplus inside * inside.neg().exp()
            Logistic.softplus (logits.neg ()) .+. failures)

[<RequireQualifiedAccess>]
module Geometric =
    /// Geometric by its logits.
    let ofLogits (logits: Tensor) = Geometric.OfLogits logits

    /// Geometric by its probabilities of success.
    let ofProbs (probs: Tensor) = Geometric.OfProbs probs

    /// Geometric as a kind of law.
    let info = LawInfo.of1 "Geometric" (LawParameter.trials Outcomes.possible) ofLogits
