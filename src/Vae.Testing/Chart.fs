/// Coordinates of supports: points as vectors of real numbers, and the volume that a step of those spans.
[<RequireQualifiedAccess>]
module Vae.Testing.Chart

open System
open Vae.Core

/// Coordinates of a point, and the log of the volume of the support that a unit of them spans there.
[<Struct>]
type Coordinates = { At: float[]; LogVolume: float }

let private squares (x: float[]) = Array.sumBy (fun v -> v * v) x

/// x / sqrt(1 - |x|^2), which maps the ball onto the whole space.
let private fromBall (x: float[]) =
    let inside = 1.0 - squares x
    let y = x |> Array.map (fun v -> v / sqrt inside)
    { At = y; LogVolume = -0.5 * float (x.Length + 2) * log (1.0 + squares y) }

/// The stereographic projection from the last axis's positive pole: the sphere's surface, but for one point.
let private stereographic (x: float[]) =
    let last = x[x.Length - 1]
    let y = x[.. x.Length - 2] |> Array.map (fun v -> v / (1.0 - last))
    { At = y; LogVolume = float y.Length * (log 2.0 - log (1.0 + squares y)) }

/// A lower triangular matrix by the numbers below its diagonal and the logs of those on it.
let private lowerEntries (k: int) (l: float[]) = [|
    for i in 0 .. k - 1 do
        for j in 0..i -> if i = j then log l[i * k + i] else l[i * k + j]
|]

let private cholesky (k: int) (a: float[]) =
    let l = Array.zeroCreate (k * k)

    for i in 0 .. k - 1 do
        for j in 0..i do
            let rest = a[i * k + j] - Seq.sum (seq { for m in 0 .. j - 1 -> l[i * k + m] * l[j * k + m] })
            l[i * k + j] <- if i = j then sqrt rest else rest / l[j * k + j]

    l

/// The coordinates of an event; None for a support that has none here.
let ofSupport (support: Support) (eventShape: int64[]) : (float[] -> Coordinates) option =
    let k = if eventShape.Length = 0 then 1 else int (Array.last eventShape)

    match support with
    | Support.Open(Bound.At low, Bound.At high) when Double.IsInfinity low && Double.IsInfinity high ->
        Some(fun x -> { At = x; LogVolume = 0.0 })
    | Support.Open(Bound.At 0.0, Bound.At high) when Double.IsInfinity high ->
        Some(fun x -> { At = Array.map log x; LogVolume = x |> Array.sumBy log })
    | Support.Open(Bound.At 0.0, Bound.At 1.0) ->
        Some(fun x -> {
            At = x |> Array.map (fun v -> log v - log (1.0 - v))
            LogVolume = x |> Array.sumBy (fun v -> log v + log (1.0 - v))
        })
    | Support.Simplex ->
        // Log-ratios to the last part; the density is one of the parts before it.
        Some(fun x -> {
            At = x[.. k - 2] |> Array.map (fun v -> log v - log x[k - 1])
            LogVolume = x |> Array.sumBy log
        })
    | Support.Sphere -> Some stereographic
    | Support.Ball(Bound.At radius) ->
        Some(fun x ->
            let unit = fromBall (x |> Array.map (fun v -> v / radius))
            { unit with LogVolume = unit.LogVolume + float k * log radius })
    | Support.PositiveDefinite ->
        // dX = 2^k prod l_ii^(k - i + 1) dL, counting rows from 1, and dl_ii = l_ii dlog l_ii; the density is one of the
        // numbers on and below the diagonal.
        Some(fun x ->
            let l = cholesky k x
            let logs = Seq.sum (seq { for i in 0 .. k - 1 -> float (k - i + 1) * log l[i * k + i] })
            { At = lowerEntries k l; LogVolume = float k * log 2.0 + logs })
    | Support.CorrelationFactors ->
        // Each row is a point of half a sphere, by the numbers below the diagonal: a ball.
        Some(fun x ->
            let rows = [ for i in 1 .. k - 1 -> fromBall x[i * k .. i * k + i - 1] ]

            {
                At = rows |> List.map _.At |> Array.concat
                LogVolume = rows |> List.sumBy _.LogVolume
            })
    | _ -> None
