namespace Vae.Core

open TorchSharp

/// Categorical on 0 .. n - 1 by its logits, [batch..., n]; a draw is the number of a category, as a floating-point number.
[<Sealed>]
type Categorical private (logProbs: Tensor) =
    inherit Univariate()

    let count = logProbs.shape[logProbs.shape.Length - 1]

    /// The probability above each category.
    let upperSums () =
        let above = logProbs.narrow(-1L, 1L, count - 1L).exp().flip(-1L).cumsum(-1L).flip -1L
        torch.cat ([| above; logProbs.narrow(-1L, 0L, 1L).zeros_like() |], -1L)

    let expectation (values: Tensor -> Tensor) =
        Tensor.scoped (fun () ->
            let categories = torch.arange (count, dtype = logProbs.dtype, device = logProbs.device)
            (logProbs.exp () * values categories).sum(-1L))

    /// From logits, which need not be normalised. Refuses those that are not finite, and a tensor without categories.
    static member Create(logits: Tensor) =
        Check.finite (nameof logits) logits

        if logits.dim () < 1L || logits.shape[logits.shape.Length - 1] < 1L then
            Check.refuse (nameof logits) $"of shape %s{Check.shape logits.shape}" "[batch..., categories]"

        Categorical(logits.log_softmax (-1L))

    /// The normalised logits, log p: [batch..., n].
    member _.LogProbs = logProbs
    /// The number of categories.
    member _.Count = count

    override _.BatchShape = fst (Shape.splitLast 1 logProbs.shape)
    override _.Support = Support.below count
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

    override this.LogDensity x = this.Entry(logProbs, x)
    override this.LowerTail x = this.Entry(logProbs.exp().cumsum -1L, x)
    override this.UpperTail x = this.Entry(upperSums (), x)
    override this.FromLower p = this.Counted(logProbs.exp().cumsum(-1L).lt(p.unsqueeze -1L))
    override this.FromUpper q = this.Counted(upperSums().gt(q.unsqueeze -1L))

    /// By Gumbel's trick: the category with the largest log p - log(-log u).
    override _.Sample(key, draws) =
        withoutGradient (fun () ->
            let place = Placement.like logProbs
            let gumbel = (Key.uniform place (Array.append draws logProbs.shape) key).log().neg().log().neg()
            (logProbs + gumbel).argmax(-1L).to_type place.DType)

    /// The mean of the category's number.
    override _.Mean = expectation id

    override this.Variance = expectation (fun k -> (k - this.Mean.unsqueeze -1L).squared())
    override _.Mode = known (fun () -> logProbs.argmax(-1L).to_type logProbs.dtype)

    /// -sum p log p, where 0 log 0 is 0.
    override _.Entropy = known (fun () -> (logProbs.exp () * logProbs).nan_to_num(0.0).sum(-1L).neg())

[<RequireQualifiedAccess>]
module Categorical =
    /// Categorical by its logits.
    let create (logits: Tensor) = Categorical.Create logits

    /// Categorical as a kind of law.
    let info = LawInfo.of1 "Categorical" (LawParameter.vector (LawParameter.logit "logits")) create
