/// What a law owes the frame that it stands in: shapes, precision, its support, and refusals.
[<RequireQualifiedAccess>]
module Vae.Testing.FrameTests

open System
open Expecto
open TorchSharp
open Vae.Core

/// The parameters of a case, each in a batch of its own shape: of the cases in turn.
let private batched (place: Placement) (cases: LawCases) (shapes: int64[] list) : Tensor[] =
    cases.Info.Parameters
    |> List.mapi (fun i parameter ->
        let shape = shapes[i]
        let count = shape |> Array.fold (*) 1L |> int

        let values = [|
            for c in 0 .. count - 1 do
                yield! cases.Values[c % LawCases.count cases][i]
        |]

        Tensor.ofArray place (Array.append shape (LawCases.shape cases.Size parameter)) values)
    |> List.toArray

/// Ways to give parameters batches, with the batch of the law. Parameters that are bound to each other keep one shape.
let private patterns (info: LawInfo) : (int64[] list * int64[]) list =
    let n = info.Parameters.Length
    let all shape = List.replicate n shape, shape
    let alternating a b = [ for i in 0 .. n - 1 -> if i % 2 = 0 then a else b ]
    let areBound = info.Parameters |> List.exists (fun p -> p.Domain.IsAbove || p.Domain.IsEnd)

    [
        all [||]
        all [| 3L |]
        all [| 2L; 3L |]
        if n > 1 && not areBound then
            alternating [| 3L |] [||], [| 3L |]
            alternating [| 2L; 1L |] [| 3L |], [| 2L; 3L |]
    ]

/// Everything that a law states, by name, with the shape that it is due.
let private statements (law: Distribution) : (string * int64[] * Tensor) list =
    let moment name (compute: unit -> Tensor) =
        try
            [ name, Array.append law.BatchShape law.EventShape, compute () ]
        with :? NotSupportedException -> []

    let ofOption name shape (value: Tensor option) = value |> Option.map (fun t -> name, shape, t) |> Option.toList

    [
        yield! moment "Mean" (fun () -> law.Mean)
        yield! moment "Variance" (fun () -> law.Variance)
        yield! ofOption "Mode" (Array.append law.BatchShape law.EventShape) law.Mode
        yield! ofOption "Entropy" law.BatchShape law.Entropy
    ]

/// Draws, densities, moments and tails have the shapes that the law states, and each member's are those it has alone.
let shapes (key: Key) (cases: LawCases) =
    use _ = torch.NewDisposeScope()

    for given, batch in patterns cases.Info do
        let parameters = batched f64 cases given
        let law = cases.Info.Make parameters
        let who = $"%O{law}"
        Expect.equal law.BatchShape batch $"the batch of %s{who}"

        for draws in [ [||]; [| 4L |]; [| 5L; 1L |] ] do
            let x = law.Sample(key, draws)
            let due = Array.append draws batch
            Expect.equal x.shape (Array.append due law.EventShape) $"the draws of %s{who}"
            Expect.equal (law.LogProb x).shape due $"the log-density of %s{who}"

            match law with
            | :? Univariate as law ->
                let u = Key.uniform f64 due key
                Expect.equal (law.Cdf x).shape due $"Cdf of %s{who}"
                Expect.equal (law.Survival x).shape due $"Survival of %s{who}"
                Expect.equal (law.Quantile u).shape due $"Quantile of %s{who}"
                Expect.equal (law.UpperQuantile u).shape due $"UpperQuantile of %s{who}"
            | _ -> ()

        for name, due, value in statements law do
            Expect.equal value.shape due $"%s{name} of %s{who}"

        // Each member alone.
        let members = batch |> Array.fold (*) 1L

        let flat =
            Array.mapi
                (fun i (t: Tensor) ->
                    let own = LawCases.shape cases.Size cases.Info.Parameters[i]
                    t.expand(Array.append batch own).reshape(Array.append [| members |] own))
                parameters

        let x = law.Sample key
        let together = Tensor.toArray (law.LogProb x)
        let points = x.reshape (Array.append [| members |] law.EventShape)

        for i in 0 .. int members - 1 do
            let alone = cases.Info.Make(flat |> Array.map (fun t -> t[int64 i]))

            isClose
                1e-11
                (number (alone.LogProb(points[int64 i])))
                together[i]
                $"the log-density of member %d{i} of %s{who}"

/// The sizes of the terms of a log-density, which rounding errors are relative to: what its derivatives say of a change of
/// each parameter and of the point by a part of it, and terms such as log Gamma of what counts or shapes.
let private termSizes (cases: LawCases) (law: Distribution) (x: Tensor) : float[] =
    let n = LawCases.count cases
    let logDensity = Tensor.toArray (law.LogProb x) |> Array.map abs
    let gradients = Differences.gradients cases (fun law -> law.LogProb x)
    let logarithmic v = abs v * (1.0 + abs (log (max 1e-300 (abs v))))

    let byPoint =
        let x = x.detach().clone().requires_grad_ true
        let total = (law.LogProb x).sum()

        if law.Support.IsIntegers || not total.requires_grad then
            Array.create n 0.0
        else
            total.backward ()

            match x.grad with
            | null -> Array.create n 0.0
            | gradient ->
                let terms = (gradient * x).abs().nan_to_num(0.0).reshape([| int64 n; -1L |]).sum(1L)
                Tensor.toArray terms

    let counts =
        let sum = x.abs().reshape([| int64 n; -1L |]).sum(1L)

        if law.Support.IsIntegers || law.Support.IsCounts then
            Tensor.toArray sum |> Array.map logarithmic
        else
            Array.create n 0.0

    Array.init n (fun i ->
        let byParameters =
            Seq.sum (
                seq {
                    for index, p in List.indexed cases.Info.Parameters do
                        let values = cases.Values[i][index]

                        for c, v in Array.indexed values do
                            abs (v * gradients[index][i * values.Length + c])

                            match p.Domain with
                            | Domain.Shape
                            | Domain.Positive
                            | Domain.Whole _ -> logarithmic v
                            | _ -> abs v
                }
            )

        1.0 + logDensity[i] + byParameters + byPoint[i] + counts[i])

/// Parameters in float32 give float32 everywhere, and log-densities that are those of float64 but for float32's rounding of
/// their terms.
let precision (key: Key) (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let single = torch.ScalarType.Float32
    let narrow = cases.Info.Make(LawCases.tensors Placement.float32 cases)
    let x = narrow.Sample(key, [||])
    Expect.equal x.dtype single $"the draws of %s{narrow.Name}"
    let found = narrow.LogProb x
    Expect.equal found.dtype single $"the log-density of %s{narrow.Name}"

    for name, _, value in statements narrow do
        Expect.equal value.dtype single $"%s{name} of %s{narrow.Name}"

    match narrow with
    | :? Univariate as law ->
        let u = Key.uniform Placement.float32 law.BatchShape key

        for value in [ law.Cdf x; law.Survival x; law.Quantile u; law.UpperQuantile u ] do
            Expect.equal value.dtype single $"tails and quantiles of %s{narrow.Name}"
    | _ -> ()

    // The same parameters, after their rounding to float32, in float64.
    let rounded = {
        cases with
            Values = cases.Values |> Array.map (Array.map (Array.map (fun v -> float (float32 v))))
    }

    let wide = LawCases.law rounded
    let point = x.to_type torch.ScalarType.Float64
    let expected = Tensor.toArray (wide.LogProb point)
    let terms = termSizes rounded wide point
    let found = Tensor.toArray found

    for i in 0 .. LawCases.count cases - 1 do
        let allowed = 32.0 * float (MathF.BitIncrement 1.0f - 1.0f) * terms[i]

        if Double.IsFinite expected[i] && Double.IsFinite allowed then
            isWithin allowed expected[i] found[i] $"the log-density in float32 of %s{LawCases.describe rounded i}"

/// Points that are not in a support, each as the numbers of one point.
let rec private outside (law: Distribution) (support: Support) : float[] list =
    let k = if law.EventShape.Length = 0 then 1 else int (Array.last law.EventShape)
    let full v = Array.create k v
    let only v = Array.init k (fun i -> if i = 0 then v else 0.0)

    let least bound =
        match bound with
        | Bound.At v -> v
        | Bound.PerLaw t -> number (t.min ())

    let most bound =
        match bound with
        | Bound.At v -> v
        | Bound.PerLaw t -> number (t.max ())

    /// A number further out by 1, or in the last place where 1 is lost.
    let beyond sign v = v + sign * max 1.0 (4.0 * epsilon * abs v)

    match support with
    | Support.Open(low, high) -> [
        for v, sign in [ least low, -1.0; most high, 1.0 ] do
            if Double.IsFinite v then
                [| beyond sign v |]
                let isOneEnd = law.BatchShape = [||] || (least low = most low && least high = most high)

                if isOneEnd then
                    [| v |]
      ]
    | Support.Closed(low, high) -> [
        for v, sign in [ least low, -1.0; most high, 1.0 ] do
            if Double.IsFinite v then
                [| beyond sign v |]
      ]
    | Support.Integers(low, high) -> [
        for v, sign in [ least low, -1.0; most high, 1.0 ] do
            if Double.IsFinite v then
                [| beyond sign v |]

        [| (if Double.IsFinite(least low) then least low else 0.0) + 0.5 |]
      ]
    | Support.Levels count -> [ [| -0.1 |]; [| 1.1 |]; [| 0.5 / float (count - 1) |] ]
    | Support.Point _ -> []
    | Support.Simplex -> [ full 1.0; full (2.0 / float k); full 0.0 ]
    | Support.OneHot -> [ full 0.0; only 2.0; full 0.5 |> Array.map (fun v -> v / float k) ]
    | Support.Counts _ -> [ only 1e6; only -1.0; full 0.5 ]
    | Support.Sphere -> [ only 2.0; full 0.0 ]
    | Support.Ball radius -> [ only (1.001 * most radius) ]
    | Support.PositiveDefinite
    | Support.CorrelationFactors -> [
        Array.init (k * k) (fun at -> if at / k = at % k then -1.0 else 0.0)
        if k > 1 then
            Array.init (k * k) (fun at ->
                if at / k = at % k then 1.0
                elif at = 1 then 0.5
                else 0.0)
      ]
    | Support.Parts _ -> []

/// Draws lie in the support, with a finite log-density; outside it is -infinity, and NaN at NaN.
let support (key: Key) (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let law = LawCases.law cases
    let n = LawCases.count cases
    let x = law.Sample(key, [| 64L |])
    let densities = Tensor.toArray (law.LogProb x)

    for at in 0 .. densities.Length - 1 do
        if not (Double.IsFinite densities[at]) then
            let draw = Tensor.toArray (x.flatten(0L, 1L)[int64 at])

            failtest
                $"the log-density is %g{densities[at]} at the draw %A{draw} of %s{LawCases.describe cases (at % n)}"

    let event = law.EventShape |> Array.fold (fun s d -> s * int d) 1

    let at (point: float[]) =
        let values = Array.init (n * event) (fun i -> point[i % point.Length])
        Tensor.toArray (law.LogProb(Tensor.ofArray f64 (Array.append [| int64 n |] law.EventShape) values))

    for point in outside law law.Support do
        for i, found in Array.indexed (at point) do
            if found <> Double.NegativeInfinity then
                failtest
                    $"the log-density is %g{found} at %A{point}, outside the support of %s{LawCases.describe cases i}"

    Expect.all (at [| nan |]) Double.IsNaN $"the log-density of %s{law.Name} at NaN"

/// Values that a parameter does not take.
let private unfit (p: LawParameter) (good: float[]) (size: int) : float[] list =
    let first v = good |> Array.mapi (fun i old -> if i = 0 then v else old)

    [
        first nan
        match p.Domain with
        | Domain.Real
        | Domain.Logit
        | Domain.Columns -> first infinity
        | Domain.LogitOrCertain(never, always) ->
            if not always then
                first infinity

            if not never then
                first -infinity
        | Domain.Positive
        | Domain.Shape ->
            first infinity
            first 0.0
            first -1.0
        | Domain.Unit ->
            first -0.1
            first 1.1
        | Domain.Whole least ->
            first (least - 1.0)
            first (least + 0.5)
            first infinity
        | Domain.Above _ -> first infinity
        | Domain.End None -> first infinity
        | Domain.End(Some _) -> first -infinity
        | Domain.Direction -> good |> Array.map (fun v -> 2.0 * v)
        | Domain.InsideBall -> Array.create good.Length 1e9
        | Domain.Factor ->
            first infinity
            first 0.0
            first -1.0

            if size > 1 then
                good |> Array.mapi (fun i old -> if i = 1 then 0.5 else old)
    ]

/// Parameters that a law does not take are refused, by name.
let refusals (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let info = cases.Info
    let good () = LawCases.tensors f64 (LawCases.select [| 0; 0 |] cases)

    let refusedBy (names: string list) (what: string) (make: unit -> Distribution) =
        let message =
            try
                let law = make ()
                failtest $"%s{info.Name} takes %s{what}: %O{law}"
            with :? ArgumentException as e ->
                e.Message

        if not (names |> List.exists message.Contains) then
            failtest $"%s{info.Name} refuses %s{what} without its name: %s{message}"

    for i, p in List.indexed info.Parameters do
        let names = [
            p.Name
            match p.Domain with
            | Domain.Above other
            | Domain.End(Some other) -> other
            | _ -> ()
        ]

        let given (values: float[]) =
            let shape = Array.append [| 1L |] (LawCases.shape cases.Size p)
            info.Make(good () |> Array.mapi (fun j t -> if i = j then Tensor.ofArray f64 shape values else t))

        for values in unfit p (cases.Values[0].[i]) cases.Size do
            refusedBy names $"%s{p.Name} = %A{values}" (fun () -> given values)

        match p.Unnamed with
        | Some reading ->
            let shape = Array.append [| 1L |] (LawCases.shape cases.Size p)
            let nothing = Tensor.ofArray f64 shape (Array.create (shape |> Array.fold (*) 1L |> int) nan)

            refusedBy [ reading.Name ] $"%s{reading.Name} = NaN" (fun () ->
                info.Make(good () |> Array.mapi (fun j t -> if i = j then reading.Read nothing else t)))
        | None -> ()

        match p.Domain with
        | Domain.Above other
        | Domain.End(Some other) ->
            let below = cases.Values[0][info.Parameters |> List.findIndex (fun p -> p.Name = other)]
            refusedBy names $"%s{p.Name} = %s{other}" (fun () -> given below)
        | _ -> ()

    if info.Parameters.Length > 1 then
        let names = info.Parameters |> List.map _.Name

        refusedBy names "parameters of two precisions" (fun () ->
            good ()
            |> Array.mapi (fun i t -> if i = 1 then t.to_type torch.ScalarType.Float32 else t)
            |> info.Make)

        refusedBy names "batches of 2 and of 3" (fun () ->
            let three = LawCases.tensors f64 (LawCases.select [| 0; 0; 0 |] cases)
            good () |> Array.mapi (fun i t -> if i = 1 then three[i] else t) |> info.Make)
