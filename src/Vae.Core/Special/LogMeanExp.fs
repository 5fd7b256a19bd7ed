namespace Vae.Core

open TorchSharp

/// A(t), the log of the integral of e^(t x) over [0, 1], and its derivatives, for tensors of any numbers: by torch's
/// operations, differentiable to any order. Within 1 of 0 by Taylor's series of A(t) - t / 2, which is even.
[<RequireQualifiedAccess>]
module internal LogMeanExp =
    /// B_2n / (2 n (2 n)!) for n = 1, 2, ..., B the Bernoulli numbers: the next term is below 1e-18 of the first at 1.
    let private series =
        let bernoulli = [
            1.0 / 6.0
            -1.0 / 30.0
            1.0 / 42.0
            -1.0 / 30.0
            5.0 / 66.0
            -691.0 / 2730.0
            7.0 / 6.0
            -3617.0 / 510.0
            43867.0 / 798.0
            -174611.0 / 330.0
        ]

        bernoulli
        |> List.mapi (fun i b ->
            let n = float (2 * i + 2)
            let factorial = List.reduce (*) [ 1.0 .. n ]
            b / (n * factorial))

    /// The coefficients of the first derivative in odd powers, and of the second in even ones.
    let private slopes = series |> List.mapi (fun i c -> float (2 * i + 2) * c)
    let private bends = slopes |> List.mapi (fun i c -> float (2 * i + 1) * c)

    /// The series within 1 of 0, and a formula of |t| beyond.
    let private split (t: Tensor) (near: Tensor -> Tensor) (far: Tensor -> Tensor -> Tensor) : Tensor =
        let isNear = t.abs().lt(1.0.AsScalar())
        let away = t.masked_fill (isNear, 1.0.AsScalar())
        torch.where (isNear, near (t.masked_fill (isNear.logical_not (), 0.0.AsScalar())), far away (away.abs ()))

    /// A(t) - max(t, 0): never positive, and about -log |t| where t is large.
    let belowHighest (t: Tensor) : Tensor =
        split
            t
            (fun t -> 0.5 .* t - t.relu () .+. t.squared () * Stable.polynomial series (t.squared ()))
            (fun _ size -> size.neg().expm1().neg().log() - size.log ())

    /// A(t)
    let value (t: Tensor) : Tensor = t.relu () .+. belowHighest t

    /// 1 / c - 1 / (e^c - 1) for c > 0.
    let private low (c: Tensor) =
        let down = c.neg ()
        c.reciprocal () .+. down.exp () / down.expm1 ()

    /// A'(t), between 0 and 1.
    let slope (t: Tensor) : Tensor =
        split t (fun t -> 0.5 .+ t * Stable.polynomial slopes (t.squared ())) (fun t size ->
            let low = low size
            torch.where (t.lt (0.0.AsScalar()), low, 1.0 .+ low.neg ()))

    /// A''(t), at most 1 / 12.
    let bend (t: Tensor) : Tensor =
        split t (fun t -> Stable.polynomial bends (t.squared ())) (fun _ size ->
            let down = size.neg ()
            size.squared().reciprocal() - down.exp () / down.expm1().squared())

    /// A(t) - t A'(t), at most 0.
    let excess (t: Tensor) : Tensor =
        split
            t
            (fun t ->
                t.squared () * (Stable.polynomial series (t.squared ()) - Stable.polynomial slopes (t.squared ())))
            (fun _ size -> size.neg().expm1().neg().log() - size.log () .+. size * low size)

    /// A(p) - A(q) - A'(q) (p - q), not negative.
    let bregman (p: Tensor) (q: Tensor) : Tensor =
        // A(-t) = A(t) - t, a linear term that does not matter: with q < 0 no large terms are left.
        let sign = 1.0 .+ (-2.0 .* q.detach().gt(0.0.AsScalar()).to_type q.dtype)
        let p, q = sign * p, sign * q
        let d = p - q
        let isFar = d.abs().gt((0.3 .* q.abs ()).clamp_min(1.0.AsScalar()))
        let near = Bregman.near bend q (d.masked_fill (isFar, 0.0.AsScalar()))
        torch.where (isFar, value p - value q - slope q * d, near)
