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

/// Scores of examples, and what each is made of.
[<NoComparison; ReferenceEquality>]
type Explained = {
    /// -log p(x) of each example by importance sampling, nats.
    Score: float[]
    /// What each value of an example adds to it, [examples][values], in the order of the data: the mean of -log p(value|z) over the
    /// posterior given the whole example. 0 of a value that is missing.
    Values: float[][]
    /// What is left, KL(p(z|x) || p(z)) by the same draws: how unusual the values are together.
    Latent: float[]
}

/// How odd the examples of a data set are to a trained model, one by one.
[<RequireQualifiedAccess>]
module Scores =
    /// Numbers of decoded examples that are held at once.
    let private held = 1_000_000

    let private checkDensity (run: Run) = ImportanceSampling.checkDensity "Score.Bound" run.Vae

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

    /// A score of each example, nats. Refuses fewer draws than one and data that does not fit the model; raises
    /// NotSupportedException for the log-likelihood of a model whose likelihood is no density.
    let rows (score: Score) (key: Key) (run: Run) (data: Data) : float[] =
        match score with
        | Score.LogLikelihood samples ->
            checkDensity run
            overBlocks samples key run data (Pass.logWeight >> logMean >> Array.map (~-))
        | Score.Bound samples ->
            overBlocks samples key run data (fun pass -> Tensor.toArray (reconstruction pass .+. kl pass))
        | Score.Reconstruction samples -> overBlocks samples key run data (reconstruction >> Tensor.toArray)
        | Score.Latent -> overBlocks 1 key run data (kl >> Tensor.toArray)
        |> Array.concat

    /// -log p(x) of each example by so many draws of the posterior, and what its values and the latent add to it: the parts sum to the
    /// score. Draws count by their importance weights, so that the posterior's errors are not the answer's. Refuses and raises as
    /// `rows`.
    let explain (samples: int) (key: Key) (run: Run) (data: Data) : Explained =
        checkDensity run

        let ofBlock (pass: Pass) =
            let logWeight = Pass.logWeight pass
            let weights = (logWeight.softmax 0L).unsqueeze -1L
            let costs = pass.Likelihood.Costs(pass.Batch.Observed, pass.X)
            let values = (weights * costs).sum 0L
            let score = logMean logWeight |> Array.map (~-)
            score, Tensor.toArray values |> Array.chunkBySize (int values.shape[1])

        let blocks = overBlocks samples key run data ofBlock
        let score = blocks |> List.map fst |> Array.concat
        let values = blocks |> List.map snd |> Array.concat

        {
            Score = score
            Values = values
            Latent = Array.map2 (fun score values -> score - Array.sum values) score values
        }
