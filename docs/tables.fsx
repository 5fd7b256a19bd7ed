(**
---
title: A table of one's own
category: Guides
categoryindex: 1
index: 8
description: A law for each column of a table, given one latent: scores of rows and what each column adds to them, missing values filled and drawn, new rows, and how far each number can be trusted.
---

# A table of one's own

A model of a table has a law for each column, all of them given one latent vector. Once it is trained it says how odd a row is and by
which columns, what a missing value was, and what other rows of the same kind look like. Every number here is computed while the
page is built.
*)

(*** hide ***)
#load "../scripts/load-tables.fsx"

(** *)
open System
open Vae.Core
open Vae.Tables

(**
The table of this page is grown by a program, so that the truth is known: trees, whose height follows from their age and their kind, and
whose width follows from both. A file is read by `Table.load "trees.csv"`; values of a program are a table by `Table.ofRecords`.
*)

type Tree = { Age: float; Height: float; Width: float; Kind: string }

(*** hide ***)
let normal stream (i: int) =
    let unit stream = Key.unitAt (int64 i) (Key.fold stream (Key.ofSeed 11))
    sqrt (-2.0 * log (1.0 - unit stream)) * cos (2.0 * Math.PI * unit (stream + 100))

(** *)
let tree i =
    let age = 20.0 * exp (0.5 * normal 0 i)
    let isOak = normal 1 i > 0.0
    let height = (if isOak then 4.0 else 7.0) * sqrt (age / 20.0) * exp (0.08 * normal 2 i)

    {
        Age = Math.Round(age, 1)
        Height = Math.Round(height, 2)
        Width = Math.Round(0.05 * age / sqrt height * exp (0.1 * normal 3 i), 3)
        Kind = if isOak then "oak" else "fir"
    }

let trees = [ for i in 0..1199 -> tree i ]
let looked = Table.ofRecords trees

(**
What the columns were taken for is said, and can be changed: here heights too are to be told from one another by their ratio.
*)

printfn "%O" looked.Schema

let table = Table.ofRecordsBy (looked.Schema |> Schema.withKind "Height" ColumnKind.Positive) trees

(*** include-output ***)

(**
| a column's kind | its law, if no other is asked for | its numbers |
|---|---|---|
| real | normal, with a learned scale | less their mean, by their standard deviation |
| positive | the same of its logarithm | as these, of the logarithm |
| count | negative binomial | as they are |
| ordinal | a logistic law in as many steps | the number of the level |
| category | categorical, with a level for what was never seen | one of so many |
| binary | Bernoulli | 0 or 1 |
| date | normal, and a von Mises-Fisher law of each circle that the dates go round | days, and points of circles |

## Training

A fifth of the rows is held back: some to choose the best epoch by, the others to calibrate scores. `TableOptions` has the latent's size,
the networks, prior, posterior and objective as text. The objective is `iwae 5, holes 0.5`: the importance-weighted bound of what is there
of a row (Mattei and Frellsen, "MIWAE", 2019, equation 4),

$$\mathcal{L} = \mathbb{E}\left[\log \frac1K \sum_{k=1}^K \frac{p(x_{\mathrm{there}} \mid z_k)\, p(z_k)}{q(z_k \mid x_{\mathrm{there}})}\right] \le \log p(x_{\mathrm{there}}),$$

where half of the rows of a step have some of their values hidden, so that a model of a table without holes knows rows that have some.
*)

let run = TableRun.fit { TableOptions.defaults with Epochs = Some 150; Latent = Some 3; Seed = 1 } table

(**
## How odd a row is

The score is $-\log p(x)$ in nats, by draws $z_k$ of the posterior weighed by $p(x, z_k) / q(z_k \mid x)$. Numbers count in standard
deviations of their column, as a density has a unit. A row can be odd in two ways, and the score is split by them:

$$-\log p(x) = \sum_j \underbrace{-\log p(x_j \mid x_{\setminus j})}_{\text{what column } j \text{ adds}} + \underbrace{r(x)}_{\text{together}}.$$

A column adds how unexpected it is given all others, which is found by leaving it out; what is left is how unusual is what the columns have
in common. The first row below is an oak more than twice as high as its age and width allow, which it would also be were it a fir, the
second a very old one that is otherwise as it should be, the third one of the usual:
*)

let unusual = [
    { Age = 20.0; Height = 9.0; Width = 0.5; Kind = "oak" }
    { Age = 110.0; Height = 9.4; Width = 1.79; Kind = "oak" }
    { Age = 20.0; Height = 4.0; Width = 0.5; Kind = "oak" }
]

let asTable rows = Table.ofRecordsBy table.Schema rows
let scores = TableRun.score (Score.LogLikelihood 100) run (asTable unusual)

for i in 0..2 do
    let shares =
        List.map2 (fun name share -> $"%s{name} %.1f{share}") scores.Columns (List.ofArray scores.Shares[i])

    printfn
        "%5.1f nats, p %.3f: %s, together %.1f"
        scores.Score[i]
        scores.PValue[i]
        (String.concat ", " shares)
        scores.Together[i]

(*** include-output ***)

(**
`Score.Bound`, `Score.Reconstruction` and `Score.Latent` are other scores: the negative ELBO and its two terms. Each is calibrated by itself.

## What p says

Of $n$ rows that neither trained the model nor chose it, $p = (1 + \#\{\text{scores as high}\}) / (1 + n)$. Of a row of the same kind,
$P(p \le \alpha) \le \alpha$, whatever the model is (conformal prediction: Vovk, Gammerman and Shafer, 2005, section 2.2). Of new trees
these shares have a $p$ below the level:
*)

let fresh = asTable [ for i in 2000..3999 -> tree i ]
let ofFresh = TableRun.score (Score.LogLikelihood 100) run fresh

for level in [ 0.01; 0.05; 0.2 ] do
    let share = ofFresh.PValue |> Array.averageBy (fun p -> if p <= level then 1.0 else 0.0)
    printfn "at %g: %.3f" level share

let threshold = Threshold.ofRate (Score.LogLikelihood 100) 0.05 run

printfn
    "alarms above %.2f nats: %.3f of them false, from %.3f to %.3f"
    threshold.Score
    threshold.Rate
    threshold.Low
    threshold.High

(*** include-output ***)

(**
The share of false alarms above the $k$-th highest of $n$ calibration scores is itself random: it is $\mathrm{Beta}(k, n + 1 - k)$, and
the interval is where it lies with probability 0.95.

## Missing values

A quarter of the new trees' heights and widths is removed. `TableRun.impute` fills them by the mean given what is there, again by
importance sampling, with how sure each is; beside it the root mean square errors of the column's mean:
*)

let isHole column i = Key.unitAt (int64 i) (Key.foldName column (Key.ofSeed 5)) < 0.25

let holed =
    let cells column =
        let texts = Table.texts column fresh

        match column with
        | "Height"
        | "Width" -> texts |> Array.mapi (fun i text -> if isHole column i then "" else text)
        | _ -> texts

    Table.ofColumnsBy fresh.Schema "holed" [
        for column in [ "Age"; "Height"; "Width"; "Kind" ] -> column, Cells.Texts(cells column)
    ]

let filled = TableRun.impute 200 run holed

let logErrors column (guess: int -> float) =
    let was = Table.numbers column fresh

    [|
        for i in 0 .. fresh.Rows - 1 do
            if isHole column i then
                log (guess i) - log was[i]
    |]

let rootMeanSquare errors = sqrt (Array.averageBy (fun e -> e * e) errors)

for column in [ "Height"; "Width" ] do
    let is = Table.numbers column filled.Table
    let mean = Table.numbers column table |> Array.averageBy log |> exp
    let errors = logErrors column (fun i -> is[i])

    let sure = [|
        for i in 0 .. fresh.Rows - 1 do
            if isHole column i then
                filled.Uncertainty[column][i]
    |]

    let within =
        Array.map2 (fun (e: float) s -> if abs e < 1.96 * s then 1.0 else 0.0) errors sure |> Array.average

    printfn
        "%-7s error of the logarithm %.3f, of the mean %.3f; within 1.96 deviations %.3f"
        column
        (rootMeanSquare errors)
        (rootMeanSquare (logErrors column (fun _ -> mean)))
        within

(*** include-output ***)

(**
A table that is filled by means is too regular: what is computed from it looks surer than it is. `TableRun.complete` makes several
tables, each with its missing values drawn (multiple imputation). What is computed of each is averaged; its variance is the mean of
the variances within and $1 + 1/m$ times that between the copies (Rubin, "Multiple Imputation for Nonresponse in Surveys", 1987,
section 3.1). Of the mean height:
*)

let copies = TableRun.complete 10 200 7 run holed

let ofCopies = [
    for copy in copies do
        let heights = Table.numbers "Height" copy
        let mean = Array.average heights
        mean, Array.averageBy (fun h -> (h - mean) ** 2.0) heights / float heights.Length
]

let pooled = List.averageBy fst ofCopies
let between = (ofCopies |> List.sumBy (fun (mean, _) -> (mean - pooled) ** 2.0)) / 9.0
let total = List.averageBy snd ofCopies + 1.1 * between

printfn
    "%.3f +- %.3f by ten copies; %.3f of the table without holes"
    pooled
    (sqrt total)
    (Table.numbers "Height" fresh |> Array.average)

(*** include-output ***)

(**
## New rows

`TableRun.sample` draws rows: the latent of the prior, each column of its law, with the decimals and within the range that the training rows
have. `Fidelity.measure` says how near they are to the table, column by column, and whether they are copies: the distance of a drawn
row to the nearest training row, by that of a row held back, is far below 1 where rows were learned by heart.
*)

let drawn = TableRun.sample 1 1000 run
let held = TableRun.heldBack { TableOptions.defaults with Seed = 1 } table.Rows

let part isHeld =
    Table.pick
        [|
            for i in 0 .. table.Rows - 1 do
                if held[i] = isHeld then
                    i
        |]
        table

let fidelity = Fidelity.measure (part false) (part true) drawn

for column in fidelity.Columns do
    printfn "%-7s distance of the laws %.3f" column.Column column.Distance

printfn "nearest training row, by that of rows held back: %.2f" fidelity.NearestRatio

(*** include-output ***)

(**
## From C# and from the command line

```csharp
var table = Table.Read("trees.csv"); // or Table.FromRecords(trees)
using var model = await TableModel.FitAsync(table);
var scores = model.Score(table, Scoring.LogLikelihood());
var alarms = model.Threshold(0.05);
var filled = model.Impute(table).Table;
var copies = model.Complete(table, copies: 10);
var drawn = model.Sample(1000);
```

```
vae train trees.csv --output runs/trees
vae score runs/trees --data new.csv --output scores.csv --false-alarms 0.05
vae impute runs/trees --data holes.csv --output filled.csv
vae impute runs/trees --data holes.csv --output filled.csv --copies 10
vae sample runs/trees --count 1000 --output drawn.csv
```
*)
