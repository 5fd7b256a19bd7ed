namespace Vae.Core

open TorchSharp

/// y = x + u' tanh(w . x + b), for vectors x of k numbers, where u' is u moved along w so that
/// w . u' = softplus(w . u) - 1 > -1, by which the map is a bijection for any u.
/// D. J. Rezende and S. Mohamed, "Variational inference with normalizing flows", 2015, equation 10 and appendix A.1.
[<Sealed>]
type PlanarTransform private (u: Tensor, w: Tensor, b: Tensor) =
    inherit VectorTransform(Array.last w.shape)

    let dot (a: Tensor) (b: Tensor) = (a * b).sum(-1L, keepdim = true)

    /// 1 + w . u', and u'.
    let constrained () =
        let along = dot w u
        let s = Logistic.softplus along
        s, u .+. (-1.0 .+ s - along) * w / dot w w

    let preactivation x = dot w x .+. b.unsqueeze -1L

    /// From u and w [batch..., k], and b [batch...]. Refuses values that are not finite, and w of length 0.
    static member Create(u: Tensor, w: Tensor, b: Tensor) =
        Check.finite (nameof u) u
        Check.finite (nameof w) w
        Check.finite (nameof b) b
        let k = Check.vectors (nameof w) w

        if Check.vectors (nameof u) u <> k then
            Check.refuse (nameof u) $"of shape %s{Check.shape u.shape}" $"[batch..., %d{k}], as w has %d{k} numbers"

        fit (nameof u) u (nameof w) w
        Check.together (nameof w) w (nameof b) b
        let batch = fst (Shape.splitLast 1 w.shape)
        Shape.broadcast (nameof w) batch (nameof b) b.shape |> ignore
        use _ = torch.NewDisposeScope()
        Check.positive $"the squared length of %s{nameof w}" (w.squared().sum(-1L))
        PlanarTransform(u, w, b)

    /// The direction that points are moved in, before its constraint.
    member _.U = u
    /// The direction that points are looked at along.
    member _.W = w
    /// What is added to w . x.
    member _.B = b

    override _.Name = "planar"

    override _.Map x =
        let _, u = constrained ()
        x .+. u * (preactivation x).tanh()

    /// a = w . x + b solves a + (w . u') tanh a = w . y + b; then x = y - u' tanh a.
    override _.Back y =
        let s, u = constrained ()
        let a = TanhEquation.solve s (preactivation y)
        y - u * a.tanh ()

    /// log(1 + (w . u') (1 - tanh^2 a))
    override _.LogSlope(x, _) =
        let s, _ = constrained ()
        (TanhEquation.logSlope s (preactivation x)).squeeze -1L
