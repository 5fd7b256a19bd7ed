namespace Vae.Core

open TorchSharp

/// Nats of a term.
[<RequireQualifiedAccess>]
type Nats =
    /// Of each example, [batch].
    | Each of Tensor
    /// Of a batch as a whole, a tensor of no dimensions: what is no mean over its examples.
    | Whole of Tensor

    /// The mean over the examples, a tensor of no dimensions.
    member this.Mean() : Tensor =
        match this with
        | Each nats -> Tensor.scoped (fun () -> nats.mean ())
        | Whole nats -> nats

    /// The numbers that there are.
    member this.Values: Tensor =
        match this with
        | Each nats
        | Whole nats -> nats

/// A named part of a loss, and the weight that it enters the sum with. One of weight 0 is reported only.
type Term = { Name: string; Weight: Schedule; Nats: Nats }

[<RequireQualifiedAccess>]
module Term =
    /// A term of each example, [batch], of weight 1.
    let each name (nats: Tensor) : Term = { Name = name; Weight = Schedule.constant; Nats = Nats.Each nats }

    /// A term of the batch as a whole, of weight 1.
    let whole name (nats: Tensor) : Term = { Name = name; Weight = Schedule.constant; Nats = Nats.Whole nats }

    /// The same, which is reported and not trained.
    let reported (term: Term) : Term = { term with Weight = Schedule.never }

    /// The value of one tensor with the gradient of another of its shape.
    let internal valueOf (value: Tensor) (surrogate: Tensor) : Tensor =
        value.detach () .+. (surrogate - surrogate.detach ())
