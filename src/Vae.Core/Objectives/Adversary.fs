namespace Vae.Core

open TorchSharp

/// What an adversary tells apart, and so what the model is trained to make alike.
[<RequireQualifiedAccess>]
type Adversary =
    /// Latents of the data from such whose numbers were exchanged between examples: its logit estimates the total correlation
    /// (Kim and Mnih, "Disentangling by factorising", 2018).
    | TotalCorrelation
    /// Latents of the data from draws of the prior (Makhzani et al., "Adversarial autoencoders", 2016).
    | Prior
    /// Examples from the means of what the model decodes (Larsen et al., 2016, by the adversary's judgement alone).
    | Data

    override this.ToString() =
        match this with
        | TotalCorrelation -> "total correlation by an adversary"
        | Prior -> "an adversary on latents"
        | Data -> "an adversary on data"

/// Two players in one loss: what each is trained by has no gradient in the other's parameters.
[<RequireQualifiedAccess>]
module internal Adversarial =
    let private path = "adversary"

    /// What the adversary looks at, of one example.
    let private shapeOf adversary (vae: Vae) =
        match adversary with
        | Adversary.TotalCorrelation
        | Adversary.Prior -> [| Shape.size vae.LatentShape |]
        | Adversary.Data -> vae.DataShape

    let private wire adversary (net: Net) (vae: Vae) =
        Net.wire path (shapeOf adversary vae) (net --> Net.flatten --> Net.dense 1)

    let declared adversary net (vae: Vae) : Parameter list = (wire adversary net vae).Declared

    /// Each number from another example than its neighbours, [batch, numbers].
    let exchanged (key: Key) (z: Tensor) : Tensor =
        let batch, size = int z.shape[0], int z.shape[1]

        torch.stack (
            [|
                for d in 0 .. size - 1 ->
                    let order = Key.permutation batch (Key.fold d key)
                    z.select(1L, int64 d).index_select(0L, torch.tensor (order, device = z.device))
            |],
            1L
        )

    /// The loss of telling "of the model" (1) from the other (0): -log sigmoid(logit) and -log sigmoid(-logit), halved.
    let private crossEntropy (ofModel: Tensor) (other: Tensor) : Tensor =
        0.5 .* (Logistic.softplus (ofModel.neg ())).mean() .+. (0.5 .* (Logistic.softplus other).mean())

    let terms adversary (net: Net) (weight: float) (pass: Pass) : Term list =
        let wired = wire adversary net pass.Setting.Vae
        let judge (parameters: Params) (x: Tensor) = (Net.apply wired parameters pass.Setting.Mode x).squeeze -1L
        let held = judge (pass.Setting.Params.Held())
        let learning (x: Tensor) = judge pass.Setting.Params (x.detach ())
        let key = Key.foldName path pass.Setting.Key
        let flat (t: Tensor) = t.reshape ([| t.shape[0]; -1L |])
        let latents () = flat (pass.Z.select (0L, 0L))

        let nameOfModel, ofModel, played, judged =
            match adversary with
            | Adversary.TotalCorrelation ->
                let z = latents ()
                // E_q(z)[log D - log(1 - D)] is the mean logit.
                "total correlation", (held z).mean(), z, exchanged key z
            | Adversary.Prior ->
                let z = latents ()
                let p = flat (pass.Prior.Sample(key, [| z.shape[0] |]))
                // The model gains where its latents are taken for the prior's.
                "adversary", (Logistic.softplus (held z)).mean(), z, p
            | Adversary.Data ->
                let decoded = pass.Likelihood.Law.Mean.select (0L, 0L)
                "adversary", (Logistic.softplus (held decoded)).mean(), decoded, pass.X

        let weigh term w = { term with Weight = Schedule.scaled w }

        [
            Elbo.reconstruction pass
            for kl in Elbo.divergences pass do
                if adversary = Adversary.Prior then Term.reported kl else kl
            weigh (Term.whole nameOfModel ofModel) weight
            Term.whole "adversary's loss" (crossEntropy (learning played) (learning judged))
        ]
