namespace Vae.Core

open TorchSharp

/// Values that training hides on the way: a posterior that is to say what an example with holes tells has to be trained on examples with
/// holes, also where the data has none (as O. Ivanov, M. Figurnov and D. Vetrov, "Variational autoencoder with arbitrary conditioning",
/// 2019, train on masks that they draw). What is hidden is left out of the score too, so that the bound is one of what is left.
[<RequireQualifiedAccess>]
module internal Holes =
    /// Which values stay, [batch, data...]: of an example every one with probability 1/2, and else each with one chance of its example,
    /// which is uniform.
    let private kept (most: float) (missing: Missing) (pass: Pass) : Tensor =
        let x = pass.X
        let count = int64 (Batch.count pass.Batch)

        let start, whole =
            match pass.Setting.Rows with
            | Some rows -> int64 rows.Start, int64 rows.Of
            | None -> 0L, count

        let exampleKey, valueKey = Key.split (Key.foldName "holes" pass.Setting.Key)

        let uniform key (shape: int64[]) =
            (Key.uniform (Placement.like x) (Array.append [| whole |] shape) key).narrow(0L, start, count)

        let ofExample = uniform exampleKey (Array.create (x.shape.Length - 1) 1L)
        let chance = most .* (-1.0 .+ 2.0 .* ofExample).clamp_min(0.0.AsScalar())
        (uniform valueKey x.shape[1..] |> Missing.samePoints missing).ge chance

    /// The terms of examples with holes where they are trained on, and of whole ones where they are measured.
    let terms (objective: Pass -> Term list) (draws: int) (most: float) (pass: Pass) : Term list =
        match pass.Setting.Mode, pass.Setting.Vae.Reads.Missing with
        | Mode.Train _, Some missing ->
            let kept = kept most missing pass

            let there =
                match pass.Batch.Observed with
                | Some there -> there.logical_and kept
                | None -> kept

            objective (Pass.another "holes" draws pass.Setting (Batch.observed there pass.Batch))
        | _ -> objective pass
