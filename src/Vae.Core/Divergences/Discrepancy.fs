namespace Vae.Core

open System
open TorchSharp

/// Why an estimate is not to be believed, where it is not.
[<RequireQualifiedAccess>]
type Doubt =
    | Sound
    /// The mean is not a number.
    | NotANumber
    /// The mean is below 0 by more than six standard errors, of a quantity that is not.
    | BelowZero
    /// The draws' values are as heavy in a tail as those without a variance, by two standard errors of the tail's shape: what stands
    /// as the standard error is none.
    | NoVariance

    /// What is wrong, in words; empty where nothing is.
    member this.Reason =
        match this with
        | Sound -> ""
        | NotANumber -> "the mean over the draws is not a number"
        | BelowZero ->
            "the mean over the draws is below 0 by more than six standard errors, which the quantity cannot be"
        | NoVariance -> "the values of the draws have so heavy a tail that their mean has no standard error"

/// A quantity estimated from draws, in nats: its mean and the standard error of that mean, of the batch's shape, and for each
/// member of the batch, row by row, whether they are to be believed.
type Estimate = { Mean: Tensor; StandardError: Tensor; Doubts: Doubt[] }

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

/// What estimators share.
[<RequireQualifiedAccess>]
module internal Estimate =
    /// The mean of values over their first dimension, with its standard error.
    let mean (values: Tensor) : Estimate =
        let n = float values.shape[0]

        let doubt (values: float[]) =
            if Array.exists Double.IsNaN values then Doubt.NotANumber
            elif Array.exists Double.IsInfinity values then Doubt.Sound
            elif TailShape.hasNoVariance values then Doubt.NoVariance
            else Doubt.Sound

        {
            Mean = values.mean [| 0L |]
            StandardError = values.std (0L, unbiased = true) / (sqrt n).AsScalar()
            Doubts =
                let members = values.numel () / values.shape[0]
                Tensor.toArray (values.reshape(-1L, members).t()) |> Array.chunkBySize (int n) |> Array.map doubt
        }

    /// The same, of a quantity that is not negative.
    let notNegative (estimate: Estimate) : Estimate =
        let means, errors = Tensor.toArray estimate.Mean, Tensor.toArray estimate.StandardError

        let judge doubt (mean: float) (error: float) =
            match doubt with
            | Doubt.Sound when Double.IsNaN mean -> Doubt.NotANumber
            | Doubt.Sound when mean < -6.0 * error && mean < -1e-6 -> Doubt.BelowZero
            | doubt -> doubt

        { estimate with Doubts = Array.map3 judge estimate.Doubts means errors }

    let private worse (a: Doubt) (b: Doubt) = if a = Doubt.Sound then b else a

    /// The sum of independent estimates.
    let sum (a: Estimate) (b: Estimate) : Estimate = {
        Mean = a.Mean .+. b.Mean
        StandardError = (a.StandardError.squared () .+. b.StandardError.squared ()).sqrt()
        Doubts = Array.map2 worse a.Doubts b.Doubts
    }

    /// A multiple.
    let scale (factor: float) (a: Estimate) : Estimate = {
        Mean = factor .* a.Mean
        StandardError = abs factor .* a.StandardError
        Doubts = a.Doubts
    }

    /// The estimate alone of all tensors that a computation makes.
    let scoped (compute: unit -> Estimate) : Estimate =
        use scope = torch.NewDisposeScope()
        let estimate = Alive.during compute

        {
            Mean = scope.MoveToOuter estimate.Mean
            StandardError = scope.MoveToOuter estimate.StandardError
            Doubts = estimate.Doubts
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
        Estimate.notNegative (measure.Estimate key n q p)

    /// In closed form where one is known, else estimated from n draws; the result says which.
    let between (key: Key) (n: int) (measure: Discrepancy) (q: Distribution) (p: Distribution) : Divergence =
        match measure.TryExact q p with
        | Some value -> Divergence.Exact value
        | None -> Divergence.Estimated(estimate key n measure q p)
