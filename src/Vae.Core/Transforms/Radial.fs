namespace Vae.Core

open TorchSharp

/// y = x + b (x - centre) / (alpha + |x - centre|), for vectors x of k numbers, with b = softplus(beta) - alpha > -alpha,
/// by which the map is a bijection for any beta.
/// D. J. Rezende and S. Mohamed, "Variational inference with normalizing flows", 2015, equation 14 and appendix A.2.
[<Sealed>]
type RadialTransform private (centre: Tensor, alpha: Tensor, beta: Tensor) =
    inherit VectorTransform(Array.last centre.shape)

    let length (t: Tensor) = t.norm (-1, true, 2.0f)
    let alphas () = alpha.unsqueeze -1L
    let shrunk () = (Logistic.softplus beta).unsqueeze -1L

    /// From centre [batch..., k], alpha and beta [batch...]. Refuses an alpha that is not positive.
    static member Create(centre: Tensor, alpha: Tensor, beta: Tensor) =
        Check.finite (nameof centre) centre
        Check.positive (nameof alpha) alpha
        Check.finite (nameof beta) beta
        Check.vectors (nameof centre) centre |> ignore
        fit (nameof alpha) alpha (nameof beta) beta
        Check.together (nameof centre) centre (nameof alpha) alpha
        let batch = fst (Shape.splitLast 1 centre.shape)
        Shape.broadcast (nameof centre) batch (nameof alpha) alpha.shape |> ignore
        Shape.broadcast (nameof centre) batch (nameof beta) beta.shape |> ignore
        RadialTransform(centre, alpha, beta)

    /// What points are moved towards or away from.
    member _.Centre = centre
    /// The distance over which the movement fades.
    member _.Alpha = alpha
    /// How far points are moved, before its constraint.
    member _.Beta = beta

    override _.Name = "radial"

    /// With s = softplus(beta) the distance r to the centre becomes r (r + s) / (alpha + r).
    override _.Map x =
        let offset = x - centre
        let r = length offset
        centre .+. offset * (r .+. shrunk ()) / (r .+. alphas ())

    /// The positive root of r^2 + (s - q) r - alpha q = 0 where q is the distance of y, in the form that does not cancel.
    override _.Back y =
        let offset = y - centre
        let q, s, alpha = length offset, shrunk (), alphas ()
        let d = q - s
        let sum = d.abs () .+. (d.squared () .+. 4.0 .* (alpha * q)).sqrt()
        let r = torch.where (d.ge (0.0.AsScalar()), 0.5 .* sum, 2.0 .* (alpha * q) / sum)
        centre .+. offset * (r .+. alpha) / (r .+. s)

    /// (k - 1) log((r + s) / (alpha + r)) + log((r^2 + 2 alpha r + alpha s) / (alpha + r)^2)
    override this.LogSlope(x, _) =
        let r, s, alpha = length (x - centre), shrunk (), alphas ()
        let outer = (r .+. alpha).log()
        let across = (r .+. s).log() - outer
        let along = (r.squared () .+. alpha * (2.0 .* r .+. s)).log() - 2.0 .* outer
        (float (this.Size - 1L) .* across .+. along).squeeze -1L
