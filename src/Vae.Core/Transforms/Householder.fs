namespace Vae.Core

open TorchSharp

/// Reflections x - 2 v (v . x) / |v|^2.
module internal Reflections =
    let one (v: Tensor) (x: Tensor) : Tensor =
        let along = (v * x).sum(-1L, keepdim = true) / v.squared().sum(-1L, keepdim = true)
        x - 2.0 .* (along * v)

    let private all indices (vectors: Tensor) (x: Tensor) =
        (x, indices) ||> Seq.fold (fun x i -> one (vectors.select (-2L, i)) x)

    /// By each of vectors [..., n, k] in order.
    let forward (vectors: Tensor) x = all (seq { 0L .. vectors.shape[vectors.shape.Length - 2] - 1L }) vectors x

    /// By each of vectors [..., n, k] in the reverse order: the inverse and the transpose of `forward`.
    let backward (vectors: Tensor) x = all (seq { vectors.shape[vectors.shape.Length - 2] - 1L .. -1L .. 0L }) vectors x

    /// Refuses what is not [batch..., n, k] with n >= 1, and vectors of length 0.
    let check argument (vectors: Tensor) =
        Check.finite argument vectors

        if vectors.dim () < 2L || Seq.contains 0L vectors.shape then
            Check.refuse argument $"of shape %s{Check.shape vectors.shape}" "[batch..., n, k], n vectors of k numbers"

        use _ = torch.NewDisposeScope()
        Check.positive $"the squared length of %s{argument}" (vectors.squared().sum(-1L))

/// y = H_n ... H_1 x with reflections H_i x = x - 2 v_i (v_i . x) / |v_i|^2: an orthogonal map that any vectors make.
/// J. M. Tomczak and M. Welling, "Improving variational auto-encoders using Householder flow", 2016.
[<Sealed>]
type HouseholderTransform private (vectors: Tensor) =
    inherit VectorTransform(Array.last vectors.shape)

    /// From vectors [batch..., n, k]. Refuses a vector of length 0.
    static member Create(vectors: Tensor) =
        Reflections.check (nameof vectors) vectors
        HouseholderTransform vectors

    /// The vectors that are reflected, [batch..., n, k].
    member _.Vectors = vectors

    override _.Name = "householder"
    override _.Map x = Reflections.forward vectors x
    override _.Back y = Reflections.backward vectors y

    /// 0
    override _.LogSlope(x, _) = noSlope x
