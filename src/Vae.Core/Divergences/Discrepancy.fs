namespace Vae.Core

open System
open TorchSharp

/// A quantity estimated from draws, in nats: its mean and the standard error of that mean, of the batch's shape.
type Estimate = { Mean: Tensor; StandardError: Tensor }

/// KL(q || p), or how far two laws are apart by another measure, and how it was found.
[<RequireQualifiedAccess>]
type Divergence =
    | Exact of nats: Tensor
    | Estimated of Estimate

/// A measure of how far two laws are apart, as a value: each is given to the functions of the module of this name.
type Discrepancy = {
    /// As errors and tables name it.
    Name: string
    /// For each member of the batch, or None where no closed form is known.
    TryExact: Distribution -> Distribution -> Tensor option
    /// From n draws of a key.
    Estimate: Key -> int -> Distribution -> Distribution -> Estimate
}

[<RequireQualifiedAccess>]
module Discrepancy =
    /// In closed form, or None where none is known.
    let tryExact (measure: Discrepancy) (q: Distribution) (p: Distribution) : Tensor option = measure.TryExact q p

    /// In closed form. Raises NotSupportedException where none is known, naming the pair.
    let exact (measure: Discrepancy) (q: Distribution) (p: Distribution) : Tensor =
        match measure.TryExact q p with
        | Some value -> value
        | None ->
            raise (
                NotSupportedException
                    $"no closed form is known for %s{measure.Name}(%s{q.Name} || %s{p.Name}); Discrepancy.estimate samples it, and Discrepancy.between takes whichever there is"
            )

    /// From n draws, with a standard error. Takes n of at least 2.
    let estimate (key: Key) (n: int) (measure: Discrepancy) (q: Distribution) (p: Distribution) : Estimate =
        Check.atLeast 2 (nameof n) n
        measure.Estimate key n q p

    /// In closed form where one is known, else estimated from n draws; the result says which.
    let between (key: Key) (n: int) (measure: Discrepancy) (q: Distribution) (p: Distribution) : Divergence =
        match measure.TryExact q p with
        | Some value -> Divergence.Exact value
        | None -> Divergence.Estimated(estimate key n measure q p)

/// What estimators share.
[<RequireQualifiedAccess>]
module internal Estimate =
    /// The mean of values over their first dimension, with its standard error.
    let mean (values: Tensor) : Estimate =
        let n = float values.shape[0]

        {
            Mean = values.mean [| 0L |]
            StandardError = values.std (0L, unbiased = true) / (sqrt n).AsScalar()
        }

    /// The sum of independent estimates.
    let sum (a: Estimate) (b: Estimate) : Estimate = {
        Mean = a.Mean + b.Mean
        StandardError = (a.StandardError.squared () + b.StandardError.squared ()).sqrt()
    }

    /// A multiple.
    let scale (factor: float) (a: Estimate) : Estimate = {
        Mean = factor .* a.Mean
        StandardError = abs factor .* a.StandardError
    }

    /// The estimate alone of all tensors that a computation makes.
    let scoped (compute: unit -> Estimate) : Estimate =
        use scope = torch.NewDisposeScope()
        let estimate = compute ()

        {
            Mean = scope.MoveToOuter estimate.Mean
            StandardError = scope.MoveToOuter estimate.StandardError
        }

    /// log q(z) - log p(z) at n draws z of q, of shape n + batch.
    let logRatios (key: Key) (n: int) (q: Distribution) (p: Distribution) : Tensor =
        Check.atLeast 2 (nameof n) n
        let batch = KlLookup.batch q p
        let z = q.SampleAt(key, [| int64 n |])
        // Where the second law has the larger batch, each of its members sees the same draws.
        let ones = Array.create (batch.Length - q.BatchShape.Length) 1L
        let beside (t: Tensor) = t.reshape (Array.concat [ [| int64 n |]; ones; Array.tail t.shape ])
        let z = if ones.Length = 0 then z else Position.map beside z
        (q.LogProbAt z - p.LogProbAt z).expand(Array.append [| int64 n |] batch)

    /// The mean over draws of q of a function of log q - log p.
    let ofLogRatio (f: Tensor -> Tensor) key n q p : Estimate = scoped (fun () -> mean (f (logRatios key n q p)))
