namespace Vae.Core

open TorchSharp

/// One latent of a pass.
type SitePass = {
    Name: string
    /// Draws of the posterior, [draws, batch, latent...], and its log-density at them, [draws, batch].
    Drawn: Drawn
    /// q(z|x), of the batch [batch], or [draws, batch] where it is given draws of other latents.
    Posterior: Distribution
    /// p(z), of no batch, or [draws, batch] where it is given draws of other latents.
    Prior: Distribution
    Kl: KlCharge
    /// What a network gave that the posterior is made of, where it is one of the library's.
    Code: Tensor option
    /// Of which examples it is known, booleans [batch]: there its draws are what is known, and their log q is 0. None where it is
    /// known of none.
    Known: Tensor option
}

/// What a pass is made by.
type PassSetting = {
    Vae: Vae
    Params: Params
    Mode: Mode
    /// Of everything else that is drawn.
    Key: Key
    /// How far training is; of what is only measured, its end.
    Progress: Progress
    /// Examples of the data that the batch is of.
    Population: int
    /// Which rows of a whole batch these are; None of a whole one.
    Rows: Rows option
}

/// One pass of a model over a batch: what objectives are functions of.
type Pass = {
    Setting: PassSetting
    Batch: Batch
    Sites: SitePass list
    /// p(x|z) at the draws, of batch [draws, batch]: computed where it is asked for.
    Observation: Lazy<Observation>
} with

    /// The batch: [batch, data...].
    member this.X = this.Batch.X
    /// p(x|z) at the draws: batch shape [draws, batch].
    member this.Likelihood = this.Observation.Value

    /// The only latent. Refuses a pass of several.
    member this.Site: SitePass =
        match this.Sites with
        | [ site ] -> site
        | sites -> Check.refuse "vae" $"a model of %d{sites.Length} latents" "a model of one"

    /// Of the only latent, the draws.
    member this.Z = this.Site.Drawn.Z
    /// Of the only latent, the posterior.
    member this.Posterior = this.Site.Posterior
    /// Of the only latent, the prior.
    member this.Prior = this.Site.Prior

[<RequireQualifiedAccess>]
module Pass =
    /// What a pass is made by at the end of training.
    let setting (vae: Vae) (parameters: Params) (mode: Mode) (key: Key) (population: int) : PassSetting = {
        Vae = vae
        Params = parameters
        Mode = mode
        Key = key
        Progress = Progress.ended
        Population = population
        Rows = None
    }

    /// Draws of a law at so many draws of what it is given: of the laws [draws, batch] of other draws, one each.
    let private drawsFor (draws: int64) (law: Distribution) : int64[] =
        if law.BatchShape.Length > 1 then [||] else [| draws |]

    let private decode (setting: PassSetting) (given: Tensor option) (draws: (string * Tensor) list) =
        Tensor.later (fun () -> setting.Vae.Decoder.Apply setting.Params setting.Mode (Sight.ofDraws given draws))

    let private priorOf (setting: PassSetting) (given: Tensor option) draws (wired: WiredSite) : Distribution =
        wired.Prior.Apply setting.Params setting.Mode (Sight.ofDraws given draws)

    /// A latent's draws where what is known of it takes their place, and of which examples it is known.
    let private settle (batch: Batch) (wired: WiredSite) (drawn: Drawn) : Drawn * Tensor option =
        match batch.Known |> List.tryFind (fun (name, _) -> name = wired.Name) with
        | None -> drawn, None
        | Some(_, values) ->
            let rank = wired.Shape.Length
            let isKnown = Shape.allLast rank (values.isnan().logical_not())

            {
                Z = torch.where (Shape.besideEvents rank isKnown, values, drawn.Z)
                LogQ = Tensor.later (fun () -> drawn.LogQ.Value.masked_fill (isKnown, 0.0.AsScalar()))
            },
            Some isKnown

    /// A model over a batch, with the draws that a function makes of each site's encoding.
    let makeBy (draw: WiredSite -> Encoded -> Drawn) (setting: PassSetting) (batch: Batch) : Pass =
        let encode (drawn: (WiredSite * Encoded * (Drawn * Tensor option)) list) (wired: WiredSite) =
            let draws = drawn |> List.map (fun (site, _, (drawn, _)) -> site.Name, drawn.Z)
            let encoded = wired.Posterior.Apply setting.Params setting.Mode (Sight.ofBatch draws batch)
            drawn @ [ wired, encoded, settle batch wired (draw wired encoded) ]

        let drawn = setting.Vae.Sites |> List.fold encode []
        let draws = drawn |> List.map (fun (site, _, (drawn, _)) -> site.Name, drawn.Z)

        {
            Setting = setting
            Batch = batch
            Sites = [
                for wired, encoded, (drawn, known) in drawn ->
                    {
                        Name = wired.Name
                        Drawn = drawn
                        Posterior = encoded.Law
                        Prior = priorOf setting batch.Given draws wired
                        Kl = wired.Kl
                        Code = encoded.Code
                        Known = known
                    }
            ]
            Observation = decode setting batch.Given draws
        }

    /// The key of a site's draws: of the only one, the key itself.
    let private keyOf (vae: Vae) (site: WiredSite) (key: Key) =
        if vae.Sites.Length = 1 then key else Key.foldName site.Name key

    /// A model over a batch with so many draws for each example.
    let internal draw (draws: int) (key: Key) (setting: PassSetting) (batch: Batch) : Pass =
        let draw (site: WiredSite) (encoded: Encoded) =
            encoded.Draw(keyOf setting.Vae site key, drawsFor draws encoded.Law)

        makeBy draw setting batch

    /// The same for some rows of a batch, with the draws that they have in the whole.
    let internal drawRows (rows: Rows) (draws: int) (key: Key) (setting: PassSetting) (batch: Batch) : Pass =
        let draw (site: WiredSite) (encoded: Encoded) =
            encoded.DrawRows(rows, keyOf setting.Vae site key, drawsFor draws encoded.Law)

        makeBy draw { setting with Rows = Some rows } batch

    /// So many draws of a site in another pass of the rows of a setting, which is told from others by a name.
    let internal drawSite name (draws: int) (setting: PassSetting) (site: WiredSite) (encoded: Encoded) : Drawn =
        let key = Key.foldName name setting.Key |> keyOf setting.Vae site
        let draws = drawsFor draws encoded.Law

        match setting.Rows with
        | Some rows -> encoded.DrawRows(rows, key, draws)
        | None -> encoded.Draw(key, draws)

    /// Another pass of the rows of a setting, which is told from others by a name.
    let internal another name (draws: int) (setting: PassSetting) (batch: Batch) : Pass =
        makeBy (drawSite name draws setting) setting batch

    /// A function of the draws in their place, put through the model again with parameters.
    let private again (change: Tensor -> Tensor) (parameters: Params) (pass: Pass) : Pass =
        let setting = { pass.Setting with Params = parameters }
        let draws = pass.Sites |> List.map (fun site -> site.Name, change site.Drawn.Z)

        let site (wired: WiredSite) (site: SitePass, (_, z: Tensor)) =
            let law = (wired.Posterior.Apply parameters setting.Mode (Sight.ofBatch draws pass.Batch)).Law
            let drawn = { Z = z; LogQ = Tensor.later (fun () -> law.LogProb z) }

            {
                site with
                    Drawn = fst (settle pass.Batch wired drawn)
                    Posterior = law
                    Prior = priorOf setting pass.Batch.Given draws wired
            }

        {
            pass with
                Setting = setting
                Sites = List.map2 site setting.Vae.Sites (List.zip pass.Sites draws)
                Observation = decode setting pass.Batch.Given draws
        }

    /// The same draws, and the laws with the model's parameters held: gradients reach the parameters through the draws alone
    /// (Roeder, Wu and Duvenaud, 2017).
    let held (pass: Pass) : Pass = again id (pass.Setting.Params.Held()) pass

    /// `held`, of draws that a function has changed.
    let internal heldAt (change: Tensor -> Tensor) (pass: Pass) : Pass = again change (pass.Setting.Params.Held()) pass

    /// The same draws as constants: gradients reach the parameters through the laws alone.
    let internal atConstants (pass: Pass) : Pass = again _.detach() pass.Setting.Params pass

    /// -log p(x|z), or the score that stands for it, of those values that are there: [draws, batch].
    let internal cost (pass: Pass) : Tensor = pass.Likelihood.CostWhere(pass.Batch.Observed, pass.X)

    /// log p(z) over all latents, [draws, batch].
    let internal logPrior (pass: Pass) : Tensor =
        pass.Sites |> List.map (fun site -> site.Prior.LogProb site.Drawn.Z) |> List.reduce (.+.)

    /// log q(z|x) over all latents, [draws, batch].
    let internal logPosterior (pass: Pass) : Tensor = pass.Sites |> List.map _.Drawn.LogQ.Value |> List.reduce (.+.)

    /// log p(z) - log q(z|x) over all latents, [draws, batch].
    let logPriorRatio (pass: Pass) : Tensor =
        pass.Sites
        |> List.map (fun site -> Tensor.scoped (fun () -> site.Prior.LogProb site.Drawn.Z - site.Drawn.LogQ.Value))
        |> List.reduce (.+.)

    /// log w = log p(x|z) + log p(z) - log q(z|x) of each draw, [draws, batch]: what importance sampling weighs draws by.
    let logWeight (pass: Pass) : Tensor = Tensor.scoped (fun () -> logPriorRatio pass - cost pass)

    /// The log-weights of draws by their numbers, [draws, batch]: the k-th is a function of the key and k alone, whichever are taken
    /// with it. What encodes the batch alone is computed once.
    let internal logWeights (numbers: int list) (key: Key) (setting: PassSetting) (batch: Batch) : Tensor =
        match setting.Vae.Sites with
        | [ _ ] ->
            let draw _ (encoded: Encoded) =
                let draws = [| for k in numbers -> encoded.Draw(Key.fold k key, [| 1L |]) |]

                {
                    Z = torch.cat (draws |> Array.map _.Z, 0L)
                    LogQ = Tensor.later (fun () -> torch.cat (draws |> Array.map _.LogQ.Value, 0L))
                }

            makeBy draw setting batch |> logWeight
        | _ -> torch.cat ([| for k in numbers -> draw 1 (Key.fold k key) setting batch |> logWeight |], 0L)
