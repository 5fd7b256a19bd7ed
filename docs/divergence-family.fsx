(**
---
title: Divergences beside KL
category: Derivations
categoryindex: 2
index: 12
description: Renyi's divergence, chi-squared and Hellinger's distance by one integral; total variation, Wasserstein and MMD.
---

# Divergences beside KL

Each is a value, a `Discrepancy`, with a closed form where one is known and an estimator from draws: `Discrepancy.exact`,
`Discrepancy.estimate` and `Discrepancy.between` take it. KL itself is one, `Kl.discrepancy`.
*)

(*** hide ***)
#load "../scripts/load.fsx"

open System
open TorchSharp
open Vae.Core

let number = Tensor.toFloat

(**
## One integral, three divergences

The **Chernoff integral** of order $a$ is

$$J_a(q, p) = \log \int q(x)^a\, p(x)^{1-a}\, dx.$$

Three divergences are functions of it:

$$R_a(q \,\|\, p) = \frac{J_a}{a - 1}, \qquad \chi^2(q \,\|\, p) = \int \frac{(q-p)^2}{p} = e^{J_2} - 1, \qquad
H^2(q, p) = 1 - \int \sqrt{q p} = 1 - e^{J_{1/2}}.$$

So the library states $J_a$ once for each family. Let $m$ be the law whose density is proportional to $q^a p^{1-a}$, that is
$\log m = a \log q + (1 - a) \log p - J_a$. Its expectation under $m$ is

$$J_a(q, p) = -a\, \mathrm{KL}(m \,\|\, q) - (1 - a)\, \mathrm{KL}(m \,\|\, p).$$

In an exponential family $m$ is a law of the family, with the natural parameters $a\,\theta_q + (1-a)\,\theta_p$: gamma laws mix
their concentrations and rates, Bernoulli laws their logits. The right side is then made of rules for KL which do not cancel
where the laws are close. Outside of $0 < a < 1$ the mixed parameters may be none of a law: there the integral diverges. For
normal laws, with $v = a\sigma_p^2 + (1-a)\sigma_q^2$,

$$J_a = -\tfrac12\left[\log\frac{v}{\sigma_q^{2(1-a)}\sigma_p^{2a}} + \frac{a(1-a)(\mu_q-\mu_p)^2}{v}\right].$$

Two gamma laws, by these and from draws:
*)

let q, p = Gamma(2.6, 1.7), Gamma(4.3, 1.2)
let key = Key.ofSeed 1

for measure in [ Renyi.order 0.5; Renyi.order 1.0; Renyi.order 1.5; ChiSquared.discrepancy; Hellinger.squared ] do
    let estimate = Discrepancy.estimate key 100000 measure q p

    printfn
        "%-29s %.5f  from draws %.5f +- %.5f"
        measure.Name
        (number (Discrepancy.exact measure q p))
        (number estimate.Mean)
        (number estimate.StandardError)

(*** include-output ***)

(**
Renyi's divergence does not decrease with its order, and is KL at order 1; so $\chi^2 \ge e^{\mathrm{KL}} - 1$. Where the
integral diverges an estimate from draws is finite all the same: the closed form is to be asked first.

## KL both ways

`ReverseKl` is $\mathrm{KL}(p \,\|\, q)$, and `Jeffreys` the sum of both. `JensenShannon` compares both laws with their even
mixture $m$: as $\log q/m = \log 2 - \log(1 + p/q) \le \log 2$, it is at most $\log 2$, and each draw is.

## Total variation

Half of $\int |q - p|$ is $\mathbb{E}_q[(1 - p/q)_+]$, which draws of $q$ estimate and which lies between 0 and 1. For normal laws
of one scale the densities cross in the middle, so that the distance is

$$2\,\Phi\!\left(\frac{|\mu_q-\mu_p|}{2\sigma}\right) - 1 = \operatorname{erf}\frac{|\mu_q-\mu_p|}{2\sqrt2\,\sigma}.$$

For exponential laws with the rates $\lambda_1 < \lambda_2$ and $t = \log\lambda_2/\lambda_1$ they cross where
$e^{-(\lambda_2-\lambda_1)x} = \lambda_1/\lambda_2$, and the difference of the survivals there is
$e^{-t/(e^t-1)}(1 - e^{-t})$.

## Wasserstein-2

The least $\mathbb{E}|x-y|^2$ over all ways to draw $x$ of $q$ and $y$ of $p$ together. On the line both are drawn by their
quantiles of one uniform number, which is also the estimator. For normal laws with the factors $L_q$, $L_p$ of their covariances
Bures' formula is

$$W_2^2 = |\mu_q-\mu_p|^2 + \operatorname{tr}\left(\Sigma_q + \Sigma_p - 2(\Sigma_q^{1/2}\Sigma_p\Sigma_q^{1/2})^{1/2}\right)
= |\mu_q-\mu_p|^2 + \min_R |L_q - L_p R|^2,$$

over rotations $R$. The trace of the root is the sum of the singular values of $L_q^\top L_p = U S V^\top$, and $R = V U^\top$
gives it: the right side is a sum of squares, which close laws do not cancel in.
*)

let loc = Tensor.ofArray Placement.float64 [| 2L |] [| 0.0; 0.0 |]
let tril (values: float[]) = Tensor.ofArray Placement.float64 [| 2L; 2L |] values
let wide = MultivariateNormal(loc, tril [| 1e4; 0.0; 8e3; 9e3 |])
let sigma = wide.ScaleTril.matmul (wide.ScaleTril.t ())
let roots = torch.linalg.svdvals (wide.ScaleTril.t().matmul wide.ScaleTril)

printfn "a law and itself, by traces       %.1e" (number (2.0.ToScalar() * (sigma.trace () - roots.sum ())))
printfn "a law and itself, by the rotation %.1e" (number (Discrepancy.exact Wasserstein2.squared wide wide))

(*** include-output ***)

(**
## Maximum mean discrepancy

With a kernel $k$, and independent $x, x' \sim q$ and $y, y' \sim p$,

$$\mathrm{MMD}^2 = \mathbb{E}\,k(x, x') + \mathbb{E}\,k(y, y') - 2\,\mathbb{E}\,k(x, y).$$

From $n$ draws of each, the mean of $h_{ij} = k(x_i,x_j) + k(y_i,y_j) - k(x_i,y_j) - k(x_j,y_i)$ over $i \ne j$ is unbiased. Its
variance is $\frac{4(n-2)\zeta_1 + 2\zeta_2}{n(n-1)}$ with $\zeta_1 = \mathrm{Cov}(h_{12}, h_{13})$ and
$\zeta_2 = \mathrm{Var}(h_{12})$, each estimated without bias from the same draws.
*)

let x, y = Normal(0.0, 1.0).Sample(key, [| 500L |]), Normal(0.5, 1.0).Sample(Key.ofSeed 2, [| 500L |])

for kernel in
    [
        Kernel.gaussian 1.0
        Kernel.laplacian 1.0
        Kernel.inverseMultiquadric 1.0
        Kernel.rationalQuadratic 1.0 1.0
    ] do
    let mmd = Mmd.estimate kernel x y
    printfn "%-38s %.4f +- %.4f" kernel.Name (number mmd.Mean) (number mmd.StandardError)

// With v the variance of x - y and m its mean, E k(x, y) = e^(-m^2 / 2 (1 + v)) / sqrt (1 + v) for the gaussian kernel.
printfn "%-38s %.4f" "gaussian(1), exactly" (2.0 / sqrt 3.0 * (1.0 - exp (-0.25 / 6.0)))

(*** include-output ***)

(**
## Mixtures

KL between mixtures has no closed form. KL is convex in the pair of laws, so that $\sum_{ij} w_i v_j\, \mathrm{KL}(q_i \,\|\, p_j)$ is
above it (`convexUpperBound`). The pair of a component and a point has the divergence
$\mathrm{KL}(w \,\|\, v) + \sum_i w_i\, \mathrm{KL}(q_i \,\|\, p_i)$, and the point alone has less (`matchedUpperBound`).
Hershey and Olsen's $\sum_i w_i \log\frac{\sum_{i'} w_{i'} e^{-\mathrm{KL}(q_i \| q_{i'})}}{\sum_j v_j e^{-\mathrm{KL}(q_i \| p_j)}}$ is
near it, on no known side (`variationalApproximation`).
*)

let mixture (weights: float list) (locs: float list) =
    let vector (values: float list) = Tensor.ofArray Placement.float64 [| int64 values.Length |] (List.toArray values)
    let scales = [ for _ in locs -> 0.6 ]
    Mixture.create (Categorical.ofLogits (vector (List.map log weights))) (Normal(vector locs, vector scales))

let first, second = mixture [ 0.3; 0.7 ] [ -1.0; 1.2 ], mixture [ 0.6; 0.4 ] [ -0.7; 1.6 ]
let sampled = Kl.estimate key 100000 first second

printfn "KL from draws              %.4f +- %.4f" (number sampled.Mean) (number sampled.StandardError)
printfn "convex upper bound         %.4f" (number (MixtureKl.convexUpperBound first second))
printfn "matched upper bound        %.4f" (number (MixtureKl.matchedUpperBound first second))
printfn "variational approximation  %.4f" (number (MixtureKl.variationalApproximation first second))

(*** include-output ***)
