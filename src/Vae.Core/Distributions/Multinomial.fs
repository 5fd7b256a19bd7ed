namespace Vae.Core

open TorchSharp

/// Multinomial: how many of totalCount draws of a categorical law, by its logits or probabilities [batch..., n], fall into each
/// category. An event is the vector of the n counts.
[<Sealed>]
type Multinomial private (totalCount: Tensor, logits: Tensor, logProbs: Tensor) =
    inherit Distribution()

    /// The total beside each category.
    let totals () = totalCount.unsqueeze(-1L).expand logProbs.shape

    /// The categories that are impossible, and their log-probabilities with 0 in place of -infinity.
    let none () = LogOdds.isNone logProbs
    let finite none = LogOdds.orZero none logProbs

    /// log p / (1 - p) of each category.
    let odds () =
        let n = logProbs.shape[logProbs.shape.Length - 1]
        let own = torch.eye (n, dtype = torch.ScalarType.Bool, device = logProbs.device)
        // Less than any logit beside it, and finite.
        let rest = logProbs.unsqueeze(-2L).masked_fill(own, (-1e30).AsScalar()).logsumexp -1L
        logProbs - rest

    /// From the number of draws and the logits, whose batches broadcast; that of an impossible category is -infinity. Refuses
    /// counts that are not whole, logits that are NaN or infinity, a law without a possible category, and a tensor without
    /// categories.
    static member OfLogits(totalCount: Tensor, logits: Tensor) =
        Check.whole 0.0 (nameof totalCount) totalCount
        LogOdds.checkCategories (nameof logits) logits
        Check.together (nameof totalCount) totalCount (nameof logits) logits

        let batch, event = Shape.splitLast 1 logits.shape
        let batch = Shape.broadcast (nameof totalCount) totalCount.shape (nameof logits) batch

        let all =
            Tensor.scopedAll (fun () ->
                let logits = logits.expand (Array.append batch event)
                [| totalCount.expand batch; logits; logits.log_softmax -1L |])

        Multinomial(all[0], all[1], all[2])

    /// From the number of draws and the probabilities, whose batches broadcast; probabilities are divided by their sum. Refuses
    /// counts that are not whole, negative and infinite probabilities, a law for which all are 0, and a tensor without
    /// categories.
    static member OfProbs(totalCount: Tensor, probs: Tensor) =
        Multinomial.OfLogits(totalCount, LogOdds.ofCategories Outcomes.any probs)

    /// The number of draws.
    member _.TotalCount = totalCount
    /// The normalised logits, log p: [batch..., n].
    member _.LogProbs = logProbs

    override _.BatchShape = Shape.ofTensor totalCount
    override _.EventShape = snd (Shape.splitLast 1 (Shape.ofTensor logits))
    override _.Support = Support.Counts(Bound.PerLaw totalCount)
    override _.Placement = Placement.like logits

    /// log n! - sum log x! + sum x log p
    override _.LogDensity x =
        let n, none = totals (), none ()

        let deviance =
            Counting.deviance x (n * logProbs.exp ()) (n.clamp_min(1.0.AsScalar()).log() .+. finite none)

        let drawn = x.gt(0.0.AsScalar()).logical_and(none).any -1L

        (Counting.rest totalCount - (Counting.rest x .+. deviance).sum(-1L))
            .masked_fill(drawn, System.Double.NegativeInfinity.AsScalar())

    /// Counts of categories by their logits [..., n]: each but the last is binomial, given those before it.
    static member internal Draw(key: Key, totalCount: Tensor, logits: Tensor) : Tensor =
        let n = int logits.shape[logits.shape.Length - 1]
        let part (i: int) = logits.select (-1L, int64 i)

        let counts, left =
            (totalCount.expand (fst (Shape.splitLast 1 logits.shape)), [ 0 .. n - 2 ])
            ||> List.mapFold (fun left i ->
                let rest = logits.narrow(-1L, int64 (i + 1), int64 (n - i - 1)).logsumexp -1L
                let noise = Key.uniform (Placement.like logits) left.shape (Key.fold i key)
                // Where neither this category nor a later one is possible, nothing is left.
                let none = LogOdds.isNone (part i)
                let odds = (part i - rest).masked_fill(none, System.Double.NegativeInfinity.AsScalar())

                let count =
                    (noise, left, odds) |||> Elementwise.map3 (fun p total logit -> Binomial.Quantile(total, logit, p))

                count, left - count)

        torch.stack (List.toArray (counts @ [ left ]), -1L)

    override _.Sample(key, draws) =
        withoutGradient (fun () -> Multinomial.Draw(key, totalCount, logits.expand (Array.append draws logits.shape)))

    override _.Mean = Tensor.scoped (fun () -> totals () * logProbs.exp ())

    override _.Variance =
        Tensor.scoped (fun () ->
            let p = logProbs.exp ()
            totals () * p * Counting.others p)

    /// Each count is binomial by itself: sum E[log x!] - log n! - n sum p log p, with Stirling's main terms taken out.
    override _.Entropy =
        known (fun () ->
            let n, none = totals (), none ()
            let mean, logMean = n * logProbs.exp (), n.clamp_min(1.0.AsScalar()).log() .+. finite none

            let terms =
                Binomial
                    .OfLogits(n, LogOdds.orZero none (odds ()))
                    .Sum(fun k logMass -> logMass.exp () * (Counting.rest k .+. Counting.deviance k mean logMean))

            (LogOdds.orZero none terms).sum(-1L) - Counting.rest totalCount)

[<RequireQualifiedAccess>]
module Multinomial =
    /// Multinomial by its number of draws and logits, [batch..., n], which need not be normalised.
    let ofLogits (totalCount: Tensor) (logits: Tensor) = Multinomial.OfLogits(totalCount, logits)

    /// Multinomial by its number of draws and probabilities, [batch..., n], which are divided by their sum.
    let ofProbs (totalCount: Tensor) (probs: Tensor) = Multinomial.OfProbs(totalCount, probs)

    /// Multinomial as a kind of law.
    let info =
        LawInfo.of2 "Multinomial" (LawParameter.whole 0.0 "totalCount") (LawParameter.categories Outcomes.any) ofLogits
