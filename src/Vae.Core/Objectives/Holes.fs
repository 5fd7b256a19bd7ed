namespace Vae.Core

open TorchSharp

/// Values that training hides on the way: a posterior that is to say what an example with holes tells has to be trained on examples with
/// holes, also where the data has none (as O. Ivanov, M. Figurnov and D. Vetrov, "Variational autoencoder with arbitrary conditioning",
/// 2019, train on masks that they draw). What is hidden is left out of the score too, so that the bound is one of what is left.
[<RequireQualifiedAccess>]
module internal Holes =
    /// Which values stay, [batch, data...]: of an example every one with probability 1/2, and else each with one chance of its example,
    /// which is uniform.
    let private kept (most: float) (missing: Missing) (setting: PassSetting) (x: Tensor) : Tensor =
        let count = x.shape[0]

        let start, whole =
            match setting.Rows with
            | Some rows -> int64 rows.Start, int64 rows.Of
            | None -> 0L, count

        let exampleKey, valueKey = Key.split (Key.foldName "holes" setting.Key)

        let uniform key (shape: int64[]) =
            (Key.uniform (Placement.like x) (Array.append [| whole |] shape) key).narrow(0L, start, count)

        let ofExample = uniform exampleKey (Array.create (x.shape.Length - 1) 1L)
        let chance = most .* (-1.0 .+ 2.0 .* ofExample).clamp_min(0.0.AsScalar())
        (uniform valueKey x.shape[1..] |> Missing.samePoints missing).ge chance

    /// A batch with holes, of a model that has a place for them.
    let hide (most: float) (setting: PassSetting) (batch: Batch) : Batch =
        match setting.Vae.Reads.Missing with
        | None -> batch
        | Some missing ->
            let kept = kept most missing setting batch.X

            let there =
                match batch.Observed with
                | Some there -> there.logical_and kept
                | None -> kept

            Batch.observed there batch
