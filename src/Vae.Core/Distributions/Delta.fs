namespace Vae.Core

open TorchSharp

/// The law without spread: every draw is its value. Its mass there is 1, so that its log-density is 0 at the value, and
/// KL(Delta || p) is -log p(value), with a density's units where p has one.
[<Sealed>]
type Delta(value: Tensor, eventRank: int) =
    inherit Distribution()

    do
        Check.finite (nameof value) value

        if eventRank < 0 || eventRank > value.shape.Length then
            Check.refuse
                (nameof eventRank)
                (string eventRank)
                $"from 0 to the value's %d{value.shape.Length} dimensions"

    /// Numbers, each a law of its own.
    new(value: Tensor) = Delta(value, 0)

    /// One number, in float64.
    new(value: float) =
        Check.finiteFloat (nameof value) value
        Delta(ownNumber value, 0)

    /// What every draw is, of shape batch + event.
    member _.Value = value
    /// How many of the value's last dimensions are the event.
    member _.EventRank = eventRank

    override _.BatchShape = fst (Shape.splitLast eventRank (Shape.ofTensor value))
    override _.EventShape = snd (Shape.splitLast eventRank (Shape.ofTensor value))
    override _.Support = Support.Point value
    override _.Placement = Placement.like value

    /// 0 at the value.
    override _.LogDensity x = Shape.sumLast eventRank (torch.zeros_like x)

    override _.Sample(_, draws) = withoutGradient (fun () -> value.expand(Array.append draws value.shape).clone())

    override _.Mean = value
    override _.Variance = Tensor.scoped (fun () -> torch.zeros_like value)
    override _.Mode = Some value

    /// 0: that of a law on one point.
    override this.Entropy = known (fun () -> filled this.Placement this.BatchShape 0.0)

[<RequireQualifiedAccess>]
module Delta =
    /// The law whose draws are a value, the last so many dimensions of which are the event.
    let create (eventRank: int) (value: Tensor) = Delta(value, eventRank)

    /// The law with the path that is its value whatever the noise.
    let pathwise (delta: Delta) =
        Reparameterized(
            delta,
            (fun _ draws -> filled delta.Placement (Array.append draws delta.Value.shape) 0.0),
            (fun noise -> delta.Value .+. noise)
        )

    /// Delta of single numbers as a kind of law.
    let info = LawInfo.of1 "Delta" (LawParameter.real "value") (create 0) |> LawInfo.withPath pathwise
