/// Properties of laws of vectors and matrices, over draws.
[<RequireQualifiedAccess>]
module Vae.Testing.VectorTests

open System
open Expecto
open TorchSharp
open Vae.Core

/// Draws of each case: case, draw, numbers of the event.
let private drawn (key: Key) (count: int) (cases: LawCases) (law: Distribution) : float[][][] =
    let n = LawCases.count cases
    let size = law.EventShape |> Array.fold (fun s d -> s * int d) 1
    let rows = Tensor.toArray (law.Sample(key, [| int64 count |])) |> Array.chunkBySize size
    Array.init n (fun i -> Array.init count (fun d -> rows[d * n + i]))

let private logDensities (law: Distribution) (n: int) (draws: float[][][]) : float[][] =
    use _ = torch.NewDisposeScope()
    let count = draws[0].Length

    let values =
        Array.concat [|
            for d in 0 .. count - 1 do
                for i in 0 .. n - 1 -> draws[i][d]
        |]

    let shape = Array.concat [ [| int64 count; int64 n |]; law.EventShape ]
    let found = Tensor.toArray (law.LogProb(Tensor.ofArray f64 shape values))
    Array.init n (fun i -> Array.init count (fun d -> found[d * n + i]))

/// The cases that a statistic over draws is judged by.
let private few = LawCases.truncate 4

/// How long the tail of a statistic is: the mean of many draws is normal where its fourth moment is not dominated by few.
let internal kurtosis (values: float[]) =
    let mean = Array.average values
    let power p = values |> Array.averageBy (fun v -> (v - mean) ** p)
    power 4.0 / max 1e-300 (power 2.0 ** 2.0)

/// The mean and the variance of projected draws are the law's, by 5% of a standard deviation.
let moments (key: Key) (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let cases = few cases
    let law = LawCases.law cases
    let draws = drawn key (drawsToDetect 0.05) cases law
    let size = Array.length (draws[0].[0])

    let judge name (values: float[] option) (statistic: int -> int -> float[] -> float) =
        values
        |> Option.iter (fun values ->
            for i in 0 .. LawCases.count cases - 1 do
                for c in 0 .. size - 1 do
                    let expected = values[i * size + c]
                    let found = draws[i] |> Array.map (statistic i c)

                    if Double.IsFinite expected && kurtosis found < 100.0 then
                        meanIs expected found $"%s{name} of number %d{c} of %s{LawCases.describe cases i}")

    let mean = LineTests.stated (fun () -> law.Mean)
    judge "the mean" mean (fun _ c x -> x[c])

    mean
    |> Option.iter (fun mean ->
        judge "the variance" (LineTests.stated (fun () -> law.Variance)) (fun i c x ->
            (x[c] - mean[i * size + c]) ** 2.0))

/// The entropy, where it is stated, is the mean of -log p over draws.
let entropy (key: Key) (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let cases = few cases
    let law = LawCases.law cases

    law.Entropy
    |> Option.iter (fun entropy ->
        let entropy = Tensor.toArray entropy
        let densities = logDensities law (LawCases.count cases) (drawn key (drawsToDetect 0.05) cases law)

        for i in 0 .. LawCases.count cases - 1 do
            meanIs entropy[i] (Array.map (~-) densities[i]) $"the entropy of %s{LawCases.describe cases i}")

/// No draw has a higher density than the mode, where it is stated.
let mode (key: Key) (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let law = LawCases.law cases

    law.Mode
    |> Option.iter (fun mode ->
        let inside = Support.contains law.Support mode
        let rest = law.EventShape.Length - Support.rank law.Support
        let inside = if rest = 0 then inside else inside.flatten(int64 -rest, -1L).all(-1L)
        let isInside = Tensor.toArray (inside.to_type torch.ScalarType.Float64)
        let best = Tensor.toArray (law.LogProb mode)
        let densities = logDensities law (LawCases.count cases) (drawn key 256 cases law)

        for i in 0 .. LawCases.count cases - 1 do
            // A mode on an edge that the support leaves out has no density of its own.
            if isInside[i] = 1.0 then
                let highest = Array.max densities[i]

                if not (highest <= best[i] + 1e-9 * (1.0 + abs best[i])) then
                    failtest
                        $"the log-density of a draw is %.12g{highest}, of the mode %.12g{best[i]}: %s{LawCases.describe cases i}")

/// The vectors of counts with a sum, and so many parts.
let rec private compositions total parts : float list list =
    if parts = 1 then
        [ [ float total ] ]
    else
        [
            for first in 0..total do
                for rest in compositions (total - first) (parts - 1) -> float first :: rest
        ]

/// The masses of a law on finitely many vectors sum to 1.
let private sumsToOne (cases: LawCases) (points: int -> float list list) =
    for i in 0 .. LawCases.count cases - 1 do
        let law = LawCases.law (LawCases.select [| i |] cases)

        match points i with
        | [] -> ()
        | points ->
            let shape = Array.append [| int64 points.Length; 1L |] law.EventShape
            let values = points |> List.concat |> List.toArray
            let total = law.LogProb(Tensor.ofArray f64 shape values).exp().sum()
            isWithin 1e-10 1.0 (number total) $"the sum of the probabilities of %s{LawCases.describe cases i}"

/// A normal density fitted to points, narrower than they are spread: log r.
let private fitted (points: float[][]) : float[] -> float =
    use _ = torch.NewDisposeScope()
    let m = points[0].Length
    let x = Tensor.ofArray f64 [| int64 points.Length; int64 m |] (Array.concat points)
    let mean = x.mean ([| 0L |])
    let centred = x - mean
    let covariance = centred.t().matmul(centred) * (Tensor.scalar f64 (0.5 / float points.Length))
    let normal = MultivariateNormal(mean, torch.linalg.cholesky covariance)
    let loc, factor = Tensor.toArray normal.Loc, Tensor.toArray normal.ScaleTril

    fun y ->
        let white = Array.zeroCreate m

        for i in 0 .. m - 1 do
            let rest = y[i] - loc[i] - Seq.sum (seq { for j in 0 .. i - 1 -> factor[i * m + j] * white[j] })
            white[i] <- rest / factor[i * m + i]

        let logDet = Seq.sum (seq { for i in 0 .. m - 1 -> log factor[i * m + i] })
        -0.5 * Array.sumBy (fun w -> w * w) white - logDet - 0.5 * float m * log (2.0 * Math.PI)

/// The density integrates to 1: over draws x of the law the mean of r / p is 1 for any density r on its support. Here r is
/// a normal law in coordinates of the support, narrower than the draws, so that the ratio is bounded where p has no
/// lighter tails than a normal law; fitted to draws that it is not tried on.
let density (key: Key) (cases: LawCases) =
    use _ = torch.NewDisposeScope()

    match (LawCases.law cases).Support with
    | Support.OneHot ->
        sumsToOne cases (fun _ -> [
            for i in 1 .. cases.Size -> [ for j in 1 .. cases.Size -> if i = j then 1.0 else 0.0 ]
        ])
    | Support.Counts _ ->
        let total (i: int) =
            match (LawCases.law (LawCases.select [| i |] cases)).Support with
            | Support.Counts bound -> number ((Bound.toTensor f64 bound).sum())
            | _ -> infinity

        sumsToOne cases (fun i ->
            let total = total i

            if total ** float (cases.Size - 1) <= 1e5 then
                compositions (int total) cases.Size
            else
                [])
    | support ->
        let cases = few cases
        let law = LawCases.law cases

        match Chart.ofSupport support law.EventShape with
        | None -> ()
        | Some chart ->
            let n = LawCases.count cases
            let draws = drawn key (2 * drawsToDetect 0.1) cases law
            let densities = logDensities law n draws

            for i in 0 .. n - 1 do
                let points = draws[i] |> Array.map chart
                let half = points.Length / 2
                let isResolved = points |> Array.forall (fun p -> p.At |> Array.forall Double.IsFinite)

                if isResolved && points[0].At.Length > 0 then
                    let logFit = fitted (points[.. half - 1] |> Array.map _.At)

                    let ratios =
                        Array.init half (fun d ->
                            let p = points[half + d]
                            exp (logFit p.At - p.LogVolume - densities[i][half + d]))

                    meanIs 1.0 ratios $"the integral of the density of %s{LawCases.describe cases i}"
