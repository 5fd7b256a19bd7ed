/// What the tests of a formula are held against: quadrature, central differences, and statistics with stated error rates.
module Vae.Core.Tests.Numerics

open System
open Expecto
open TorchSharp
open Vae.Core

let f64 = Placement.float64

/// The same tests, each in a scope of its own: TorchSharp does not keep a tensor alive while native code reads it, so that
/// one without a scope may be collected in the middle of an operation.
let rec scoped (test: Test) : Test =
    match test with
    | TestCase(Sync run, state) ->
        TestCase(
            Sync(fun () ->
                use _ = torch.NewDisposeScope()
                run ()),
            state
        )
    | TestCase _ -> test
    | TestList(tests, state) -> TestList(List.map scoped tests, state)
    | TestLabel(label, test, state) -> TestLabel(label, scoped test, state)
    | Test.Sequenced(order, test) -> Test.Sequenced(order, scoped test)

/// A property that is checked in a scope of its own.
let property config name (check: 'a -> unit) =
    testPropertyWithConfig config name (fun (case: 'a) ->
        use _ = torch.NewDisposeScope()
        check case)

let vector (values: float list) : Tensor = Tensor.ofArray f64 [| int64 values.Length |] (List.toArray values)

let matrix (rows: float list list) : Tensor =
    Tensor.ofArray f64 [| int64 rows.Length; int64 rows.Head.Length |] (rows |> List.concat |> List.toArray)

let number (t: Tensor) = Tensor.toFloat t

/// What is made is refused by an ArgumentException whose message has these parts.
let refused (parts: string list) (make: unit -> 'a) =
    try
        make () |> ignore
        failtest $"nothing refused %A{parts}"
    with :? ArgumentException as e ->
        for part in parts do
            Expect.stringContains e.Message part "message"

/// |actual - expected| within a tolerance of max(1, |expected|).
let isClose tolerance (expected: float) (actual: float) message =
    let error = abs (actual - expected) / max 1.0 (abs expected)

    if not (actual = expected || error <= tolerance) then
        failtest $"%s{message}: expected %.17g{expected}, found %.17g{actual}, off by %.3g{error} of max(1, |expected|)"

/// The integral over the real line of a smooth function that has died out `reach` widths away from its centre, by the
/// trapezoidal rule, which converges faster than any power of the step for such functions.
let integrate (centre: float) (width: float) (reach: float) (f: Tensor -> Tensor) : float =
    let nodes = 8001
    let x = centre + width * torch.linspace (-reach, reach, nodes, dtype = torch.ScalarType.Float64)
    number ((f x).sum()) * width * 2.0 * reach / float (nodes - 1)

/// The rate at which the whole suite fails though nothing is wrong.
let falseFailureRate = 1e-6

/// More statistical comparisons than the suite makes: each may fail falsely at the suite's rate divided by this.
let comparisons = 400

let private quantile (upperTail: float) = -number(torch.special.ndtri (Tensor.scalar f64 upperTail))

/// How many standard errors a mean may be off by.
let threshold = quantile (falseFailureRate / float comparisons / 2.0)

/// The draws that detect a shift of the mean by a multiple of the standard deviation with 99% power.
let drawsToDetect (shift: float) = int (ceil (((threshold + quantile 0.01) / shift) ** 2.0))

/// The mean of draws of a statistic is what it should be, to within the suite's error rate.
let meanIs (expected: float) (draws: float[]) message =
    let statistic = Statistic.ofValues draws
    let deviation = abs (statistic.Mean - expected) / statistic.StandardError

    if not (deviation <= threshold || statistic.Mean = expected) then
        failtest
            $"%s{message}: expected %.8g{expected}, found %.8g{statistic.Mean} +- %.2g{statistic.StandardError}, %.1f{deviation} standard errors off"

/// The largest distance between the empirical and the true distribution function that draws of the right law stay within, by the
/// inequality of Dvoretzky, Kiefer, Wolfowitz and Massart.
let private dkw (rate: float) (n: int) = sqrt (log (2.0 / rate) / (2.0 * float n))

/// Draws by which a distribution function that is off by `distance` somewhere is detected with 99% power.
let drawsToDetectDistance (distance: float) =
    let rate = falseFailureRate / float comparisons
    int (ceil (((sqrt (log (2.0 / rate)) + sqrt (log (2.0 / 0.01))) / (sqrt 2.0 * distance)) ** 2.0))

/// Draws follow a distribution function, continuous or not.
let follows (cdf: float -> float) (draws: float[]) message =
    let sorted = Array.sort draws
    let n = float sorted.Length

    let distance =
        sorted
        |> Seq.mapi (fun i x ->
            // At a jump only the last of equal draws is compared, and only from above.
            let isLast = i = sorted.Length - 1 || sorted[i + 1] > x
            if isLast then abs (float (i + 1) / n - cdf x) else 0.0)
        |> Seq.max

    let allowed = dkw (falseFailureRate / float comparisons) sorted.Length + 1.0 / n

    if distance > allowed then
        failtest $"%s{message}: the distribution functions are %.4f{distance} apart, %.4f{allowed} would do"

let normalCdf (loc: float) (scale: float) (x: float) =
    number (torch.special.ndtr (Tensor.scalar f64 ((x - loc) / scale)))

/// The gradient of a scalar function of a vector by central differences.
let centralDifferences (step: float) (f: Tensor -> float) (x: float[]) : float[] =
    x
    |> Array.mapi (fun i _ ->
        let at delta =
            use _ = torch.NewDisposeScope()
            let moved = Array.copy x
            moved[i] <- moved[i] + delta
            f (Tensor.ofArray f64 [| int64 x.Length |] moved)

        (at step - at -step) / (2.0 * step))
