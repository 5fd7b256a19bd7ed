(**
---
title: KL between laws on finitely many values
category: Derivations
categoryindex: 2
index: 6
description: The Kullback-Leibler divergence between categorical and between Bernoulli laws, in forms that do not cancel.
---

# KL between laws on finitely many values

For laws that give the values $1, \dots, n$ the probabilities $q_i$ and $p_i$ the definition is a finite sum,

$$\mathrm{KL}(q \,\|\, p) = \sum_i q_i \log\frac{q_i}{p_i},$$

with $0 \log 0 = 0$. There is nothing to derive but forms of it that keep their digits.
*)

(*** hide ***)
#load "../scripts/load.fsx"

open System
open TorchSharp
open Vae.Core

let vector (place: Placement) (values: float list) =
    Tensor.ofArray place [| int64 values.Length |] (List.toArray values)

let number = Tensor.toFloat
let f64 = Placement.float64

(**
## Categorical laws

The sum has terms of both signs, so that for close laws large parts of it cancel. Both laws sum to one, so
$\sum_i (p_i - q_i) = 0$ may be added. With $d_i = \log q_i - \log p_i$,

$$\mathrm{KL}(q \,\|\, p) = \sum_i \left(q_i d_i + p_i - q_i\right) = \sum_i q_i \left(d_i + e^{-d_i} - 1\right).$$

No term is negative now, as $e^{-d} \ge 1 - d$. Where $|d_i| < 1$ the library uses the form on the right, with
$e^{-d} - 1$ computed by `expm1`; elsewhere the one on the left, which needs no quotient of small numbers.
A second law with more categories than the first misses their probability in the sum, which is added to it.

A category that cannot be, as a masked action or a class that does not occur, has $\log p_i = -\infty$: it is a logit of
$-\infty$, or a probability of $0$. Where $q_i = 0$ the term is $p_i$, and where $p_i = 0 < q_i$ the divergence is infinite.
Such terms are kept apart from the others, so that neither $\infty - \infty$ nor its gradient comes up:

*)

let even, masked =
    Categorical.ofProbs (vector f64 [ 1.0; 1.0; 1.0 ]), Categorical.ofLogits (vector f64 [ 0.5; -infinity; 0.1 ])

printfn "KL(masked || even) = %.12f" (number (Kl.exact masked even))
printfn "KL(even || masked) = %g" (number (Kl.exact even masked))
printfn "entropy of masked  = %.12f" (number masked.Entropy.Value)

(*** include-output ***)

(**
In float32, two laws whose first logits differ by a thousandth:
*)

let single = vector Placement.float32
let double = vector Placement.float64
let logits = [ 1.0; 0.2; -0.5; 0.3 ]
let moved = [ 1.001; 0.2; -0.5; 0.3 ]

let summed (logits: Tensor) (moved: Tensor) =
    let logQ, logP = logits.log_softmax -1L, moved.log_softmax -1L
    number ((logQ.exp () * (logQ - logP)).sum())

printfn "by the sum, float32       %.6e" (summed (single logits) (single moved))

printfn
    "by the library, float32   %.6e"
    (number (Kl.exact (Categorical.ofLogits (single logits)) (Categorical.ofLogits (single moved))))

printfn
    "by the library, float64   %.6e"
    (number (Kl.exact (Categorical.ofLogits (double logits)) (Categorical.ofLogits (double moved))))

(*** include-output ***)

(**
## Bernoulli laws by their logits

A Bernoulli law with logit $a$ gives $1$ the probability $\sigma(a) = 1 / (1 + e^{-a})$, and
$\log\sigma(a) = a - \log(1 + e^a)$, $\log(1 - \sigma(a)) = -\log(1 + e^a)$. The two terms of the sum are

$$\mathrm{KL}(a \,\|\, b) = \sigma(a)(a - b) + \log(1 + e^b) - \log(1 + e^a).$$

For large $a$ this is a small difference of large numbers, and so it is for $a$ near $b$. The library takes the two values
as categories instead, whose $d$ are $\log\sigma(a) - \log\sigma(b)$ and $\log\sigma(-a) - \log\sigma(-b)$: logarithms of
$\sigma$ are exact in both tails, and the terms are small where the divergence is. Probabilities in place of logits would have
been rounded to one long before. A certain outcome is a logit of $\pm\infty$.
*)

for a, b in [ 200.0, 0.0; 0.0, 40.0; 400.0, -400.0 ] do
    printfn "KL(%4g || %4g) = %.12f" a b (number (Kl.exact (Bernoulli.OfLogits a) (Bernoulli.OfLogits b)))

printfn "log 2 = %.12f, 20 - log 2 = %.12f" (log 2.0) (20.0 - log 2.0)

printfn "KL(0.3 || 0.300001)   = %.9e" (number (Kl.exact (Bernoulli.OfLogits 0.3) (Bernoulli.OfLogits 0.300001)))
printfn "sigma (1 - sigma) / 2 * 1e-12 = %.9e" (0.5e-12 * number (Bernoulli.OfLogits 0.3).Variance)

(*** include-output ***)
