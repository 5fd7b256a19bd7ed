/// Integrals against densities on the line, by Gauss and Legendre's rule on panels that are halved until they converge.
[<RequireQualifiedAccess>]
module Vae.Testing.Integrals

open System

/// How a panel is walked: by x, or by the logarithm of the distance from an end, as densities and tails are smooth in that.
[<RequireQualifiedAccess>]
type Coordinate =
    | Linear
    | Above of anchor: float
    | Below of anchor: float

/// A stretch of the line, of one law of a batch: the ends are in the coordinate.
type Panel = { Member: int; Coordinate: Coordinate; From: float; To: float }

/// What a batch of laws says at nodes, one column for each of the members named: log-densities, the functions whose
/// expectations are wanted, and how far each log-density moves by the rounding of its node.
type Integrand = { LogDensity: float[]; Functions: float[][]; Rounding: float[] }

/// The integral of each function times the density over one panel, that of its absolute value, and what rounding of the
/// nodes may have done to the density's.
type Integral = { Values: float[]; Sizes: float[]; Mass: float; Rounding: float }

/// Nodes and weights on [-1, 1], by Newton's method on Legendre's polynomials.
let legendre (n: int) : (float * float)[] =
    Array.init n (fun i ->
        let value x =
            let mutable p0, p1 = 1.0, x

            for k in 2..n do
                let next = (float (2 * k - 1) * x * p1 - float (k - 1) * p0) / float k
                p0 <- p1
                p1 <- next

            p1, float n * (x * p1 - p0) / (x * x - 1.0)

        let mutable x = cos (Math.PI * (float i + 0.75) / (float n + 0.5))

        for _ in 1..8 do
            let p, slope = value x
            x <- x - p / slope

        let _, slope = value x
        x, 2.0 / ((1.0 - x * x) * slope * slope))

let private rule = legendre 20

let private point coordinate t =
    match coordinate with
    | Coordinate.Linear -> t
    | Coordinate.Above anchor -> anchor + exp t
    | Coordinate.Below anchor -> anchor - exp t

/// The panel between two points in a coordinate.
let panel mem coordinate (a: float) (b: float) =
    let inner x =
        match coordinate with
        | Coordinate.Linear -> x
        | Coordinate.Above anchor -> log (x - anchor)
        | Coordinate.Below anchor -> log (anchor - x)

    let s, t = inner a, inner b
    { Member = mem; Coordinate = coordinate; From = min s t; To = max s t }

let private once (evaluate: int[] -> float[] -> Integrand) (panels: Panel[]) : Integral[] =
    let m = panels.Length

    let t =
        Array.init (rule.Length * m) (fun at ->
            let p = panels[at % m]
            0.5 * (p.From + p.To) + 0.5 * (p.To - p.From) * fst rule[at / m])

    let x = t |> Array.mapi (fun at t -> point panels[at % m].Coordinate t)
    let found = evaluate (panels |> Array.map _.Member) x

    Array.init m (fun j ->
        let p = panels[j]
        let half = 0.5 * (p.To - p.From)

        let weights =
            rule
            |> Array.mapi (fun i (_, w) ->
                let at = i * m + j
                let stretch = if p.Coordinate = Coordinate.Linear then 0.0 else t[at]
                w * half * exp (found.LogDensity[at] + stretch))

        // A function may be infinite where there is no density at all.
        let weighted (f: float[]) (change: float -> float) =
            weights |> Array.mapi (fun i w -> if w = 0.0 then 0.0 else w * change f[i * m + j]) |> Array.sum

        {
            Values = found.Functions |> Array.map (fun f -> weighted f id)
            Sizes = found.Functions |> Array.map (fun f -> weighted f abs)
            Mass = Array.sum weights
            Rounding = weighted found.Rounding id
        })

let private plus a b = {
    Values = Array.map2 (+) a.Values b.Values
    Sizes = Array.map2 (+) a.Sizes b.Sizes
    Mass = a.Mass + b.Mass
    Rounding = a.Rounding + b.Rounding
}

let private halves p =
    let middle = 0.5 * (p.From + p.To)
    { p with To = middle }, { p with From = middle }

/// The integrals over panels. A panel is halved until its halves change it by less than 1e-10 of what it was first found to
/// be, or 40 times.
let integrate (evaluate: int[] -> float[] -> Integrand) (panels: Panel[]) : Integral[] =
    let closeTo (scale: Integral) (whole: Integral) (parts: Integral) =
        let near a b size noise = a = b || abs (a - b) <= 1e-10 * size + noise || Double.IsNaN(a - b)

        near whole.Mass parts.Mass scale.Mass parts.Rounding
        && Array.forall id [|
            for i in 0 .. whole.Values.Length - 1 do
                let noise = if parts.Mass > 0.0 then parts.Rounding * parts.Sizes[i] / parts.Mass else 0.0
                near whole.Values[i] parts.Values[i] scale.Sizes[i] noise
        |]

    /// Panels still open: the index of the first panel they are part of, and their integrals.
    let rec refine depth (done': Integral option[]) (scales: Integral[]) (pending: (int * Panel * Integral)[]) =
        if pending.Length > 0 then
            let children = pending |> Array.collect (fun (_, p, _) -> let a, b = halves p in [| a; b |])
            let found = once evaluate children

            let next =
                pending
                |> Array.mapi (fun i (origin, _, whole) ->
                    let a, b = found[2 * i], found[2 * i + 1]
                    let parts = plus a b

                    if depth = 40 || closeTo scales[origin] whole parts then
                        done'[origin] <- Some(done'[origin] |> Option.map (plus parts) |> Option.defaultValue parts)
                        [||]
                    else
                        [| origin, children[2 * i], a; origin, children[2 * i + 1], b |])
                |> Array.concat

            refine (depth + 1) done' scales next

    if panels.Length = 0 then
        [||]
    else
        let first = once evaluate panels
        let results = Array.create panels.Length None
        refine 0 results first (Array.mapi (fun i p -> i, p, first[i]) panels)
        results |> Array.map Option.get
