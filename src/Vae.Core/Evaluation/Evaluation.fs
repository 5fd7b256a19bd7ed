namespace Vae.Core

open System
open TorchSharp

/// What a trained model says of data: nothing here moves its parameters.
[<RequireQualifiedAccess>]
module Evaluation =
    let private key = Key.ofSeed 0

    /// An objective over a data set, in nats per example, each term with its standard error. The noise is the same in every call.
    let measure (objective: Objective) (run: Run) (data: Data) : Measurement =
        Measurement.take objective key run.Vae run.Params data

    /// The negative ELBO over a data set: reconstruction, KL and their total, in nats per example, each with its standard error.
    let elbo (run: Run) (data: Data) : Measurement = measure Objective.elbo run data

    /// log p(x) over a data set, in nats per example, by so many draws of the posterior for each: the importance-weighted
    /// estimate of Burda, Grosse and Salakhutdinov, 2016, equation 8. On average it lies between the ELBO and log p(x), and
    /// nearer the latter the more draws. The noise is the same in every call. At most 500 decoded examples are held at once,
    /// whatever the number of draws. The standard error is that of the mean over the examples.
    ///
    /// Raises ArgumentException for fewer draws than one and for data that does not fit the model, and
    /// NotSupportedException for a likelihood whose score is no density.
    let logLikelihood (samples: int) (run: Run) (data: Data) : Statistic =
        Check.atLeast 1 (nameof samples) samples
        Fit.check run.Vae (nameof data) data
        let likelihood = run.Vae.Parts.Likelihood

        if not likelihood.IsDensity then
            raise (
                NotSupportedException
                    $"the model has no log-likelihood: its score of data, %s{likelihood.ScoreName}, is the logarithm of no density; a Bernoulli likelihood of pixels of 0 and 1 has one, and so has a gaussian one; the ELBO's total is this model's figure"
            )

        Alive.during (fun () -> ImportanceSampling.ofData samples key run data) |> Statistic.ofValues

    /// Something computed of a data set chunk by chunk, without gradients: [count, ...] as one tensor, which is the caller's.
    let private overChunks (run: Run) (data: Data) (compute: Tensor -> Tensor) : Tensor =
        Fit.check run.Vae (nameof data) data
        use _ = torch.no_grad ()
        use scope = torch.NewDisposeScope()

        let chunk start =
            use inner = torch.NewDisposeScope()
            let x = Data.range run.Params.Placement start (min 500 (data.Count - start)) data
            inner.MoveToOuter(Alive.during (fun () -> compute x))

        scope.MoveToOuter(torch.cat ([| for start in 0..500 .. data.Count - 1 -> chunk start |], 0L))

    let private encoding (run: Run) x = run.Vae.Posterior.Apply run.Params Mode.Evaluate x

    let private mean (run: Run) x = (encoding run x).Law.Mean

    /// The posterior means of a data set, [count, latent...].
    let encode (run: Run) (data: Data) : Tensor = overChunks run data (mean run)

    /// The means of p(x|z) at latents of shape [count, latent...]: [count, data...].
    let decode (run: Run) (z: Tensor) : Tensor =
        let latent = Array.skip 1 z.shape

        if latent <> run.Vae.LatentShape then
            Check.refuse
                (nameof z)
                $"of shape %s{Check.shape z.shape}"
                $"[count, latent...] with latents of %s{Check.shape run.Vae.LatentShape}"

        use _ = torch.no_grad ()
        use scope = torch.NewDisposeScope()
        let placed = z.``to`` (run.Params.Placement.DType, run.Params.Placement.Device)

        Alive.during (fun () ->
            scope.MoveToOuter((run.Vae.Likelihood.Apply run.Params Mode.Evaluate placed).Law.Mean.clone()))

    /// The decoded posterior means of a data set, [count, data...].
    let reconstruct (run: Run) (data: Data) : Tensor =
        overChunks run data (fun x -> (run.Vae.Likelihood.Apply run.Params Mode.Evaluate (mean run x)).Law.Mean)

    /// The prior of a trained model. It borrows the model's parameters.
    let prior (run: Run) : Distribution = run.Vae.Prior.Apply run.Params Mode.Evaluate ()

    /// The means of p(x|z) at draws z of the prior: [count, data...].
    let sample (key: Key) (count: int) (run: Run) : Tensor =
        Check.atLeast 1 (nameof count) count

        Tensor.scoped (fun () ->
            let z = (prior run).Sample(key, [| int64 count |])
            decode run z)
