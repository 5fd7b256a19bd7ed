namespace Vae.Core

open System
open TorchSharp

/// The Kullback-Leibler divergence KL(q || p) = E_q[log q(z) - log p(z)], in nats, for each member of the batch.
/// The first law is the one that the expectation is taken under.
[<RequireQualifiedAccess>]
module Kl =
    /// KL(q || p) by the rules given, or None where they do not know it. +infinity, whatever the rules,
    /// where q has probability outside the support of p. Refuses laws whose event shapes differ.
    let tryBy rules q p : Tensor option = KlLookup.tryBy rules q p

    /// Every rule of the library.
    let rules: KlRules =
        let own =
            List.concat [
                NormalRules.all
                PositiveRules.all
                LocationScaleRules.all
                LogNormalRules.all
                HeavyTailRules.all
                UnitRules.all
                SphereRules.all
                MatrixRules.all
                DiscreteRules.all
                CountRules.all
                StructuralRules.all
            ]

        own @ CrossRules.beside own CrossRules.laws
        |> List.fold (fun (known: KlRules) rule -> known.Add rule) KlRules.Empty

    /// What kinds of laws on the line know, of which the rules between different kinds are composed.
    let lineLaws: LineLaw list = CrossRules.laws

    /// The rule for two laws, if there is one.
    let tryRule (q: Distribution) (p: Distribution) : KlRule option = rules.Find(q, p)

    /// KL(q || p) in closed form, or None where no rule knows it.
    let tryExact q p = tryBy rules q p

    /// KL(q || p) in closed form. Raises NotSupportedException where no rule knows it, naming the pair and the estimator.
    let exact (q: Distribution) (p: Distribution) : Tensor =
        match tryExact q p with
        | Some nats -> nats
        | None ->
            raise (
                NotSupportedException
                    $"no closed form is known for KL(%s{q.Name} || %s{p.Name}); Kl.estimate samples it, and Kl.between takes whichever there is"
            )

    /// KL(q || p) from n draws of q: the mean of log q(z) - log p(z), with its standard error. Takes n of at least 2.
    let estimate (key: Key) (n: int) (q: Distribution) (p: Distribution) : Estimate =
        Estimate.notNegative (Estimate.ofLogRatio id key n q p)

    /// KL(q || p) in closed form where one is known, else estimated from n draws; the result says which.
    let between (key: Key) (n: int) (q: Distribution) (p: Distribution) : Divergence =
        match tryExact q p with
        | Some nats -> Divergence.Exact nats
        | None -> Divergence.Estimated(estimate key n q p)

    /// KL(q_i || p_i) of each number of the event, of shape batch + event, where both laws are products over it;
    /// None where one is not. What free bits and reports of single latents need.
    let tryPerDimension (q: Distribution) (p: Distribution) : Tensor option =
        KlLookup.batch q p |> ignore

        match q, p with
        | (:? Independent as q), (:? Independent as p) when q.Dimensions = p.Dimensions -> tryBy rules q.Base p.Base
        | _ -> None

    /// KL(q || p) beside the other measures of how far two laws are apart.
    let discrepancy: Discrepancy = { Name = "KL"; TryExact = tryExact; Estimate = estimate }
