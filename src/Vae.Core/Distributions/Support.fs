namespace Vae.Core

open TorchSharp

/// Where a law can put probability: the set that each number of an event lies in.
[<RequireQualifiedAccess>]
type Support =
    /// Every real number.
    | Reals
    /// 0 and 1.
    | ZeroOne
    /// The integers from 0 up to, but not including, a count.
    | Below of count: int64

    override this.ToString() =
        match this with
        | Reals -> "the real numbers"
        | ZeroOne -> "{0, 1}"
        | Below n -> $"{{0, ..., %d{n - 1L}}}"

[<RequireQualifiedAccess>]
module Support =
    /// Whether each element of a tensor lies in the support: booleans of the tensor's shape.
    let contains support (x: Tensor) : Tensor =
        match support with
        | Support.Reals -> x.isfinite ()
        | Support.ZeroOne -> x.eq(0.0.ToScalar()).logical_or(x.eq (1.0.ToScalar()))
        | Support.Below n ->
            x.ge(0.0.ToScalar()).logical_and(x.lt ((float n).ToScalar())).logical_and(x.eq (x.floor ()))

    /// Whether a law on the first support is absolutely continuous with respect to one on the second.
    /// Where it is not, KL(first || second) is +infinity.
    let within inner outer =
        match inner, outer with
        | Support.Reals, Support.Reals
        | Support.ZeroOne, Support.ZeroOne -> true
        | Support.ZeroOne, Support.Below n -> n >= 2L
        | Support.Below m, Support.ZeroOne -> m <= 2L
        | Support.Below m, Support.Below n -> m <= n
        | Support.Reals, _
        | _, Support.Reals -> false
