namespace Vae.Core

open System
open TorchSharp

/// log p(x) by draws of the posterior: log mean_k p(x|z_k) p(z_k) / q(z_k|x), z_k ~ q(z|x), after Burda, Grosse and
/// Salakhutdinov, "Importance weighted autoencoders", 2016, equation 8. On average it is at most log p(x), which it tends to
/// as draws are added, and with one draw it is the ELBO.
[<RequireQualifiedAccess>]
module internal ImportanceSampling =
    /// Raises NotSupportedException for a likelihood whose score is no density; the message says what is this model's figure instead.
    let checkDensity (instead: string) (vae: Vae) =
        let likelihood = vae.Parts.Likelihood

        if not likelihood.IsDensity then
            raise (
                NotSupportedException
                    $"the model has no log-likelihood: its score of data, %s{likelihood.ScoreName}, is the logarithm of no density; a Bernoulli likelihood of pixels of 0 and 1 has one, and so has a gaussian one; %s{instead} is this model's figure"
            )

    /// Examples that are encoded together: part of which noise an example gets.
    let private block = 250

    /// Decoded examples that are held at once.
    let private held = 500

    /// log p(x) in nats of each of a batch [batch, data...], its draws taken as many at a time as make at most `rows`
    /// decoded examples, or one. The k-th draw is a function of the key and k alone, so that neither `rows` nor the draws
    /// after it matter to it.
    let ofBatch (rows: int) (samples: int) (key: Key) (run: Run) (batch: Batch) : float[] =
        use _ = torch.no_grad ()
        use _ = torch.NewDisposeScope()
        let atOnce = max 1 (rows / Batch.count batch)

        let setting = Pass.setting run.Vae run.Params Mode.Evaluate key (Batch.count batch)

        /// log of the sum of the weights so far, and of the next ones: [batch], in float64.
        let add (sum: Tensor) (pass: int, first: int) =
            use scope = torch.NewDisposeScope()
            let logWeights = Pass.logWeights [ first .. first + min atOnce (samples - first) - 1 ] key setting batch
            let next = logWeights.to_type(torch.ScalarType.Float64).logsumexp 0L
            let total = scope.MoveToOuter(torch.logaddexp (sum, next))
            sum.Dispose()

            // Small native objects that scopes do not track live until their finalizers run.
            if pass % 50 = 49 then
                GC.Collect 0

            total

        let none =
            torch.full (
                [| batch.X.shape[0] |],
                Double.NegativeInfinity.AsScalar(),
                dtype = torch.ScalarType.Float64,
                device = batch.X.device
            )

        Seq.indexed (seq { 0..atOnce .. samples - 1 })
        |> Seq.fold add none
        |> Tensor.toArray
        |> Array.map (fun sum -> sum - log (float samples))

    /// The same of each example of a data set, at a memory that neither the draws nor the examples add to, but for one
    /// number an example.
    let ofData (samples: int) (key: Key) (run: Run) (data: Data) : float[] =
        let read = Batches.ranges run.Params.Placement run.Vae.Reads data

        Array.concat [
            for start in 0..block .. data.Count - 1 ->
                use _ = torch.NewDisposeScope()

                read start (min block (data.Count - start))
                |> ofBatch held samples (Key.fold (start / block) key) run
        ]
