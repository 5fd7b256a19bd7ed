(**
---
title: KL between laws of proportions
category: Derivations
categoryindex: 2
index: 5
description: Beta, Dirichlet, Kumaraswamy and continuous Bernoulli laws, with their divergences in forms that do not cancel.
---

# KL between laws of proportions

*)

(*** hide ***)
#load "../scripts/load.fsx"

open System
open TorchSharp
open Vae.Core

let vector (values: float list) = Tensor.ofArray Placement.float64 [| int64 values.Length |] (List.toArray values)

let number = Tensor.toFloat
let nats q p = number (Kl.exact q p)

/// E_q of log q - log p over the quantiles of q from both ends, by the double exponential rule.
let quadrature (q: Univariate) (p: Univariate) =
    let nodes, reach = 4001L, 3.0
    let t = torch.linspace (0.0, reach, nodes, dtype = torch.ScalarType.Float64)
    let s = t.sinh () * Math.PI.ToScalar()
    let tail = s.neg().sigmoid()
    let weight = t.cosh () * Math.PI.ToScalar() * tail * s.sigmoid ()

    let half (x: Tensor) =
        let terms = weight * (q.LogProb x - p.LogProb x)
        number (terms.sum ()) - 0.5 * number terms[0L]

    (half (q.Quantile tail) + half (q.UpperQuantile tail)) * reach / float (nodes - 1L)

let show (q: Univariate) (p: Univariate) =
    printfn "%-20s closed form %.10f   quadrature %.10f" q.Name (nats q p) (quadrature q p)

(**
## Dirichlet and Beta

The Dirichlet law on vectors of positive numbers whose sum is 1 has the density

$$p(x) = \frac{1}{B(\alpha)}\prod_i x_i^{\alpha_i - 1}, \qquad B(\alpha) = \frac{\prod_i\Gamma(\alpha_i)}{\Gamma(n)},\quad
n = \sum_i\alpha_i.$$

The derivative of $\log B$ by $\alpha_i$ is $\mathbb E\log x_i = \psi(\alpha_i) - \psi(n)$, and so

$$\mathrm{KL}(q\,\|\,p) = \log\frac{B(\alpha_p)}{B(\alpha_q)} + \sum_i(\alpha_{q,i} - \alpha_{p,i})\left(\psi(\alpha_{q,i}) - \psi(n_q)\right).$$

With $h(\alpha) = \log\Gamma(\alpha) - \alpha\log\alpha + \alpha$ and $D_h(a, b) = h(a) - h(b) - h'(b)(a - b)$, as for the gamma law,
it is

$$\mathrm{KL}(q\,\|\,p) = n_p\,\mathrm{KL}(m_p\,\|\,m_q) + \sum_i D_h(\alpha_{p,i}, \alpha_{q,i}) - D_h(n_p, n_q),$$

where $m = \alpha/n$ are the means, read as probabilities of a finite law. That is what the library computes; the large parts of
the log-gamma functions are in the first term, by its own form without cancellation.

`Beta(concentration1, concentration0)` is the law of the first of two such numbers, and has the same divergence.
*)

show (Beta(2.0, 3.0)) (Beta(1.5, 3.5))
show (Beta(0.5, 3.0)) (Beta(3.0, 2.0))

let dirichlet (values: float list) = Dirichlet(vector values)
let q, p = dirichlet [ 0.5; 2.0; 3.0 ], dirichlet [ 1.0; 1.0; 1.0 ]
let drawn = Kl.estimate (Key.ofSeed 1) 100_000 q p

printfn
    "Dirichlet            closed form %.10f   Monte Carlo %.4f +- %.4f"
    (nats q p)
    (number drawn.Mean)
    (number drawn.StandardError)

printfn ""

printfn
    "entropy of Beta(.05, .1)   %.12f   (50-digit arithmetic: -12.471716423944)"
    (number (Beta(0.05, 0.1)).Entropy.Value)

(*** include-output ***)

(**
## Continuous Bernoulli

The likelihood $\lambda^x(1-\lambda)^{1-x}$ of a Bernoulli law, read at every $x$ of $[0, 1]$, is a density after division by its
integral (Loaiza-Ganem and Cunningham, 2019). By the logit $\eta = \log\frac{\lambda}{1-\lambda}$ it is

$$p(x) = e^{\eta x - A(\eta)}, \qquad A(\eta) = \log\int_0^1 e^{\eta x}dx = \log\frac{e^\eta - 1}{\eta},$$

with mean $A'(\eta)$, variance $A''(\eta)$ and entropy $A(\eta) - \eta A'(\eta)$. Within 1 of $\eta = 0$, where the fraction is $0/0$,
these are the power series

$$A(\eta) = \frac\eta2 + \sum_{n\ge1}\frac{B_{2n}}{2n\,(2n)!}\,\eta^{2n},$$

with Bernoulli numbers $B_{2n}$. For large logits $A(\eta) = \max(\eta, 0) - \log|\eta| + \log(1 - e^{-|\eta|})$ has no exponential that
overflows. The divergence is that of an exponential family,

$$\mathrm{KL}(q\,\|\,p) = A(\eta_p) - A(\eta_q) - A'(\eta_q)(\eta_p - \eta_q).$$
*)

show (ContinuousBernoulli.OfLogits -3.0) (ContinuousBernoulli.OfLogits 1.5)
show (ContinuousBernoulli.OfLogits -500.0) (ContinuousBernoulli.OfLogits 20.0)
show (ContinuousBernoulli.OfLogits 0.0) (ContinuousBernoulli.OfLogits 1e-3)
printfn ""

for logit in [ -500.0; -1.0; 0.0; 1e-4; 20.0; 500.0 ] do
    let law = ContinuousBernoulli.OfLogits logit
    printfn "logit %-7g  mean %.12f   variance %.6e" logit (number law.Mean) (number law.Variance)

(*** include-output ***)

(**
## Kumaraswamy

$P(X > x) = (1 - x^a)^b$. With $y = -\log(1 - x^a)$, which is exponential with rate $b$: $\mathbb E\log(1 - x^a) = -1/b$ and
$\mathbb E\log x = -H_b/a$, where $H_b = \psi(b + 1) + \gamma$. The divergence needs $\mathbb E_q\log(1 - x^{a_p})$, an integral that
closes in three cases.

* $a_q = a_p$: it is $-1/b_q$, and the divergence that of the exponential laws of $y$, $\log\frac{b_q}{b_p} + \frac{b_p}{b_q} - 1$.
* $b_q = 1$: $x$ is a power of a uniform number, and with $c = a_p/a_q$ it is $-\psi(1 + 1/c) - \gamma$.
* $b_p = 1$: it is not asked for.

Elsewhere `Kl.exact` refuses, and `Kl.between` estimates.
*)

show (Kumaraswamy(2.0, 3.0)) (Kumaraswamy(2.0, 1.5))
show (Kumaraswamy(2.5, 1.0)) (Kumaraswamy(0.6, 4.0))
show (Kumaraswamy(0.5, 3.0)) (Kumaraswamy(2.0, 1.0))

(*** include-output ***)
