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
        ImportanceSampling.checkDensity "the ELBO's total" run.Vae
        Alive.during (fun () -> ImportanceSampling.ofData samples key run data) |> Statistic.ofValues

    /// Something computed of a data set chunk by chunk, without gradients: [count, ...] as one tensor, which is the caller's.
    let private overChunks (run: Run) (data: Data) (compute: Batch -> Tensor) : Tensor =
        Fit.check run.Vae (nameof data) data
        use _ = torch.no_grad ()
        use scope = torch.NewDisposeScope()

        let read = Batches.ranges run.Params.Placement run.Vae.Reads data

        let chunk start =
            use inner = torch.NewDisposeScope()
            let batch = read start (min 500 (data.Count - start))
            inner.MoveToOuter(Alive.during (fun () -> compute batch))

        scope.MoveToOuter(torch.cat ([| for start in 0..500 .. data.Count - 1 -> chunk start |], 0L))

    /// The centres of a batch's posteriors, each site's at those of the sites before it.
    let private means (run: Run) (batch: Batch) : (string * Tensor) list =
        let encode draws (site: WiredSite) =
            draws
            @ [ site.Name, (site.Posterior.Apply run.Params Mode.Evaluate (Sight.ofBatch draws batch)).Centre ]

        run.Vae.Sites |> List.fold encode []

    /// A latent's codes by its name, [count, latent...]: the posterior means, each at the codes of the latents that it is given. Of a
    /// law without a known mean it is the mode, and of a flow what it makes of the mean that it begins with. Refuses a name that the
    /// model does not have.
    let encodeSite (name: string) (run: Run) (data: Data) : Tensor =
        if run.Vae.Sites |> List.forall (fun site -> site.Name <> name) then
            let known = run.Vae.Sites |> List.map _.Name |> String.concat ", "
            Check.refuse (nameof name) $"'%s{name}'" $"a latent of the model: %s{known}"

        overChunks run data (fun batch -> means run batch |> List.find (fun (known, _) -> known = name) |> snd)

    /// The posterior means of a data set, [count, latent...]. Refuses a model of several latents.
    let encode (run: Run) (data: Data) : Tensor = encodeSite run.Vae.Site.Name run data

    let private decodeBy (run: Run) (given: Tensor option) (z: Tensor) : Tensor =
        let latent = Array.skip 1 z.shape

        if latent <> run.Vae.LatentShape then
            Check.refuse
                (nameof z)
                $"of shape %s{Check.shape z.shape}"
                $"[count, latent...] with latents of %s{Check.shape run.Vae.LatentShape}"

        match given with
        | Some given when given.shape[0] <> z.shape[0] ->
            Check.refuse (nameof given) $"%d{given.shape[0]} rows" $"%d{z.shape[0]}, one for each latent"
        | _ -> ()

        use _ = torch.no_grad ()
        use scope = torch.NewDisposeScope()
        let place (t: Tensor) = t.``to`` (run.Params.Placement.DType, run.Params.Placement.Device)

        let sight = Sight.ofDraws (Option.map place given) [ run.Vae.Site.Name, place z ]

        Alive.during (fun () ->
            scope.MoveToOuter((run.Vae.Decoder.Apply run.Params Mode.Evaluate sight).Law.Mean.clone()))

    /// The means of p(x|z) at latents of shape [count, latent...]: [count, data...].
    let decode (run: Run) (z: Tensor) : Tensor = decodeBy run None z

    /// The means of p(x|z, given) at latents of shape [count, latent...], and what a conditional model is given of each, [count,
    /// given...].
    let decodeGiven (run: Run) (given: Tensor) (z: Tensor) : Tensor = decodeBy run (Some given) z

    /// The decoded posterior means of a data set, [count, data...].
    let reconstruct (run: Run) (data: Data) : Tensor =
        overChunks run data (fun batch ->
            let sight = Sight.ofDraws batch.Given (means run batch)
            (run.Vae.Decoder.Apply run.Params Mode.Evaluate sight).Law.Mean)

    /// The prior of a trained model of one latent. It borrows the model's parameters.
    let prior (run: Run) : Distribution = run.Vae.Prior.Apply run.Params Mode.Evaluate ()

    /// Draws of every latent from its prior, those that others' priors are of first, [count, latent...].
    let private drawPriors (key: Key) (count: int) (given: Tensor option) (run: Run) : (string * Tensor) list =
        let isReady drawn (site: Site) =
            match site.Prior with
            | SitePrior.Marginal _ -> true
            | SitePrior.Below(above, _) -> above |> List.forall (fun name -> List.exists (fst >> (=) name) drawn)

        let keyOf (site: Site) = if run.Vae.Sites.Length = 1 then key else Key.foldName site.Name key

        let draw drawn (site: Site, wired: WiredSite) =
            let law = wired.Prior.Apply run.Params Mode.Evaluate (Sight.ofDraws given drawn)
            let draws = if law.BatchShape.Length = 0 then [| int64 count |] else [||]
            drawn @ [ site.Name, law.Sample(keyOf site, draws) ]

        let rec settle drawn rest =
            match rest |> List.partition (fun (site, _) -> isReady drawn site) with
            | [], _ -> drawn
            | ready, rest -> settle (List.fold draw drawn ready) rest

        settle [] (List.zip run.Vae.Parts.Sites run.Vae.Sites)

    let private sampleBy (look: Distribution -> Tensor) key count (given: Tensor option) (run: Run) : Tensor =
        Check.atLeast 1 (nameof count) count
        use _ = torch.no_grad ()

        Tensor.scoped (fun () ->
            Alive.during (fun () ->
                let sight = Sight.ofDraws given (drawPriors key count given run)
                (look (run.Vae.Decoder.Apply run.Params Mode.Evaluate sight).Law).clone()))

    let private mean (law: Distribution) = law.Mean

    /// The means of p(x|z) at draws z of the prior: [count, data...].
    let sample (key: Key) (count: int) (run: Run) : Tensor = sampleBy mean key count None run

    /// The same for what a conditional model is given of each, [count, given...].
    let sampleGiven (key: Key) (given: Tensor) (run: Run) : Tensor =
        Tensor.scoped (fun () ->
            let placed = given.``to`` (run.Params.Placement.DType, run.Params.Placement.Device)
            sampleBy mean key (int placed.shape[0]) (Some placed) run)

    /// Draws of p(x|z) at draws z of the prior, as data are and not as their means: [count, data...].
    let simulate (key: Key) (count: int) (run: Run) : Tensor =
        let latentKey, dataKey = Key.split key
        sampleBy (fun law -> law.Sample(dataKey, [||])) latentKey count None run
