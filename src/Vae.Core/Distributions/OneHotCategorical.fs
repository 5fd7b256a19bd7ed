namespace Vae.Core

open TorchSharp

/// Categorical by its logits, [batch..., n], whose draws are vectors with a 1 at the category and otherwise 0.
[<Sealed>]
type OneHotCategorical private (categories: Categorical) =
    inherit Distribution()

    let oneHot (category: Tensor) =
        let index = category.to_type torch.ScalarType.Int64
        torch.nn.functional.one_hot(index, int64 categories.Count).to_type categories.LogProbs.dtype

    /// From logits, which need not be normalised. Refuses those that are not finite, and a tensor without categories.
    static member Create(logits: Tensor) = OneHotCategorical(Categorical.Create logits)

    /// The law of the category's number.
    member _.Categories = categories
    /// The normalised logits, log p: [batch..., n].
    member _.LogProbs = categories.LogProbs

    override _.BatchShape = categories.BatchShape
    override _.EventShape = [| int64 categories.Count |]
    override _.Support = Support.OneHot
    override _.Placement = categories.Placement

    /// sum x log p
    override _.LogDensity x = (x * categories.LogProbs).sum(-1L)

    override _.Sample(key, draws) = withoutGradient (fun () -> oneHot (categories.Sample(key, draws)))

    override _.Mean = Tensor.scoped (fun () -> categories.LogProbs.exp ())

    override this.Variance =
        Tensor.scoped (fun () ->
            let p = categories.LogProbs.exp ()
            p * Counting.others p)

    override _.Mode = categories.Mode |> Option.map (fun mode -> Tensor.scoped (fun () -> oneHot mode))
    override _.Entropy = categories.Entropy

[<RequireQualifiedAccess>]
module OneHotCategorical =
    /// OneHotCategorical by its logits.
    let create (logits: Tensor) = OneHotCategorical.Create logits

    /// OneHotCategorical as a kind of law.
    let info = LawInfo.of1 "OneHotCategorical" (LawParameter.vector (LawParameter.logit "logits")) create
