(**
---
title: The table of divergences
category: Reference
categoryindex: 3
index: 1
description: Every pair of laws whose KL the library knows in closed form, generated from the rules themselves.
---

# The table of divergences

Every rule of `Kl.rules`, as the library states it: the formula of KL(q || p) in nats, what it asks of the laws, and the
page that derives it. The rules are a value, and this table is made from it.
*)

(*** hide ***)
#load "../scripts/load.fsx"

open Vae.Core

Kl.rules.All
|> Array.map (fun rule ->
    let where = if rule.Conditions = "" then "" else $"where %s{rule.Conditions}; "

    $"<tr><td>%s{rule.Q.Name} ‖ %s{rule.P.Name}<br><small>%s{where}<a href=\"%s{rule.Page}.html\">derivation</a></small></td><td><span class=\"math\">\\(%s{rule.Tex}\\)</span></td></tr>")
|> String.concat "\n"
|> fun rows ->
    $"<div class=\"wide\"><table><thead><tr><th>q ‖ p</th><th>KL(q ‖ p)</th></tr></thead><tbody>%s{rows}</tbody></table></div>"

(*** include-it-raw ***)

(**
Where q has probability outside the support of p the divergence is infinite, whatever the pair, and `Kl.exact` says so
before it looks for a rule. A pair without a rule is answered by name; `Kl.estimate` samples it.
*)
