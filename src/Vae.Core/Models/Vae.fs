namespace Vae.Core

open TorchSharp

/// Which divergence from the prior an objective charges: decided once, when the model is made.
[<RequireQualifiedAccess>]
type KlCharge =
    /// The closed form that `Kl.rules` has for the model's laws.
    | Exact
    /// log q(z|x) - log p(z) on the pass's own draws.
    | Sampled

    override this.ToString() =
        match this with
        | Exact -> "exact"
        | Sampled -> "sampled: log q(z|x) - log p(z) on the draws"

/// A variational autoencoder: a prior p(z), a posterior q(z|x) and a likelihood p(x|z) that fit one another.
type Vae = {
    DataShape: int64[]
    LatentShape: int64[]
    Prior: Learned<unit, Distribution>
    Posterior: Learned<Tensor, Encoded>
    Likelihood: Learned<Tensor, Observation>
    Kl: KlCharge
    /// How gradients reach the posterior through its draws.
    Gradient: Gradient
    /// The set that data lies in for the likelihood's score to be meant, as far as it is the same whatever the latent and the
    /// parameters are.
    Observed: Support option
    /// The parts it was made of.
    Parts: Parts
}

and Parts = { Prior: Prior; Posterior: Posterior; Likelihood: Likelihood }

[<RequireQualifiedAccess>]
module Vae =
    /// Everything the model declares, each path once.
    let declared (vae: Vae) = vae.Prior.Declared @ vae.Posterior.Declared @ vae.Likelihood.Declared |> Params.Distinct

    /// The first parameters of a model, a function of the key.
    let initial place key (vae: Vae) =
        let parameters = Params.Initial(place, key, declared vae)
        // Whoever makes a model may leave it to another thread.
        Team.release ()
        parameters

    /// What a support is for every law of its kind: bounds that are a law's own bound nothing.
    let rec private ofAnyLaw (support: Support) : Support option =
        let low, high = Support.ends Support.reals

        let fixedOr any bound =
            match bound with
            | Bound.At _ -> bound
            | Bound.PerLaw _ -> any

        match support with
        | Support.Open(a, b) -> Some(Support.Open(fixedOr low a, fixedOr high b))
        | Support.Closed(a, b) -> Some(Support.Closed(fixedOr low a, fixedOr high b))
        | Support.Integers(a, b) -> Some(Support.Integers(fixedOr low a, fixedOr high b))
        | Support.Point _
        | Support.Counts(Bound.PerLaw _)
        | Support.Ball(Bound.PerLaw _) -> None
        | Support.Parts parts ->
            let known = parts |> List.choose (fun (shape, part) -> ofAnyLaw part |> Option.map (fun s -> shape, s))
            if known.Length = parts.Length then Some(Support.Parts known) else None
        | other -> Some other

    /// What a model's laws allow, the kind of KL, gradients through draws, and the set that its data lies in, looked up on one
    /// example, for which the library's encoders and decoders make no numbers: a model's size is a matter of its shapes. Refuses laws
    /// that do not fit one another.
    let private looked (vae: Vae) : Vae =
        Native.load ()
        use _ = torch.NewDisposeScope()
        use _ = torch.no_grad ()
        let encoded = vae.Parts.Posterior.Example vae.DataShape vae.LatentShape
        let q = encoded.Law
        let p = vae.Parts.Prior.Example()

        if p.EventShape <> vae.LatentShape then
            Check.refuse "prior" $"%O{p}" $"an event of the latent's shape %s{Check.shape vae.LatentShape}"

        if q.EventShape <> p.EventShape then
            Check.refuse "posterior" $"%O{q}" $"an event of the prior's shape %s{Check.shape p.EventShape}"

        if not (Support.within q.Support p.Support) then
            Check.refuse
                "posterior"
                $"on %O{q.Support}"
                $"a law within the prior's support, %O{p.Support}: outside it their KL is infinite"

        let charge =
            match Kl.tryExact q p with
            | Some _ -> KlCharge.Exact
            | None -> KlCharge.Sampled

        let draw () = p.Sample(Key.ofSeed 0, [| 1L |]).to_type torch.ScalarType.Float32
        let observed = vae.Parts.Likelihood.Example vae.LatentShape draw
        // Parts of one's own may have computed: whoever makes a model may leave it to another thread.
        Team.release ()

        {
            vae with
                Kl = charge
                Gradient = encoded.Gradient
                Observed = ofAnyLaw observed.Support
        }

    /// The model of a prior, a posterior and a likelihood. The prior says the shape of the latent, the likelihood's decoder
    /// that of the data. Refuses parts whose shapes or supports do not fit.
    let create (prior: Prior) (posterior: Posterior) (likelihood: Likelihood) : Vae =
        let dataShape = likelihood.DataShape prior.LatentShape

        looked {
            DataShape = dataShape
            LatentShape = prior.LatentShape
            Prior = prior.Law
            Posterior = posterior.Wire dataShape prior.LatentShape
            Likelihood = likelihood.Wire prior.LatentShape
            Kl = KlCharge.Sampled
            Gradient = Gradient.Scored
            Observed = None
            Parts = { Prior = prior; Posterior = posterior; Likelihood = likelihood }
        }


    /// The model in words: its parts, its KL, its shapes, and how many numbers training moves.
    let describe (vae: Vae) =
        let trained = declared vae |> List.filter _.Trained |> List.sumBy (fun p -> Shape.size p.Shape)

        String.concat "\n" [
            $"prior       %O{vae.Parts.Prior.Spec}"
            $"posterior   %O{vae.Parts.Posterior.Spec}"
            $"likelihood  %O{vae.Parts.Likelihood.Spec}"
            $"KL          %O{vae.Kl}"
            $"data        %s{Check.shape vae.DataShape}, latent %s{Check.shape vae.LatentShape}, %d{trained} trained numbers"
        ]
