(**
---
title: Edges
category: Reference
categoryindex: 3
index: 3
description: What every law does at the ends of its support, at infinity and with draws that round to an end, computed for each.
---

# Edges

Floating-point numbers end before mathematics does, and a law's support has ends of its own. This page states what is done
there, and computes for every law what it says at the ends of its support.

## What holds for all

* **Outside of the support** the log-density is $-\infty$, and so it is at $\pm\infty$, which no law has in its support. It is NaN
  where `x` is NaN, and nowhere else.
* **An end in the support** has the density that the formula gives there. An end that is not in it, as 0 of a Gamma law, has
  $-\infty$ whatever the density tends to. A transformed law whose base is infinite where the transform reaches an end has
  the limit of the density there.
* **A draw is inside of the support, finite, and scored finitely by its own law.** What would round to an end that is not in the
  support is the number next to it, and what would overflow is the largest finite number.
* **A draw knows what it was before it rounded.** A Gamma law of a small concentration draws numbers whose logs are below
  -1,000: the number underflows, its log does not. `law.SampleAt` gives draws by their *position*, with the logs of their distances
  from the ends, and `law.LogProbAt` scores a position. Estimated divergences and the moments of transformed laws are computed
  by positions. `law.Sample` and `law.LogProb` are the same points without them.
* **The precision is the law's**: points in another one are converted to it, integers too. Booleans are refused.
* **The last dimensions of a point are the event's**, and nothing is broadcast to them.

An estimate that is not to be believed says so: `Estimate.Doubts` names a mean that is not a number, one that is below 0 by more than
six standard errors, and values of so heavy a tail that their mean has no standard error. For the last the shape of a generalised
Pareto law is fitted to the largest values (Zhang and Stephens, 2009): from 1/2 on there is no variance.
*)

(*** hide ***)
#load "../scripts/load.fsx"

open System
open System.Net
open TorchSharp
open Vae.Core

let place = Placement.float64
let key = Key.ofSeed 1

let show (x: float) =
    if Double.IsPositiveInfinity x then "&infin;"
    elif Double.IsNegativeInfinity x then "&minus;&infin;"
    else x.ToString("G5", Globalization.CultureInfo.InvariantCulture)

(** A law whose draws underflow, and what its estimated divergence makes of them: *)

let tiny = Gamma(1e-3, 1.0)
let drawn = tiny.SampleAt(key, [| 100_000L |])
let smallest (t: Tensor) = Tensor.toFloat (t.min ())

printfn "the least of 100,000 draws of Gamma(0.001, 1)    %g" (smallest drawn.X)
printfn "the log of it, before it was rounded             %g" (smallest (Position.log drawn))
printfn "KL from Gamma(0.002, 1), in closed form          %.4f" (Tensor.toFloat (Kl.exact tiny (Gamma(2e-3, 1.0))))

let byDraws = Kl.estimate key 100_000 tiny (Gamma(2e-3, 1.0))

printfn
    "and over draws, by their positions               %.4f +- %.4f"
    (Tensor.toFloat byDraws.Mean)
    (Tensor.toFloat byDraws.StandardError)
(*** include-output ***)

(**
## Each law

For laws of single numbers, the log-density at the ends of the support, in nats, at parameters that show which they are; for laws of
vectors and matrices the support. The last column counts draws, of 2,000, that the law's own density calls impossible.
*)

let endOf (law: Distribution) (bound: Bound) =
    let x = Bound.toTensor place bound

    if Tensor.toFloat x |> Double.IsInfinity then
        ""
    else
        show (Tensor.toFloat (law.LogProb x))

let rowOf (info: LawInfo) =
    let law = LawInfo.example info
    let draws = law.Sample(key, [| 2_000L |])

    let lost =
        Tensor.toFloat ((law.LogProb draws).isfinite().logical_not().sum().to_type(torch.ScalarType.Float64))

    let low, high =
        match law.Support with
        | Support.Open(low, high)
        | Support.Closed(low, high)
        | Support.Integers(low, high) when law.EventShape.Length = 0 && law.BatchShape.Length = 0 ->
            endOf law low, endOf law high
        | _ -> "", ""

    let support = WebUtility.HtmlEncode(string law.Support)
    $"<tr><td>%s{info.Name}</td><td>%s{support}</td><td>%s{low}</td><td>%s{high}</td><td>%g{lost}</td></tr>"

let heads =
    "<tr><th>law</th><th>support</th><th>at the lower end</th><th>at the upper end</th><th>draws lost</th></tr>"

let rows = Laws.all |> List.map rowOf |> String.concat "\n"
$"<div class=\"wide\"><table><thead>%s{heads}</thead><tbody>%s{rows}</tbody></table></div>"

(*** include-it-raw ***)
