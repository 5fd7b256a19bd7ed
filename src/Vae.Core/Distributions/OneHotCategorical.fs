namespace Vae.Core

open System
open TorchSharp

/// Categorical by its logits or probabilities, [batch..., n], whose draws are vectors with a 1 at the category and otherwise 0.
[<Sealed>]
type OneHotCategorical private (categories: Categorical) =
    inherit Distribution()

    let oneHot (category: Tensor) =
        let index = category.to_type torch.ScalarType.Int64
        torch.nn.functional.one_hot(index, int64 categories.Count).to_type categories.LogProbs.dtype

    /// From logits, which need not be normalised; that of an impossible category is -infinity. Refuses NaN and infinity, a law
    /// without a possible category, and a tensor without categories.
    static member OfLogits(logits: Tensor) = OneHotCategorical(Categorical.OfLogits logits)

    /// From probabilities, which are divided by their sum. Refuses negative and infinite numbers, a law for which all are 0,
    /// and a tensor without categories.
    static member OfProbs(probs: Tensor) = OneHotCategorical(Categorical.OfProbs probs)

    /// The law of the category's number.
    member _.Categories = categories
    /// The normalised logits, log p: [batch..., n].
    member _.LogProbs = categories.LogProbs

    override _.BatchShape = categories.BatchShape
    override _.EventShape = [| int64 categories.Count |]
    override _.Support = Support.OneHot
    override _.Placement = categories.Placement

    /// sum x log p, where 0 log 0 is 0.
    override _.LogDensity x =
        let none = LogOdds.isNone categories.LogProbs
        let drawn = (x * none.to_type x.dtype).sum(-1L).gt(0.0.AsScalar())
        (x * LogOdds.orZero none categories.LogProbs).sum(-1L).masked_fill(drawn, Double.NegativeInfinity.AsScalar())

    override _.Sample(key, draws) = withoutGradient (fun () -> oneHot (categories.Sample(key, draws)))

    override _.Mean = Tensor.scoped (fun () -> categories.LogProbs.exp ())

    override this.Variance =
        Tensor.scoped (fun () ->
            let p = categories.LogProbs.exp ()
            p * Counting.others p)

    override _.Mode = whereKnown (fun () -> categories.Mode |> Option.map oneHot)
    override _.Entropy = categories.Entropy

[<RequireQualifiedAccess>]
module OneHotCategorical =
    /// OneHotCategorical by its logits, [batch..., n], which need not be normalised.
    let ofLogits (logits: Tensor) = OneHotCategorical.OfLogits logits

    /// OneHotCategorical by its probabilities, [batch..., n], which are divided by their sum.
    let ofProbs (probs: Tensor) = OneHotCategorical.OfProbs probs

    /// OneHotCategorical as a kind of law.
    let info = LawInfo.of1 "OneHotCategorical" (LawParameter.categories Outcomes.any) ofLogits
