namespace Vae.Core

open System
open TorchSharp

/// What a model of data with missing values says of those that are missing.
[<NoComparison; ReferenceEquality>]
type Imputed = {
    /// The data, [count, data...], with the mean of what is missing given what is there.
    Mean: Tensor
    /// The standard deviation of each value given what is there, [count, data...]; 0 of those that are.
    StandardDeviation: Tensor
} with

    interface IDisposable with
        member this.Dispose() =
            this.Mean.Dispose()
            this.StandardDeviation.Dispose()

/// Missing values by importance sampling: draws of the posterior, weighed by p(x there, z) / q(z|x there), so that neither the
/// posterior's errors nor its narrowness are the answer's (Mattei and Frellsen, "MIWAE", 2019, section 3.2).
[<RequireQualifiedAccess>]
module Imputation =
    /// Decoded examples that are held at once.
    let private held = 4000

    let private check (samples: int) (run: Run) (data: Data) =
        Check.atLeast 1 (nameof samples) samples
        Fit.check run.Vae (nameof data) data

        if run.Vae.Filler.IsNone then
            Check.refuse
                "run"
                "a model of complete data"
                "a model of data with missing values: Vae.forMissing model (in C#: ForMissing)"

    /// Something of each part of a data set: its batch, and a pass with its draws' normalised weights, [draws, batch].
    let private overParts
        (key: Key)
        (samples: int)
        (atOnce: int)
        (run: Run)
        (data: Data)
        (compute: Key -> Batch -> Pass -> Tensor -> Tensor list)
        : Tensor list =
        use _ = torch.no_grad ()
        use scope = torch.NewDisposeScope()
        let read = Batches.ranges run.Params.Placement run.Vae.Reads data
        let rows = max 1 (held / atOnce)

        let part index start =
            use inner = torch.NewDisposeScope()
            let key = Key.fold index key
            let drawKey, chooseKey = Key.split key
            let batch = read start (min rows (data.Count - start))
            let setting = Pass.setting run.Vae run.Params Mode.Evaluate drawKey data.Count
            let pass = Pass.draw samples drawKey setting batch
            let weights = (Pass.logWeight pass).softmax 0L
            compute chooseKey batch pass weights |> List.map inner.MoveToOuter

        Alive.during (fun () ->
            Seq.indexed (seq { 0..rows .. data.Count - 1 })
            |> Seq.map (fun (index, start) -> part index start)
            |> Seq.toList
            |> List.transpose
            |> List.map (fun parts -> scope.MoveToOuter(torch.cat (List.toArray parts, 0L))))

    let private where (batch: Batch) (there: Tensor) (missing: Tensor) =
        match batch.Observed with
        | Some observed -> torch.where (observed, there, missing)
        | None -> there

    /// The mean and standard deviation of what is missing given what is there, by so many draws of the posterior for each example.
    /// What is there stays as it is. The noise is a function of the key. Refuses a model that is not for missing values
    /// (`Vae.forMissing`).
    let impute (samples: int) (key: Key) (run: Run) (data: Data) : Imputed =
        check samples run data

        let ofPart _ (batch: Batch) (pass: Pass) (weights: Tensor) =
            let w = Shape.besideEvents run.Vae.DataShape.Length weights
            let law = pass.Likelihood.Law
            let mean = (w * law.Mean).sum 0L
            let second = (w * (law.Variance .+. law.Mean.squared ())).sum 0L
            let deviation = (second - mean.squared ()).clamp_min(0.0.AsScalar()).sqrt()
            [ where batch batch.X mean; where batch (torch.zeros_like mean) deviation ]

        match overParts key samples samples run data ofPart with
        | [ mean; deviation ] -> { Mean = mean; StandardDeviation = deviation }
        | _ -> invalidOp "a part gives two tensors"

    /// So many completed copies of the data, [copies, count, data...], each missing value drawn of the law given what is there: draws of the
    /// posterior chosen by their weights, and of the likelihood at these (sampling importance resampling; multiple imputation). The
    /// spread over the copies is what is not known.
    let complete (copies: int) (samples: int) (key: Key) (run: Run) (data: Data) : Tensor =
        Check.atLeast 1 (nameof copies) copies
        check samples run data

        let ofPart key (batch: Batch) (pass: Pass) (weights: Tensor) =
            let whichKey, drawKey = Key.split key
            // The number of a draw for each copy, [copies, batch].
            let which =
                (Categorical.ofProbs (weights.t ())).Sample(whichKey, [| int64 copies |]).to_type torch.ScalarType.Int64

            let chosen (z: Tensor) =
                let latent = z.shape[2..]
                let index = (Shape.besideEvents latent.Length which).expand(Array.append which.shape latent)
                z.gather (0L, index)

            let draws = pass.Sites |> List.map (fun site -> site.Name, chosen site.Drawn.Z)
            let law = (run.Vae.Decoder.Apply run.Params Mode.Evaluate (Sight.ofDraws batch.Given draws)).Law
            let drawn = law.Sample(drawKey, [||])
            [ (where batch (batch.X.expand drawn.shape) drawn).transpose(0L, 1L).contiguous() ]

        match overParts key samples (max samples copies) run data ofPart with
        | [ each ] ->
            use each = each
            Tensor.scoped (fun () -> each.transpose(0L, 1L).contiguous())
        | _ -> invalidOp "a part gives one tensor"
