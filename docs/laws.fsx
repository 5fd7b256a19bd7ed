(**
---
title: The laws
category: Reference
categoryindex: 3
index: 2
description: Every kind of law with its parameters, generated from the list that the tests of all laws run over.
---

# The laws

Every entry of `Laws.all`: what the law is made of, in the order of its constructor, what it states, whether it has a sample path
(draws that pass gradients), and how many divergences from it have a closed form. Each is held to the same properties, which `LawTests.ofInfo` runs;
[a law of your own](own-law.html) can be held to them as well.
*)

(*** hide ***)
#load "../scripts/load.fsx"

open System.Net
open Vae.Core

let domainOf (domain: Domain) =
    match domain with
    | Domain.Real -> "finite"
    | Domain.Positive
    | Domain.Shape -> "positive"
    | Domain.Unit -> "in (0, 1)"
    | Domain.Logit -> "log-odds"
    | Domain.LogitOrCertain(true, true) -> "log-odds, -infinity or infinity"
    | Domain.LogitOrCertain(true, _) -> "log-odds, or -infinity"
    | Domain.LogitOrCertain _ -> "log-odds, or infinity"
    | Domain.Whole least -> $"whole, at least %g{least}"
    | Domain.Above parameter -> $"above %s{parameter}"
    | Domain.Direction -> "of length 1"
    | Domain.InsideBall -> "shorter than 1"
    | Domain.Factor -> "lower triangular, positive diagonal"
    | Domain.Columns -> "few columns"

let kindOf (parameter: LawParameter) =
    let shape = [ ""; "vector, "; "matrix, " ][parameter.Rank]
    let initial = parameter.Default |> Option.map (fun x -> $", %g{x} where left out")
    let other = parameter.Unnamed |> Option.map (fun reading -> $" (or %s{reading.Name})")

    $"%s{parameter.Name}%s{Option.defaultValue System.String.Empty other}: %s{shape}%s{domainOf parameter.Domain}%s{Option.defaultValue System.String.Empty initial}"

let rowOf (law: LawInfo) =
    let pairs = Kl.rules.All |> Array.filter (fun rule -> KlRule.Title rule.Q = law.Name)
    let parameters = law.Parameters |> List.map kindOf |> String.concat "\n"
    let shown = WebUtility.HtmlEncode(parameters).Replace("\n", "<br>")
    let can = LawCapabilities.ofInfo law

    let abilities =
        [
            if can.HasCdf then
                "tails and quantiles"
            if can.HasEntropy then
                "entropy"
            if can.HasMode then
                "mode"
            if can.Path.IsSome then
                "path"
        ]
        |> String.concat ", "

    let link =
        if pairs.Length = 0 then
            "0"
        else
            $"<a href=\"divergences.html#%s{law.Name}\">%d{pairs.Length}</a>"

    $"<tr><td>%s{law.Name}</td><td>%s{shown}</td><td>%s{abilities}</td><td>%s{link}</td></tr>"

let heads =
    "<tr><th>law</th><th>parameters</th><th>beside draws, density and moments</th><th>divergences</th></tr>"

let rows = Laws.all |> List.map rowOf |> String.concat "\n"
$"<div class=\"wide\"><table><thead>%s{heads}</thead><tbody>%s{rows}</tbody></table></div>"

(*** include-it-raw ***)

(**
Laws that are made of other laws have no parameters of their own, and are not in the list: `Independent`, `Product`, `Mixture`,
`MixtureOf`, `Masked`, `Truncated`, `Transformed` and `TransformedUnivariate`.
*)
