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
    | Domain.End None -> "any, or -infinity"
    | Domain.End(Some parameter) -> $"above %s{parameter}, or infinity"
    | Domain.Direction -> "of length 1"
    | Domain.InsideBall -> "shorter than 1"
    | Domain.Factor -> "lower triangular, positive diagonal"
    | Domain.Columns -> "few columns"

let kindOf (parameter: LawParameter) =
    let shape = [ ""; "vector, "; "matrix, " ][parameter.Rank]
    let orNothing = Option.defaultValue ""
    let initial = parameter.Default |> Option.map (fun x -> $", %g{x} where left out") |> orNothing
    let other = parameter.Unnamed |> Option.map (fun reading -> $" (or %s{reading.Name})") |> orNothing
    $"%s{parameter.Name}%s{other}: %s{shape}%s{domainOf parameter.Domain}%s{initial}"

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
`MixtureOf`, `Masked`, `Truncated`, `ZeroInflated`, `Transformed` and `TransformedUnivariate`.

## Probabilities or logits

A number that could be read as either has its name: such laws are made by `ofProbs` or `ofLogits`, and laws of a matrix by
`ofCovariance` or `ofScaleTril`. Inside there are logits and factors. A probability of 0, and where the law allows it of 1, is
an outcome that cannot be, or is certain; its logit is infinite. Probabilities of categories are divided by their sum.
*)

let place = Placement.float64
let vector (values: float list) = Tensor.ofArray place [| int64 values.Length |] (List.toArray values)

let weather = Categorical.ofProbs (vector [ 0.7; 0.3; 0.0 ])
printfn "%A" (weather.LogProbs |> Tensor.toArray)
printfn "%A" ((Bernoulli.OfProbs 0.3).Logits |> Tensor.toArray)

(*** include-output ***)

(**
## Laws as text

`LawText.parse`, `Distribution.Parse` in C#, and the command `vae kl` read laws from text, in float64. There the order of
parameters is PyTorch's: numbers without a name are probabilities where it has these, and a matrix is a covariance. `LawText.read`
also says how each was read:
*)

for text in
    [
        "Bernoulli(0.3)"
        "Bernoulli(logits=0.3)"
        "MultivariateNormal([0, 0], [[1, 0.5], [0.5, 2]])"
        "Truncated(Normal(0, 1), low=-1, high=inf)"
        "Mixture([0.3, 0.7], Normal([0, 4], 1))"
        "Mixture([0.3, 0.7], Normal(0, 1), Laplace(4, 2))"
        "Transformed(Normal(0, 1), affine(1, 2), tanh)"
        "Product(a=Normal(0, 1), b=Gamma(1, 1))"
    ] do
    printfn "%s" (snd (LawText.read text))

printfn "laws made of laws: %s" (String.concat ", " LawText.combinatorSignatures)
printfn "transforms: %s" (String.concat ", " LawText.transformSignatures)

(*** include-output ***)

(**
*)
