(**
---
title: KL between laws of positive numbers
category: Derivations
categoryindex: 2
index: 4
description: Gamma, inverse gamma, chi, exponential, Weibull and Pareto laws, with their divergences as sums that do not cancel.
---

# KL between laws of positive numbers

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
    let nodes, reach = 4001L, 3.6
    let t = torch.linspace (0.0, reach, nodes, dtype = torch.ScalarType.Float64)
    let s = t.sinh () * Math.PI.ToScalar()
    let tail = s.neg().sigmoid()
    let weight = t.cosh () * Math.PI.ToScalar() * tail * s.sigmoid ()

    let half (x: Tensor) =
        let terms = weight * (q.LogProb x - p.LogProb x)
        number (terms.sum ()) - 0.5 * number terms[0L]

    (half (q.Quantile tail) + half (q.UpperQuantile tail)) * reach / float (nodes - 1L)

let show (q: Univariate) (p: Univariate) =
    printfn "%-13s closed form %.12f   quadrature %.12f" q.Name (nats q p) (quadrature q p)

(**
## Gamma

With concentration $\alpha$ and rate $\beta$ the density is

$$p(x) = \frac{\beta^\alpha}{\Gamma(\alpha)}\,x^{\alpha-1}e^{-\beta x}, \qquad x > 0.$$

A change of $\alpha$ under the integral of the density, which is 1, gives $\mathbb E\log x = \psi(\alpha) - \log\beta$, and
$\mathbb E\,x = \alpha / \beta$. The log-density is linear in these two statistics, so

$$\mathrm{KL}(q\,\|\,p) = (\alpha_q - \alpha_p)\,\psi(\alpha_q) - \log\frac{\Gamma(\alpha_q)}{\Gamma(\alpha_p)}
+ \alpha_p\log\frac{\beta_q}{\beta_p} + \alpha_q\left(\frac{\beta_p}{\beta_q} - 1\right),$$

and the entropy is $\alpha - \log\beta + \log\Gamma(\alpha) + (1 - \alpha)\,\psi(\alpha)$.

Neither is computed so: for $\alpha = 10^6$ the terms are near $10^7$. Put $h(\alpha) = \log\Gamma(\alpha) - \alpha\log\alpha +
\alpha$, what Stirling's formula leaves of $\log\Gamma$ but for a half of $\log 2\pi/\alpha$, and let
$t = \log\frac{\alpha_q/\beta_q}{\alpha_p/\beta_p}$ be the log of the ratio of the means. Then the large terms cancel by algebra:

$$\mathrm{KL}(q\,\|\,p) = \alpha_p\left(e^t - 1 - t\right) + \big[h(\alpha_p) - h(\alpha_q) - h'(\alpha_q)(\alpha_p - \alpha_q)\big].$$

The first term is what the means are apart, the second what the concentrations are. Both are divergences of a convex function
from its tangent, so neither is negative and nothing cancels between them. For close concentrations the second is
computed as

$$\delta^2\int_0^1 (1 - s)\,h''(\alpha_q + s\delta)\,ds, \qquad \delta = \alpha_p - \alpha_q,\quad h'' = \psi' - 1/\alpha,$$

by twelve nodes of Gauss and Legendre.
*)

show (Gamma(2.5, 3.0)) (Gamma(0.7, 0.2))

printfn ""
printfn "two laws whose concentrations are a part in 10^k apart: this form, and the formula above"

let gap k =
    let a = 1e5
    let b = a * (1.0 + 10.0 ** -k)

    let formula = (a - b) * LogGamma.digamma a - LogGamma.at a + LogGamma.at b

    printfn "10^-%g   %.15e   %.15e" k (nats (Gamma(a, 1.0)) (Gamma(b, 1.0))) formula

List.iter gap [ 1.0; 3.0; 5.0; 7.0; 9.0 ]

(*** include-output ***)

(**
## Special cases and images

`Exponential(rate)` is `Gamma(1, rate)`, and only $e^t - 1 - t$ is left. `Chi2(df)` is `Gamma(df / 2, 1 / 2)`. A divergence does
not change under a bijection of both laws, so $x\mapsto 1/x$ makes of it that of `InverseGamma`, and $x\mapsto\sqrt x$ that of
`Chi`. Their entropies differ from that of the gamma law by the mean of the log of the derivative.
*)

show (Exponential 0.7) (Exponential 2.0)
show (Chi2 3.0) (Chi2 1.0)
show (Chi 3.0) (Chi 1.0)
show (InverseGamma(2.5, 3.0)) (InverseGamma(1.7, 2.0))
printfn ""
printfn "entropy of Chi2(1000)    %.12f   (50-digit arithmetic: 5.218722762887)" (number (Chi2 1000.0).Entropy.Value)

(*** include-output ***)

(**
## Weibull

$(x/\lambda)^k$ is exponential with rate 1 under `Weibull(scale, concentration)`, $\lambda$ the scale and $k$ the concentration.
So $\mathbb E\log x = \log\lambda - \gamma/k$, with $\gamma$ Euler's constant, and
$\mathbb E\,x^r = \lambda^r\,\Gamma(1 + r/k)$. The log-density is $\log k - k\log\lambda + (k-1)\log x - (x/\lambda)^k$. With
$c = k_p/k_q$ and $v = k_p\log\frac{\lambda_q}{\lambda_p} + \log\Gamma(1 + c)$, the log of $\mathbb E_q(x/\lambda_p)^{k_p}$,

$$\mathrm{KL}(q\,\|\,p) = \left(e^v - 1 - v\right) + \left[\log\Gamma(c) + \gamma\,(c - 1)\right].$$

The second bracket is the distance of $\log\Gamma$ at $c$ from its tangent at 1, again not negative.

## Pareto

$\log(x/s)$ is exponential with rate $\alpha$ under `Pareto(scale, alpha)`. For $s_q \ge s_p$

$$\mathrm{KL}(q\,\|\,p) = \log\frac{\alpha_q}{\alpha_p} + \frac{\alpha_p}{\alpha_q} - 1 + \alpha_p\log\frac{s_q}{s_p},$$

and for $s_q < s_p$ it is infinite, as $q$ has probability where $p$ has none.
*)

show (Weibull(2.0, 0.8)) (Weibull(1.0, 1.5))
show (Pareto(2.0, 1.5)) (Pareto(1.0, 3.0))
printfn "Pareto below  %g" (nats (Pareto(1.0, 1.5)) (Pareto(2.0, 3.0)))

(*** include-output ***)

(**
## Draws that can be differentiated

A gamma number has no formula in uniform ones. The library draws $G$ of `Gamma(a + 1, 1)` as the quantile of a uniform number and
takes $\log G + \tfrac1a\log u$ with another one, which has the law of the log of `Gamma(a, 1)` and is finite for every
concentration. The derivative of the quantile is implicit, $-\frac{\partial F/\partial a}{p(x)}$ (Figurnov, Mohamed and Mnih, 2018),
so that it can be taken once. Beta and Dirichlet draws are made of the logs of gamma draws.

The derivative of $\mathbb E\log x$ by the concentration is $\psi'(a)$; by draws:
*)

for a in [ 0.01; 0.5; 3.0; 100.0 ] do
    let n = 20_000L

    let mean (a: Tensor) =
        let law = Gamma(a.expand [| n |], vector [ 1.0 ])
        Gamma.pathwise(law).Draw(Key.ofSeed 1, [||]).log().mean()

    let at = Tensor.scalar Placement.float64 a
    printfn "a = %-5g  by draws %12.5f   trigamma %12.5f" a (number (Diff.diff mean at)) (LogGamma.trigamma a)

(*** include-output ***)
