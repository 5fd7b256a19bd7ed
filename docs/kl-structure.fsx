(**
---
title: KL between laws made of laws
category: Derivations
categoryindex: 2
index: 10
description: The divergences of products, joint, transformed and masked laws from those of their parts.
---

# KL between laws made of laws

Some laws are made of others: independent numbers side by side, named parts, a law seen through a bijection. Their
divergence is that of what they are made of. The rules of this page look into both laws and ask the table for the parts, so
that a new pair in the table is a new pair for every law that is built from it.
*)

(*** hide ***)
#load "../scripts/load.fsx"

open System
open TorchSharp
open Vae.Core

let vector (values: float list) = Tensor.ofArray Placement.float64 [| int64 values.Length |] (List.toArray values)

let number = Tensor.toFloat
let nats q p = number (Kl.exact q p)

let sampled (q: Distribution) p =
    let estimate = Kl.estimate (Key.ofSeed 1) 100_000 q p
    sprintf "%.4f +- %.4f" (number estimate.Mean) (number estimate.StandardError)

(**
## Products: a sum

If both laws are products over the same coordinates, $q(x) = \prod_i q_i(x_i)$ and $p(x) = \prod_i p_i(x_i)$, the logarithms
are sums, and by linearity of the expectation

$$\mathrm{KL}(q\,\|\,p) = \mathbb{E}_q\sum_i \log\frac{q_i(x_i)}{p_i(x_i)} = \sum_i \mathrm{KL}(q_i\,\|\,p_i),$$

as the $i$-th term depends on $x_i$ alone, which has the law $q_i$ under $q$. `Independent` makes a product of the last
dimensions of a batch; `Product` joins named parts of any kind, and its divergence is known where that of each part is.
*)

let joint (shift: float) =
    Product.create [
        "z", Independent.create 1 (Normal(vector [ shift; 0.3 ], vector [ 0.5; 1.2 ]))
        "switch", Bernoulli.OfLogits(0.4 - shift)
    ]

let q, p = joint 0.0, joint 0.7

for (name, first), (_, second) in List.zip q.Parts p.Parts do
    printfn "%-10s %.12f" name (nats first second)

printfn "%-10s %.12f" "together" (nats q p)
printfn "%-10s %s" "sampled" (sampled q p)

(*** include-output ***)

(**
## Under one bijection: nothing changes

Let $y = f(x)$ with $f$ differentiable and invertible. By the change of variables the laws of $y$ have the densities

$$\tilde q(y) = q(f^{-1}(y))\,\left|\det\frac{\partial f^{-1}}{\partial y}\right|, \qquad
\tilde p(y) = p(f^{-1}(y))\,\left|\det\frac{\partial f^{-1}}{\partial y}\right| .$$

The determinant is the same in both and cancels in $\log\tilde q - \log\tilde p$; what is left, seen at $x = f^{-1}(y)$, is
$\log q(x) - \log p(x)$, and $x$ has the law $q$. So $\mathrm{KL}(\tilde q\,\|\,\tilde p) = \mathrm{KL}(q\,\|\,p)$: a flow that
posterior and prior share costs nothing, and the divergence of two log-normal or two logit-normal laws is that of the normal
laws below them. The rule holds for one and the same transform only; two that differ have no closed form.
*)

let flow =
    Transform.chain [
        Transform.planar (vector [ 0.5; -0.2 ]) (vector [ 1.0; 0.7 ]) (Tensor.scalar Placement.float64 0.1)
        Transform.permute [| 1; 0 |]
        Transform.tanh
    ]

let pair (loc: float) scale = Independent.create 1 (Normal(vector [ loc; 0.0 ], vector [ scale; 1.0 ]))

let seen (law: Distribution) = Transformed.create flow law

printfn "before the flow     %.12f" (nats (pair 0.2 0.5) (pair -0.3 1.0))
printfn "behind it           %.12f" (nats (seen (pair 0.2 0.5)) (seen (pair -0.3 1.0)))
printfn "sampled behind it   %s" (sampled (seen (pair 0.2 0.5)) (seen (pair -0.3 1.0)))

(*** include-output ***)

(**
## Masks: what does not count costs nothing

`Masked` leaves members of a batch out of account, such as missing pixels. Where the mask $m$ is $1$ the divergence is the
law's, where it is $0$ it is $0$:

$$\mathrm{KL}_m(q\,\|\,p) = m\,\mathrm{KL}(q\,\|\,p).$$

Both laws have to be under the same mask: what one counts and the other does not is no divergence of the two.
*)

let mask = torch.tensor [| true; false; true |]

let masked loc = Masked.create mask (Normal(vector loc, vector [ 1.0; 1.0; 1.0 ]))

printfn "%A" (Tensor.toArray (Kl.exact (masked [ 1.0; 1.0; 2.0 ]) (masked [ 0.0; 0.0; 0.0 ])))

(*** include-output ***)

(**
## No spread at all

A `Delta` law puts all probability on one point. Against a law $p$ it has no density, and the divergence is taken relative
to counting the point: with probability $1$ at $x_0$ the expectation of $\log 1 - \log p(x)$ is $-\log p(x_0)$. It is what
remains of an ELBO's KL for a point estimate, and it is not bounded below by zero, since $p$ may be a density.
*)
