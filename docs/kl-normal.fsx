(**
---
title: KL between normal laws
category: Derivations
categoryindex: 2
index: 1
description: The Kullback-Leibler divergence between normal laws, derived step by step and checked by computation.
---

# KL between normal laws

A variational autoencoder charges each example the divergence of its posterior $q(z|x)$ from the prior $p(z)$:

$$\mathrm{KL}(q \,\|\, p) = \mathbb{E}_q\left[\log q(z) - \log p(z)\right].$$

The expectation is taken under the first law; the logarithm is natural, so the unit is the nat.
This page derives the closed forms that the library uses between normal laws, from that definition alone, and computes
every number it shows while it is built.
*)

(*** hide ***)
#r "nuget: Plotly.NET, 6.0.0"

(** *)
#load "../scripts/load.fsx"

open System
open TorchSharp
open Vae.Core

let ofList (shape: int list) values =
    Tensor.ofArray Placement.float64 (shape |> List.map int64 |> List.toArray) (List.toArray values)

let vector (values: float list) = ofList [ values.Length ] values
let matrix (rows: float list list) = ofList [ rows.Length; rows.Head.Length ] (List.concat rows)

let number = Tensor.toFloat
let nats q p = number (Kl.exact q p)

(**
## One dimension

Let $q = N(\mu, \sigma^2)$ and $p = N(\nu, \tau^2)$. The logarithm of a normal density is

$$\log q(z) = -\frac{(z-\mu)^2}{2\sigma^2} - \log\sigma - \tfrac12\log 2\pi .$$

Two expectations under $q$ are all that is needed. By the definition of a variance
$\mathbb{E}_q (z-\mu)^2 = \sigma^2$; and as $z - \nu = (z - \mu) + (\mu - \nu)$, whose first part has mean zero,
$\mathbb{E}_q (z-\nu)^2 = \sigma^2 + (\mu-\nu)^2$. Hence

$$\begin{aligned}
\mathbb{E}_q \log q &= -\tfrac12 - \log\sigma - \tfrac12\log 2\pi, \\
\mathbb{E}_q \log p &= -\frac{\sigma^2 + (\mu-\nu)^2}{2\tau^2} - \log\tau - \tfrac12\log 2\pi ,
\end{aligned}$$

and their difference is

$$\mathrm{KL}(q\,\|\,p) = \frac12\left[\frac{\sigma^2}{\tau^2} - 1 - \log\frac{\sigma^2}{\tau^2}
+ \frac{(\mu-\nu)^2}{\tau^2}\right].$$

With the difference of log-scales $d = \log\sigma - \log\tau$ it reads

$$\mathrm{KL}(q\,\|\,p) = \frac12\left(e^{2d} - 1 - 2d\right) + \frac12\left(\frac{\mu-\nu}{\tau}\right)^2 .$$

As $e^x \ge 1 + x$, with equality at $0$ only, neither part is negative, and both vanish only where the laws are equal.

The library's closed form, the defining integral by the trapezoid rule, and the mean of $\log q - \log p$ over draws of
$q$ with its standard error:
*)

let q1, p1 = Normal(0.7, 0.5), Normal(-0.2, 1.3)

let integrand z =
    let at (law: Distribution) = number (law.LogProb(Tensor.scalar Placement.float64 z))
    exp (at q1) * (at q1 - at p1)

/// The trapezoid rule over 12 standard deviations on each side, where the integrand has died out.
let integral =
    let step = 0.05
    step * Seq.sum (seq { for i in -120 .. 120 -> integrand (0.7 + float i * step) })

let sampled = Kl.estimate (Key.ofSeed 1) 200_000 q1 p1

printfn "closed form  %.12f nats" (nats q1 p1)
printfn "quadrature   %.12f" integral
printfn "Monte Carlo  %.4f +- %.4f" (number sampled.Mean) (number sampled.StandardError)

(*** include-output ***)

(**
## Independent dimensions: a sum

Let both laws be products over the coordinates of $z$: $\log q(z) = \sum_i \log q_i(z_i)$, and $p$ likewise. An
expectation is linear, and each term depends on one coordinate, so

$$\mathrm{KL}(q\,\|\,p) = \sum_i \mathbb{E}_{q}\left[\log q_i(z_i) - \log p_i(z_i)\right] = \sum_i \mathrm{KL}(q_i\,\|\,p_i).$$

Against the standard normal prior, with $\nu_i = 0$ and $\tau_i = 1$, this is the term of the first VAE
(Kingma and Welling, 2014):

$$\mathrm{KL} = \frac12\sum_i\left(\mu_i^2 + \sigma_i^2 - 1 - \log\sigma_i^2\right).$$

`Independent.create 1` makes one event of a vector of normals, and `Kl.tryPerDimension` keeps the terms apart:
*)

let q = Independent.create 1 (Normal(vector [ 0.3; -0.2 ], vector [ 0.5; 0.8 ]))
let standard = Independent.create 1 (Normal(vector [ 0.0; 0.0 ], vector [ 1.0; 1.0 ]))
let terms = Kl.tryPerDimension q standard |> Option.get |> Tensor.toArray

printfn "terms  %.6f + %.6f = %.6f" terms[0] terms[1] (Array.sum terms)
printfn "total  %.6f" (nats q standard)

(*** include-output ***)

(**
## Full covariances, by the Cholesky factor

Let $q = N(\mu, S)$ and $p = N(\nu, T)$ in $k$ dimensions, with $S = RR^\top$ and $T = LL^\top$, where $R$ and $L$ are
lower triangular with a positive diagonal.

**To white coordinates.** An invertible change of variables multiplies both densities by the same factor, which cancels
in $\log q - \log p$: the divergence stays. Take $y = L^{-1}(z - \nu)$. Then $p$ becomes $N(0, I)$ and $q$ becomes $N(m, C)$
with

$$m = L^{-1}(\mu-\nu), \qquad C = L^{-1}S\,L^{-\top} = WW^\top, \qquad W = L^{-1}R .$$

**Two expectations.** Under $q$, $\mathbb{E}\,(y-m)^\top C^{-1}(y-m) = \operatorname{tr} C^{-1}C = k$ and
$\mathbb{E}\,|y|^2 = \operatorname{tr} C + |m|^2$, so

$$\begin{aligned}
\mathbb{E}_q \log q &= -\tfrac12 k - \tfrac12\log|C| - \tfrac k2\log 2\pi, \\
\mathbb{E}_q \log p &= -\tfrac12\left(\operatorname{tr} C + |m|^2\right) - \tfrac k2\log 2\pi .
\end{aligned}$$

**Back again.** $\operatorname{tr} C = \|W\|_F^2$, the sum of the squares of all entries, and
$\tfrac12\log|C| = \log|R| - \log|L|$, which are sums of logarithms of diagonals. Together

$$\mathrm{KL}(q\,\|\,p) = \frac12\left[\|L^{-1}R\|_F^2 + |L^{-1}(\mu-\nu)|^2 - k\right] + \log|L| - \log|R| .$$

This is what the code computes: two triangular solves, no inverse, no determinant, and no covariance that rounding could
have made indefinite. In terms of the covariances it is the textbook's

$$\mathrm{KL}(q\,\|\,p) = \frac12\left[\operatorname{tr}(T^{-1}S) + (\mu-\nu)^\top T^{-1}(\mu-\nu) - k + \log\frac{|T|}{|S|}\right].$$

Here both ways, the second by an inverse and determinants:
*)

let s, t = matrix [ [ 0.6; -0.2 ]; [ -0.2; 0.3 ] ], matrix [ [ 2.0; 0.8 ]; [ 0.8; 0.5 ] ]
let zero, shift = vector [ 0.0; 0.0 ], vector [ 1.0; 0.5 ]
let cholesky (covariance: Tensor) = torch.linalg.cholesky covariance
let full, other = MultivariateNormal(zero, cholesky s), MultivariateNormal(shift, cholesky t)

let textbook =
    let inverse = torch.linalg.inv t
    let trace = number (inverse.matmul(s).trace())
    let square = number (shift.dot (inverse.matmul shift))
    let logDet (covariance: Tensor) = log (number (torch.linalg.det covariance))
    0.5 * (trace + square - 2.0 + logDet t - logDet s)

printfn "by the factors      %.12f" (nats full other)
printfn "by the covariances  %.12f" textbook

(*** include-output ***)

(**
## A diagonal posterior against a correlated prior

The model of the README has the prior $N(0, \Sigma)$ and a posterior of independent normals, $R = \operatorname{diag}\sigma$:

$$\Sigma = \begin{pmatrix} 1 & 0.4 \\ 0.4 & 0.5 \end{pmatrix}, \qquad |\Sigma| = 0.34, \qquad
L = \begin{pmatrix} 1 & 0 \\ 0.4 & \sqrt{0.34} \end{pmatrix}, \qquad
\Sigma^{-1} = \frac{1}{0.34}\begin{pmatrix} 0.5 & -0.4 \\ -0.4 & 1 \end{pmatrix}.$$

Only the diagonal of $\Sigma^{-1}$ meets the variances, and the formula becomes

$$\begin{aligned}
2\,\mathrm{KL} = {} & \frac{0.5\,\sigma_1^2 + \sigma_2^2}{0.34}
+ \frac{0.5\,\mu_1^2 - 0.8\,\mu_1\mu_2 + \mu_2^2}{0.34} \\
& - 2 + \log 0.34 - \log\sigma_1^2 - \log\sigma_2^2 .
\end{aligned}$$

It is smallest at $\mu = 0$ and $\sigma_i^2 = 1 / (\Sigma^{-1})_{ii}$, and there it is not zero but
$\tfrac12\log(0.5/0.34)$: no product of independent laws is the correlated one, and a diagonal posterior pays at least that
much for every example.

Closed form, written-out formula, the definition by the trapezoid rule over a grid of the plane, and Monte Carlo:
*)

let sigma = matrix [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ]
let factor = cholesky sigma
let prior = MultivariateNormal(zero, factor)

let written =
    let m1, m2, s1, s2 = 0.3, -0.2, 0.5, 0.8
    let spread = (0.5 * s1 * s1 + s2 * s2) / 0.34
    let moved = (0.5 * m1 * m1 - 0.8 * m1 * m2 + m2 * m2) / 0.34
    0.5 * (spread + moved - 2.0 + log 0.34 - log (s1 * s1) - log (s2 * s2))

let overPlane =
    let step = 0.1
    let axis centre = torch.arange (-80, 81, dtype = torch.ScalarType.Float64) * step.ToScalar() + centre
    let z = torch.cartesian_prod [| axis (0.3.ToScalar()); axis (-0.2.ToScalar()) |]
    let logQ, logP = q.LogProb z, prior.LogProb z
    step * step * number ((logQ.exp () * (logQ - logP)).sum())

let drawn = Kl.estimate (Key.ofSeed 2) 200_000 q prior
let best = Independent.create 1 (Normal(zero, vector [ sqrt (0.34 / 0.5); sqrt 0.34 ]))

printfn "closed form  %.12f nats" (nats q prior)
printfn "written out  %.12f" written
printfn "quadrature   %.12f" overPlane
printfn "Monte Carlo  %.4f +- %.4f" (number drawn.Mean) (number drawn.StandardError)
printfn ""
printfn "the least    %.12f nats" (nats best prior)
printfn "by formula   %.12f" (0.5 * log (0.5 / 0.34))

(*** include-output ***)

(**
## Why $\tfrac12(\operatorname{expm1} 2d - 2d)$

With a log-variance $v = \log\sigma^2$ and $\tau = 1$ the part of the scales is often written $-\tfrac12(1 + v - e^v)$. In
exact arithmetic that is the same. In float32 it adds numbers near $1$, which are rounded to multiples of $2^{-23}$ or
$2^{-24}$, to get a result near $v^2/4$: for a posterior close to its prior nothing is left but the rounding, and the result can
be negative. The function $\operatorname{expm1} x = e^x - 1$ is accurate relative to $x$ itself, so what is rounded
is of the size of $v$ and not of $1$.

The same scales, which are float32 numbers, in the naive form, by the library, and in float64:
*)

let naive (scale: float32) =
    let v = 2.0f * MathF.Log scale
    -0.5f * (1.0f + v - MathF.Exp v)

let scaleOnly place scale =
    let at value = Tensor.ofArray place [||] [| value |]
    nats (Normal(at 0.0, at scale)) (Normal(at 0.0, at 1.0))

let digits (value: float) = value.ToString "0.000000e+00"

printfn "scale       naive, float32   library, float32   library, float64"

for scale in [ 2.0f; 1.1f; 1.01f; 1.001f; 1.0003f; 1.0001f; 1.00001f ] do
    let library place = digits (scaleOnly place (float scale))
    let single, double = library Placement.float32, library Placement.float64
    printfn "%-8.5f %17s %18s %18s" scale (digits (float (naive scale))) single double

(*** include-output ***)

(**
## A sampler and a KL of two different laws

The study that this library starts from draws its correlated latents by multiplying rows of noise with the Cholesky
factor of $\Sigma$ and scaling the result,

    z = mu + sigma * (eps @ L)

and charges the closed form of the section above, for $N(\mu, \operatorname{diag}\sigma^2)$. These are two laws.

**What is drawn.** A row $\varepsilon$ times $L$ is, as a column, $L^\top\varepsilon^\top$, whose covariance is $A = L^\top L$ and
not $LL^\top = \Sigma$. With $D = \operatorname{diag}\sigma$ the latent is drawn from $\tilde q = N(\mu, DAD)$.

**What is charged.** $\mathrm{KL}(N(\mu, D^2)\,\|\,N(0,\Sigma))$. The means cancel in the difference, and so does
$\log|D|$:

$$\mathrm{KL}(\tilde q\,\|\,p) - \mathrm{KL}_{\text{charged}}
= \frac12\left[\operatorname{tr}\left(\Sigma^{-1}D(A - I)D\right) - \log|A|\right].$$

As $\sigma\to0$ the trace vanishes. $|A| = |L|^2 = |\Sigma| = 0.34$, so the gap tends to $-\tfrac12\log 0.34$: every
example is charged that much too little.
*)

let a = factor.t().matmul factor

/// The covariance of a million rows of noise times the factor.
let measured =
    let rows = (Key.normal Placement.float64 [| 1_000_000L; 2L |] (Key.ofSeed 3)).matmul factor
    rows.t().matmul rows / (1e6).ToScalar()

let show (square: Tensor) =
    let m = Tensor.toArray square
    sprintf "[[%.4f, %.4f], [%.4f, %.4f]]" m[0] m[1] m[2] m[3]

printfn "Sigma          %s" (show sigma)
printfn "L'L            %s" (show a)
printfn "of eps @ L     %s" (show measured)
printfn "limit of gap   %.6f nats" (-0.5 * log (number (torch.linalg.det a)))

(*** include-output ***)

(**
What is charged, what is owed, and the gap by the formula, at $\mu = (0.3, -0.2)$ for equal scales:
*)

let loc = vector [ 0.3; -0.2 ]

/// loc + scale * noise, for noise of a covariance.
let lawOf covariance (scale: float) =
    let factor = cholesky covariance * scale.ToScalar()
    MultivariateNormal(loc, factor)

let klOfNoise covariance scale = nats (lawOf covariance scale) prior

let identity = torch.eye (2L, dtype = torch.ScalarType.Float64)
let charged = klOfNoise identity
let owed = klOfNoise a

let gap (scale: float) =
    let inner = (a - identity) * (scale * scale).ToScalar()
    let trace = number (torch.linalg.inv(sigma).matmul(inner).trace())
    0.5 * (trace - log (number (torch.linalg.det a)))

printfn "scale     charged      owed   owed - charged   by formula   with L' for L"

for scale in [ 1e-6; 0.05; 0.2; 0.5; 1.0 ] do
    let cheap, dear = charged scale, owed scale
    printf "%-7g %9.4f %9.4f %16.4f" scale cheap dear (dear - cheap)
    printfn " %12.4f %15.4f" (gap scale) (klOfNoise sigma scale)

(*** include-output ***)

(**
The last column is the divergence owed by noise of covariance $\Sigma$, as was meant, from `eps @ L'`. It is not what is
charged either: to transpose the factor mends the sampler, but the noise has to be white for the closed form of a diagonal
posterior to hold. Either the posterior is diagonal and its noise is white, or it has a full covariance and is charged for
it.

In this library the mistake has no place to be written. A law is one value, which both draws and scores; `Kl.exact` takes
two such values, and nothing takes a mean and a log-variance and assumes the rest.

The divergence from the prior along equal scales, charged, owed, and owed by draws:
*)

(*** hide ***)
open Plotly.NET

let scales = [ for i in 1..75 -> 0.02 * float i ]
let dots = [ 0.05; 0.2; 0.4; 0.6; 0.8; 1.0; 1.2; 1.4 ]

let estimates =
    dots
    |> List.map (fun scale -> number (Kl.estimate (Key.ofSeed 4) 10_000 (lawOf a scale) prior).Mean)

[
    Chart.Line(
        x = scales,
        y = List.map charged scales,
        Name = "charged: N(μ, D²)",
        LineDash = StyleParam.DrawingStyle.Dash
    )
    Chart.Line(x = scales, y = List.map owed scales, Name = "owed: N(μ, DL'LD)")
    Chart.Point(x = dots, y = estimates, Name = "owed, by 10,000 draws")
]
|> Chart.combine
|> Chart.withXAxisStyle "scale of the posterior"
|> Chart.withYAxisStyle "nats"
|> Chart.withLegendStyle (Orientation = StyleParam.Orientation.Horizontal, Y = -0.2)
|> Chart.withLayoutStyle (
    PaperBGColor = Color.fromString "transparent",
    PlotBGColor = Color.fromString "transparent",
    Font = Font.init (Color = Color.fromHex "#808080")
)
|> Chart.withConfigStyle (Responsive = true, DisplayModeBar = false)
|> Chart.withMarginSize (Left = 50, Right = 10, Top = 10, Bottom = 40)
|> GenericChart.mapLayout (fun layout ->
    // Without a width of its own the chart is as wide as the page.
    layout.RemoveProperty "width" |> ignore
    layout.SetProperty("height", 420)
    layout)
|> GenericChart.toChartHTML

(*** include-it-raw ***)

(**
The mistake does more than shift the loss. Along equal scales $\sigma_1 = \sigma_2 = s$ a divergence from $p$ is
$\tfrac12 s^2\operatorname{tr}(\Sigma^{-1}M) - 2\log s$ and a constant, where $M$ is the covariance of the noise, so it is
smallest at $s^2 = 2 / \operatorname{tr}(\Sigma^{-1}M)$. For $M = I$, which is charged, and $M = A$, which is drawn, these are
different scales: the loss asks for narrower posteriors than its own samples should have.
*)

let preferred (covariance: Tensor) =
    let whitened = torch.linalg.inv(sigma).matmul covariance
    sqrt (2.0 / number (whitened.trace ()))

printfn "charged least at s = %.4f" (preferred identity)
printfn "owed least at    s = %.4f" (preferred a)

(*** include-output ***)

(**

## The rules

What `Kl.exact` knows between the laws of this page, with the formulas as the code states them. In them $S$ and $T$ are
covariances, $\sigma$ and $\tau$ standard deviations.
*)

(*** hide ***)
Kl.rules.All
|> Array.filter (fun rule -> rule.Page = "kl-normal")
|> Array.map (fun rule ->
    let p = if rule.P = typeof<Independent> then "Independent(Normal)" else rule.P.Name
    let q = if rule.Q = typeof<Independent> then "Independent(Normal)" else rule.Q.Name
    $"<tr><td>%s{q}</td><td>%s{p}</td><td><span class=\"math\">\\(%s{rule.Tex}\\)</span></td></tr>")
|> String.concat "\n"
|> fun rows ->
    $"<div class=\"wide\"><table><thead><tr><th>q</th><th>p</th><th>KL(q || p)</th></tr></thead><tbody>%s{rows}</tbody></table></div>"

(*** include-it-raw ***)
