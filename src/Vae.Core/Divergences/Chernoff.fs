namespace Vae.Core

open TorchSharp

/// The Chernoff integral, log of the integral of q^a p^(1 - a), in nats: of which Renyi's divergences, chi-squared and
/// Hellinger's distance are functions (Chernoff, 1952; van Erven and Harremoes, 2014). At most 0 for a inside (0, 1), at
/// least 0 outside.
[<RequireQualifiedAccess>]
module Chernoff =
    /// What is known of each kind of law.
    let rules: ChernoffRule list = ChernoffRules.all

    let rec private between (a: float) (q: Distribution) (p: Distribution) : Tensor option =
        let own () =
            rules
            |> List.tryFind (fun rule -> rule.Law = q.GetType() && rule.Law = p.GetType())
            |> Option.bind (fun rule -> rule.Formula a q p)

        match q, p with
        | (:? Independent as q), (:? Independent as p) when q.Dimensions = p.Dimensions ->
            between a q.Base p.Base |> Option.map (Shape.sumLast q.Dimensions)
        | (:? Transformed as q), (:? Transformed as p) when
            obj.ReferenceEquals(q.Transform, p.Transform) && q.Base.EventShape = p.Base.EventShape
            ->
            between a q.Base p.Base
        | (:? TransformedUnivariate as q), (:? TransformedUnivariate as p) when
            obj.ReferenceEquals(q.Transform, p.Transform)
            ->
            between a q.Base p.Base
        | _ ->
            match own (), NormalVector.tryOf q, NormalVector.tryOf p with
            | None, Some q, Some p -> Some(ChernoffRules.multivariate a q p)
            | own, _, _ -> own

    /// log of the integral of q^a p^(1 - a), or None where no rule knows it; +infinity where it diverges.
    /// Refuses laws whose event shapes differ, and an order that is not finite.
    let tryLogIntegral (order: float) (q: Distribution) (p: Distribution) : Tensor option =
        Check.finiteFloat (nameof order) order
        let known () = between order q p

        if order > 1.0 then KlLookup.infiniteOutside q p known
        elif order < 0.0 then KlLookup.infiniteOutside p q known
        else KlLookup.expanded q p known
