namespace Vae.Core

open TorchSharp

/// Geometric on 0, 1, 2, ...: the failures before the first success of trials with the log-odds `logits`, element by element.
[<Sealed>]
type Geometric private (logits: Tensor, _isChecked: bool) =
    inherit Univariate()

    /// log of the probability of a failure
    let logFailure () = torch.nn.functional.logsigmoid (logits.neg ())

    /// The least count, near a guess, at which a condition holds that then holds for all that are larger. It fails at -1.
    let settle (holds: Tensor -> Tensor) (guess: Tensor) =
        let guess = guess.clamp_min (0.0.AsScalar())
        let before = -1.0 .+ guess
        torch.where (holds before, before, torch.where (holds guess, guess, 1.0 .+ guess))

    /// From logits. Refuses those that are not finite.
    new(logits: Tensor) =
        Check.finite (nameof logits) logits
        Geometric(logits, true)

    /// From one logit, in float64.
    new(logits: float) = Geometric(ownNumber logits)

    /// log p / (1 - p), p the probability of success
    member _.Logits = logits

    override _.BatchShape = logits.shape
    override _.Support = Support.naturals
    override _.Placement = Placement.like logits

    /// k log(1 - p) + log p
    override _.LogDensity k = k * logFailure () + torch.nn.functional.logsigmoid logits

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

    override _.Mode = Some(torch.zeros_like logits)

    /// -log p - (1 - p) / p log(1 - p)
    override _.Entropy =
        known (fun () ->
            // log(1 + e^a) / e^a, which is 1 to rounding where e^a is less than rounding.
            let inside = logits.clamp_min ((-40.0).AsScalar())
            let failures = Logistic.softplus inside * inside.neg().exp()
            Logistic.softplus (logits.neg ()) + failures)

[<RequireQualifiedAccess>]
module Geometric =
    /// Geometric by its logits.
    let create (logits: Tensor) = Geometric logits

    /// Geometric as a kind of law.
    let info = LawInfo.of1 "Geometric" (LawParameter.logit "logits") create
