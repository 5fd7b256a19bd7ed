(**
---
title: KL between laws by location and scale
category: Derivations
categoryindex: 2
index: 2
description: Entropies and Kullback-Leibler divergences of Laplace, logistic, Cauchy, Gumbel, uniform, half-normal, half-Cauchy and truncated normal laws, derived and checked by computation.
---

# KL between laws by location and scale

A law by location $\mu$ and scale $s$ is that of $\mu + s\,Z$ for a standard law of $Z$ with density $f$:

$$q(x) = \frac1s f\left(\frac{x-\mu}{s}\right), \qquad H(q) = \log s + H(f).$$

A joint shift and stretch of both laws leaves $\log q - \log p$ as it is, so a divergence depends on the parameters through
$\delta = (\mu_q-\mu_p)/s_p$ and $c = s_q/s_p$ only:

$$\mathrm{KL}(q\,\|\,p) = -H(f) - \log c - \mathbb{E}_f\log f(\delta + cZ).$$

In this page each closed form is shown beside the defining integral. The integral is taken over the quantiles of $q$,
$\int_0^1 [\log q - \log p](Q(u))\,du$ with $u = 1/(1+e^{-\pi\sinh t})$ and the trapezoid rule in $t$, which cuts neither tail.
*)

(*** hide ***)
#load "../scripts/load.fsx"

open System
open TorchSharp
open Vae.Core

let number = Tensor.toFloat

let byQuadrature (q: Univariate) (p: Univariate) =
    let ratio (x: Tensor) = number (q.LogProb x - p.LogProb x)
    let at (u: float) = Tensor.scalar Placement.float64 u
    let step = 1.0 / 64.0

    Seq.sum (
        seq {
            for i in -320 .. 320 do
                let t = step * float i
                let rest = 1.0 / (1.0 + exp (Math.PI * sinh (abs t)))
                let weight = step * Math.PI * cosh t * rest * (1.0 - rest)
                let x = if t < 0.0 then q.Quantile(at rest) else q.UpperQuantile(at rest)
                weight * ratio x
        }
    )

let compare (q: Univariate) (p: Univariate) =
    printfn "closed form  %.12f nats" (number (Kl.exact q p))
    printfn "quadrature   %.12f" (byQuadrature q p)

(**
## Laplace

$f(z) = \tfrac12 e^{-|z|}$, so $H(f) = 1 + \log 2$. All that is needed is the mean distance from a point. For $m \ge 0$

$$\mathbb{E}|Z - m| = m + \int_m^\infty 2\,P(Z > z)\,dz = m + e^{-m},$$

as $|z-m| = (m - z) + 2(z-m)_+$ and $P(Z>z) = \tfrac12e^{-z}$; by symmetry $|m|$ takes the place of $m$. With
$u = |\mu_q-\mu_p|/s_q$

$$\mathrm{KL} = -1 - \log c + c\,(u + e^{-u}) = c\,(e^{-u} - 1 + u) + (c - 1 - \log c) .$$

Neither bracket of the last form is negative, and both are of the form $e^w - 1 - w$, which the library computes without
cancellation. The quadrature agrees to four digits only: it has to step over the kink of $|x-\mu_p|$.
*)

compare (Laplace(0.5, 2.0)) (Laplace(-1.0, 0.7))

(*** include-output ***)

(**
## Cauchy

$f(z) = 1/(\pi(1+z^2))$, $H(f) = \log 4\pi$. The function $\log|x - w|$ with $w = m - i t$ in the lower half plane is the real
part of an analytic function in the upper one, and the Cauchy law with location $\mu$ and scale $s$ is Poisson's kernel
there: the mean of a harmonic function over it is the value at $\mu + i s$. Hence

$$\mathbb{E}_q\log\left((x-m)^2+t^2\right) = \log\left((\mu_q-m)^2 + (s_q+t)^2\right),$$

and with $m = \mu_q$, $t = s_q$ the entropy: $\log\pi s_q^{-1} + \log 4s_q^2 = \log 4\pi s_q$. Together

$$\mathrm{KL} = \log\frac{(s_q+s_p)^2+(\mu_q-\mu_p)^2}{4 s_q s_p},$$

the same in both directions (Chyzak and Nielsen, 2019). For close laws the fraction is near 1. With
$d = \log c$ it is $1 + \sinh^2\tfrac d2 + (\mu_q-\mu_p)^2/(4s_qs_p)$, and `log1p` of what is added to 1 keeps its digits.
*)

compare (Cauchy(0.5, 2.0)) (Cauchy(-1.0, 0.7))
let near = Cauchy(0.5 + 1e-7, 2.0)
printfn "close laws   %.9e, and (m - n)^2 / (4 s t) = %.9e" (number (Kl.exact near (Cauchy(0.5, 2.0)))) (1e-14 / 16.0)

(*** include-output ***)

(**
The half-Cauchy law is the Cauchy law at 0 folded over: both densities double, so the divergence of two is that of
the unfolded laws, $\log\frac{(s_q+s_p)^2}{4s_qs_p} = 2\log\cosh\tfrac d2$, and the entropy is less by $\log 2$.
*)

compare (HalfCauchy 2.0) (HalfCauchy 0.7)

(*** include-output ***)

(**
**Infinite divergences.** Under a Cauchy or half-Cauchy law $\mathbb{E}|x| = \infty$ while the entropy is finite. The negative
log-densities of the normal, half-normal, Laplace, logistic and Gumbel laws grow at least like a multiple of $|x|$ along the tails, so
the divergence from any of these is $+\infty$, whatever the parameters. The library says so:
*)

printfn "KL(Cauchy || Normal)      = %g" (number (Kl.exact (Cauchy(0.0, 0.01)) (Normal(0.0, 100.0))))
printfn "KL(HalfCauchy || Laplace) = %g" (number (Kl.exact (HalfCauchy 0.01) (Laplace(0.0, 100.0))))

(*** include-output ***)

(**
## Logistic

$f(z) = e^{-z}/(1+e^{-z})^2$, which is $F(1-F)$ with $F(z) = 1/(1+e^{-z})$. Under the law $F$ is uniform, so
$H(f) = -\mathbb{E}\log F(1-F) = 2$.

For equal scales $-\log f(Z+\delta) = (Z + \delta) + 2\log(1+e^{-Z-\delta})$. With $U = F(Z)$ uniform and
$a = e^{-\delta}$, $1 + e^{-Z-\delta} = (U + a(1-U))/U$, and

$$\mathbb{E}\log(U + a(1-U)) = \frac{1}{1-a}\int_a^1\log v\,dv = -1 - \frac{a\log a}{1-a} = -1 + \frac{\delta}{e^\delta-1},
\qquad \mathbb{E}\log U = -1 .$$

So $\mathrm{KL} = -2 + \delta + \frac{2\delta}{e^\delta-1} = \delta\coth\frac\delta2 - 2$. For small $\delta$ it is
$\delta^2/6 - \delta^4/360 + \dots$, which the library sums for $|\delta|\le1$. For different scales $U + a(1-U)$ becomes a sum of
different powers, and no closed form is known.
*)

compare (Logistic(0.5, 2.0)) (Logistic(-1.0, 2.0))

(*** include-output ***)

(**
## Gumbel

$f(z) = e^{-z-e^{-z}}$. The number $W = e^{-Z}$ is exponential with mean 1: $\mathbb{E}W = 1$, $\mathbb{E}Z = -\mathbb{E}\log W = \gamma$
and $\mathbb{E}e^{-cZ} = \mathbb{E}W^c = \Gamma(1+c)$. Hence $H(f) = 1+\gamma$ and

$$\mathrm{KL} = -1-\gamma-\log c + \delta + c\gamma + e^{-\delta}\,\Gamma(1+c).$$

With $v = -\delta + \log\Gamma(1+c)$ it is $(e^v - 1 - v) + (\log\Gamma(c) + \gamma(c-1))$. The second part is how far
the convex function $\log\Gamma$ lies above its tangent at 1: neither part is negative.
*)

compare (Gumbel(0.5, 2.0)) (Gumbel(-1.0, 0.7))

(*** include-output ***)

(**
## Uniform

The log-ratio of two uniform densities is the same everywhere on the first interval: $\mathrm{KL} = \log\frac{b_p-a_p}{b_q-a_q}$ where
that lies within the second, and $+\infty$ where it does not.
*)

compare (Uniform(0.0, 1.0)) (Uniform(-1.0, 3.0))
printfn "not within   %g" (number (Kl.exact (Uniform(-1.0, 3.0)) (Uniform(0.0, 1.0))))

(*** include-output ***)

(**
## Half-normal

Folding $N(0,\sigma^2)$ at 0 doubles both densities, and the divergence is that of the normal laws,
$\tfrac12\left(c^2 - 1 - \log c^2\right)$. The entropy is less by $\log 2$.
*)

compare (HalfNormal 2.0) (HalfNormal 0.7)

(*** include-output ***)

(**
## Truncated normal

$q(x) = \frac{1}{\sigma Z}\phi\left(\frac{x-\mu}{\sigma}\right)$ on $[a,b]$ with
$Z = \Phi\left(\frac{b-\mu}{\sigma}\right)-\Phi\left(\frac{a-\mu}{\sigma}\right)$. If $[a_q,b_q]$ lies within $[a_p,b_p]$,

$$\mathrm{KL} = \log\frac{\sigma_pZ_p}{\sigma_qZ_q} + \mathbb{E}_q\left[\frac{(x-\mu_p)^2}{2\sigma_p^2} - \frac{(x-\mu_q)^2}{2\sigma_q^2}\right].$$

Textbooks express the moments by $\phi$ and $\Phi$ at the ends. Thirty standard deviations out $\Phi$ is 1 or 0 in floating point,
and for short intervals all the differences cancel. The library takes the density in units of that at the
interval's point $x_0$ nearest to $\mu$. With $z_0 = |x_0-\mu|/\sigma$ and $t = |x - x_0|/\sigma$ it is $e^{-z_0t-t^2/2}$, which falls
from 1, and Gauss and Legendre's rule with 48 nodes, as far as the integrand is above $e^{-40}$, gives mass, mean, variance, entropy and
the expectation above to the last digits, with positive terms only, and with gradients.
*)

let cut = TruncatedNormal(0.0, 1.0, 30.0, 31.0)
printfn "mean         %.15f" (number cut.Mean)
printfn "variance     %.15e" (number cut.Variance)
compare cut (TruncatedNormal(1.0, 2.0, 29.0, 40.0))

(*** include-output ***)

(**
## Student's law

$\log f_\nu(z) = \log f_\nu(0) - \tfrac{\nu+1}{2}\log(1+z^2/\nu)$. As $1+Z^2/\nu$ is the reciprocal of a
$\mathrm{Beta}(\tfrac\nu2,\tfrac12)$ number, $\mathbb{E}\log(1+Z^2/\nu) = \psi(\tfrac{\nu+1}2)-\psi(\tfrac\nu2)$, and the entropy is

$$H(f_\nu) = \tfrac{\nu+1}{2}\left[\psi(\tfrac{\nu+1}2)-\psi(\tfrac\nu2)\right] + \log\sqrt\nu B(\tfrac\nu2,\tfrac12).$$

Between two of these laws no closed form is known; from a Cauchy law there is one, by the mean of
$\log((x-m)^2+t^2)$ above.
*)

compare (Cauchy(0.5, 2.0)) (StudentT(2.5, -1.0, 0.7))

(*** include-output ***)

(**
## The rules
*)

(*** hide ***)
Kl.rules.All
|> Array.filter (fun rule -> rule.Page = "kl-location-scale")
|> Array.map (fun rule ->
    $"<tr><td>%s{rule.Q.Name}</td><td>%s{rule.P.Name}</td><td><span class=\"math\">\\(%s{rule.Tex}\\)</span></td></tr>")
|> String.concat "\n"
|> fun rows ->
    $"<div class=\"wide\"><table><thead><tr><th>q</th><th>p</th><th>KL(q || p)</th></tr></thead><tbody>%s{rows}</tbody></table></div>"

(*** include-it-raw ***)
