(**
---
title: The table of divergences
category: Reference
categoryindex: 3
index: 1
description: Every pair of laws whose KL the library knows in closed form, generated from the rules themselves.
---

# The table of divergences

Every rule of `Kl.rules`, as the library states it: the formula of KL(q || p) in nats, what it asks of the laws, whether it
stands for itself, the page that derives it and the test that holds it to an integral or to draws. The rules are a value,
and this page is made from it; a rule without a test or without a page of its derivation is an error of the build.
*)

(*** hide ***)
#load "../scripts/load.fsx"

open System
open System.IO
open System.Net
open System.Text.RegularExpressions
open Vae.Core

let folder = __SOURCE_DIRECTORY__

/// The names of the tests, which docs/build.sh writes before the pages are evaluated.
let tests = File.ReadAllLines(Path.Combine(folder, "..", "obj", "docs", "tests.txt"))

/// The tests that a pair's name occurs in, as a whole: Gamma || Gamma does not occur in InverseGamma || Gamma.
let testsOf (name: string) =
    let whole = Regex($@"(?<![A-Za-z0-9]){Regex.Escape name}(?![A-Za-z0-9])")
    tests |> Array.filter whole.IsMatch

/// The part of a test's name before the pair.
let shown (name: string) (test: string) =
    Regex.Replace(test.Substring(0, test.IndexOf(name, StringComparison.Ordinal)), @"^Vae\.Core\.|[.: ]+$", "")

let kindOf (rule: KlRule) =
    match rule.Kind with
    | KlRuleKind.ClosedForm -> "closed form"
    | KlRuleKind.Implied by -> $"implied by %s{by}"
    | KlRuleKind.Infinite -> "always infinite"
    | KlRuleKind.Structural -> "structural"

let escape (text: string) = WebUtility.HtmlEncode text

let row (rule: KlRule) =
    let covering = testsOf rule.Name

    if covering.Length = 0 then
        failwith $"no test names the rule %s{rule.Name}"

    if not (File.Exists(Path.Combine(folder, $"%s{rule.Page}.fsx"))) then
        failwith $"no page %s{rule.Page}.fsx derives the rule %s{rule.Name}"

    let source = [
        escape (kindOf rule)
        $"<a href=\"%s{rule.Page}.html\">derivation</a>"
        $"test: %s{escape (shown rule.Name covering[0])}"
    ]

    let conditions = if rule.Conditions = "" then "" else $"<br>%s{escape rule.Conditions}"
    let small = String.concat " · " source + conditions
    let pair = $"%s{escape (KlRule.Title rule.P)}<br><small>%s{small}</small>"
    let formula = $"<div class=\"wide\"><span class=\"math\">\\(%s{escape rule.Tex}\\)</span></div>"
    $"<tr><td>%s{pair}</td><td>%s{formula}</td></tr>"

let families = Kl.rules.All |> Array.groupBy (fun rule -> KlRule.Title rule.Q) |> Array.sortBy fst
let anchor (family: string) = family.Replace(' ', '-')

let tableOf (family: string, rules: KlRule[]) =
    let rows = rules |> Array.map row |> String.concat "\n"
    $"<h3 id=\"%s{anchor family}\">%s{family}</h3><table class=\"pairs\"><tbody>%s{rows}</tbody></table>"

let counts = KlRules.counts Kl.rules

let transforms =
    typeof<Transform>.Assembly.GetTypes()
    |> Array.filter (fun kind -> kind.IsSubclassOf typeof<Transform> && not kind.IsAbstract)

(**
How many rules and kinds there are:
*)

(*** hide ***)
printfn "rules for KL        %d" Kl.rules.All.Length
printfn "  closed forms      %d" counts.ClosedForm
printfn "  implied           %d" counts.Implied
printfn "  always infinite   %d" counts.Infinite
printfn "  structural        %d" counts.Structural
printfn "kinds of law        %d" Laws.all.Length
printfn "kinds of transform  %d" transforms.Length

(*** include-output ***)

(**
An implied rule is the special case of another pair's, whose laws generalise its laws; a structural one is for laws that are
made of other laws. Parameters have the subscript of the law they are of.

## The pairs, by the first law

The divergence is that of the law in the heading from each law below it.
*)

(*** hide ***)
families
|> Array.map (fun (family, rules) -> $"<a href=\"#%s{anchor family}\">%s{family}</a> %d{rules.Length}")
|> String.concat " · "
|> fun links -> $"<p>%s{links}</p>" + String.concat "\n" (Array.map tableOf families)

(*** include-it-raw ***)

(**
Where q has probability outside the support of p the divergence is infinite, whatever the pair, and `Kl.exact` says so
before it looks for a rule. A pair without a rule is answered by name; `Kl.estimate` samples it.
[Divergences beside KL](divergence-family.html) have a page of their own.
*)
