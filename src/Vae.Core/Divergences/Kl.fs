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
    /// KL(q || p) by the rules given, or None where they do not know it. +infinity, whatever the rules,
    /// where q has probability outside the support of p. Refuses laws whose event shapes differ.
    let tryBy rules q p : Tensor option = KlLookup.tryBy rules q p

    /// Every rule of the library.
    let rules: KlRules =
        let own =
            List.concat [
                NormalRules.all
                PositiveRules.all
                UnitRules.all
                SphereRules.all
                MatrixRules.all
                DiscreteRules.all
                CountRules.all
                StructuralRules.all
            ]

        own @ CrossRules.beside own CrossRules.laws
        |> List.fold (fun (known: KlRules) rule -> known.Add rule) KlRules.Empty

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
        Check.atLeast 2 (nameof n) n
        let batch = KlLookup.batch q p
        use scope = torch.NewDisposeScope()
        let z = q.Sample(key, [| int64 n |])
        // Where the second law has the larger batch, each of its members sees the same draws.
        let missing = batch.Length - q.BatchShape.Length
        let ones = Array.create missing 1L
        let z = z.reshape (Array.concat [ [| int64 n |]; ones; Array.tail z.shape ])
        let logRatio = (q.LogProb z - p.LogProb z).expand(Array.append [| int64 n |] batch)

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
        KlLookup.batch q p |> ignore

        match q, p with
        | (:? Independent as q), (:? Independent as p) when q.Dimensions = p.Dimensions -> tryBy rules q.Base p.Base
        | _ -> None
