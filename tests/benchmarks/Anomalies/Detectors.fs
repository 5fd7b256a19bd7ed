namespace Vae.Benchmarks.Anomalies

open TorchSharp
open Vae.Core

/// Scores of test rows by rows that train, both standardized by the latter: the larger, the odder.
type Detector = { Name: string; Score: int -> float[][] -> float[][] -> float[] }

/// Detectors that others publish results of, as a check of the splits.
[<RequireQualifiedAccess>]
module Detectors =
    /// Each column less its mean over the training rows, by its standard deviation there; a constant one is not scaled.
    let standardize (training: float[][]) (test: float[][]) : float[][] * float[][] =
        let width = training[0].Length
        let mean = Array.init width (fun j -> training |> Array.averageBy (fun row -> row[j]))

        let scale =
            Array.init width (fun j ->
                let variance = training |> Array.averageBy (fun row -> (row[j] - mean[j]) ** 2.0)
                if variance > 0.0 then sqrt variance else 1.0)

        let apply = Array.map (Array.mapi (fun j x -> (x - mean[j]) / scale[j]))
        apply training, apply test

    let private tensor (rows: float[][]) =
        torch.tensor(Array.concat rows).reshape(int64 rows.Length, int64 rows[0].Length)

    let private inBlocks (rows: float[][]) (score: torch.Tensor -> torch.Tensor) : float[] =
        rows
        |> Array.chunkBySize 500
        |> Array.collect (fun block ->
            use _ = torch.NewDisposeScope()
            Tensor.toArray (score (tensor block)))

    /// The distance to the k-th nearest training row (Ramaswamy, Rastogi and Shim, 2000).
    let nearest (k: int) : Detector = {
        Name = $"KNN %d{k}"
        Score =
            fun _ training test ->
                use _ = torch.NewDisposeScope()
                let known = tensor training
                let k = min k training.Length

                inBlocks test (fun rows ->
                    let struct (distances, _) = torch.cdist(rows, known).topk(k, 1, false)
                    distances.amax [| 1L |])
    }

    /// The sum over principal directions of the distance from a row to the direction's unit vector, by the share of variance that
    /// the direction explains: the definition of the library that the published column is of (Zhao, Nasrullah and Li, 2019).
    let principal: Detector = {
        Name = "PCA"
        Score =
            fun _ training test ->
                use _ = torch.NewDisposeScope()
                let known = tensor training
                let centered = known - known.mean ([| 0L |], true)
                let struct (_, values, directions) = torch.linalg.svd (centered, fullMatrices = false)
                let variance = values * values
                let share = (variance / variance.sum ()).clamp_min(torch.tensor(1e-12).ToScalar())
                inBlocks test (fun rows -> (torch.cdist (rows, directions) / share).sum 1L)
    }
