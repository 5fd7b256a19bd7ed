namespace Vae.Core

open System
open TorchSharp

/// Where a divergence is looked up: first the supports, then the rules.
[<RequireQualifiedAccess>]
module internal KlLookup =
    /// The batch of a pair of laws. Refuses laws whose event shapes or devices differ.
    let batch (q: Distribution) (p: Distribution) =
        if q.EventShape <> p.EventShape then
            Check.refuse (nameof p) $"%O{p}" $"the event shape of the first law, %s{Check.shape q.EventShape}"

        if not (Placement.canMeet (q.Placement.Device, q.IsOfNumbers) (p.Placement.Device, p.IsOfNumbers)) then
            Check.refuse (nameof p) $"on %O{p.Placement.Device}" $"on %O{q.Placement.Device}, as the first law is"

        Shape.broadcast "q" q.BatchShape "p" p.BatchShape

    /// What is known of a pair of laws, of the batch's shape.
    let expanded q p (known: unit -> Tensor option) : Tensor option =
        let batch = batch q p

        Tensor.scopedOption (fun () -> known () |> Option.map _.expand(batch))

    /// What is known of a pair of laws, and +infinity, whatever is known, where q has probability outside the support of p.
    let infiniteOutside (q: Distribution) (p: Distribution) (known: unit -> Tensor option) : Tensor option =
        let batch = batch q p

        Tensor.scopedOption (fun () ->
            match Support.inclusion q.Support p.Support with
            | Inclusion.Always -> known () |> Option.map _.expand(batch)
            | Inclusion.Never -> Some(filled q.Placement batch Double.PositiveInfinity)
            | Inclusion.Where inside ->
                // The batch, and the dimensions of it that became the event.
                let extra = max 0 (inside.shape.Length - batch.Length)
                let outside = (Shape.allLast extra inside).logical_not().expand batch

                if outside.all().isTrue() then
                    Some(filled q.Placement batch Double.PositiveInfinity)
                else
                    known () |> Option.map _.expand(batch).masked_fill(outside, Double.PositiveInfinity.AsScalar()))

    /// Of laws that give all probability to one integer, whatever their kind, it is what the second law's mass there costs.
    let private ofCertain (q: Distribution) (p: Distribution) : Tensor option =
        match q.Support with
        | Support.Integers(low, high) ->
            let low, high = Bound.toTensor q.Placement low, Bound.toTensor q.Placement high

            if low.eq(high).all().isTrue() then
                Some(0.0 .+ (p.LogProb(low.expand q.BatchShape)).neg())
            else
                None
        | _ -> None

    /// KL(q || p) by the rules given, or None where they do not know it. +infinity, whatever the rules,
    /// where q has probability outside the support of p. Refuses laws whose event shapes differ.
    let tryBy (rules: KlRules) (q: Distribution) (p: Distribution) : Tensor option =
        infiniteOutside q p (fun () ->
            rules.Find(q, p)
            |> Option.bind (fun rule -> rule.Apply(rules, q, p))
            |> Option.orElseWith (fun () -> ofCertain q p))
