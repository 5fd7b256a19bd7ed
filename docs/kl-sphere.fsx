(**
---
title: KL between laws of directions
category: Derivations
categoryindex: 2
index: 8
description: Densities, entropies and divergences of von Mises, von Mises-Fisher and power spherical laws, and of wrapped normals on the Poincare ball, derived and checked by computation.
---

# KL between laws of directions

A latent space need not be flat. On the unit sphere $S^{d-1}$ of $\mathbb{R}^d$ a law's density is with respect to the area,
and there is a law with no preference, the uniform one, whose density is one over

$$|S^{d-1}| = \frac{2\pi^{d/2}}{\Gamma(d/2)} .$$

The laws of this page have an axis $\mu$, a unit vector, and depend on a point $x$ by the cosine $t = \mu^\top x$ alone.
*)

(*** hide ***)
#load "../scripts/load.fsx"

open System
open TorchSharp
open Vae.Core

let scalar (x: float) = Tensor.scalar Placement.float64 x

let vector (values: float list) = Tensor.ofArray Placement.float64 [| int64 values.Length |] (List.toArray values)

let matrix (rows: float list list) =
    Tensor.ofArray
        Placement.float64
        [| int64 rows.Length; int64 rows.Head.Length |]
        (rows |> List.concat |> List.toArray)

let number = Tensor.toFloat
let nats q p = number (Kl.exact q p)

let show (name: string) (q: Distribution) (p: Distribution) =
    let sampled = Kl.estimate (Key.ofSeed 1) 100_000 q p
    printfn "%-34s %12.6f   %12.4f +- %.4f" name (nats q p) (number sampled.Mean) (number sampled.StandardError)

(**
## The law of the cosine

The points with angle $\theta$ from $\mu$ are a sphere of one dimension less and of radius $\sin\theta$. A law with density
$f(\cos\theta)$ therefore has angles with density

$$|S^{d-2}|\, f(\cos\theta) \sin^{d-2}\theta, \qquad 0 < \theta < \pi .$$

Given the angle, the direction about $\mu$ is uniform. So everything about such a law, its normaliser, its mean, its
divergences along one axis and its draws, is a matter of one variable. Write $\mathbb{E}_0$ for the expectation under the
uniform law.

## von Mises-Fisher

$p(x) = C_d(\kappa)\, e^{\kappa\mu^\top x}$. As $\mathbb{E}_0 e^{\kappa t} = \Gamma(\tfrac d2)(\tfrac2\kappa)^{d/2-1} I_{d/2-1}(\kappa)$,

$$C_d(\kappa) = \frac{1}{|S^{d-1}|\,\mathbb{E}_0 e^{\kappa t}} = \frac{\kappa^{d/2-1}}{(2\pi)^{d/2} I_{d/2-1}(\kappa)},
\qquad A_d(\kappa) = \mathbb{E}\,t = \frac{I_{d/2}(\kappa)}{I_{d/2-1}(\kappa)} .$$

The mean of $x$ is $A_d(\kappa)\mu$. The logarithm of the density is linear in $x$, so its expectation needs the mean only:

$$\mathrm{KL}(q\,\|\,p) = \kappa_q A_d(\kappa_q) - \kappa_p A_d(\kappa_q)\,\mu_q^\top\mu_p + \log\frac{C_d(\kappa_q)}{C_d(\kappa_p)} .$$

With $\kappa_p = 0$ the second law is uniform, with $\kappa_q = 0$ the first, and the entropy is $\log|S^{d-1}|$ less the
divergence from the uniform law. In this form a small concentration loses everything: the divergence from the uniform law
is about $\kappa^2/2d$, its terms are not small. The library takes apart what the axes' difference costs,

$$\mathrm{KL}(q\,\|\,p) = D(\kappa_q, \kappa_p) + \kappa_p A_d(\kappa_q)\left(1 - \mu_q^\top\mu_p\right), \qquad
D(\kappa_q, \kappa_p) = \log \mathbb{E}_q e^{z}, \quad z = (\kappa_p - \kappa_q)(t - \mathbb{E}_q t),$$

and as $\mathbb{E}_q z = 0$, near $\kappa_p = \kappa_q$ it is $\log(1 + \mathbb{E}_q[e^z - 1 - z])$, in which no term is negative. The
expectations are integrals over $\theta$ of entire functions, by Gauss's rule over the stretch where the density is within
$e^{-40}$ of its peak. In three dimensions the integrals are elementary,
$\mathbb{E}_0 e^{\kappa t} = \sinh\kappa / \kappa$:
*)

for k in [ 1e-4; 1.0; 30.0; 1e5 ] do
    let law = VonMisesFisher(vector [ 0.6; 0.0; 0.8 ], scalar k)
    // coth k - 1/k, and log(sinh k / k); by their series where k is small.
    let mean = if k < 1e-2 then k / 3.0 - k ** 3.0 / 45.0 else 1.0 / tanh k - 1.0 / k

    let logMean =
        if k < 1e-2 then
            k * k / 6.0 - k ** 4.0 / 180.0
        else
            k + log ((1.0 - exp (-2.0 * k)) / (2.0 * k))

    printfn "k = %-8g  library %.15g   by hand %.15g" k (nats law (SphericalUniform 3)) (k * mean - logMean)

(*** include-output ***)

(**
For other dimensions, closed form and the mean over draws:
*)

let north, east = vector [ 0.6; 0.0; -0.8; 0.0 ], vector [ 0.0; 1.0; 0.0; 0.0 ]
let fisher = VonMisesFisher(north, scalar 3.0)
let uniform = SphericalUniform 4

show "vMF(mu, 3) || vMF(nu, 1.5)" fisher (VonMisesFisher(east, scalar 1.5))
show "vMF(mu, 3) || uniform" fisher uniform
show "uniform || vMF(mu, 3)" uniform fisher

(*** include-output ***)

(**
The draws need the angle's quantile, which is solved for; the gradient of a draw in $\kappa$ is implicit,
$\partial\theta/\partial\kappa = -(\partial F/\partial\kappa) / p(\theta)$, with
$\partial F/\partial\kappa = \int_0^\theta (t - \mathbb{E}\,t)\, p$. This works in every dimension, and no draw is rejected.

## von Mises

On the circle, $d = 2$, an angle $x$ in $[-\pi, \pi]$ stands for the point. $p(x) = e^{\kappa\cos(x - \mu)} / (2\pi I_0(\kappa))$, and
what was said above becomes

$$\mathrm{KL}(q\,\|\,p) = \kappa_q A(\kappa_q) - \kappa_p A(\kappa_q)\cos(\mu_q - \mu_p) + \log\frac{I_0(\kappa_p)}{I_0(\kappa_q)} .$$

By the trapezoidal rule, which is exact to rounding for periodic functions:
*)

let q, p = VonMises(0.5, 2.0), VonMises(-2.5, 0.7)

let circle = torch.linspace (-Math.PI, Math.PI, 201L, dtype = torch.ScalarType.Float64)

let integrand = (q.LogProb circle).exp() * (q.LogProb circle - p.LogProb circle)
let rule = number ((integrand.narrow (0L, 0L, 200L)).sum()) * 2.0 * Math.PI / 200.0

printfn "closed form  %.14f" (nats q p)
printfn "quadrature   %.14f" rule

(*** include-output ***)

(**
## Power spherical

$p(x) \propto (1 + \mu^\top x)^\kappa$ (De Cao and Aziz, 2020). Under the uniform law $s = (1 + t)/2$ has density proportional to
$s^{b-1}(1-s)^{b-1}$ with $b = (d-1)/2$, a Beta law; under this one it is $\mathrm{Beta}(b + \kappa, b)$. So

$$\mathbb{E}_0 s^\kappa = \frac{B(b + \kappa, b)}{B(b, b)} = \frac{\Gamma(b+\kappa)\Gamma(2b)}{\Gamma(2b+\kappa)\Gamma(b)}, \qquad
\mathbb{E}\log s = \psi(b+\kappa) - \psi(2b+\kappa), \qquad \mathbb{E}\,t = \frac{\kappa}{\kappa + d - 1},$$

and with $\log p = \kappa\log s - \log\mathbb{E}_0 s^\kappa - \log|S^{d-1}|$

$$\begin{aligned}
\mathrm{KL}(q\,\|\,\mathrm{uniform}) &= \kappa\,\mathbb{E}_q\log s - \log\mathbb{E}_0 s^\kappa, \\
\mathrm{KL}(\mathrm{uniform}\,\|\,p) &= \log\mathbb{E}_0 s^\kappa - \kappa\left[\psi(b) - \psi(2b)\right], \\
\mathrm{KL}(q\,\|\,p) &= (\kappa_q - \kappa_p)\,\mathbb{E}_q\log s - \log\mathbb{E}_0 s^{\kappa_q} + \log\mathbb{E}_0 s^{\kappa_p}
\quad\text{for } \mu_q = \mu_p, \\
\mathrm{KL}(q\,\|\,\mathrm{vMF}) &= -H(q) - \kappa_p\,\mathbb{E}_q t\;\mu_q^\top\mu_p - \log C_d(\kappa_p) .
\end{aligned}$$

For unequal axes the cross term $\mathbb{E}_q\log(1 + \mu_p^\top x)$ has no closed form, and the rule declines.
*)

let power = PowerSpherical(north, scalar 2.5)

show "PS(mu, 2.5) || uniform" power uniform
show "uniform || PS(mu, 2.5)" uniform power
show "PS(mu, 2.5) || PS(mu, 0.8)" power (PowerSpherical(north, scalar 0.8))
show "PS(mu, 2.5) || vMF(nu, 1.5)" power (VonMisesFisher(east, scalar 1.5))

(*** include-output ***)

(**
## Wrapped normals on the Poincare ball

The ball $|x| < 1/\sqrt c$ with the metric $\lambda_x^2 |dx|^2$, $\lambda_x = 2 / (1 - c|x|^2)$, is hyperbolic space of
curvature $-c$. The exponential map sends tangent vectors $v$ at $\mu$, in an orthonormal frame, to the ball,
one to one: along geodesics, as far as $v$ is long. In polar coordinates about $\mu$ volumes at distance $r$ grow as
$\sinh(\sqrt c\,r)^{d-1}$ where those of the tangent space grow as $(\sqrt c\,r)^{d-1}$, and a volume of the space is
$\lambda_x^d$ times one of coordinates. Hence a normal law of $v$, wrapped so, has the density (Nagano et al., 2019)

$$\log p(x) = \log N(v;\,0, \operatorname{diag}\sigma^2) - (d-1)\log\frac{\sinh\sqrt c\,r}{\sqrt c\,r} + d\log\lambda_x, \qquad r = |v| .$$

Two such laws with one centre and one curvature are images of two normal laws under one bijection, which changes no
divergence: theirs is that of the normal laws in the tangent space. For unequal centres none is known.
*)

let disk scale = WrappedNormal(vector [ 0.3; -0.2 ], vector scale, scalar 0.7)

show "wrapped || wrapped" (disk [ 0.5; 0.8 ]) (disk [ 0.7; 0.4 ])

let normal scale = MultivariateNormal.diagonal (vector [ 0.0; 0.0 ]) (vector scale)

printfn "in the tangent space               %12.6f" (nats (normal [ 0.5; 0.8 ]) (normal [ 0.7; 0.4 ]))

(*** include-output ***)

(**
## The rules
*)

(*** hide ***)
Kl.rules.All
|> Array.filter (fun rule -> rule.Page = "kl-sphere")
|> Array.map (fun rule ->
    $"<tr><td>%s{rule.Q.Name}</td><td>%s{rule.P.Name}</td><td><span class=\"math\">\\(%s{rule.Tex}\\)</span></td><td>%s{rule.Conditions}</td></tr>")
|> String.concat "\n"
|> fun rows ->
    $"<div class=\"wide\"><table><thead><tr><th>q</th><th>p</th><th>KL(q || p)</th><th>where</th></tr></thead><tbody>%s{rows}</tbody></table></div>"

(*** include-it-raw ***)
