namespace Vae.Core

open TorchSharp

/// KL between mixtures, which has no closed form: an upper bound and an approximation, of the components' divergences. A law
/// that is no mixture is one of a single component.
[<RequireQualifiedAccess>]
module MixtureKl =
    /// One component of laws side by side.
    let private select i (law: Distribution) : Distribution option =
        let at dims (t: Tensor) = t.select (int64 (-1 - dims), i)

        match law with
        | :? Normal as law -> Some(Normal.OfLogScale(at 0 law.Loc, at 0 law.LogScale))
        | :? MultivariateNormal as law -> Some(MultivariateNormal.OfParts(at 1 law.Loc, at 2 law.ScaleTril))
        | :? Independent as product ->
            match product.Base with
            | :? Normal as law ->
                let dims = product.Dimensions
                Some(Independent.create dims (Normal.OfLogScale(at dims law.Loc, at dims law.LogScale)))
            | _ -> None
        | _ -> None

    /// The log-weights, [batch..., n], and the components.
    let private parts (argument: string) (law: Distribution) : Tensor * Distribution list =
        match law with
        | :? MixtureOf as mixture -> mixture.Weights.LogProbs, mixture.Components
        | :? Mixture as mixture ->
            let components = [ for i in 0L .. mixture.Weights.Count - 1L -> select i mixture.Components ]

            if List.forall Option.isSome components then
                mixture.Weights.LogProbs, List.choose id components
            else
                Check.refuse
                    argument
                    $"%O{law}"
                    "a MixtureOf, or a Mixture of normal laws, whose components can be told apart"
        | _ -> filled law.Placement [| 1L |] 0.0, [ law ]

    /// KL of every component of q to every one of p, [batch..., n, m].
    let private table (qs: Distribution list) (ps: Distribution list) : Tensor =
        let row q = torch.stack (ps |> List.map (Kl.exact q) |> List.toArray, -1L)
        torch.stack (qs |> List.map row |> List.toArray, -2L)

    /// sum_ij w_i v_j KL(q_i || p_j), which is at least KL(q || p) as KL is convex in both laws. In nats.
    /// Raises NotSupportedException where two components have no closed form.
    let convexUpperBound (q: Distribution) (p: Distribution) : Tensor =
        Tensor.scoped (fun () ->
            let logW, qs = parts (nameof q) q
            let logV, ps = parts (nameof p) p

            let logWeights = logW.unsqueeze -1L .+. logV.unsqueeze -2L
            // A component of no weight counts for nothing, whatever its divergence.
            let used = LogOdds.orZero (LogOdds.isNone logWeights) (table qs ps)
            (logWeights.exp () * used).sum([| -2L; -1L |]))

    /// KL(w || v) + sum_i w_i KL(q_i || p_i) for mixtures of as many components: the divergence of the pairs of component and
    /// point, which is at least that of the points (chain rule). In nats.
    let matchedUpperBound (q: Distribution) (p: Distribution) : Tensor =
        Tensor.scoped (fun () ->
            let logW, qs = parts (nameof q) q
            let logV, ps = parts (nameof p) p

            if qs.Length <> ps.Length then
                Check.refuse (nameof p) $"of %d{ps.Length} components" $"%d{qs.Length}, as %s{nameof q} has"

            let each = torch.stack (List.map2 Kl.exact qs ps |> List.toArray, -1L)
            let none = LogOdds.isNone logW
            let weights = logW.exp ()
            let labels = DiscreteRules.share logW logV
            (labels .+. weights * LogOdds.orZero none each).sum -1L)

    /// sum_i w_i log(sum_i' w_i' e^-KL(q_i || q_i') / sum_j v_j e^-KL(q_i || p_j)): the variational approximation of Hershey
    /// and Olsen (2007), equation 20. It is neither an upper nor a lower bound, 0 for equal mixtures, and exact for single
    /// components. In nats.
    let variationalApproximation (q: Distribution) (p: Distribution) : Tensor =
        Tensor.scoped (fun () ->
            let logW, qs = parts (nameof q) q
            let logV, ps = parts (nameof p) p

            // A component of no weight counts for nothing, whatever its divergence.
            let none = LogOdds.isNone logW

            let less (logWeights: Tensor) (nats: Tensor) =
                let unused = LogOdds.isNone(logWeights).unsqueeze -2L
                LogOdds.sum (logWeights.unsqueeze -2L - LogOdds.orZero unused nats)

            let own, other = less logW (table qs qs), less logV (table qs ps)
            (logW.exp () * LogOdds.orZero none (own - other)).sum -1L)
