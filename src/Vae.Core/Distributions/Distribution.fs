namespace Vae.Core

open TorchSharp

/// A law over tensors: one value that both samples and scores.
/// Tensors are shaped draws + batch + event: the batch are laws side by side, an event is what one draw of one law is.
[<AbstractClass>]
type Distribution() =
    /// The shape of the laws side by side.
    abstract BatchShape: int64[]

    /// The shape of one draw of one law.
    abstract EventShape: int64[]

    /// The set each number of an event lies in.
    abstract Support: Support

    /// The precision and device of the parameters, and so of every result.
    abstract Placement: Placement

    /// What a law states of its density: the formula of `LogProb`.
    abstract LogDensity: x: Tensor -> Tensor

    /// log p(x) in nats, summed over the event: x of shape draws + batch + event gives draws + batch.
    /// -infinity outside the support.
    member this.LogProb(x: Tensor) : Tensor = Tensor.scoped (fun () -> this.LogDensity x)

    /// Draws of the law, of shape draws + batch + event, without gradient. Equal keys give equal draws.
    abstract Sample: key: Key * draws: int64[] -> Tensor

    /// E[x], of shape batch + event.
    abstract Mean: Tensor

    /// Var[x] of each number of the event, of shape batch + event.
    abstract Variance: Tensor

    /// One draw of each law of the batch.
    member this.Sample key = this.Sample(key, [||])

    /// The name of the law, as errors and reports use it.
    abstract Name: string
    default this.Name = this.GetType().Name

    override this.ToString() =
        $"%s{this.Name}(batch %s{Check.shape this.BatchShape}, event %s{Check.shape this.EventShape})"

/// What laws share inside.
[<AutoOpen>]
module internal LawHelpers =
    /// 1/2 log 2 pi
    let halfLogTwoPi = 0.91893853320467274178

    /// Runs a sampler without recording gradients, keeping only its result.
    let withoutGradient (sampler: unit -> Tensor) : Tensor =
        use _ = torch.no_grad ()
        Tensor.scoped sampler

    /// A parameter given as a number: it belongs to the law, not to the scope the law is made in.
    let ownNumber (value: float) : Tensor = (Tensor.scalar Placement.float64 value).DetachFromDisposeScope()

    /// Tensors of floating-point numbers brought to their common shape.
    let together (firstName: string) (a: Tensor) (secondName: string) (b: Tensor) =
        Check.together firstName a secondName b
        let shape = Shape.broadcast firstName a.shape secondName b.shape
        a.expand shape, b.expand shape
