/// Properties of laws of single numbers. Each takes laws with generated parameters and fails with the law at fault.
[<RequireQualifiedAccess>]
module Vae.Testing.LineTests

open System
open Expecto
open TorchSharp
open Vae.Core

let private univariate cases =
    match LawCases.law cases with
    | :? Univariate as law -> law
    | law -> failtest $"%s{law.Name} is not a law of single numbers"

let private isInteger (law: Distribution) = law.Support.IsIntegers

/// A function of a batch of laws at points, row by row.
let private at (x: float[]) (members: int) (f: Tensor -> Tensor) : float[] =
    use _ = torch.NewDisposeScope()
    let rows = int64 (x.Length / members)
    Tensor.toArray (f (Tensor.ofArray f64 [| rows; int64 members |] x))

/// The ends of each law's support.
let private ends (law: Distribution) (n: int) : (float * float)[] =
    let each bound =
        match bound with
        | Bound.At value -> Array.create n value
        | Bound.PerLaw values ->
            use _ = torch.NewDisposeScope()
            Tensor.toArray (values.expand [| int64 n |])

    match law.Support with
    | Support.Open(low, high)
    | Support.Closed(low, high)
    | Support.Integers(low, high) -> Array.zip (each low) (each high)
    | _ -> Array.create n (Double.NegativeInfinity, Double.PositiveInfinity)

/// What a number may be off by from rounding, that of numbers too small for float64 included.
let private ulps (count: float) (x: float) = count * epsilon * abs x + 1e-300

/// Log-densities at nodes, and functions of those, for the cases named.
let internal integrand
    (cases: LawCases)
    (functions: int[] -> float[] -> float[] -> float[][])
    (members: int[])
    (x: float[])
    : Integrals.Integrand =
    use _ = torch.NewDisposeScope()
    let law = LawCases.law (LawCases.select members cases)
    let moved sign = x |> Array.map (fun x -> x + sign * 4.0 * epsilon * abs x)
    let all = at (Array.concat [ x; moved 1.0; moved -1.0 ]) members.Length law.LogProb
    let here, up, down = all[.. x.Length - 1], all[x.Length .. 2 * x.Length - 1], all[2 * x.Length ..]

    {
        LogDensity = here
        Functions = functions members x here
        Rounding =
            Array.map2
                (fun a b ->
                    let change = abs (a - b)
                    if Double.IsFinite change then change else 1.0)
                up
                down
    }

/// The tail probabilities between which panels lie: nothing that is not a law's extreme tail is outside.
let private levels = [| 1e-30; 1e-22; 1e-15; 1e-10; 1e-6; 1e-3; 0.02; 0.1; 0.25 |]

/// The quantiles that panels end at, in ascending order for each law, moved inside of the support's ends.
let private quantiles (law: Univariate) (n: int) : float[][] =
    let row (f: Tensor -> Tensor) u = at (Array.create n u) n f
    let limits = ends law n

    let inside (x: float[]) =
        Array.map2
            (fun x (low, high) ->
                let x = max -1e300 (min 1e300 x)
                let x = if x <= low && not law.Support.IsIntegers then low + ulps 2.0 low else x
                if x >= high && not law.Support.IsIntegers then high - ulps 2.0 high else x)
            x
            limits

    Array.concat [
        levels |> Array.map (row law.Quantile)
        [| row law.Quantile 0.5 |]
        levels |> Array.rev |> Array.map (row law.UpperQuantile)
    ]
    |> Array.map inside

/// The panels of every law between its quantiles, each with the index of its left end.
let private panels (law: Univariate) (n: int) (x: float[][]) : (int * Integrals.Panel)[] =
    let middle = levels.Length

    [|
        for i, (low, high) in Array.indexed (ends law n) do
            for j in 0 .. x.Length - 2 do
                let a, b = x[j][i], x[j + 1][i]
                let isLower = j < middle
                let median = x[middle].[i]
                let hasLow, hasHigh = Double.IsFinite low, Double.IsFinite high

                let coordinate isLower =
                    if hasLow && (isLower || not hasHigh) then Integrals.Coordinate.Above low
                    elif hasHigh then Integrals.Coordinate.Below high
                    elif j = middle - 1 || j = middle then Integrals.Coordinate.Linear
                    elif isLower then Integrals.Coordinate.Below median
                    else Integrals.Coordinate.Above median

                // Between two ends each half is walked from the end that it is next to.
                let half = 0.5 * (low + high)

                let stretches =
                    if not (hasLow && hasHigh) then [ a, b, isLower ]
                    elif b <= half then [ a, b, true ]
                    elif a >= half then [ a, b, false ]
                    else [ a, half, true; half, b, false ]

                for a, b, isLower in stretches do
                    let panel = Integrals.panel i (coordinate isLower) a b

                    if b > a && Double.IsFinite panel.From && Double.IsFinite panel.To && panel.To > panel.From then
                        j, panel
    |]

/// Expectations under every law whose probability float64 numbers resolve. `Tails` is what the outermost panels give: an
/// integral for which that is not small is not found by these panels, or does not exist.
type internal Expectation = { Whole: Integrals.Integral; Tails: Integrals.Integral; Noise: float }

let private together (parts: Integrals.Integral[]) width : Integrals.Integral = {
    Values = Array.init width (fun f -> parts |> Array.sumBy _.Values[f])
    Sizes = Array.init width (fun f -> parts |> Array.sumBy _.Sizes[f])
    Mass = parts |> Array.sumBy _.Mass
    Rounding = parts |> Array.sumBy _.Rounding
}

/// A whole range of integers is summed where it is no longer than this.
let private longestSum = 4096.0

let private sums cases (x: float[][]) (evaluate: int[] -> float[] -> Integrals.Integrand) =
    let first, last = Array.head x, Array.last x
    let isShort i = last[i] - first[i] <= longestSum && abs first[i] < 1e15
    let members = [| 0 .. LawCases.count cases - 1 |] |> Array.filter isShort

    [|
        for i in members ->
            // Beyond the quantiles as well, as nothing else is left of a law that is nearly sure.
            let nodes = [| first[i] - 64.0 .. last[i] + 64.0 |]
            let found = evaluate (Array.create nodes.Length i) nodes
            let mass = found.LogDensity |> Array.map exp

            let sum (f: float[]) = Array.map2 (fun m f -> if m = 0.0 then 0.0 else m * f) mass f |> Array.sum

            let whole: Integrals.Integral = {
                Values = found.Functions |> Array.map sum
                Sizes = found.Functions |> Array.map (Array.map abs >> sum)
                Mass = Array.sum mass
                Rounding = 0.0
            }

            let nothing = found.Functions |> Array.map (fun _ -> 0.0)

            i,
            {
                Whole = whole
                Tails = { whole with Values = nothing; Sizes = nothing; Mass = 0.0 }
                Noise = 0.0
            }
    |]

/// The expectations of functions of (members, points, log-densities), by case; a case that cannot be judged is left out.
let internal expectations (cases: LawCases) (functions: int[] -> float[] -> float[] -> float[][]) =
    use _ = torch.NewDisposeScope()
    let law = univariate cases
    let n = LawCases.count cases
    let x = quantiles law n
    let evaluate = integrand cases functions

    let found =
        if isInteger law then
            sums cases x evaluate
        else
            let walked = panels law n x
            let integrals = Integrals.integrate evaluate (Array.map snd walked)

            Array.zip walked integrals
            |> Array.groupBy (fun ((_, panel), _) -> panel.Member)
            |> Array.map (fun (i, parts) ->
                let width = (snd parts[0]).Values.Length
                let outer = parts |> Array.filter (fun ((j, _), _) -> j = 0 || j = x.Length - 2)
                let noise = parts |> Array.sumBy (fun (_, part) -> part.Rounding)

                i,
                {
                    Whole = together (Array.map snd parts) width
                    Tails = together (Array.map snd outer) width
                    Noise = noise
                })

    found |> Array.filter (fun (_, e) -> abs (e.Whole.Mass - 1.0) <= 1e-9 + e.Noise)

/// Fails where nothing could be judged: a test that cannot fail is none.
let private judgedSome what (judged: int) =
    if judged = 0 then
        failtest $"%s{what}: not one of the cases could be judged"

/// The integral of the density between quantiles is the difference of the distribution function, in both tails; of integers,
/// sums of windows.
let density (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let law = univariate cases
    let n = LawCases.count cases
    let x = quantiles law n
    let middle = levels.Length
    let evaluate = integrand cases (fun _ _ _ -> [||])

    let lower (x: float[][]) = at (Array.concat x) n law.Cdf |> Array.chunkBySize n
    let upper (x: float[][]) = at (Array.concat x) n law.Survival |> Array.chunkBySize n

    /// P(a < X <= b), from the tail in which the digits are.
    let between (below: float[][]) (above: float[][]) j k i =
        if j < middle then below[k][i] - below[j][i] else above[j][i] - above[k][i]

    let mutable judged = 0

    let check j i expected found allowed =
        judged <- judged + 1

        isWithin
            allowed
            expected
            found
            $"the probability of (%g{x[j][i]}, ...] by the density of %s{LawCases.describe cases i}"

    if isInteger law then
        let window = 64

        for j in 0 .. x.Length - 1 do
            let members = [| 0 .. n - 1 |] |> Array.filter (fun i -> abs (x[j].[i]) < 1e15)

            if members.Length > 0 then
                let nodes = [|
                    for r in 1..window do
                        for i in members -> x[j][i] + float r
                |]

                let mass = (evaluate members nodes).LogDensity |> Array.map exp
                let ends = [| x[j]; x[j] |> Array.map (fun x -> x + float window) |]
                let below, above = lower ends, upper ends

                for c, i in Array.indexed members do
                    let found = Seq.sum (seq { for r in 0 .. window - 1 -> mass[r * members.Length + c] })

                    let tail, expected =
                        if j < middle then
                            below[1][i], below[1][i] - below[0][i]
                        else
                            above[0][i], above[0][i] - above[1][i]

                    check j i expected found (1e-8 * abs expected + 1e-12 * tail)
    else
        let below, above = lower x, upper x
        let shifted sign = x |> Array.map (Array.map (fun x -> x + sign * ulps 8.0 x))
        let belowUp, belowDown = lower (shifted 1.0), lower (shifted -1.0)
        let aboveUp, aboveDown = upper (shifted 1.0), upper (shifted -1.0)
        let walked = panels law n x
        let integrals = Integrals.integrate evaluate (Array.map snd walked)

        let byQuantile = Array.zip walked integrals |> Array.groupBy (fun ((j, panel), _) -> j, panel.Member)

        for (j, i), parts in byQuantile do
            let integral = together (Array.map snd parts) 0
            let expected = between below above j (j + 1) i

            // What the rounding of the panel's ends is worth.
            let slack =
                Seq.sum (
                    seq {
                        for k in [ j; j + 1 ] ->
                            if j < middle then
                                belowUp[k][i] - belowDown[k][i]
                            else
                                aboveDown[k][i] - aboveUp[k][i]
                    }
                )

            let tail = if j < middle then below[j + 1][i] else above[j][i]
            check j i expected integral.Mass (1e-8 * abs expected + 1e-11 * tail + slack + integral.Rounding)

    judgedSome "density" judged

/// Cdf and Survival add to 1, grow and fall, and have their values at the ends.
let tails (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let law = univariate cases
    let n = LawCases.count cases
    let x = quantiles law n
    let below = at (Array.concat x) n law.Cdf |> Array.chunkBySize n
    let above = at (Array.concat x) n law.Survival |> Array.chunkBySize n

    for i in 0 .. n - 1 do
        let who = LawCases.describe cases i

        for j in 0 .. x.Length - 1 do
            isWithin 1e-11 1.0 (below[j][i] + above[j][i]) $"Cdf + Survival at %g{x[j][i]} of %s{who}"

            if j > 0 then
                let step = x[j][i] - x[j - 1][i]
                let rounding = ulps 16.0 (x[j].[i])

                if not (step >= -rounding) then
                    failtest $"quantiles fall from %g{x[j - 1][i]} to %g{x[j][i]} of %s{who}"

                if step > rounding then
                    if not (below[j][i] >= below[j - 1][i] * (1.0 - 1e-12)) then
                        failtest $"Cdf falls between %g{x[j - 1][i]} and %g{x[j][i]} of %s{who}"

                    if not (above[j][i] <= above[j - 1][i] * (1.0 + 1e-12)) then
                        failtest $"Survival grows between %g{x[j - 1][i]} and %g{x[j][i]} of %s{who}"

    let low, high = Array.unzip (ends law n)
    let row (f: Tensor -> Tensor) (x: float[]) = at x n f
    let equal expected found what = Expect.equal found (expected: float[]) $"%s{what} of %s{law.Name}"
    let zeros, ones = Array.create n 0.0, Array.create n 1.0
    equal zeros (row law.Cdf (low |> Array.map (fun x -> x - 1.0))) "Cdf below the support"
    equal ones (row law.Survival (low |> Array.map (fun x -> x - 1.0))) "Survival below the support"
    equal ones (row law.Cdf (high |> Array.map (fun x -> x + 1.0))) "Cdf above the support"
    equal zeros (row law.Survival (high |> Array.map (fun x -> x + 1.0))) "Survival above the support"
    equal low (row law.Quantile zeros) "Quantile 0"
    equal high (row law.Quantile ones) "Quantile 1"
    equal high (row law.UpperQuantile zeros) "UpperQuantile 0"
    equal low (row law.UpperQuantile ones) "UpperQuantile 1"
    Expect.all (row law.Cdf (Array.create n nan)) Double.IsNaN $"Cdf of NaN of %s{law.Name}"

    for bad in [ -0.1; 1.1; nan ] do
        refused [ "p" ] (fun () -> row law.Quantile (Array.create n bad))
        refused [ "q" ] (fun () -> row law.UpperQuantile (Array.create n bad))

/// Quantiles are inverse to the distribution function, relative to each tail: the probability asked for lies between those
/// of the quantile's neighbours.
let inverses (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let law = univariate cases
    let n = LawCases.count cases

    /// The numbers beside x: of integers the one below and x itself.
    let beside sign x =
        let x = max -1e300 (min 1e300 x)

        if not (isInteger law) then x + sign * ulps 16.0 x
        elif sign > 0.0 then x
        else x - max 1.0 (4.0 * epsilon * abs x)

    let judge (name: string) (quantile: Tensor -> Tensor) (tail: Tensor -> Tensor) isUpper =
        for p in [ 1e-30; 1e-10; 1e-3; 0.2; 0.5; 0.9; 0.999 ] do
            let x = at (Array.create n p) n quantile
            let up, down = at (Array.map (beside 1.0) x) n tail, at (Array.map (beside -1.0) x) n tail

            for i in 0 .. n - 1 do
                let least, most = if isUpper then up[i], down[i] else down[i], up[i]
                // Of integers the upper quantile is the least x whose survival is at most q.
                let slack = 1e-9 * p

                if not (least <= p + slack && most >= p - slack) then
                    failtest
                        $"%s{name}(%g{p}) is %.17g{x[i]}, whose tail is between %.17g{least} and %.17g{most}, of %s{LawCases.describe cases i}"

    judge "Quantile" law.Quantile law.Cdf false
    judge "UpperQuantile" law.UpperQuantile law.Survival true

/// Draws pushed through their distribution function are uniform: those of all laws pooled by a distance of 2%, those of each
/// law by one of 7%.
let sampler (key: Key) (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let cases = LawCases.truncate 12 cases
    let law = univariate cases
    let n = LawCases.count cases
    let draws = drawsToDetectDistance 0.02 / n + 1
    let x = Tensor.toArray (law.Sample(key, [| int64 draws |]))

    let neighbour sign x =
        if isInteger law then
            (if sign > 0.0 then x else x - 1.0)
        else
            x + sign * ulps 1.0 x

    // A number stands for those that round to it, and an integer for its probability: any part of that, uniformly.
    let low, high = at (Array.map (neighbour -1.0) x) n law.Cdf, at (Array.map (neighbour 1.0) x) n law.Cdf
    let part = Tensor.toArray (Key.uniform f64 [| int64 x.Length |] (Key.foldName "parts" key))
    let u = Array.init x.Length (fun at -> low[at] + part[at] * (high[at] - low[at]))
    let uniform x = max 0.0 (min 1.0 x)
    follows uniform u $"the draws of %s{law.Name}"

    for i in 0 .. n - 1 do
        follows uniform [| for d in 0 .. draws - 1 -> u[d * n + i] |] $"the draws of %s{LawCases.describe cases i}"

/// What a law states, by case; None where it says that it does not know.
let internal stated (compute: unit -> Tensor) : float[] option =
    try
        Some(Tensor.toArray (compute ()))
    with :? NotSupportedException ->
        None

/// The mean and the variance are the integrals, to 1e-8 of their terms; where they are not finite, the tails say so.
let moments (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let law = univariate cases
    let n = LawCases.count cases
    let centre = (quantiles law n)[levels.Length]

    let found =
        expectations cases (fun members x _ ->
            let moment power = Array.mapi (fun at x -> (x - centre[members[at % members.Length]]) ** power) x
            [| moment 1.0; moment 2.0 |])

    let mutable judged = 0

    let judge name (values: float[]) f (integral: int -> Expectation -> float) =
        for i, e in found do
            let size = e.Whole.Sizes[f]
            let share = if size = 0.0 then 0.0 else e.Tails.Sizes[f] / size
            let who = $"%s{name} of %s{LawCases.describe cases i}"

            if not (Double.IsFinite values[i]) then
                if share < 1e-4 then
                    failtest $"%s{who} is %g{values[i]}, though the tails hold only %.2g{share} of its integral"
            elif share < 1e-9 then
                judged <- judged + 1
                let allowed = (1e-8 + e.Noise) * size + (if f = 0 then ulps 16.0 centre[i] else 0.0)
                isWithin allowed (integral i e) values[i] who

    let mean, variance = stated (fun () -> law.Mean), stated (fun () -> law.Variance)
    mean |> Option.iter (fun mean -> judge "the mean" mean 0 (fun i e -> centre[i] + e.Whole.Values[0]))

    variance
    |> Option.iter (fun v -> judge "the variance" v 1 (fun _ e -> e.Whole.Values[1] - e.Whole.Values[0] ** 2.0))

    let isFinite (values: float[] option) =
        match values with
        | Some values -> Array.exists Double.IsFinite values
        | None -> false

    if isFinite mean || isFinite variance then
        judgedSome "moments" judged

/// The entropy, where it is stated, is the integral of -log p, to 1e-8 of its terms.
let entropy (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let law = univariate cases

    match law.Entropy with
    | None -> ()
    | Some entropy ->
        let entropy = Tensor.toArray entropy
        let found = expectations cases (fun _ _ logDensity -> [| Array.map (~-) logDensity |])

        for i, e in found do
            let allowed = (1e-8 + e.Noise) * max 1.0 e.Whole.Sizes[0]
            isWithin allowed e.Whole.Values[0] entropy[i] $"the entropy of %s{LawCases.describe cases i}"

        judgedSome "entropy" found.Length

/// No draw, and no point near the mode, has a higher density than the mode.
let mode (key: Key) (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let law = univariate cases

    match law.Mode with
    | None -> ()
    | Some mode ->
        let n = LawCases.count cases
        let mode = Tensor.toArray mode
        let x = quantiles law n
        let spread = Array.map2 (-) x[levels.Length + 1] x[levels.Length - 1]
        let logDensity (x: float[]) = at x n law.LogProb
        let moved (by: float -> float -> float) = Array.map2 by mode spread

        // A mode at an end that the support leaves out is one of the points beside it.
        let beside =
            [
                mode
                moved (fun m s -> m + 1e-9 * s)
                moved (fun m s -> m - 1e-9 * s)
                moved (fun m _ -> m + ulps 1.0 m)
                moved (fun m _ -> m - ulps 1.0 m)
                // Beside an end at 0 the least number that draws are.
                moved (fun m _ -> m + 2.2250738585072014e-308)
            ]
            |> List.map logDensity

        let best =
            Array.init n (fun i ->
                beside |> List.map (fun row -> row[i]) |> List.filter (Double.IsNaN >> not) |> List.max)

        let draws = Tensor.toArray (law.Sample(key, [| 64L |])) |> Array.chunkBySize n

        let near =
            if isInteger law then
                [ -2.0; -1.0; 1.0; 2.0 ] |> List.map (fun step -> moved (fun m _ -> m + step))
            else
                [ -0.5; -0.1; -1e-3; 1e-3; 0.1; 0.5 ] |> List.map (fun step -> moved (fun m s -> m + step * s))

        for points in Array.append draws (List.toArray near) do
            let found = logDensity points

            for i in 0 .. n - 1 do
                if not (found[i] <= best[i] + 1e-9 * (1.0 + abs best[i])) then
                    failtest
                        $"the log-density is %.12g{found[i]} at %.12g{points[i]} and %.12g{best[i]} at the mode %.12g{mode[i]} of %s{LawCases.describe cases i}"
