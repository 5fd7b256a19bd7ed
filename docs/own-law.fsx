(**
---
title: A law of your own
category: Guides
categoryindex: 1
index: 1
description: Write a probability law, hold it to every test that the library's own laws pass, and add a divergence.
---

# A law of your own

A law is a class of a few lines. This page writes one, holds it to everything that the library's own laws are held to, and
adds a closed-form divergence for it. All of it is computed while the page is built.
*)

(*** hide ***)
#r "nuget: Expecto, 11.1.1"
#r "nuget: Expecto.FsCheck, 11.1.1"
#r "nuget: FsCheck, 3.6.0"
#r "../src/Vae.Testing/bin/Release/net10.0/Vae.Testing.dll"

(** *)
#load "../scripts/load.fsx"

open TorchSharp
open Vae.Core
open Vae.Testing

(**
## The law

The triangular law has its peak at `loc` and falls linearly to 0 at a distance of `scale` on both sides. With
$z = (x - \text{loc}) / \text{scale}$ its density is $(1 - |z|) / \text{scale}$; the probability below $z \le 0$ is
$(1 + z)^2 / 2$, and that above $z \ge 0$ is $(1 - z)^2 / 2$.

A law of single numbers inherits `Univariate` and states formulas that need hold inside of its support only. `Cdf`,
`Survival`, the quantiles, the log-density's -infinity outside, and a sampler, which is the quantile of uniform noise,
follow from them. Both tails are stated, so that neither is 1 minus the other.

The formulas here are in TorchSharp's own operators. A law that is to be used on several threads holds the scalars of its
sums and products, as [Threads](threads.html) shows.
*)

let plus (number: float) (t: Tensor) = t.add (number.ToScalar())
let times (number: float) (t: Tensor) = t.mul (number.ToScalar())

[<Sealed>]
type Triangular(loc: Tensor, scale: Tensor) =
    inherit Univariate()
    do Parameters.finite (nameof loc) loc
    do Parameters.positive (nameof scale) scale
    let loc, scale = Parameters.together (nameof loc, loc) (nameof scale, scale)

    let standard (x: Tensor) = (x - loc) / scale

    // The probability below z, where z is negative; where it is not, the other tail's formula has the digits.
    let below (z: Tensor) =
        let tail = plus 1.0 (z.abs().neg()) |> _.square() |> times 0.5
        torch.where (z.lt (0.0.ToScalar()), tail, tail |> _.neg() |> plus 1.0)

    // The z below which the probability is p.
    let quantile (p: Tensor) =
        let lower = plus -1.0 ((times 2.0 p).sqrt())
        let upper = plus 1.0 ((times 2.0 (plus 1.0 (p.neg ()))).sqrt().neg())
        torch.where (p.lt (0.5.ToScalar()), lower, upper)

    member _.Loc = loc
    member _.Scale = scale
    override _.BatchShape = loc.shape
    override _.Placement = Placement.like loc
    override _.Support = Support.Open(Bound.PerLaw(loc - scale), Bound.PerLaw(loc + scale))

    // Next to an end, 1 - |z| may round to 0.
    override _.LogDensity x =
        plus 1.0 ((standard x).abs().neg())
        |> _.clamp_min(1e-38.ToScalar()).log()
        |> fun t -> t - scale.log ()

    override _.LowerTail x = below (standard x)
    override _.UpperTail x = below ((standard x).neg())
    override _.FromLower p = loc + scale * quantile p
    override _.FromUpper q = loc - scale * quantile q
    override _.Mean = loc
    override _.Variance = Tensor.scoped (fun () -> times (1.0 / 6.0) (scale.square ()))
    override _.Mode = Some loc
    override _.Entropy = Some(Tensor.scoped (fun () -> plus 0.5 (scale.log ())))

(**
The quantile is a formula in torch operations, so it is also a sample path: noise that does not depend on the parameters, and
a push of it that torch differentiates. `info` says what the law is called and what its parameters take. A parameter that can be
read in two ways, as logits and probabilities, would say so there by `LawParameter.unnamedIs`, with what it is in text when its
name is left out.
*)

let path (law: Triangular) =
    Reparameterized(
        law,
        (fun key draws -> Key.uniform law.Placement (Array.append draws law.BatchShape) key),
        (fun noise -> law.FromLower noise)
    )

let info =
    LawInfo.of2 "Triangular" (LawParameter.real "loc") (LawParameter.positive "scale") (fun loc scale ->
        Triangular(loc, scale))
    |> LawInfo.withPath path

let number (x: float) = Tensor.scalar Placement.float64 x
let law = Triangular(number 1.0, number 2.0)

printfn "P(X > 2.9)     %.6f" (Tensor.toFloat (law.Survival(number 2.9)))
printfn "log p(2.9)    %.6f" (Tensor.toFloat (law.LogProb(number 2.9)))
printfn "log p(3.1)    %f" (Tensor.toFloat (law.LogProb(number 3.1)))
printfn "three draws    %A" (Tensor.toArray (law.Sample(Key.ofSeed 1, [| 3L |])))
(*** include-output ***)

(**
## Every property, in one line

The package `Vae.Testing` holds a law to all that laws owe. Parameters are generated from what `info` says of them, the
extremes among them; the density is integrated between quantiles down to a tail of $10^{-30}$; gradients are compared with
central differences; the statistical tests have a stated rate of false failure. In a test project it reads

```fsharp
[<Tests>]
let tests = LawTests.ofInfo info
```

Here the tests run in the page:
*)

let report (results: TestResult list) =
    for result in results do
        match result.Failure with
        | None -> printfn "passed  %s" result.Name
        | Some message -> printfn "FAILED  %s: %s" result.Name message

let results = TestResults.run (LawTests.ofInfo info)
report results
(*** include-output ***)

(*** hide ***)
if results |> List.exists _.Failure.IsSome then
    failwith "the page's law fails its tests"

(**
A law that is wrong is told what is wrong, with the parameters that show it. Here the entropy lacks its 1/2:
*)

type Wrong(loc: Tensor, scale: Tensor) =
    inherit Univariate()
    let right = Triangular(loc, scale)
    override _.BatchShape = right.BatchShape
    override _.Placement = right.Placement
    override _.Support = right.Support
    override _.LogDensity x = right.LogDensity x
    override _.LowerTail x = right.LowerTail x
    override _.UpperTail x = right.UpperTail x
    override _.FromLower p = right.FromLower p
    override _.FromUpper q = right.FromUpper q
    override _.Mean = right.Mean
    override _.Variance = right.Variance
    override _.Entropy = Some(right.Scale.log ())

LawInfo.of2 "Wrong" (LawParameter.real "loc") (LawParameter.positive "scale") (fun loc scale -> Wrong(loc, scale))
|> LawTests.ofInfo
|> TestResults.failures
|> report
(*** include-output ***)

(**
Where a law needs other parameters than its domains give, or a property cannot be asked of it, the options say so, with the
reason: `LawTests.ofInfoWith { LawTests.defaults with Skip = [ LawProperty.Sampler, "..." ] } info`.

## A divergence

The divergence from a normal law $N(\nu, \tau^2)$ follows from the entropy $\tfrac12 + \log s$ and the variance $s^2/6$ of
the triangular law with half width $s$ around $\mu$:

$$\mathrm{KL} = \log\frac{\tau}{s} + \tfrac12 \log 2\pi - \tfrac12 + \frac{s^2/6 + (\mu - \nu)^2}{2\tau^2} .$$

A rule is this formula with its TeX and the page that derives it. The table of rules is a value: `Add` gives a larger one,
and `Kl.tryBy` looks a pair up in it.
*)

let rule =
    KlRule.create
        @"\log\tfrac{\tau}{s} + \tfrac12\log 2\pi - \tfrac12 + \tfrac{s^2/6 + (\mu-\nu)^2}{2\tau^2}"
        "own-law"
        (fun (q: Triangular) (p: Normal) ->
            let squares = q.Variance + (q.Loc - p.Loc).square()
            let quadratic = squares / times 2.0 (p.Scale.square ())
            plus (0.5 * log (2.0 * System.Math.PI) - 0.5) (p.LogScale - q.Scale.log () + quadratic))

let rules = Kl.rules.Add rule
let normal = Normal(0.5, 1.5)
let exact = (Kl.tryBy rules law normal).Value
let estimate = Kl.estimate (Key.ofSeed 2) 100_000 law normal

printfn "closed form    %.6f nats" (Tensor.toFloat exact)
printfn "over draws     %.4f +- %.4f nats" (Tensor.toFloat estimate.Mean) (Tensor.toFloat estimate.StandardError)
(*** include-output ***)

(** And the kit for rules: it is never negative, it is the integral, it broadcasts, and keeps float32. *)

let ruleResults = TestResults.run (KlRuleTests.ofPair rule info Normal.info)
report ruleResults
(*** include-output ***)

(*** hide ***)
if ruleResults |> List.exists _.Failure.IsSome then
    failwith "the page's rule fails its tests"
