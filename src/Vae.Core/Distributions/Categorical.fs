namespace Vae.Core

open TorchSharp

/// Categorical on 0 .. n - 1 by its logits, [batch..., n]; a draw is the number of a category, as a floating-point number.
[<Sealed>]
type Categorical private (logProbs: Tensor) =
    inherit Distribution()

    let count = logProbs.shape[logProbs.shape.Length - 1]

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
    override _.EventShape = [||]
    override _.Support = Support.Below count
    override _.Placement = Placement.like logProbs

    override this.LogDensity x =
        let inside = Support.contains this.Support x
        let index = x.where(inside, x.zeros_like ()).to_type torch.ScalarType.Int64
        let shape = Shape.broadcast "x" index.shape "the batch" this.BatchShape
        let table = logProbs.expand (Array.append shape [| count |])

        table
            .gather(-1L, index.expand(shape).unsqueeze -1L)
            .squeeze(-1L)
            .masked_fill(inside.logical_not (), System.Double.NegativeInfinity.ToScalar())

    /// By Gumbel's trick: the category with the largest log p - log(-log u).
    override _.Sample(key, draws) =
        withoutGradient (fun () ->
            let place = Placement.like logProbs
            let gumbel = (Key.uniform place (Array.append draws logProbs.shape) key).log().neg().log().neg()
            (logProbs + gumbel).argmax(-1L).to_type place.DType)

    /// The mean of the category's number.
    override _.Mean = expectation id

    override this.Variance = expectation (fun k -> (k - this.Mean.unsqueeze -1L).square())

[<RequireQualifiedAccess>]
module Categorical =
    /// Categorical by its logits.
    let create (logits: Tensor) = Categorical.Create logits
