namespace Vae.Core

open System
open TorchSharp

/// A law of single numbers with its distribution function, element by element: the batch has its parameters' shape, the
/// event no dimensions. Both tails are stated, since 1 minus one of them loses the digits of the other.
[<AbstractClass>]
type Univariate() =
    inherit Distribution()

    override _.EventShape = [||]

    /// What a law states of P(X <= x), for x in the support (and between the integers of an integer one, x rounded down).
    abstract LowerTail: x: Tensor -> Tensor

    /// What a law states of P(X > x), for the same x.
    abstract UpperTail: x: Tensor -> Tensor

    /// What a law states of the least x with P(X <= x) >= p, for p inside (0, 1).
    abstract FromLower: p: Tensor -> Tensor

    /// What a law states of the least x with P(X > x) <= q, for q inside (0, 1).
    abstract FromUpper: q: Tensor -> Tensor

    /// `FromLower` by its position: so of laws whose quantiles underflow, overflow or round to an end.
    abstract FromLowerAt: p: Tensor -> Position
    default this.FromLowerAt p = Position.at (this.FromLower p)

    /// `FromUpper` by its position.
    abstract FromUpperAt: q: Tensor -> Position
    default this.FromUpperAt q = Position.at (this.FromUpper q)

    /// The formula where x is between the ends of the support, and a value at each end and beyond.
    member private this.Tail(formula: Tensor -> Tensor, atLow: float, atHigh: float, x: Tensor) =
        Tensor.scoped (fun () ->
            let x = Check.numbers (nameof x) this.Placement.DType x
            let low, high = Support.ends this.Support
            let low, high = Bound.toTensor this.Placement low, Bound.toTensor this.Placement high

            let x, below =
                match this.Support with
                | Support.Integers _ ->
                    let floor = x.floor ()
                    floor, floor.lt low
                | _ -> x, x.le low

            let above = x.ge high
            // A formula may look x up in a table: it never sees NaN.
            let inside = below.logical_or(above).logical_or(x.isnan ()).logical_not()
            let anchor = Support.anchor this.Placement [||] this.Support

            formula(torch.where (inside, x, anchor))
                .masked_fill(below, atLow.AsScalar())
                .masked_fill(above, atHigh.AsScalar())
                .masked_fill(x.isnan (), Double.NaN.AsScalar()))

    member private this.Inverse(name: string, formula: Tensor -> Tensor, atZero: Bound, atOne: Bound, p: Tensor) =
        Check.floating name p

        Check.every
            name
            "probabilities, from 0 to 1"
            (fun p -> p.ge(0.0.AsScalar()).logical_and(p.le (1.0.AsScalar())))
            p

        Tensor.scoped (fun () ->
            let p = Check.numbers name this.Placement.DType p
            let atZero, atOne = Bound.toTensor this.Placement atZero, Bound.toTensor this.Placement atOne
            let zero, one = p.eq (0.0.AsScalar()), p.eq (1.0.AsScalar())
            let inside = zero.logical_or(one).logical_not()
            let half = Tensor.scalar this.Placement 0.5
            let x = formula (torch.where (inside, p, half))
            torch.where (zero, atZero, torch.where (one, atOne, x)))

    /// P(X <= x), element by element.
    member this.Cdf(x: Tensor) = this.Tail(this.LowerTail, 0.0, 1.0, x)

    /// P(X > x), with the digits that 1 - Cdf would lose.
    member this.Survival(x: Tensor) = this.Tail(this.UpperTail, 1.0, 0.0, x)

    /// The least x with P(X <= x) >= p. Refuses p outside [0, 1].
    member this.Quantile(p: Tensor) =
        let low, high = Support.ends this.Support
        this.Inverse("p", this.FromLower, low, high, p)

    /// The x whose survival is q, with the digits that Quantile(1 - q) would lose. Refuses q outside [0, 1].
    member this.UpperQuantile(q: Tensor) =
        let low, high = Support.ends this.Support
        this.Inverse("q", this.FromUpper, high, low, q)

    /// The quantile of uniform noise, kept in the support.
    override this.Sample(key, draws) =
        withoutGradient (fun () ->
            this.FromLower(Key.uniform this.Placement (Array.append draws this.BatchShape) key)
            |> Support.nearest this.Support)
