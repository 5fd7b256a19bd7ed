namespace Vae.Core

open System
open TorchSharp

/// A quantity estimated from draws, in nats: its mean and the standard error of that mean, of the batch's shape.
type Estimate = { Mean: Tensor; StandardError: Tensor }

/// KL(q || p), and how it was found.
[<RequireQualifiedAccess>]
type Divergence =
    | Exact of nats: Tensor
    | Estimated of Estimate

/// The Kullback-Leibler divergence KL(q || p) = E_q[log q(z) - log p(z)], in nats, for each member of the batch.
/// The first law is the one that the expectation is taken under.
[<RequireQualifiedAccess>]
module Kl =
    let private fitting (q: Distribution) (p: Distribution) =
        if q.EventShape <> p.EventShape then
            Check.refuse (nameof p) $"%O{p}" $"the event shape of the first law, %s{Check.shape q.EventShape}"

        Shape.broadcast "q" q.BatchShape "p" p.BatchShape

    /// KL(q || p) by the rules given, or None where they do not know it. +infinity, whatever the rules,
    /// where q has probability outside the support of p. Refuses laws whose event shapes differ.
    let tryBy (rules: KlRules) (q: Distribution) (p: Distribution) : Tensor option =
        let batch = fitting q p

        let known () = rules.Find(q, p) |> Option.bind (fun rule -> rule.Apply(rules, q, p))
        use scope = torch.NewDisposeScope()

        match Support.inclusion q.Support p.Support with
        | Inclusion.Always -> known () |> Option.map _.expand(batch)
        | Inclusion.Never -> Some(filled q.Placement batch Double.PositiveInfinity)
        | Inclusion.Where inside ->
            // The batch, and the dimensions of it that became the event.
            let extra = max 0 (inside.shape.Length - batch.Length)
            let outside = (Shape.allLast extra inside).logical_not().expand batch

            if outside.all().ToBoolean() then
                Some(filled q.Placement batch Double.PositiveInfinity)
            else
                known () |> Option.map _.expand(batch).masked_fill(outside, Double.PositiveInfinity.ToScalar())
        |> Option.map scope.MoveToOuter

    /// Products of laws over the same event: the sum over the event of the factors' divergences.
    let private independent rules (q: Independent) (p: Independent) =
        if q.Dimensions = p.Dimensions then
            tryBy rules q.Base p.Base |> Option.map (Shape.sumLast q.Dimensions)
        else
            None

    /// Every rule of the library.
    let rules: KlRules =
        let own =
            NormalRules.all
            @ DiscreteRules.all
            @ [
                KlRule.structural
                    @"\sum_i \mathrm{KL}(q_i \,\|\, p_i)"
                    "the factors have a rule"
                    "kl-normal"
                    independent
            ]

        own @ CrossRules.beside own CrossRules.laws
        |> List.fold (fun (known: KlRules) rule -> known.Add rule) KlRules.Empty

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
        Check.atLeast 2 (nameof n) n
        fitting q p |> ignore
        use scope = torch.NewDisposeScope()
        let z = q.Sample(key, [| int64 n |])
        let logRatio = q.LogProb z - p.LogProb z

        {
            Mean = scope.MoveToOuter(logRatio.mean [| 0L |])
            StandardError = scope.MoveToOuter(logRatio.std (0L, unbiased = true) / (sqrt (float n)).ToScalar())
        }

    /// KL(q || p) in closed form where one is known, else estimated from n draws; the result says which.
    let between (key: Key) (n: int) (q: Distribution) (p: Distribution) : Divergence =
        match tryExact q p with
        | Some nats -> Divergence.Exact nats
        | None -> Divergence.Estimated(estimate key n q p)

    /// KL(q_i || p_i) of each number of the event, of shape batch + event, where both laws are products over it;
    /// None where one is not. What free bits and reports of single latents need.
    let tryPerDimension (q: Distribution) (p: Distribution) : Tensor option =
        fitting q p |> ignore

        match q, p with
        | (:? Independent as q), (:? Independent as p) when q.Dimensions = p.Dimensions -> tryBy rules q.Base p.Base
        | _ -> None
