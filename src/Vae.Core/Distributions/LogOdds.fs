namespace Vae.Core

open System
open TorchSharp

/// Which certain outcomes the trials of a law may have: probabilities 0 and 1, which are the logits -infinity and infinity.
type internal Outcomes = {
    Never: bool
    Always: bool
    /// What a refusal says in addition.
    Why: string
}

[<RequireQualifiedAccess>]
module internal Outcomes =
    /// Every probability.
    let any = { Never = true; Always = true; Why = "" }
    /// Every probability but 0.
    let possible = { any with Never = false; Why = ", as a success has to come" }
    /// Every probability but 1.
    let uncertain = { any with Always = false; Why = ", as a failure has to come" }

    /// Neither 0 nor 1, of a law with a density: named with the law that takes them.
    let both (instead: string) = {
        Never = false
        Always = false
        Why = $"; %s{instead} takes outcomes that are certain"
    }

/// Probabilities and their log-odds: what is refused of either, and the way from one to the other. Inside laws there are only
/// logits; a probability of 0 or 1 has an infinite one, whose gradient is 0.
[<RequireQualifiedAccess>]
module internal LogOdds =
    let private infinity = Double.PositiveInfinity

    /// Where a tensor is -infinity: what cannot be.
    let isNone (t: Tensor) : Tensor = t.eq ((-infinity).AsScalar())

    /// Where a tensor is infinity.
    let isAll (t: Tensor) : Tensor = t.eq (infinity.AsScalar())

    /// Whether there is an infinite number in a tensor.
    let anyInfinite (t: Tensor) : bool =
        use _ = torch.NewDisposeScope()
        t.detach().isinf().any().isTrue()

    /// Refuses logits that are NaN, and infinite ones that the law has no use for.
    let check (outcomes: Outcomes) (name: string) (logits: Tensor) =
        Check.floating name logits

        let expected =
            match outcomes.Never, outcomes.Always with
            | true, true -> "numbers, -Infinity or Infinity"
            | true, false -> "finite numbers or -Infinity"
            | false, true -> "finite numbers or Infinity"
            | false, false -> "finite numbers"

        let fits (t: Tensor) =
            let orNever = if outcomes.Never then t.isfinite().logical_or(isNone t) else t.isfinite ()
            if outcomes.Always then orNever.logical_or (isAll t) else orNever

        Check.every name (expected + outcomes.Why) fits logits

    let private expectedProbs outcomes =
        let range =
            match outcomes.Never, outcomes.Always with
            | true, true -> "probabilities from 0 to 1"
            | true, false -> "probabilities from 0 to below 1"
            | false, true -> "probabilities above 0, up to 1"
            | false, false -> "probabilities between 0 and 1, without the ends"

        range + outcomes.Why

    /// The logits of probabilities, log p / (1 - p). Refuses numbers outside [0, 1], and ends that the law has no use for.
    /// Probabilities near 1 have lost digits that logits keep.
    let ofProbs (outcomes: Outcomes) (probs: Tensor) : Tensor =
        Check.floating (nameof probs) probs

        let fits (t: Tensor) =
            let low = if outcomes.Never then t.ge (0.0.AsScalar()) else t.gt (0.0.AsScalar())
            low.logical_and (if outcomes.Always then t.le (1.0.AsScalar()) else t.lt (1.0.AsScalar()))

        Check.every (nameof probs) (expectedProbs outcomes) fits probs

        Tensor.scoped (fun () ->
            let never, always = probs.le (0.0.AsScalar()), probs.ge (1.0.AsScalar())
            let inside = probs.masked_fill (never.logical_or always, 0.5.AsScalar())

            (Logistic.logit inside).masked_fill(never, (-infinity).AsScalar()).masked_fill(always, infinity.AsScalar()))

    /// The same of one probability.
    let ofProb (outcomes: Outcomes) (probs: float) : float =
        let low = if outcomes.Never then probs >= 0.0 else probs > 0.0
        let high = if outcomes.Always then probs <= 1.0 else probs < 1.0

        if not (low && high) then
            let expected = (expectedProbs outcomes).Replace("probabilities", "a probability")
            Check.refuse (nameof probs) (Check.number probs) expected

        log probs - Elementary.log1p -probs

    let private categories (name: string) (t: Tensor) =
        Check.floating name t

        if t.dim () < 1L || t.shape[t.shape.Length - 1] < 1L then
            Check.refuse name $"of shape %s{Check.shape t.shape}" "[batch..., categories]"

    /// Refuses logits of categories, [batch..., n], that are NaN or infinity, and a law for which all are -infinity.
    let checkCategories (name: string) (logits: Tensor) =
        categories name logits

        Check.every
            name
            "finite numbers, or -Infinity for a category that is impossible"
            (fun t -> t.isfinite().logical_or(isNone t))
            logits

        use _ = torch.NewDisposeScope()

        if (isNone (logits.detach().amax [| -1L |])).any().isTrue() then
            Check.refuse
                name
                $"-Infinity for every category somewhere in a tensor of shape %s{Check.shape logits.shape}"
                "at least one category that is possible"

    /// The logits, log p, of the probabilities of categories, [batch..., n], which need not sum to 1. Refuses negative and
    /// infinite numbers, a law for which all are 0, and any 0 where the law has no use for it.
    let ofCategories (outcomes: Outcomes) (probs: Tensor) : Tensor =
        categories (nameof probs) probs

        let expected, fits =
            if outcomes.Never then
                "finite numbers of at least 0" + outcomes.Why,
                fun (t: Tensor) -> t.ge(0.0.AsScalar()).logical_and(t.isfinite ())
            else
                "positive finite numbers" + outcomes.Why,
                fun (t: Tensor) -> t.gt(0.0.AsScalar()).logical_and(t.isfinite ())

        Check.every (nameof probs) expected fits probs

        Tensor.scoped (fun () ->
            let none = probs.le (0.0.AsScalar())

            if none.all(-1L).any().isTrue() then
                Check.refuse
                    (nameof probs)
                    $"0 for every category somewhere in a tensor of shape %s{Check.shape probs.shape}"
                    "at least one category that is possible"

            probs.masked_fill(none, 1.0.AsScalar()).log().masked_fill(none, (-infinity).AsScalar()))

    /// log(sum e^t) over the last dimension: -infinity, of gradient 0, where all are -infinity.
    let sum (t: Tensor) : Tensor =
        let none = (isNone t).all -1L
        let safe = t.masked_fill (none.unsqueeze -1L, 0.0.AsScalar())
        (safe.logsumexp -1L).masked_fill(none, (-infinity).AsScalar())

    /// t where something is possible, and 0, of no gradient, where it is not.
    let orZero (none: Tensor) (t: Tensor) : Tensor = t.masked_fill (none, 0.0.AsScalar())
