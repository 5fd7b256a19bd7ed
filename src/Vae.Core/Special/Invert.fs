namespace Vae.Core

open System

/// Quantiles of a law from its distribution function.
[<RequireQualifiedAccess>]
module Invert =
    /// The floating-point numbers in their order, as integers: half-way between two of them leaves half of the numbers
    /// between, so that bisection ends within 64 steps whatever the interval.
    let private rank (x: float) =
        let bits = BitConverter.DoubleToInt64Bits x
        if bits < 0L then Int64.MinValue - bits else bits

    let private ofRank (rank: int64) = BitConverter.Int64BitsToDouble(if rank < 0L then Int64.MinValue - rank else rank)

    let private middle (lo: float) (hi: float) =
        let a, b = rank lo, rank hi
        ofRank ((a >>> 1) + (b >>> 1) + (a &&& b &&& 1L))

    /// The root in (lo, hi) of an increasing function that is given with its slope: Newton's steps, made by `move`, and
    /// bisection where they leave the bracket found so far.
    let internal newton
        (move: float -> float -> float)
        (lo: float)
        (hi: float)
        (start: float)
        (f: float -> struct (float * float))
        =
        let rec go (lo: float) (hi: float) (x: float) left =
            let struct (value, slope) = f x

            if value = 0.0 || left = 0 || Double.IsNaN value then
                x
            else
                let lo, hi = (if value < 0.0 then x, hi else lo, x)
                let next = move x (-value / slope)

                if abs (next - x) <= 2.5e-16 * abs x then
                    next
                elif next > lo && next < hi then
                    go lo hi next (left - 1)
                else
                    let next = middle lo hi
                    if next = lo || next = hi then next else go lo hi next (left - 1)

        go lo hi start 200

    /// The root in (lo, hi) of an increasing function: the Illinois form of regula falsi, with a bisection after each two
    /// steps.
    let private root (lo: float) (hi: float) (start: float) (f: float -> float) =
        let rec go (lo: float) atLo (hi: float) atHi (x: float) step =
            let value = f x

            if value = 0.0 || Double.IsNaN value then
                x
            else
                let below = value < 0.0

                // The end that stays counts half, so that it moves in turn.
                let lo, atLo, hi, atHi =
                    if below then
                        x, value, hi, (if step > 0 then atHi / 2.0 else atHi)
                    else
                        lo, (if step > 0 then atLo / 2.0 else atLo), x, value

                let half = middle lo hi
                let secant = lo - atLo * ((hi - lo) / (atHi - atLo))

                if half = lo || half = hi then
                    if abs atLo < abs atHi then lo else hi
                elif step % 3 <> 2 && secant > lo && secant < hi then
                    go lo atLo hi atHi secant (step + 1)
                else
                    go lo atLo hi atHi half (step + 1)

        go lo -infinity hi infinity start 0

    /// The log of the smaller tail against that asked for: increasing in x, and as steep in either tail.
    let private lowerExcess (cdf: float -> float) (survival: float -> float) (p: float) (q: float) =
        if p <= q then
            let target = log p
            fun x -> log (cdf x) - target
        else
            let target = log q
            fun x -> target - log (survival x)

    let private solve cdf survival (lo: float, hi: float) start p q =
        if not (p >= 0.0 && q >= 0.0) then nan
        elif p = 0.0 then lo
        elif q = 0.0 then hi
        else root lo hi start (lowerExcess cdf survival p q)

    /// The x in an interval, infinite ends included, whose distribution function is p in [0, 1]; the survival function is
    /// used where it is the smaller. NaN for other p. The start lies inside the interval.
    let continuous
        (cdf: float -> float)
        (survival: float -> float)
        (interval: float * float)
        (start: float)
        (p: float)
        =
        solve cdf survival interval start p (1.0 - p)

    /// The x whose survival function is q in [0, 1].
    let continuousUpper
        (cdf: float -> float)
        (survival: float -> float)
        (interval: float * float)
        (start: float)
        (q: float)
        =
        solve cdf survival interval start (1.0 - q) q

    /// The largest count that is tried: counts beyond are not all floating-point numbers.
    let private largestCount = 1L <<< 53

    /// The least k >= 0 at which a condition holds that then holds for all that are larger.
    let private least (holds: int64 -> bool) =
        let rec between below holding =
            if holding - below <= 1L then
                holding
            else
                let k = below + (holding - below) / 2L
                if holds k then between below k else between k holding

        let rec grow below k =
            if k >= largestCount then between below largestCount
            elif holds k then between below k
            else grow k (2L * k)

        if holds 0L then 0L else grow 0L 1L

    /// The least k = 0, 1, ... whose distribution function is at least p; 2^53 where none is.
    let integers (cdf: int64 -> float) (p: float) = least (fun k -> cdf k >= p)

    /// The least k = 0, 1, ... whose survival function, the probability of more than k, is at most q; 2^53 where none is.
    let integersUpper (survival: int64 -> float) (q: float) = least (fun k -> survival k <= q)
