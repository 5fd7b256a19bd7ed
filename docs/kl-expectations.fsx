(**
---
title: KL composed of expectations
category: Derivations
categoryindex: 2
index: 11
description: The divergence between different families of laws on the line, composed of an entropy and of expectations.
---

# KL composed of expectations

For two laws on the line

$$\mathrm{KL}(q \,\|\, p) = \mathbb{E}_q[\log q - \log p] = -H(q) - \mathbb{E}_q[\log p].$$

The log-density of many families is a constant and multiples of a few functions of $x$,
$\log p(x) = c + \sum_i a_i s_i(x)$: of a normal law the function $(x - \mu)^2$, of a gamma law $x$ and $\log x$. Expectations
are linear, so

$$\mathrm{KL}(q \,\|\, p) = -H(q) - c - \sum_i a_i\, \mathbb{E}_q[s_i(x)],$$

and the pair has a closed form where $q$ knows its entropy and each $\mathbb{E}_q[s_i]$. So nothing is derived for a pair: each
family states what it knows once, and the table has a rule for each pair that fits.

Centres and units belong to the functions, $(x - \mu)^2$ and not $x^2 - 2\mu x + \mu^2$, so that nothing large cancels. A term
whose coefficient is 0 is none; an expectation that diverges with a negative coefficient makes the divergence infinite. So do
draws of $q$ outside of the support of $p$, which is looked at first.
*)

(*** hide ***)
#load "../scripts/load.fsx"

open System.Net
open TorchSharp
open Vae.Core

let number = Tensor.toFloat

(**
A gamma law against a normal one, beside the same by a sum over a fine grid:
*)

let q, p = Gamma(2.6, 1.7), Normal(1.0, 0.8)
let step = 1e-4

let x =
    torch.arange ((step / 2.0).ToScalar(), (40.0).ToScalar(), step.ToScalar(), dtype = torch.ScalarType.Float64)

let integrand = q.LogProb(x).exp() * (q.LogProb x - p.LogProb x)

printfn "composed    %.9f" (number (Kl.exact q p))
printfn "by the sum  %.9f" (number (integrand.sum ()) * step)

(*** include-output ***)

(**
## Where the expectations come from

**Powers, and with them logarithms.** The integral of $x^{r+\alpha-1}e^{-\beta x}$ is $\Gamma(\alpha+r)\,\beta^{-\alpha-r}$, so a
gamma law has

$$\mathbb{E}\,x^r = \frac{\Gamma(\alpha+r)}{\Gamma(\alpha)}\,\beta^{-r}, \qquad r > -\alpha.$$

As $x^r = e^{r\log x}$, the logarithm of this is the cumulant generating function of $\log x$: its derivatives at $r = 0$ are the
mean and the variance,

$$\mathbb{E}\log x = \psi(\alpha) - \log\beta, \qquad \operatorname{Var}\log x = \psi'(\alpha).$$

The same two derivatives serve each family whose powers are known. A Weibull number is $\lambda e^{1/k}$ of a standard
exponential $e$, so that $\mathbb{E}\,x^r = \lambda^r\,\Gamma(1+r/k)$, which gives $\log\lambda - \gamma/k$ and $\pi^2/6k^2$. A Pareto
law has $\mathbb{E}\,x^r = s^r\alpha/(\alpha-r)$, which gives $\log s + 1/\alpha$ and $1/\alpha^2$; a half Cauchy law
$s^r/\cos(\pi r/2)$, which gives $\log s$ and $\pi^2/4$; a beta law $B(\alpha+r, \beta)/B(\alpha, \beta)$.

**Exponentials.** $e^{tx}$ completes the square of a normal density. A Gumbel number is $\mu - s\log e$, so that
$\mathbb{E}\,e^{t(x-\mu)} = \mathbb{E}\,e^{-ts} = \Gamma(1-ts)$. A logistic one is $\mu + s\log\frac{u}{1-u}$ of a uniform $u$, so that

$$\mathbb{E}\,e^{t(x-\mu)} = \int_0^1 u^{ts}(1-u)^{-ts}\,du = \Gamma(1+ts)\,\Gamma(1-ts) = \frac{\pi ts}{\sin\pi ts}.$$

**Distances.** The derivative of $\mathbb{E}|x-m|$ by $m$ is $F(m) - (1 - F(m))$. Integrated from a side where the distance is
$\pm(\mathbb{E}x - m)$,

$$\mathbb{E}|x-m| = \mathbb{E}x - m + 2\int_{-\infty}^m F(x)\,dx = m - \mathbb{E}x + 2\int_m^\infty (1-F(x))\,dx.$$

For an exponential law the last integral is $e^{-\lambda m}/\lambda$, for a logistic law
$s\log(1+e^{-(m-\mu)/s})$, for a Pareto law $\frac{m}{\alpha-1}\left(\frac{s}{m}\right)^\alpha$, and a Laplace law has half of an
exponential tail on each side.

**Cauchy's density and $\log(1 + (x-m)^2/t^2)$.** In the upper half plane $\log|z - m + it|$ is harmonic, and the Cauchy density is
Poisson's kernel there: the expectation of its boundary values is the value at $z = \mu + is$. Twice that,

$$\mathbb{E}\log\left((x-m)^2 + t^2\right) = \log\left((\mu-m)^2 + (s+t)^2\right).$$

## What the families know

Parameters have the subscript of the law they are of. What a function takes is written $\#1$, $\#2$: for example
$(x - \#1)^2$ takes the centre. $\gamma$ is Euler's constant, $\psi$ the digamma function, $H_b = \psi(b+1) + \gamma$, and
$A(\eta) = \log\frac{e^\eta - 1}{\eta}$. Where a condition is stated, the expectation is infinite without it.
*)

(*** hide ***)
let functionOf moment =
    match moment with
    | Moment.X -> "x"
    | Moment.Square -> @"(x-\#1)^2"
    | Moment.Distance -> @"|x-\#1|"
    | Moment.Log -> @"\log x"
    | Moment.LogSquare -> @"(\log x-\#1)^2"
    | Moment.LogComplement -> @"\log(1-x)"
    | Moment.LogOddsSquare -> @"\left(\log\tfrac{x}{1-x}-\#1\right)^2"
    | Moment.LogQuadratic -> @"\log\left(1+\tfrac{(x-\#1)^2}{\#2^2}\right)"
    | Moment.Power -> @"\left(\tfrac{x}{\#2}\right)^{\#1}"
    | Moment.Exp -> @"e^{\#1(x-\#2)}"
    | Moment.Cosine -> @"\cos(x-\#1)"
    | Moment.LogFactorial -> @"\log x!"

let math (tex: string) = $"<span class=\"math\">\\(%s{WebUtility.HtmlEncode tex}\\)</span>"

let escaped (tex: string) = tex.Replace("#", @"\#").Replace(" or ", @"\text{ or }")

let row (law: string) (cells: string list) =
    let rest = cells |> List.map (fun cell -> $"<td>%s{cell}</td>") |> String.concat ""
    $"<tr><td>%s{law}</td>%s{rest}</tr>"

/// Rows of a table, the law named in its first row only.
let rows (law: LineLaw) (cells: string list list) =
    cells |> List.mapi (fun i cells -> row (if i = 0 then law.Law.Name else "") cells)

let table (rows: string list) =
    let body = String.concat "\n" rows
    $"<div class=\"wide\"><table><tbody>%s{body}</tbody></table></div>"

let knownOf (law: LineLaw) =
    let entropy = law.Entropy |> Option.map (fun tex -> [ math "H"; math tex ]) |> Option.toList

    let expectations =
        law.Expectations
        |> List.map (fun e ->
            let condition =
                if e.Finite = "" || e.Finite = "never" then
                    ""
                else
                    $", where %s{math (escaped e.Finite)}"

            [ math $@"\mathbb{{E}}\left[%s{functionOf e.Moment}\right]"; math (escaped e.Tex) + condition ])

    rows law (entropy @ expectations)

table (Kl.lineLaws |> List.collect knownOf)

(*** include-it-raw ***)

(**
And the log-densities that are made of them:
*)

(*** hide ***)
let densityOf (law: LineLaw) =
    law.LogForm
    |> Option.map (fun form ->
        let terms =
            form.Terms
            |> List.map (fun term ->
                let filled =
                    List.indexed term.Takes
                    |> List.fold
                        (fun (tex: string) (i, (taken, _)) -> tex.Replace($@"\#%d{i + 1}", $" {{%s{taken}}}"))
                        (functionOf term.Moment)

                let sign = if term.Tex.StartsWith '-' then "" else "+"
                $@"%s{sign}%s{term.Tex}\cdot %s{filled}")
            |> String.concat ""

        row law.Law.Name [ math (form.Tex + terms) ])

table (Kl.lineLaws |> List.choose densityOf)

(*** include-it-raw ***)

(**
## Each of them by quadrature

Every entropy and expectation above, for one law of each family, beside $\int_0^1 s(Q(u))\,du$, where $Q$ is the quantile. The
integral is taken over the log-odds of $u$, from both ends, in steps of 0.001: where $s$ or the density has a corner, that leaves
an error of $10^{-8}$. What is infinite is left out.
*)

let laws: Univariate list = [
    Normal(0.4, 1.3)
    Laplace(0.4, 0.3)
    Logistic(0.4, 0.3)
    Gumbel(0.4, 0.3)
    StudentT(9.0, 0.4, 1.3)
    Cauchy(0.4, 1.3)
    HalfNormal 1.3
    HalfCauchy 1.3
    Uniform(0.2, 0.9)
    TruncatedNormal(0.4, 1.3, 0.1, 2.0)
    LogNormal(0.2, 0.4)
    LogitNormal(0.2, 0.4)
    Exponential 3.0
    Gamma(2.6, 3.0)
    InverseGamma(9.0, 3.0)
    Chi2 5.0
    Chi 5.0
    Weibull(1.2, 1.7)
    Pareto(0.7, 9.0)
    Beta(2.6, 1.7)
    Kumaraswamy(2.6, 1.7)
    ContinuousBernoulli.OfLogits 1.5
    VonMises(0.4, 1.3)
]

let at (x: float) = Tensor.scalar Placement.float64 x

/// What a moment takes in these checks, and the moment.
let momentOf (moment: Moment) : float list * (Tensor -> Tensor) =
    match moment with
    | Moment.X -> [], id
    | Moment.Square -> [ 0.7 ], (fun x -> (x - at 0.7).square())
    | Moment.Distance -> [ 0.7 ], (fun x -> (x - at 0.7).abs())
    | Moment.Log -> [], _.log()
    | Moment.LogSquare -> [ 0.7 ], (fun x -> (x.log () - at 0.7).square())
    | Moment.LogComplement -> [], (fun x -> x.neg().log1p())
    | Moment.LogOddsSquare -> [ 0.7 ], (fun x -> (x.log () - x.neg().log1p() - at 0.7).square())
    | Moment.LogQuadratic -> [ 0.7; 1.1 ], (fun x -> ((x - at 0.7) / at 1.1).square().log1p())
    | Moment.Power -> [ 0.3; 1.1 ], (fun x -> (x / at 1.1).pow(at 0.3))
    | Moment.Exp -> [ 0.8; 0.7 ], (fun x -> (at 0.8 * (x - at 0.7)).exp())
    | Moment.Cosine -> [ 0.7 ], (fun x -> (x - at 0.7).cos())
    | Moment.LogFactorial -> [], (fun x -> (x + at 1.0).lgamma())

/// The integral of a function of x, by numbers that serve every function.
let byQuadrature (q: Univariate) =
    let step = 1e-3

    let odds =
        torch.arange (0.0.ToScalar(), 60.0.ToScalar(), step.ToScalar(), dtype = torch.ScalarType.Float64)

    let tail = odds.neg().sigmoid()
    let weight = tail * odds.sigmoid ()
    let ends = [ q.Quantile tail; q.UpperQuantile tail ]

    fun (f: Tensor -> Tensor) ->
        let half (x: Tensor) =
            // A number next to an end of the support may round to it: there a logarithm is infinite, the weight below 1e-25.
            let terms = (weight * f x).nan_to_num(0.0, 0.0, 0.0)
            number (terms.sum ()) - 0.5 * number terms[0L]

        step * List.sumBy half ends

/// How far a stated value is from the integral, in the larger of 1 and the integral.
let distance (stated: Tensor) (integral: float) = abs (number stated - integral) / max 1.0 (abs integral)

let checks = [
    for law in laws do
        let known = Kl.lineLaws |> List.find (fun known -> known.Law = law.GetType())
        let integral = byQuadrature law

        if known.Entropy.IsSome then
            "H", distance law.Entropy.Value (integral (fun x -> law.LogProb(x).neg()))

        for e in known.Expectations do
            let takes, f = momentOf e.Moment
            let stated = e.Value law (List.map at takes)

            if System.Double.IsFinite(number stated) then
                $"%A{e.Moment}", distance stated (integral f)
]

for quantity, found in List.groupBy fst checks do
    printfn "%-14s of %2d laws, at most %.0e apart" quantity found.Length (found |> List.map snd |> List.max)

(*** include-output ***)

(*** hide ***)
if laws.Length <> Kl.lineLaws.Length then
    failwith "a family of the table is not checked"

if checks |> List.exists (fun (_, apart) -> not (apart < 1e-6)) then
    failwith "a stated expectation is not the integral"
