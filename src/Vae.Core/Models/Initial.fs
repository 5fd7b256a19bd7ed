namespace Vae.Core

open TorchSharp

/// How the parameters of a model begin.
[<RequireQualifiedAccess>]
module Initial =
    /// The same model with other first values: a function of each parameter.
    let change (by: Parameter -> Parameter) (vae: Vae) : Vae =
        let changed (learned: Learned<'a, 'b>) : Learned<'a, 'b> = {
            Declared = List.map by learned.Declared
            Apply = learned.Apply
        }

        {
            vae with
                Sites =
                    vae.Sites
                    |> List.map (fun site -> {
                        site with
                            Prior = changed site.Prior
                            Posterior = changed site.Posterior
                    })
                Decoder = changed vae.Decoder
        }

    let private scaled (factor: float) (p: Parameter) : Parameter = {
        p with
            Initial = fun place key -> factor .* p.Initial place key
    }

    let private normal (scale: float) (p: Parameter) : Parameter = {
        p with
            Initial = fun place key -> scale .* Key.normal place p.Shape key
    }

    let private filled (value: float) (p: Parameter) : Parameter = {
        p with
            Initial = fun place _ -> (Tensor.scalar place value).expand(p.Shape).clone()
    }

    let private isLinear layer =
        match layer with
        | Layer.Linear _ -> true
        | _ -> false

    let private isWeighted layer =
        match layer with
        | Layer.Linear _
        | Layer.Convolution _
        | Layer.ConvolutionTransposed _ -> true
        | _ -> false

    /// What the last layer of a decoder gives for data of a mean; None of likelihoods whose output is no location.
    let private outputOf (mean: float) spec : float option =
        match spec with
        | LikelihoodSpec.Bernoulli _
        | LikelihoodSpec.BernoulliCrossEntropy _ ->
            let inside = min 0.999 (max 0.001 mean)
            Some(log (inside / (1.0 - inside)))
        | LikelihoodSpec.Gaussian _ -> Some mean
        | LikelihoodSpec.OfLaw _
        | LikelihoodSpec.Product _
        | LikelihoodSpec.DiscretizedLogisticMixture _
        | LikelihoodSpec.Custom _ -> None

    /// A model of few latents and rectifiers that begins where its first steps cannot lose it, for data of a mean: what the seed
    /// of a run decides otherwise is how many units of a narrow code are dead after them, and with them how many of the latents'
    /// directions the decoder can tell apart.
    ///
    /// The decoder begins at the data's mean, so that the first gradients are of what tells examples apart. The hinges of its first layer's
    /// rectifiers, all at the origin where biases are 0, are spread over the prior: weights of variance 2 / inputs (He et al.,
    /// 2015), biases standard normal. The encoder's code begins 4 times as large, and what reads the mean from it as many times smaller, so
    /// that a step moves its units by less of what they are; the posterior's scale begins at 1.
    let spread (mean: float) (vae: Vae) : Vae =
        let layersOf (net: Net option) = net |> Option.map _.Layers |> Option.defaultValue [] |> List.indexed

        let decoder = layersOf vae.Parts.Likelihood.Spec.Decoder
        let first = decoder |> List.tryFind (snd >> isLinear) |> Option.map fst
        let last = decoder |> List.tryFindBack (snd >> isWeighted) |> Option.map fst
        let at prefix (i: int option) suffix = i |> Option.map (fun i -> $"%s{prefix}.%d{i}.%s{suffix}")
        let output = outputOf mean vae.Parts.Likelihood.Spec

        let codes = [
            for site in vae.Parts.Sites do
                let prefix = if vae.Sites.Length = 1 then "posterior" else $"%s{site.Name}.posterior"
                let code = layersOf site.Posterior.Spec.Encoder |> List.tryFindBack (snd >> isLinear) |> Option.map fst
                prefix, at prefix code "weight"
        ]

        let isOf (path: string) (prefix, name: string) =
            path.StartsWith($"%s{prefix}.%s{name}.", System.StringComparison.Ordinal)
            && path.EndsWith(".weight", System.StringComparison.Ordinal)

        let by (p: Parameter) : Parameter =
            let path = Some p.Path

            if path = at "likelihood" first "weight" then
                normal (sqrt (2.0 / float (Array.last p.Shape))) p
            elif path = at "likelihood" first "bias" && first <> last then
                normal 1.0 p
            elif path = at "likelihood" last "bias" && output.IsSome then
                filled output.Value p
            elif codes |> List.exists (fun (_, code) -> path = code) then
                scaled 4.0 p
            elif codes |> List.exists (fun (prefix, _) -> isOf p.Path (prefix, "loc")) then
                scaled 0.25 p
            elif codes |> List.exists (fun (prefix, _) -> isOf p.Path (prefix, "logVariance")) then
                scaled 0.0 p
            else
                p

        change by vae
