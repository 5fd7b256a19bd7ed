(**
---
title: KL composed of expectations
category: Derivations
categoryindex: 2
index: 6
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
whose coefficient is 0 is none; an expectation that diverges with a negative coefficient makes the divergence infinite.
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
## What the families know

Parameters have the subscript of the law they are of. What a function takes is written $\#1$, $\#2$: for example
$(x - \#1)^2$ takes the centre.
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

let knownOf (law: LineLaw) = [
    match law.Entropy with
    | Some tex -> law.Law.Name, "H", tex
    | None -> ()

    for e in law.Expectations do
        law.Law.Name, $@"\mathbb{{E}}\left[%s{functionOf e.Moment}\right]", e.Tex.Replace("#", @"\#")
]

Kl.lineLaws
|> List.collect knownOf
|> List.map (fun (law, quantity, tex) -> $"<tr><td>%s{law}</td><td>%s{math quantity}</td><td>%s{math tex}</td></tr>")
|> String.concat "\n"
|> fun rows -> $"<div class=\"wide\"><table><tbody>%s{rows}</tbody></table></div>"

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

        $"<tr><td>%s{law.Law.Name}</td><td>%s{math (form.Tex + terms)}</td></tr>")

Kl.lineLaws
|> List.choose densityOf
|> String.concat "\n"
|> fun rows -> $"<div class=\"wide\"><table><tbody>%s{rows}</tbody></table></div>"

(*** include-it-raw ***)
