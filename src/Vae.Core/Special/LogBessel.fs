namespace Vae.Core

open System
open TorchSharp

/// The modified Bessel function I_v(x) of a fixed order v >= 0, for tensors of x > 0, by torch's operations: differentiable by
/// x to any order. Where r = sqrt(v^2 + x^2) is small it is summed by its power series, beyond by Debye's expansion, whose
/// terms are powers of 1 / r whatever v is.
[<RequireQualifiedAccess>]
module LogBessel =
    /// The r from which Debye's expansion is used: its last term is then below 1e-15.
    let private far = 40.0

    let private terms = 17

    /// The coefficients of u_k(p) = p^k (c_0 + c_1 p^2 + ... + c_k p^2k), k = 0, 1, ... (NIST Handbook of Mathematical
    /// Functions, 10.41.9).
    let private debye =
        let next k (c: float[]) =
            // u' p^2 (1 - p^2) / 2 + the integral of (1 - 5 p^2) u / 8, of the term in p^(k + 2 j).
            let at j = if j >= 0 && j < c.Length then c[j] else 0.0

            Array.init (k + 2) (fun j ->
                let power i = float (k + 2 * i)
                let raised = power j + 1.0

                at j * (power j / 2.0 + 1.0 / (8.0 * raised))
                - at (j - 1) * (power (j - 1) / 2.0 + 5.0 / (8.0 * raised)))

        (0, [| 1.0 |])
        |> Array.unfold (fun (k, c) -> if k = terms then None else Some(c, (k + 1, next k c)))

    /// The sum over k of r^-k times the polynomial in q whose coefficients are c_k.
    let private expansion (c: float[][]) (inverse: Tensor) (q: Tensor) : Tensor =
        let polynomial (c: float[]) = Array.foldBack (fun a (sum: Tensor) -> a .+ q * sum) c (torch.zeros_like q)
        Array.foldBack (fun c (sum: Tensor) -> polynomial c .+. inverse * sum) c (torch.zeros_like q)

    /// The same for the derivatives: sum of (1/2 + k + 2 j) c_kj.
    let private weighted =
        debye |> Array.mapi (fun k -> Array.mapi (fun j c -> (0.5 + float (k + 2 * j)) * c))

    let private constant (like: Tensor) (values: float[]) =
        Tensor.ofArray (Placement.like like) [| int64 values.Length |] values

    /// log of the sum over k >= 1 of (x/2)^2k / (k! (v + 1) ... (v + k)).
    let private series (v: float) (x: Tensor) : Tensor =
        let count = 90
        let logFactors = Array.init count (fun i -> -(log (float (i + 1)) + log (v + float (i + 1))))
        let logs = logFactors |> Array.scan (+) 0.0 |> Array.tail |> constant x
        let powers = constant x (Array.init count (fun i -> 2.0 * float (i + 1)))
        ((0.5 .* x).log().unsqueeze(-1L) * powers .+. logs).logsumexp(-1L)

    let private log1pExp (t: Tensor) = torch.logaddexp (torch.zeros_like t, t)

    /// One formula where r is small and another beyond, each kept away from the other's arguments.
    let private piecewise
        (v: float)
        (x: Tensor)
        (near: Tensor -> Tensor)
        (beyond: Tensor -> Tensor -> Tensor)
        : Tensor =
        let radius (x: Tensor) = if v = 0.0 then x else ((v * v) .+ x.squared ()).sqrt()

        if v >= far then
            beyond x (radius x)
        else
            let edge = (sqrt (far * far - v * v)) .+ torch.zeros_like x
            let isNear = x.lt edge
            let small, large = torch.where (isNear, x, edge), torch.where (isNear, edge, x)
            torch.where (isNear, near small, beyond large (radius large))

    let private checkOrder (v: float) =
        if not (v >= 0.0 && Double.IsFinite v) then
            Check.refuse "order" (Check.number v) "a finite number of at least 0"

    /// log I_v(x), of x's shape. Refuses a negative order.
    let at (order: float) (x: Tensor) : Tensor =
        checkOrder order
        let v = order

        let near (x: Tensor) = v .* (0.5 .* x).log() .+. log1pExp (series v x) - (LogGamma.at (v + 1.0)).AsScalar()

        let beyond (x: Tensor) (r: Tensor) =
            let q = (v .* r.reciprocal ()).squared()
            let sum = expansion debye (r.reciprocal ()) q
            let leading = if v = 0.0 then r else r .+. v .* (x / (v .+ r)).log()
            leading - 0.5 .* ((2.0 * Math.PI) .* r).log() .+. sum.log ()

        Tensor.scoped (fun () -> piecewise v x near beyond)

    /// I_(v+1)(x) / I_v(x), of x's shape, which is also d log I_v(x) / dx - v / x. Refuses a negative order.
    let ratio (order: float) (x: Tensor) : Tensor =
        checkOrder order
        let v = order

        let near (x: Tensor) =
            let above, below = log1pExp (series (v + 1.0) x), log1pExp (series v x)
            (0.5 / (v + 1.0)) .* x * (above - below).exp()

        let beyond (x: Tensor) (r: Tensor) =
            let inverse = r.reciprocal ()
            let q = (v .* inverse).squared()
            // The derivative of Debye's expansion, in which r - v is written x^2 / (r + v).
            let correction = expansion weighted inverse q / expansion debye inverse q
            x / (v .+ r) - x * inverse.squared () * correction

        Tensor.scoped (fun () -> piecewise v x near beyond)
