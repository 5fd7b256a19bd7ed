(**
---
title: KL between laws of counts
category: Derivations
categoryindex: 2
index: 7
description: Masses, entropies and divergences of binomial, Poisson, geometric and related laws, of relaxed laws, and of points.
---

# KL between laws of counts

This page derives what the library computes for laws of counts, for the relaxed laws on $(0, 1)$, and for the law
without spread. Logits are written $a = \log\tfrac{p}{1-p}$, so that $p = \sigma(a)$ and $1 - p = \sigma(-a)$.
*)

(*** hide ***)
#load "../scripts/load.fsx"

open System
open TorchSharp
open Vae.Core

let at (x: float) = Tensor.scalar Placement.float64 x

let vector (values: float list) = Tensor.ofArray Placement.float64 [| int64 values.Length |] (List.toArray values)

let number = Tensor.toFloat
let nats q p = number (Kl.exact q p)

/// The sum of q (log q - log p) over the counts 0 .. 9999 that q can give.
let summed (q: Distribution) (p: Distribution) =
    let k = torch.arange (10000, dtype = torch.ScalarType.Float64)
    let logQ = q.LogProb k
    let ratio = (logQ - p.LogProb k).masked_fill(logQ.isinf (), (0.0).ToScalar())
    number ((logQ.exp () * ratio).sum())

let compare (q: Distribution) (p: Distribution) =
    printfn "%-16s || %-16s  rule %.15f   sum %.15f" q.Name p.Name (nats q p) (summed q p)

(**
## Masses without large terms

The log-mass of a Poisson law, $k \log\lambda - \lambda - \log k!$, is of size 10 at $k = \lambda = 10^6$, but its terms are of
size $10^7$: nine digits are lost. Loader's remedy is to take Stirling's main term out of the factorial. With
$\log x! = x \log x - x + g(x)$, where $g(0) = 0$ and $g(x) \approx \tfrac12 \log 2\pi x + \tfrac{1}{12x}$ has a short series,

$$\log p(k) = -g(k) - D(k, \lambda), \qquad D(x, m) = x \log\tfrac{x}{m} + m - x \ge 0.$$

$D$ is the deviance; near $x = m$ it is computed as $x\,(u - \log(1+u))$, $u = m/x - 1$, by a series. The binomial mass,
the multinomial one, and by $\tfrac{\Gamma(k+r)}{\Gamma(r)\,k!} = \tfrac{r}{r+k}\binom{k+r}{k}$ the negative binomial one, are
of the same kind:

$$\log \binom{n}{k} p^k (1-p)^{n-k} = g(n) - g(k) - g(n-k) - D(k, np) - D(n-k, n(1-p)).$$

For a Beta-binomial law the main terms are those of the table with rows $(k, n-k)$ and $(\alpha, \beta)$. With
$N = n + \alpha + \beta$, they sum to minus the deviance of its four entries from what its rows and columns would give if they
were independent,

$$-D\left(k, \tfrac{n(k+\alpha)}{N}\right) - D\left(n-k, \tfrac{n(n-k+\beta)}{N}\right)
- D\left(\alpha, \tfrac{(\alpha+\beta)(k+\alpha)}{N}\right) - D\left(\beta, \tfrac{(\alpha+\beta)(n-k+\beta)}{N}\right),$$

and a Dirichlet-multinomial law has the same with more columns. In 50-digit arithmetic the three numbers below are
-7.8266938955201431, -7.1026175052542413 and -7.2184963409966683:
*)

printfn "Poisson(1e6) at 1000000           %.16f" (number ((Poisson 1e6).LogProb(at 1e6)))
printfn "Binomial(1e6, logit 0.5) at 622459 %.16f" (number (Binomial.OfLogits(1e6, 0.5).LogProb(at 622459.0)))
printfn "BetaBinomial(1e6, 1e6, 2e6)       %.16f" (number (BetaBinomial(1e6, 1e6, 2e6).LogProb(at 333333.0)))

let n, k, p = at 1e6, at 622459.0, 1.0 / (1.0 + exp -0.5)

let naive =
    (n + 1.0.ToScalar()).lgamma() - (k + 1.0.ToScalar()).lgamma() - (n - k + 1.0.ToScalar()).lgamma()
    + k * (log p).ToScalar()
    + (n - k) * (log (1.0 - p)).ToScalar()

printfn "the binomial by log-gammas        %.16f" (number naive)

(*** include-output ***)

(**
## Poisson laws

The factorials of both laws are the same and leave the difference, so only $\mathbb{E}_q k = \lambda_q$ is needed:

$$\mathrm{KL} = \mathbb{E}_q\left[k \log\tfrac{\lambda_q}{\lambda_p}\right] - \lambda_q + \lambda_p
= \lambda_q \log\tfrac{\lambda_q}{\lambda_p} + \lambda_p - \lambda_q = D(\lambda_q, \lambda_p).$$

It is the deviance again, and keeps its digits for close rates. The entropy has no closed form: it is summed over all counts
that matter to rounding, and from $\lambda = 10^4$ on it is
$\tfrac12 \log 2\pi e\lambda - \tfrac{1}{12\lambda} - \tfrac{1}{24\lambda^2} - \tfrac{19}{360\lambda^3}$.
*)

compare (Poisson 0.9) (Poisson 2.2)
printfn "KL(Poisson 1e6 || Poisson 1000001) = %.15e" (nats (Poisson 1e6) (Poisson 1000001.0))

(*** include-output ***)

(**
## Geometric and negative binomial laws

`Geometric` counts the failures before the first success. Its mass is $(1-p)^k p$ and its mean $(1-p)/p = e^{-a}$, so

$$\mathrm{KL} = \log\tfrac{\sigma(a_q)}{\sigma(a_p)} + e^{-a_q} \log\tfrac{\sigma(-a_q)}{\sigma(-a_p)},$$

which is the divergence of one trial, $\mathrm{KL}(\mathrm{Bernoulli}(a_q)\,\|\,\mathrm{Bernoulli}(a_p))$, times the mean number
of trials, $1/\sigma(a_q)$. The entropy is $-\log p - \tfrac{1-p}{p}\log(1-p)$.

`NegativeBinomial` counts the successes before $r$ failures: for equal $r$ the binomial coefficients leave the difference, and
it is $r$ times the divergence of geometric laws with the two outcomes exchanged. For different $r$ there is
$\mathbb{E}_q \log\Gamma(k + r_p)$, which has no closed form, unless the first law has no successes: then it is $-\log p(0)$.

The entropy of a negative binomial law needs $\mathbb{E}\log\tfrac{\Gamma(k+r)}{\Gamma(r)\,k!}$. Malmsten's integral for
$\log\Gamma$ gives it as

$$\int_0^\infty \left(\mathbb{E}e^{-kt} - 1\right) \frac{e^{-rt} - e^{-t}}{1 - e^{-t}}\,\frac{dt}{t},
\qquad \mathbb{E}e^{-kt} = \left(1 + e^{a}(1 - e^{-t})\right)^{-r},$$

whose integrand is analytic in $\log t$, so that the trapezoidal rule is exact to rounding. It holds for means that no sum
could reach.
*)

compare (Geometric.OfLogits 0.4) (Geometric.OfLogits -0.3)
compare (NegativeBinomial.OfLogits(1.7, -0.6)) (NegativeBinomial.OfLogits(1.7, 0.3))

let entropySum (law: Distribution) =
    let logMass = law.LogProb(torch.arange (10000, dtype = torch.ScalarType.Float64))
    number ((logMass.exp () * logMass).sum().neg())

let law = NegativeBinomial.OfLogits(3.5, 1.0)
printfn "entropy of NegativeBinomial(3.5, logit 1): %.15f, summed %.15f" (number law.Entropy.Value) (entropySum law)

printfn
    "entropy of NegativeBinomial(3.5, logit 60): %.12f"
    (number (NegativeBinomial.OfLogits(3.5, 60.0)).Entropy.Value)

printfn "entropy of Geometric at p = 0.01: %.12f" (number (Geometric.OfProbs 0.01).Entropy.Value)

(*** include-output ***)

(**
## Binomial laws, and finite sums

For equal totals the coefficients leave the difference, and $\mathrm{KL}$ is $n$ times that of single trials. A first law with
the larger total has counts that the second cannot give: the divergence is infinite. With the smaller total there remains
$\mathbb{E}_q \log\tfrac{n_q!\,(n_p-k)!}{n_p!\,(n_q-k)!}$, which is summed over the counts.

Sums over finitely many counts are exact, so a first law on $0, \dots, n$ has a rule against every law of counts:
Bernoulli and categorical laws, and binomial and Beta-binomial ones, which are categorical laws by their masses.
*)

compare (Binomial.OfLogits(5.0, 1.0)) (Binomial.OfLogits(5.0, -0.4))
compare (Binomial.OfLogits(3.0, 1.0)) (Binomial.OfLogits(5.0, -0.4))
compare (Bernoulli.OfLogits 0.8) (Poisson 2.2)
compare (Categorical.ofLogits (vector [ 0.1; 1.0; -2.0 ])) (Geometric.OfLogits -0.3)
compare (Binomial.OfLogits(5.0, -0.4)) (NegativeBinomial.OfLogits(1.7, 0.3))
compare (BetaBinomial(4.0, 0.7, 2.0)) (Binomial.OfLogits(5.0, -0.4))
printfn "Bernoulli at logit 200 against Poisson(1): %.12f" (nats (Bernoulli.OfLogits 200.0) (Poisson 1.0))

(*** include-output ***)

(**
## One-hot and multinomial laws

A one-hot law is a categorical one in other clothes, and its divergence the same. A multinomial law is the sum of $n$ draws
of it; the coefficients are the same in both laws, and $\mathbb{E}_q x_i = n q_i$, so

$$\mathrm{KL} = \mathbb{E}_q \sum_i x_i \log\tfrac{q_i}{p_i} = n \sum_i q_i \log\tfrac{q_i}{p_i}$$

for equal totals. Different totals exclude each other: the divergence is infinite.

Each count of a multinomial law is binomial by itself. That makes its entropy a sum over single counts,
$-\log n! - n \sum p_i \log p_i + \sum_i \mathbb{E} \log x_i!$, and with Stirling's main terms taken out it is
$-g(n) + \sum_i \mathbb{E}\left[g(x_i) + D(x_i, n p_i)\right]$.
*)

let multinomial logits = Multinomial.ofLogits (at 4.0) (vector logits)
let q, p' = multinomial [ 0.1; 1.0; -2.0 ], multinomial [ 0.5; 0.0; 0.3 ]
let estimate = Kl.estimate (Key.ofSeed 1) 100000 q p'
printfn "rule %.6f, over draws %.6f +- %.6f" (nats q p') (number estimate.Mean) (number estimate.StandardError)

(*** include-output ***)

(**
## Relaxed Bernoulli laws

`RelaxedBernoulli` is the law of $x = \sigma\left((a + L)/\tau\right)$, $L$ standard logistic. Divergences do
not change when both laws are mapped by one invertible function, so $\log\tfrac{x}{1-x}$ may be looked at in place of $x$: it
is logistic with location $a/\tau$ and scale $1/\tau$. Scaled by $\tau$, two laws of one temperature are standard logistic laws
moved to $a_q$ and $a_p$. With $\delta = a_q - a_p$ and the logistic density $f(s) = \sigma(s)\sigma(-s)$,

$$\mathrm{KL} = \mathbb{E}\left[\log f(L) - \log f(L + \delta)\right].$$

As $\log f(s) = -s - 2 \log(1 + e^{-s})$, and the entropy of the logistic law is $2$,

$$\mathrm{KL} = -2 + \delta + 2\,\mathbb{E}\log\left(1 + e^{-L-\delta}\right) .$$

The derivative of the expectation by $\delta$ is $-\mathbb{E}\,\sigma(-L-\delta)$, and $\sigma(-L-\delta)$ is the probability that
another standard logistic number is above $L + \delta$. With $U = \sigma(L)$ uniform it is
$\int_0^1 \tfrac{1-u}{1-u+ue^{\delta}}\,du = \tfrac{1 + (\delta-1)\,e^{\delta}}{(e^{\delta}-1)^2}$, and integrated from
$\mathbb{E}\log(1+e^{-L}) = 1$ at $\delta = 0$ this gives $\mathbb{E}\log(1+e^{-L-\delta}) = \tfrac{\delta}{e^{\delta}-1}$. Hence

$$\mathrm{KL} = \delta + \frac{2\delta}{e^\delta - 1} - 2 = \delta \coth\tfrac{\delta}{2} - 2 .$$

Near $\delta = 0$ it is $\delta^2/6$, and is computed by the series of $x\cosh x - \sinh x$ over $\sinh x$, $x = \delta/2$, all of
whose terms are positive.
*)

let relaxed (temperature: float) (logit: float) = RelaxedBernoulli.OfLogits(temperature, logit)

let quadrature (q: RelaxedBernoulli) (p: RelaxedBernoulli) =
    // The midpoint rule over the probability.
    let n = 200000
    let u = (torch.arange (n, dtype = torch.ScalarType.Float64) + 0.5.ToScalar()) / (float n).ToScalar()
    let x = q.Quantile u
    number ((q.LogProb x - p.LogProb x).mean())

for temperature in [ 0.5; 2.0 ] do
    let q, p = relaxed temperature 1.5, relaxed temperature -1.0
    printfn "temperature %g: rule %.8f, quadrature %.8f" temperature (nats q p) (quadrature q p)

printfn "logits 1e-6 apart: %.12e, and their square / 6 %.12e" (nats (relaxed 1.0 1e-6) (relaxed 1.0 0.0)) (1e-12 / 6.0)

(*** include-output ***)

(**
## Straight-through draws

`RelaxedBernoulli.straightThrough` and `RelaxedOneHotCategorical.straightThrough` give draws of the discrete law, exactly, with
the gradient of the relaxed draw at the same noise. That gradient is biased. For $f(x) = x^2$ and $x \in \{0, 1\}$ the
expectation is $\sigma(a)$, with the derivative $\sigma(a)\sigma(-a)$; the straight-through gradient is the mean of
$2 x_{\text{hard}}\,\tfrac{d x_{\text{soft}}}{d a}$, which is another number:
*)

let hardGradient temperature logit =
    let loss (a: Tensor) =
        let law = RelaxedBernoulli.ofLogits (at temperature) a
        let x = (RelaxedBernoulli.straightThrough law).Draw(Key.ofSeed 4, [| 200000L |])
        x.square().mean()

    number (Diff.grad loss (at logit))

printfn "true gradient %.4f" (number (Bernoulli.OfLogits 0.8).Variance)

for temperature in [ 0.1; 0.5; 1.0 ] do
    printfn "straight through, temperature %.1f: %.4f" temperature (hardGradient temperature 0.8)

(*** include-output ***)

(**
So they are no `Reparameterized`: an objective that asks for an unbiased path does not take one.

## The law without spread

`Delta` puts all probability on one point $x_q$. Its entropy there is $0$, so that $\mathrm{KL}(\mathrm{Delta}\,\|\,p) =
-\log p(x_q)$, for a law of counts a number of nats, for a law with a density a score in the density's units. Against
another point it is $0$ or infinite; any law with spread against a point is infinite.
*)

printfn "%.12f = %.12f" (nats (Delta 0.7) (Normal(0.0, 2.0))) (-(number (Normal(0.0, 2.0).LogProb(at 0.7))))
printfn "%g, %g" (nats (Delta 2.0) (Delta 2.0)) (nats (Delta 2.0) (Delta 3.0))

(*** include-output ***)

(**
## The rules

What `Kl.exact` knows of the laws of this page, with the formulas as the code states them.
*)

(*** hide ***)
Kl.rules.All
|> Array.filter (fun rule -> rule.Page = "kl-counts")
|> Array.map (fun rule ->
    let p = if rule.P = typeof<Distribution> then "any law" else rule.P.Name
    $"<tr><td>%s{rule.Q.Name}</td><td>%s{p}</td><td><span class=\"math\">\\(%s{rule.Tex}\\)</span></td></tr>")
|> String.concat "\n"
|> fun rows ->
    $"<div class=\"wide\"><table><thead><tr><th>q</th><th>p</th><th>KL(q || p)</th></tr></thead><tbody>%s{rows}</tbody></table></div>"

(*** include-it-raw ***)
