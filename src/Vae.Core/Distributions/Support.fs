namespace Vae.Core

open System
open TorchSharp

/// An end of a range: one number, or one for each law of the batch.
[<RequireQualifiedAccess>]
type Bound =
    | At of float
    | PerLaw of Tensor

    override this.ToString() =
        match this with
        | At value -> Check.number value
        | PerLaw values when values.numel () = 1L -> Check.number (Tensor.toFloat values)
        | PerLaw values -> $"(one for each of %s{Check.shape values.shape})"

[<RequireQualifiedAccess>]
module Bound =
    /// The bound as a tensor that broadcasts with the batch.
    let toTensor place bound : Tensor =
        match bound with
        | Bound.At value -> Tensor.scalar place value
        | Bound.PerLaw values -> values

/// Where a law can put probability: the set that each point of an event lies in. Points are numbers, vectors (the last
/// dimension) or matrices (the last two).
[<RequireQualifiedAccess>]
type Support =
    /// The numbers between two ends, without the ends.
    | Open of low: Bound * high: Bound
    /// The numbers between two ends and those ends that are finite.
    | Closed of low: Bound * high: Bound
    /// The integers from one number to another, both included.
    | Integers of low: Bound * high: Bound
    /// So many numbers at equal distances from 0 to 1: grey levels. A thousandth of a distance beside one of them is that one, as
    /// numbers are rounded.
    | Levels of count: int
    /// One number.
    | Point of Tensor
    /// Vectors of positive numbers whose sum is 1.
    | Simplex
    /// Vectors with one 1 and otherwise 0.
    | OneHot
    /// Vectors of counts with a given sum.
    | Counts of total: Bound
    /// Vectors of length 1.
    | Sphere
    /// Vectors shorter than a radius.
    | Ball of radius: Bound
    /// Symmetric positive definite matrices.
    | PositiveDefinite
    /// Lower triangular matrices with a positive diagonal and rows of length 1.
    | CorrelationFactors
    /// Vectors of parts, each a point's numbers in a row, by the shape of their events.
    | Parts of (int64[] * Support) list

    override this.ToString() =
        match this with
        | Open(Bound.At low, Bound.At high) when Double.IsInfinity low && Double.IsInfinity high -> "the real numbers"
        | Open(low, high) -> $"(%O{low}, %O{high})"
        | Closed(low, high) -> $"[%O{low}, %O{high}]"
        | Integers(Bound.At 0.0, Bound.At 1.0) -> "{0, 1}"
        | Integers(low, high) when string low = string high -> $"{{%O{low}}}"
        | Integers(low, high) -> $"{{%O{low}, ..., %O{high}}}"
        | Levels count -> $"{{0, 1/%d{count - 1}, ..., 1}}"
        | Point _ -> "one point"
        | Simplex -> "the simplex"
        | OneHot -> "the one-hot vectors"
        | Counts total -> $"counts that sum to %O{total}"
        | Sphere -> "the unit sphere"
        | Ball radius -> $"the ball of radius %O{radius}"
        | PositiveDefinite -> "the positive definite matrices"
        | CorrelationFactors -> "the Cholesky factors of correlation matrices"
        | Parts parts -> parts |> List.map (snd >> string) |> String.concat " x "

/// Whether one set is within another, for each law of a batch.
[<RequireQualifiedAccess>]
type internal Inclusion =
    | Always
    | Never
    /// Booleans that broadcast with the batch, and with those dimensions of it that became the event.
    | Where of Tensor

[<RequireQualifiedAccess>]
module Support =
    let private infinite = Double.PositiveInfinity

    /// Every real number.
    let reals = Support.Open(Bound.At -infinite, Bound.At infinite)
    /// The positive numbers.
    let positive = Support.Open(Bound.At 0.0, Bound.At infinite)
    /// The positive numbers and 0.
    let nonNegative = Support.Closed(Bound.At 0.0, Bound.At infinite)
    /// The numbers between 0 and 1.
    let unit = Support.Open(Bound.At 0.0, Bound.At 1.0)
    /// 0 and 1.
    let zeroOne = Support.Integers(Bound.At 0.0, Bound.At 1.0)
    /// The integers from 0 up to, but not including, a count.
    let below (count: int64) = Support.Integers(Bound.At 0.0, Bound.At(float (count - 1L)))
    /// 0, 1, 2, ...
    let naturals = Support.Integers(Bound.At 0.0, Bound.At infinite)

    /// Whether a support is that of every real number, by which nothing is excluded.
    let internal isReals support =
        match support with
        | Support.Open(Bound.At low, Bound.At high) -> low = -infinite && high = infinite
        | _ -> false

    /// Whether an end of a range is infinite, of some law.
    let internal isUnbounded support =
        let isInfinite bound =
            match bound with
            | Bound.At value -> Double.IsInfinity value
            | Bound.PerLaw values -> values.isinf().any().isTrue()

        match support with
        | Support.Open(low, high)
        | Support.Closed(low, high)
        | Support.Integers(low, high) -> isInfinite low || isInfinite high
        | _ -> false

    /// How many of the last dimensions are one point of the set.
    let rank support =
        match support with
        | Support.Open _
        | Support.Closed _
        | Support.Integers _
        | Support.Levels _
        | Support.Point _ -> 0
        | Support.Simplex
        | Support.OneHot
        | Support.Counts _
        | Support.Sphere
        | Support.Ball _
        | Support.Parts _ -> 1
        | Support.PositiveDefinite
        | Support.CorrelationFactors -> 2

    /// The ends of a set of numbers: those of all real numbers where it is no range.
    let internal ends support =
        match support with
        | Support.Open(low, high)
        | Support.Closed(low, high)
        | Support.Integers(low, high) -> low, high
        | _ -> Bound.At -infinite, Bound.At infinite

    let private compare
        (ofNumber: Tensor -> Scalar -> Tensor)
        (ofTensor: Tensor -> Tensor -> Tensor)
        (x: Tensor)
        bound
        =
        match bound with
        | Bound.At value -> ofNumber x (value.AsScalar())
        | Bound.PerLaw values -> ofTensor x values

    let private above = compare (fun x value -> x.gt value) (fun x values -> x.gt values)
    let private atLeast = compare (fun x value -> x.ge value) (fun x values -> x.ge values)
    let private under = compare (fun x value -> x.lt value) (fun x values -> x.lt values)
    let private atMost = compare (fun x value -> x.le value) (fun x values -> x.le values)
    let private whole (x: Tensor) = x.eq (x.floor ())

    /// What a sum or a length that should be a number may be off by, from rounding.
    let private slack (x: Tensor) = if x.dtype = torch.ScalarType.Float64 then 1e-8 else 1e-4

    let private near (expected: float) (scale: float) (x: Tensor) (value: Tensor) =
        (value - expected.AsScalar()).abs().le((scale * slack x).AsScalar())

    let rec private inside support (x: Tensor) : Tensor =
        match support with
        | Support.Open(low, high) -> (above x low).logical_and(under x high)
        | Support.Closed(low, high) -> (atLeast x low).logical_and(atMost x high).logical_and(x.isfinite ())
        | Support.Integers(low, high) ->
            (atLeast x low).logical_and(atMost x high).logical_and(x.isfinite ()).logical_and(whole x)
        | Support.Levels count ->
            let level = float (count - 1) .* x
            let nearest = level.round().clamp(0.0.AsScalar(), (float (count - 1)).AsScalar())
            (level - nearest).abs().le(1e-3.AsScalar())
        | Support.Point value -> x.eq value
        | Support.Simplex -> x.gt(0.0.AsScalar()).all(-1L).logical_and(near 1.0 1.0 x (x.sum (-1L)))
        | Support.OneHot ->
            x.eq(0.0.AsScalar()).logical_or(x.eq (1.0.AsScalar())).all(-1L).logical_and(x.sum(-1L).eq(1.0.AsScalar()))
        | Support.Counts total ->
            let counts = x.ge(0.0.AsScalar()).logical_and(whole x).all(-1L)
            counts.logical_and (x.sum(-1L).eq(Bound.toTensor (Placement.like x) total))
        | Support.Sphere -> near 1.0 1.0 x (x.squared().sum(-1L))
        | Support.Ball radius -> x.squared().sum(-1L).lt((Bound.toTensor (Placement.like x) radius).squared())
        | Support.PositiveDefinite ->
            let transposed = x.transpose (-1L, -2L)
            let scale = x.detach().abs().amax([| -1L; -2L |], keepdim = true)
            let symmetric = (x - transposed).abs().le(scale * (slack x).AsScalar()).all(-1L).all(-1L)
            // A matrix that is not finite has no eigenvalues to look at.
            let finite = x.isfinite().all(-1L).all(-1L)
            let safe = torch.where (finite.unsqueeze(-1L).unsqueeze -1L, x, torch.zeros_like x)
            let struct (_, failures) = torch.linalg.cholesky_ex safe
            symmetric.logical_and(finite).logical_and(failures.eq (0.0.AsScalar()))
        | Support.CorrelationFactors ->
            let lower = x.triu(1L).eq(0.0.AsScalar()).all(-1L).all(-1L)
            let diagonal = x.diagonal(dim1 = -2L, dim2 = -1L).gt(0.0.AsScalar()).all(-1L)
            let rows = (near 1.0 1.0 x (x.squared().sum(-1L))).all(-1L)
            lower.logical_and(diagonal).logical_and rows
        | Support.Parts parts ->
            parts
            |> List.mapFold
                (fun start (shape, part) ->
                    let size = Shape.size shape
                    let values = x.narrow (-1L, start, size)
                    let point = values.reshape (Array.append (fst (Shape.splitLast 1 x.shape)) shape)
                    let inside = inside part point
                    let rest = shape.Length - rank part
                    Shape.allLast rest inside, start + size)
                0L
            |> fst
            |> List.reduce (fun a b -> a.logical_and b)

    /// Whether each point of a tensor lies in the support: booleans, of the tensor's shape without a point's dimensions.
    let contains support (x: Tensor) : Tensor = Tensor.scoped (fun () -> inside support x)

    /// A point of the support of each law, with the event's shape or one that broadcasts to it.
    let rec internal anchor place (eventShape: int64[]) support : Tensor =
        let tensor bound = Bound.toTensor place bound

        match support with
        | Support.Open(low, high)
        | Support.Closed(low, high) ->
            // The middle, or a step inside of the end there is.
            let low, high = tensor low, tensor high
            let inner = 0.5 .* (low .+. high)
            let fromEnds = torch.where (low.isfinite (), 1.0 .+ low, -1.0 .+ high)
            torch.where (fromEnds.isfinite (), torch.where (inner.isfinite (), inner, fromEnds), torch.zeros_like inner)
        | Support.Integers(low, high) ->
            let low, high = tensor low, tensor high
            torch.where (low.isfinite (), low, torch.where (high.isfinite (), high, torch.zeros_like high))
        | Support.Levels _ -> Tensor.scalar place 0.0
        | Support.Point value -> value
        | Support.Simplex ->
            let k = Array.last eventShape
            torch.full ([| k |], (1.0 / float k).AsScalar(), dtype = place.DType, device = place.Device)
        | Support.OneHot
        | Support.Sphere -> unitVector place eventShape
        | Support.Counts total -> (tensor total).unsqueeze -1L * unitVector place eventShape
        | Support.Ball _ -> torch.zeros ([| Array.last eventShape |], dtype = place.DType, device = place.Device)
        | Support.PositiveDefinite
        | Support.CorrelationFactors -> torch.eye (Array.last eventShape, dtype = place.DType, device = place.Device)
        | Support.Parts parts ->
            let values =
                parts
                |> List.map (fun (shape, part) ->
                    (anchor place shape part).expand(shape).reshape [| Shape.size shape |])

            torch.cat (List.toArray values, -1L)

    and private unitVector place eventShape =
        let k = Array.last eventShape
        torch.eye(k, dtype = place.DType, device = place.Device)[0L]

    /// Symmetric matrices whose diagonal has grown by as few units of the last digit as give them a Cholesky factor.
    let internal positiveDefinite (x: Tensor) : Tensor =
        let unit = (torch.finfo x.dtype).eps

        let rec grown (matrices: Tensor) (units: float) =
            let struct (_, failures) = torch.linalg.cholesky_ex matrices
            let isSingular = failures.ne (0.0.AsScalar())

            if units > 1e6 || not (isSingular.any().isTrue()) then
                matrices
            else
                let diagonal = matrices.diagonal (dim1 = -2L, dim2 = -1L)
                let more = torch.diag_embed ((units * unit) .* diagonal)
                let next = torch.where (isSingular.unsqueeze(-1L).unsqueeze -1L, matrices .+. more, matrices)
                grown next (2.0 * units)

        grown x 1.0

    /// A point with its distances from those ends of a range that are finite.
    let internal positionIn support (x: Tensor) : Position =
        let distance (sign: float) bound : Distance option =
            let from = Bound.toTensor (Placement.like x) bound

            if from.isfinite().all().isTrue() then
                Some { From = from; Log = (sign .* (x - from)).log() }
            else
                None

        match support with
        | Support.Open(low, high)
        | Support.Closed(low, high) -> { Position.at x with Low = distance 1.0 low; High = distance -1.0 high }
        | _ -> Position.at x

    /// Numbers that would overflow are the largest finite ones.
    let internal finite (x: Tensor) : Tensor =
        let limits = torch.finfo x.dtype
        x.clamp (limits.min.AsScalar(), limits.max.AsScalar())

    /// The nearest numbers of the precision that lie in the support: infinite ones are the largest finite, and those at an
    /// end that is not in it are next to it. Points that are more than numbers are left as they are, but for finite numbers
    /// and the parts of a simplex. Numbers that stay keep their gradient.
    let internal nearest support (x: Tensor) : Tensor =
        let limits = torch.finfo x.dtype

        let between (low: Tensor) (high: Tensor) =
            let moved = finite (torch.minimum (torch.maximum (x, low), high))
            torch.where (moved.eq x, x, moved.detach ())

        match support with
        | Support.Open(low, high) ->
            let place = Placement.like x
            let low, high = Bound.toTensor place low, Bound.toTensor place high
            // The least normal number, not the least: processors may take those below for 0.
            let after (t: Tensor) =
                torch.where (
                    t.eq (0.0.AsScalar()),
                    Tensor.scalar place limits.tiny,
                    t.nextafter (Tensor.scalar place infinite)
                )

            between (after low) ((after (high.neg ())).neg())
        | Support.Closed(low, high) ->
            let place = Placement.like x
            between (Bound.toTensor place low) (Bound.toTensor place high)
        | Support.Simplex -> x.clamp (limits.tiny.AsScalar(), (1.0 - limits.eps / 2.0).AsScalar())
        | _ -> finite x

    let private place bound =
        match bound with
        | Bound.At _ -> None
        | Bound.PerLaw values -> Some(Placement.like values)

    /// low bound a is at least low bound b, or with the arguments swapped, high bounds.
    let private orders a b =
        match a, b with
        | Bound.At a, Bound.At b -> if a >= b then Inclusion.Always else Inclusion.Never
        | _, Bound.At b when b = -infinite -> Inclusion.Always
        | Bound.At a, _ when a = infinite -> Inclusion.Always
        | _ ->
            let place = place a |> Option.orElse (place b) |> Option.get
            Inclusion.Where((Bound.toTensor place a).ge(Bound.toTensor place b))

    let private both a b =
        match a, b with
        | Inclusion.Never, _
        | _, Inclusion.Never -> Inclusion.Never
        | Inclusion.Always, other
        | other, Inclusion.Always -> other
        | Inclusion.Where a, Inclusion.Where b -> Inclusion.Where(a.logical_and b)

    let private range (a, b) (c, d) = both (orders a c) (orders d b)

    /// Whether a law on the first support is absolutely continuous with respect to one on the second: where it is not,
    /// KL(first || second) is +infinity. Ends of ranges of numbers have no probability. A point is within everything:
    /// a law without spread is compared by the other's density there.
    let rec internal inclusion inner outer : Inclusion =
        match inner, outer with
        | Support.Point _, _ -> Inclusion.Always
        | (Support.Open(a, b) | Support.Closed(a, b)), (Support.Open(c, d) | Support.Closed(c, d))
        | Support.Integers(a, b), Support.Integers(c, d) -> range (a, b) (c, d)
        | Support.Levels a, Support.Levels b when (b - 1) % (a - 1) = 0 -> Inclusion.Always
        | Support.OneHot, Support.Counts total -> range (Bound.At 1.0, Bound.At 1.0) (total, total)
        | Support.Counts total, Support.OneHot -> range (total, total) (Bound.At 1.0, Bound.At 1.0)
        | Support.Counts a, Support.Counts b -> range (a, a) (b, b)
        | Support.Ball a, Support.Ball b -> orders b a
        | Support.Simplex, Support.Simplex
        | Support.OneHot, Support.OneHot
        | Support.Sphere, Support.Sphere
        | Support.PositiveDefinite, Support.PositiveDefinite
        | Support.CorrelationFactors, Support.CorrelationFactors -> Inclusion.Always
        // Vectors with a density on the whole space: a part of it will do, a surface in it will not.
        | Support.Ball _, outer when isReals outer -> Inclusion.Always
        | Support.Parts a, Support.Parts b when List.map fst a = List.map fst b ->
            List.map2 (fun (_, a) (_, b) -> inclusion a b) a b |> List.fold both Inclusion.Always
        | _ -> Inclusion.Never

    /// Whether a law on the first support is absolutely continuous with respect to one on the second, for every law of
    /// their batches.
    let within inner outer : bool =
        match inclusion inner outer with
        | Inclusion.Always -> true
        | Inclusion.Never -> false
        | Inclusion.Where inside -> Tensor.holds inside.all
