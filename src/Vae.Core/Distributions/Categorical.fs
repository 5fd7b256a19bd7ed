namespace Vae.Core

open System
open TorchSharp

/// Categorical on 0 .. n - 1 by its logits or probabilities, [batch..., n]; a draw is the number of a category, as a
/// floating-point number. Inside it are log-probabilities; that of an impossible category is -infinity.
[<Sealed>]
type Categorical private (logProbs: Tensor) =
    inherit Univariate()

    let count = logProbs.shape[logProbs.shape.Length - 1]

    /// Whether there is an impossible category: also one whose finite logit is out of the range of numbers below the largest.
    let hasNone = LogOdds.anyInfinite logProbs

    /// The number of the first possible category of the n as they stand.
    let firstPossible (logProbs: Tensor) =
        (LogOdds.isNone logProbs).logical_not().to_type(torch.ScalarType.Int32).argmax(-1L).to_type logProbs.dtype

    let lowest () = firstPossible (logProbs.detach ())
    let highest () = float (count - 1L) .+ (firstPossible (logProbs.detach().flip -1L)).neg()

    /// The probability above each category.
    let upperSums () =
        let above = logProbs.narrow(-1L, 1L, count - 1L).exp().flip(-1L).cumsum(-1L).flip -1L
        torch.cat ([| above; logProbs.narrow(-1L, 0L, 1L).zeros_like() |], -1L)

    /// The log-probabilities, 0 where they are -infinity: what is multiplied by the probabilities.
    let finite () = if hasNone then LogOdds.orZero (LogOdds.isNone logProbs) logProbs else logProbs

    let expectation (values: Tensor -> Tensor) =
        Tensor.scoped (fun () ->
            let categories = Tensor.range (Placement.like logProbs) count
            (logProbs.exp () * values categories).sum(-1L))

    /// From logits, which need not be normalised; that of an impossible category is -infinity. Refuses NaN and infinity, a law
    /// without a possible category, and a tensor without categories.
    static member OfLogits(logits: Tensor) =
        LogOdds.checkCategories (nameof logits) logits
        Categorical(Tensor.scoped (fun () -> logits.log_softmax -1L))

    /// From probabilities, which are divided by their sum. Refuses negative and infinite numbers, a law for which all are 0,
    /// and a tensor without categories.
    static member OfProbs(probs: Tensor) = Categorical.OfLogits(LogOdds.ofCategories Outcomes.any probs)

    /// The normalised logits, log p: [batch..., n].
    member _.LogProbs = logProbs
    /// The number of categories.
    member _.Count = count
    /// Whether there is an impossible category in a law of the batch.
    member internal _.HasNone = hasNone

    override _.BatchShape = fst (Shape.splitLast 1 (Shape.ofTensor logProbs))

    override _.Support =
        if hasNone then
            Support.Integers(Bound.PerLaw(lowest ()), Bound.PerLaw(highest ()))
        else
            Support.below count

    override _.Placement = Placement.like logProbs

    /// The entries of a table [batch..., n] for categories.
    member private this.Entry(table: Tensor, x: Tensor) =
        let index = x.to_type torch.ScalarType.Int64
        let shape = Shape.broadcast "x" index.shape "the batch" this.BatchShape
        let table = table.expand (Array.append shape [| count |])
        table.gather(-1L, index.expand(shape).unsqueeze -1L).squeeze -1L

    /// How many categories a condition on them holds for: of the first so many.
    member private _.Counted(condition: Tensor) =
        condition.sum(-1L).clamp_max((float (count - 1L)).AsScalar()).to_type logProbs.dtype

    override this.LogDensity x =
        if hasNone then
            let none = this.Entry(LogOdds.isNone logProbs, x)
            this.Entry(finite (), x).masked_fill(none, Double.NegativeInfinity.AsScalar())
        else
            this.Entry(logProbs, x)

    /// Rounding must not carry a quantile to an impossible category.
    member private _.Inside(category: Tensor) =
        if hasNone then category.maximum(lowest ()).minimum(highest ()) else category

    override this.LowerTail x = this.Entry(logProbs.exp().cumsum -1L, x)
    override this.UpperTail x = this.Entry(upperSums (), x)
    override this.FromLower p = this.Inside(this.Counted(logProbs.exp().cumsum(-1L).lt(p.unsqueeze -1L)))
    override this.FromUpper q = this.Inside(this.Counted(upperSums().gt(q.unsqueeze -1L)))

    /// By Gumbel's trick: the category with the largest log p - log(-log u).
    override _.Sample(key, draws) =
        withoutGradient (fun () ->
            let place = Placement.like logProbs
            let gumbel = (Key.uniform place (Array.append draws logProbs.shape) key).log().neg().log().neg()
            (logProbs .+. gumbel).argmax(-1L).to_type place.DType)

    /// The mean of the category's number.
    override _.Mean = expectation id

    override this.Variance = expectation (fun k -> (k - this.Mean.unsqueeze -1L).squared())
    override _.Mode = known (fun () -> logProbs.argmax(-1L).to_type logProbs.dtype)

    /// -sum p log p, where 0 log 0 is 0.
    override _.Entropy = known (fun () -> (logProbs.exp () * finite ()).sum(-1L).neg())

[<RequireQualifiedAccess>]
module Categorical =
    /// Categorical by its logits, [batch..., n], which need not be normalised.
    let ofLogits (logits: Tensor) = Categorical.OfLogits logits

    /// Categorical by its probabilities, [batch..., n], which are divided by their sum.
    let ofProbs (probs: Tensor) = Categorical.OfProbs probs

    /// Categorical as a kind of law.
    let info = LawInfo.of1 "Categorical" (LawParameter.categories Outcomes.any) ofLogits
