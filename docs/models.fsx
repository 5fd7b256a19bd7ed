(**
---
title: Models and objectives to combine
category: Guides
categoryindex: 1
index: 7
description: The priors, posteriors, likelihoods and objectives there are, as values that combine, with what each asks of the others.
---

# Models and objectives to combine

A model is a list of latents, each with a law before any data and a law after, and a law of the data given them. An objective is
a function of one pass of the model over a batch: named terms, each with a weight. All of them are values, and what one asks of
another is refused by name before training begins. Every number here is computed while the page is built.
*)

(*** hide ***)
#load "../scripts/load.fsx"

(** *)
open TorchSharp
open Vae.Core

let train, held = Digits.draw (Key.ofSeed 7) 1_000 |> Data.split 0.8
let options = { TrainingOptions.defaults with Seed = 1; Epochs = 2; BatchSize = 64 }

let encoder = Net.denseEncoder [ 64 ]
let decoder = Net.denseDecoder [ 64 ]
let normal = Posterior.diagonalNormal encoder

let fit objective vae = vae |> Training.start options train |> Training.fit objective (Optimizer.adam 3e-3)

/// The training bound and, where the score is a density, log p(x) by 20 draws, on held-out digits.
let report objective (vae: Vae) =
    let run = fit objective vae
    let measured = Evaluation.measure objective run held
    let evidence = Evaluation.logLikelihood 20 run held
    $"%-24s{objective.Name} %8.2f{measured.Total.Mean} +- %.2f{measured.Total.StandardError}   log p(x) %8.2f{evidence.Mean}"

(**
## Priors and posteriors

A prior may be any law of the library, its parameters learned or fixed, a mixture, a flow, or the mixture of the posteriors of
learned inputs (VampPrior); a posterior any law with a sample path, with flows of it. A flow scores its draws as they are made, so
that none is inverted to be trained. Here with normal pixels of one learned standard deviation:
*)

let pixels = Likelihood.ofHead (Head.ofLaw Normal.info |> Head.share "scale") decoder

[
    "N(0, I)", Vae.create (Prior.standard 8) normal pixels
    "VampPrior", Vae.create (Prior.vamp 8 20) normal pixels
    "a flow as prior", Vae.create (Prior.flow 8 (Flow.coupling [ 32 ] 4)) normal pixels
    "a flow as posterior",
    Vae.create (Prior.standard 8) (Posterior.flow (Flow.inverseAutoregressiveBy [ 32 ] 2) normal) pixels
    "the sphere", Vae.create (Prior.uniformOnSphere 8) (Posterior.ofLaw VonMisesFisher.info encoder) pixels
]
|> List.map (fun (name, vae) -> $"%-20s{name} %s{report Objective.elbo vae}")
|> String.concat "\n"
|> printfn "%s"

(*** include-output ***)

(**
Two epochs on 800 digits say which of these run, not which is best.

What a network gives becomes a parameter by the link of its domain: a positive one is the exponential of a clamped number, a
factor has exponentials on its diagonal, a direction is divided by its length. `Head.fix` makes a parameter a constant, `Head.share`
one learned number for all.

## Several latents, and what is known of the data

The latents of a hierarchy are listed in the order that they are drawn in when data is encoded; each says whose draws its prior is of
and what its posterior sees. A KL is exact where a rule knows the two laws and no draw that comes later enters the prior, and sampled
elsewhere; the description says which. A model with a `Given` is conditional: all its networks see the label, or factors of the data, as
more numbers of a vector or more channels of an image.
*)

let small = Posterior.diagonalNormal (Net.flatten --> Net.dense 32 --> Net.relu)

let ladder =
    Vae.hierarchy
        [
            Site.create "z2" (Prior.standard 2) normal
            Site.below [ "z2" ] "z1" [ 8 ] small small |> Site.seeing [ "z2" ]
        ]
        [ "z1" ]
        pixels

printfn "%s" (Vae.describe ladder)

(*** include-output ***)

let conditional =
    Vae.conditional (Given.label 10) (Prior.standard 8) (Posterior.diagonalNormal (Net.flatten --> encoder)) pixels

[ "two latents", ladder; "given the label", conditional ]
|> List.map (fun (name, vae) -> $"%-20s{name} %s{report Objective.elbo vae}")
|> String.concat "\n"
|> printfn "%s"

(*** include-output ***)

(**
## Objectives
*)

(*** hide ***)
let table (recipes: Recipe<'made> list) =
    recipes |> List.map (fun r -> $"| `%s{r.Usage}` | %s{r.Says} |") |> String.concat "\n"

(*** hide ***)
"| objective | what it is |\n| --- | --- |\n" + table ObjectiveRecipes.all

(*** include-it-raw ***)

(**
These are the names that the `vae` command and `ObjectiveRecipes.read` take; in F# each is a function of the module `Objective`. What
follows a comma changes one:
*)

(*** hide ***)
"| change | what it does |\n| --- | --- |\n" + table ObjectiveRecipes.changes

(*** include-it-raw ***)

(**
A bound says what it reports: its total is, on average, at least -log p(x). Draws make the importance-weighted bound tighter:
*)

[
    Objective.elbo
    Objective.iwae 5
    Objective.dreg 5
    Objective.stickTheLanding 1
    Objective.ciwae 0.5 5
]
|> List.map (fun objective -> report objective (Vae.create (Prior.standard 8) normal pixels))
|> String.concat "\n"
|> printfn "%s"

(*** include-output ***)

(**
A weight may be a schedule, and nats may be free; what is optimised and what is reported are both terms, and a term of weight 0 is
reported only:
*)

let gentle =
    Objective.elbo
    |> Objective.anneal "kl" (Schedule.linear 0.0 1.0 (Span.Epochs 2.0))
    |> Objective.freeBits 0.05

let run = fit gentle (Vae.create (Prior.standard 8) normal pixels)

(List.last run.History).Terms
|> List.map (fun (name, nats) -> $"%-16s{name} %.3f{nats}")
|> String.concat "\n"
|> printfn "%s"

(*** include-output ***)

(**
Some losses look at a batch as a whole: the total correlation of beta-TCVAE, the covariances of DIP-VAE, the distance of the latents'
law from the prior, an adversary. They are refused where several processes share a batch. An adversary is a network that the
objective learns beside the model, in the same steps; neither player's loss has a gradient in the other's parameters, and what was
learned so is in the checkpoint, not in the model.

## What is refused

A categorical posterior has no sample path, and the ELBO's gradient would not reach it:
*)

let discrete =
    Vae.create
        (PriorRecipes.read "categories" 10)
        (Posterior.ofLaw OneHotCategorical.info encoder)
        (Likelihood.bernoulliCrossEntropy decoder)

try
    fit Objective.elbo discrete |> ignore
with error ->
    printfn "%s" error.Message

(*** include-output ***)

(**
`Objective.scored` takes it: the gradient is by the score of its draws, each draw's baseline the mean of the others.
*)

let scored = fit (Objective.scored 4) discrete
printfn "%.2f nats" (List.last scored.History).Total

(*** include-output ***)
