namespace Vae.Core

open TorchSharp

/// Uniform(low, high), element by element, on the interval with its ends.
[<Sealed>]
type Uniform private (low: Tensor, high: Tensor, width: Tensor) =
    inherit Univariate()

    /// A point by the logs of the shares below and above it.
    let position (x: Tensor) (logP: Tensor) (logQ: Tensor) : Position =
        let distance (from: Tensor) (logShare: Tensor) = Some { From = from; Log = logShare .+. width.log () }

        { Position.at x with Low = distance low logP; High = distance high logQ }

    /// Rounding must not carry a number out of the interval.
    let inside (x: Tensor) = torch.minimum (torch.maximum (x, low), high)

    /// From the nearer end, by the shares below and above.
    let between (p: Tensor) (q: Tensor) =
        torch.where (p.le (0.5.AsScalar()), low .+. p * width, high - q * width) |> inside

    /// From its ends, which broadcast. Refuses ends that are not finite, not in order, or farther apart than numbers go.
    new(low: Tensor, high: Tensor) =
        Check.finite (nameof low) low
        Check.finite (nameof high) high
        let low, high = together (nameof low) low (nameof high) high
        Check.every (nameof low) $"numbers below %s{nameof high}" (fun low -> low.lt (high.detach ())) low
        let width = Tensor.scoped (fun () -> high - low)
        Check.finite $"%s{nameof high} - %s{nameof low}" width
        Uniform(low, high, width)

    /// From two numbers, in float64.
    new(low: float, high: float) =
        Check.finiteFloat (nameof low) low
        Check.finiteFloat (nameof high) high

        if low >= high then
            Check.refuse (nameof low) (Check.number low) $"a number below %s{nameof high}, %s{Check.number high}"

        Check.finiteFloat $"%s{nameof high} - %s{nameof low}" (high - low)
        Uniform(ownNumber low, ownNumber high, ownNumber (high - low))

    /// The lower end.
    member _.Low = low
    /// The upper end.
    member _.High = high
    /// high - low
    member _.Width = width

    override _.BatchShape = Shape.ofTensor low
    override _.Support = Support.Closed(Bound.PerLaw low, Bound.PerLaw high)
    override _.Placement = Placement.like low

    /// -log(high - low)
    override _.LogDensity x = width.log().neg().expand(Shape.broadcast "x" x.shape "low" low.shape)

    override _.LowerTail x = (x - low) / width
    override _.UpperTail x = (high - x) / width
    override _.FromLower p = between p (1.0 .+ p.neg ())
    override _.FromUpper q = between (1.0 .+ q.neg ()) q
    override this.FromLowerAt p = position (this.FromLower p) (p.log ()) (p.neg().log1p())
    override this.FromUpperAt q = position (this.FromUpper q) (q.neg().log1p()) (q.log ())

    override this.SampleAt(key, draws) =
        positionsWithoutGradient (fun () ->
            let p = Key.uniform this.Placement (Array.append draws this.BatchShape) key
            { this.FromLowerAt p with X = Support.nearest this.Support (this.FromLower p) })

    override _.Mean = Tensor.scoped (fun () -> low .+. 0.5 .* width)
    override _.Variance = Tensor.scoped (fun () -> (1.0 / 12.0) .* width.squared ())

    /// The middle, as any other point.
    override _.Mode = known (fun () -> low .+. 0.5 .* width)

    override _.Entropy = known (fun () -> width.log ())

[<RequireQualifiedAccess>]
module Uniform =
    /// Uniform(low, high), from two tensors that broadcast.
    let create (low: Tensor) (high: Tensor) = Uniform(low, high)

    /// The law with its sample path z = low + (high - low) * noise, noise uniform in (0, 1).
    let pathwise (law: Uniform) = pathBy law id law.FromLower

    /// Uniform as a kind of law.
    let info =
        LawInfo.of2 "Uniform" (LawParameter.real "low") (LawParameter.above "low" "high") create
        |> LawInfo.withPath pathwise
