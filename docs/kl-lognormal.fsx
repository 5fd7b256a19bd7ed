(**
---
title: KL between lognormal and logit-normal laws
category: Derivations
categoryindex: 2
index: 3
description: Divergences of images of normal laws are those of the normal laws. Entropies, moments, and checks by computation.
---

# KL between lognormal and logit-normal laws

Let $y = g(x)$ for a smooth bijection $g$ and $x$ of one of two laws with densities $q$ and $p$. The densities of $y$ are
$q(x)\,|g'(x)|^{-1}$ and $p(x)\,|g'(x)|^{-1}$ with $x = g^{-1}(y)$. The slope cancels in the ratio, and

$$\mathrm{KL}(q_g\,\|\,p_g) = \mathrm{KL}(q\,\|\,p).$$

The lognormal law is that of $e^x$, the logit-normal law that of $1/(1+e^{-x})$, for $x$ of $N(\mu,\sigma^2)$. So for both

$$\mathrm{KL} = \frac12\left[\frac{\sigma_q^2}{\sigma_p^2} - 1 - \log\frac{\sigma_q^2}{\sigma_p^2} + \frac{(\mu_q-\mu_p)^2}{\sigma_p^2}\right].$$

It is the divergence [between normal laws](kl-normal.html), computed by the same code.
*)

(*** hide ***)
#load "../scripts/load.fsx"

open TorchSharp
open Vae.Core

let number = Tensor.toFloat

let compare (q: Distribution) (p: Distribution) =
    let sampled = Kl.estimate (Key.ofSeed 1) 200_000 q p

    printfn
        "%-12s closed form %.9f, Monte Carlo %.4f +- %.4f"
        q.Name
        (number (Kl.exact q p))
        (number sampled.Mean)
        (number sampled.StandardError)

(** *)
compare (Normal(0.3, 0.5)) (Normal(-0.2, 1.7))
compare (LogNormal(0.3, 0.5)) (LogNormal(-0.2, 1.7))
compare (LogitNormal(0.3, 0.5)) (LogitNormal(-0.2, 1.7))

(*** include-output ***)

(**
## Entropies

With the slope the entropy changes: $H(q_g) = H(q) + \mathbb{E}\log|g'(x)|$.

For $e^x$ the log-slope is $x$: $H = \mu + \tfrac12\log 2\pi e\sigma^2$, and the moments are
$\mathbb{E}\,y^r = \mathbb{E}\,e^{rx} = e^{r\mu+r^2\sigma^2/2}$ for every $r$.

For $1/(1+e^{-x})$ the log-slope is $-|x| - 2\log(1+e^{-|x|})$. Its mean under a normal law has no closed form, and neither
have the mean and variance of $y$. Up to $\sigma = 4$ the library sums over $x$ with the trapezoid rule, whose error is about
$e^{-2\pi^2/(\sigma h)}$ for a step of $h\sigma$, as the functions' nearest poles are at $\pm i\pi$. For larger $\sigma$ it integrates only what
the functions differ by from a jump or a kink at 0, a remainder that dies out like $e^{-|x|}$:
*)

for scale in [ 0.1; 2.0; 4.0; 4.1; 6.0 ] do
    let law = LogitNormal(0.3, scale)
    let draws = law.Sample(Key.ofSeed 2, [| 200_000L |])
    let mean, spread = number (draws.mean ()), number (draws.std ()) / sqrt 200_000.0
    let entropy = -(law.LogProb draws)
    printf "scale %5g  mean %.9f (draws %.4f +- %.4f)" scale (number law.Mean) mean spread
    printfn "  entropy %11.6f (draws %.3f)" (number law.Entropy.Value) (number (entropy.mean ()))

(*** include-output ***)

(**
Exactly, for scale 4.1: the mean is 0.52677048055919 and the entropy -0.75081144312703, by 30-digit arithmetic.

## The rules
*)

(*** hide ***)
Kl.rules.All
|> Array.filter (fun rule -> rule.Page = "kl-lognormal")
|> Array.map (fun rule ->
    $"<tr><td>%s{rule.Q.Name}</td><td>%s{rule.P.Name}</td><td><span class=\"math\">\\(%s{rule.Tex}\\)</span></td></tr>")
|> String.concat "\n"
|> fun rows ->
    $"<div class=\"wide\"><table><thead><tr><th>q</th><th>p</th><th>KL(q || p)</th></tr></thead><tbody>%s{rows}</tbody></table></div>"

(*** include-it-raw ***)
