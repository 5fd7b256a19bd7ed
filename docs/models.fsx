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
one learned number for all, `Head.each` one for each place, such as the scale of a table's column.

## Several latents, and what is known of the data

The latents of a hierarchy are listed in the order that they are drawn in when data is encoded; each says whose draws its prior is of
and what its posterior sees. A KL is exact where a rule knows the two laws and no draw that comes later enters the prior, and sampled
elsewhere; the description says which. A model with a `Given` is conditional: all its networks see the label, or factors of the data, as
more numbers of a vector or, where a network takes images as such and does not flatten them first, as more channels.
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
## Classes that are known of some examples

A latent may be known of some examples, as a class is where a few are labelled (Kingma et al., 2014). There its draw is what is known
and its KL is -log p of that; elsewhere it is latent as ever. `Objective.summed` takes the expectation over the class as the sum over
its values, and `Objective.supervised` trains its posterior as a classifier where it is known. Here are 3,000 digits of which 100 have
labels; the share of others that are told right is counted on digits that were not trained on.
*)

/// Drawn digits as vectors of pixels that are 0 or 1.
let binary name seed count =
    let drawn = Digits.draw (Key.ofSeed seed) count

    let pixels =
        Array.init count (fun i -> Data.item i drawn |> Array.map (fun v -> if v > 0.5f then 1uy else 0uy))

    Data.ofBytes name [| 784L |] 1.0 drawn.Labels (Array.concat pixels)

let some, others =
    let all = binary "digits" 9 4000
    Data.hideLabels 100 (Key.ofSeed 1) (Data.slice 0 3000 all), Data.slice 3000 1000 all

let hidden = Net.dense 128 --> Net.relu

let semiSupervised =
    Vae.hierarchy
        [
            Site.create "class" (PriorRecipes.read "categories" 10) (Posterior.ofLaw OneHotCategorical.info hidden)
            |> Site.known (Given.label 10)
            Site.create "z" (Prior.standard 8) (Posterior.diagonalNormal hidden) |> Site.seeing [ "class" ]
        ]
        []
        (Likelihood.bernoulli (hidden --> Net.dense 784))

printfn "%s" (Vae.describe semiSupervised)

(*** include-output ***)

let classes =
    Training.start { TrainingOptions.defaults with Epochs = 30; BatchSize = 100; Seed = 1 } some semiSupervised
    |> Training.fit (Objective.summed |> Objective.supervised 300.0) (Optimizer.adam 1e-3)

let told =
    let codes = Evaluation.encodeSite "class" classes (Data.withoutLabels others)
    let found = codes.argmax(1L).data<int64>().ToArray()

    Array.map2 (fun found label -> if int found = label then 1.0 else 0.0) found others.Labels
    |> Array.average

printfn "%.1f%% of digits without a label are told right, by 100 labels" (100.0 * told)

(*** include-output ***)

(**
## Missing values

`Vae.forMissing` makes a model for data of which values are missing at random. Networks that see the data are given 0 in their place and,
beside it, which values are there; the score leaves the missing out. Whatever bounds log p of an example then bounds log p of what is
there of it, and the importance-weighted bound is MIWAE's (Mattei and Frellsen, 2019). `Imputation.impute` gives the mean of what is
missing and its standard deviation, `Imputation.complete` whole copies drawn of what is not known.

`Likelihood.product` gives each named part of a vector a law of its own: a table's columns. Here are rows of a length, its square with
noise, and a kind that is one of three, from which a third of the values are taken away; what is put in their place is compared with what
was there, beside what the column's mean would have been.
*)

let rows =
    let key = Key.ofSeed 12

    let row i =
        let u n = Key.unitAt (int64 (4 * i + n)) key
        let length = 2.0 * u 0 - 1.0

        let kind =
            if length < -0.3 then 0
            elif length < 0.4 then 1
            else 2

        [|
            length
            length * length + 0.1 * (u 1 - 0.5)
            yield! [ for k in 0..2 -> if k = kind then 1.0 else 0.0 ]
        |]

    Data.ofFloats "rows" [| 5L |] [||] (Array.init 2000 row |> Array.concat |> Array.map float32)

let holes = Data.remove 0.33 (Key.ofSeed 13) rows

let columns =
    Likelihood.product
        [
            "length", 1, Head.ofLaw Normal.info |> Head.share "scale"
            "square", 1, Head.ofLaw Normal.info |> Head.share "scale"
            "kind", 3, Head.ofLaw OneHotCategorical.info
        ]
        (Net.dense 32 --> Net.tanh --> Net.dense 5)

let ofRows =
    Vae.create (Prior.standard 2) (Posterior.diagonalNormal (Net.dense 32 --> Net.tanh)) columns
    |> Vae.forMissing

let imputer =
    Training.start { TrainingOptions.defaults with Epochs = 60; BatchSize = 100; Seed = 2 } holes ofRows
    |> Training.fit (Objective.iwae 5) (Optimizer.adam 5e-3)

let imputed = Imputation.impute 500 (Key.ofSeed 14) imputer holes

let value column data i = float (Data.item i data |> Array.item column)
let everyRow = [ 0 .. holes.Count - 1 ]

let squares column (guess: int -> float) =
    everyRow
    |> List.filter (value column holes >> System.Double.IsNaN)
    |> List.averageBy (fun i -> (guess i - value column rows i) ** 2.0)
    |> sqrt

[ "length", 0; "square", 1 ]
|> List.map (fun (name, column) ->
    let mean =
        everyRow
        |> List.map (value column holes)
        |> List.filter (System.Double.IsNaN >> not)
        |> List.average

    let byModel = squares column (fun i -> imputed.Mean[int64 i, int64 column].ToDouble())
    $"%-8s{name} root mean square %.3f{byModel}, by the column's mean %.3f{squares column (fun _ -> mean)}")
|> String.concat "\n"
|> printfn "%s"

(*** include-output ***)

(**
A model of complete data that is asked to fill holes is to be trained on examples with holes all the same: `Objective.withHoles 0.5` (in
recipes `iwae 5, holes 0.5`) hides values of half of the examples of a step.

## Data of several kinds

A vector of several kinds of data, such as an image and its label, has an encoder for each in `Experts`: their normals are multiplied with
the prior (`Experts.product`: Wu and Goodman, 2018) or mixed in equal shares (`Experts.mixture`: Shi et al., 2019), those of the parts
that are there. `Objective.eachPart` trains on the whole and on each part alone, so that a part that is missing can be imputed from
another. Here the upper half of a digit is one part and the lower half the other, and the lower half is then imputed from the upper:
*)

let halves = binary "halves" 15 2200
let seen, unseen = Data.slice 0 2000 halves, Data.slice 2000 200 halves
let half name : Expert = { Name = name; Numbers = 392; Encoder = hidden }

let ofHalves =
    Vae.create
        (Prior.standard 16)
        (Experts.product [ half "upper"; half "lower" ])
        (Likelihood.product
            [ "upper", 392, Head.ofLaw Bernoulli.info; "lower", 392, Head.ofLaw Bernoulli.info ]
            (hidden --> Net.dense 784))
    |> Vae.forMissing

let twoHalves =
    Training.start { TrainingOptions.defaults with Epochs = 40; BatchSize = 100; Seed = 3 } seen ofHalves
    |> Training.fit (Objective.elbo |> Objective.eachPart) (Optimizer.adam 2e-3)

let upperAlone =
    let values =
        Array.init unseen.Count (fun i -> Data.item i unseen |> Array.mapi (fun j v -> if j < 392 then v else nanf))

    Data.ofIncomplete "upper halves" [| 784L |] [||] (Array.concat values)

let lower = Imputation.impute 100 (Key.ofSeed 16) twoHalves upperAlone

let right (guess: int -> int -> bool) =
    [
        for i in 0 .. unseen.Count - 1 do
            for j in 392..783 -> if guess i j = (value j unseen i > 0.5) then 1.0 else 0.0
    ]
    |> List.average

let byModel = lower.Mean.data<float32>().ToArray()
let meanImage = [| for j in 0..783 -> [ 0 .. seen.Count - 1 ] |> List.averageBy (value j seen) |]

printfn
    "pixels of the lower half that are right: %.3f from the upper half, %.3f by the mean image"
    (right (fun i j -> byModel[784 * i + j] > 0.5f))
    (right (fun _ j -> meanImage[j] > 0.5))

(*** include-output ***)

(**
## Codebooks

A quantized posterior takes the nearest vector of a learned codebook to what the encoder gives, one at each place (VQ-VAE: van den Oord,
Vinyals and Kavukcuoglu, 2017). Its prior is a law of the codes, which nothing else learns by, and so comes to how often they are used.
As the codes are known once an image is encoded, -log p(x, codes) is a bound of -log p(x), and is comparable with the others here.
*)

let quantized =
    Vae.create
        (Prior.codebook 32 [ 8; 16 ])
        (Posterior.quantized 32 (Net.flatten --> Net.dense 128 --> Net.relu --> Net.dense 128 --> Net.reshape [ 8; 16 ]))
        (Likelihood.ofHead (Head.ofLaw Normal.info |> Head.share "scale") (Net.flatten --> decoder))

let vq = fit (Objective.quantized 0.25) quantized

(List.last vq.History).Terms
|> List.map (fun (name, nats) -> $"%-16s{name} %.2f{nats}")
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
