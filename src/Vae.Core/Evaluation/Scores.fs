namespace Vae.Core

open System
open TorchSharp

/// How odd an example is to a model, in nats: the larger, the odder.
[<RequireQualifiedAccess>]
type Score =
    /// -log p(x) by so many draws of the posterior (Burda, Grosse and Salakhutdinov, 2016, equation 8).
    | LogLikelihood of samples: int
    /// The negative ELBO, by so many draws.
    | Bound of samples: int
    /// The mean of -log p(x|z) over so many draws of the posterior: what is left of the bound without its KL.
    | Reconstruction of samples: int
    /// KL(q(z|x) || p(z)): how far the posterior is from the prior. It does not see what the decoder cannot say.
    | Latent

/// Scores of examples, and what each is made of: the parts sum to the score.
[<NoComparison; ReferenceEquality>]
type Explained = {
    /// Of each example, nats.
    Score: float[]
    /// What each value of an example adds to it, [examples][values], in the order of the data: the mean of -log p(value|z) over the
    /// draws of the posterior, which count by their importance weights where the score is -log p(x). 0 of a value that is missing,
    /// and of every value where the score is the latent's alone.
    Values: float[][]
    /// What the latent adds: of -log p(x), KL(p(z|x) || p(z)) by the same draws, how unusual the values are together; of the bound
    /// and of the latent's score KL(q(z|x) || p(z)); of the reconstruction 0.
    Latent: float[]
}

/// How odd the examples of a data set are to a trained model, one by one.
[<RequireQualifiedAccess>]
module Scores =
    /// Numbers of decoded examples that are held at once.
    let private held = 1_000_000

    let private checkDensity (run: Run) = ImportanceSampling.checkDensity "Score.Bound (in C#: Scoring.Bound())" run.Vae

    /// Something of each block of a data set, by passes with so many draws for each example. The noise is a function of the key, of
    /// the number of draws and of where in the data an example stands.
    let private overBlocks (samples: int) (key: Key) (run: Run) (data: Data) (compute: Pass -> 'a) : 'a list =
        Check.atLeast 1 (nameof samples) samples
        Fit.check run.Vae (nameof data) data
        use _ = torch.no_grad ()
        let read = Batches.ranges run.Params.Placement run.Vae.Reads data
        let numbers = float samples * float (Shape.size run.Vae.DataShape)
        let rows = int (Math.Clamp(float held / numbers, 1.0, 10_000.0))

        Alive.during (fun () -> [
            for block, start in Seq.indexed (seq { 0..rows .. data.Count - 1 }) do
                use _ = torch.NewDisposeScope()
                let batch = read start (min rows (data.Count - start))
                let key = Key.fold block key
                let setting = Pass.setting run.Vae run.Params Mode.Evaluate key data.Count
                compute (Pass.draw samples key setting batch)
        ])

    let private kl (pass: Pass) : Tensor = pass.Sites |> List.map (Elbo.nats >> Elbo.overDraws) |> List.reduce (.+.)

    let private reconstruction (pass: Pass) : Tensor = Elbo.overDraws (Pass.cost pass)

    let private logMean (logWeight: Tensor) : float[] =
        let total = logWeight.to_type(torch.ScalarType.Float64).logsumexp 0L
        Tensor.toArray total |> Array.map (fun sum -> sum - log (float logWeight.shape[0]))

    let private draws score =
        match score with
        | Score.LogLikelihood samples
        | Score.Bound samples
        | Score.Reconstruction samples -> samples
        | Score.Latent -> 1

    /// Something of each pass that a score takes.
    let private over score key run data compute =
        match score with
        | Score.LogLikelihood _ -> checkDensity run
        | Score.Bound _
        | Score.Reconstruction _
        | Score.Latent -> ()

        overBlocks (draws score) key run data compute

    let private bound (pass: Pass) = reconstruction pass .+. kl pass

    let private minusLogMean logWeight = logMean logWeight |> Array.map (~-)

    /// A score of each example, nats. Refuses fewer draws than one and data that does not fit the model; raises
    /// NotSupportedException for the log-likelihood of a model whose likelihood is no density.
    let rows (score: Score) (key: Key) (run: Run) (data: Data) : float[] =
        over score key run data (fun pass ->
            match score with
            | Score.LogLikelihood _ -> minusLogMean (Pass.logWeight pass)
            | Score.Bound _ -> Tensor.toArray (bound pass)
            | Score.Reconstruction _ -> Tensor.toArray (reconstruction pass)
            | Score.Latent -> Tensor.toArray (kl pass))
        |> Array.concat

    /// A score of each example of a pass, and what its values add to it, [batch, values].
    let private explainPass score (pass: Pass) : float[] * Tensor =
        let costs = pass.Likelihood.Costs(pass.Batch.Observed, pass.X)

        match score with
        | Score.LogLikelihood _ ->
            let logWeight = Pass.logWeight pass
            // Draws count by their weights, so that the posterior's errors are not the answer's.
            let weights = (logWeight.softmax 0L).unsqueeze -1L
            minusLogMean logWeight, (weights * costs).sum 0L
        | Score.Bound _ -> Tensor.toArray (bound pass), costs.mean [| 0L |]
        | Score.Reconstruction _ -> Tensor.toArray (reconstruction pass), costs.mean [| 0L |]
        | Score.Latent -> Tensor.toArray (kl pass), torch.zeros_like (costs.select (0L, 0L))

    /// A score of each example with what its values and the latent add to it. Refuses and raises as `rows`.
    let explain (score: Score) (key: Key) (run: Run) (data: Data) : Explained =
        let ofBlock (pass: Pass) =
            let score, values = explainPass score pass
            score, Tensor.toArray values |> Array.chunkBySize (int values.shape[1])

        let blocks = over score key run data ofBlock
        let score = blocks |> List.map fst |> Array.concat
        let values = blocks |> List.map snd |> Array.concat

        {
            Score = score
            Values = values
            Latent = Array.map2 (fun score values -> score - Array.sum values) score values
        }
