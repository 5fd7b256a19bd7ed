namespace Vae.Core

open System

/// Elementary functions of numbers that .NET lacks, without cancellation.
[<RequireQualifiedAccess>]
module Elementary =
    /// log(1 + x), also where 1 + x rounds. The quotient undoes the rounding (W. Kahan).
    let log1p (x: float) =
        let u = 1.0 + x

        if u = 1.0 then x
        elif abs x > 1e17 then log u
        else log u * (x / (u - 1.0))

    /// exp(x) - 1, also near 0. The quotient undoes the rounding (W. Kahan).
    let expm1 (x: float) =
        let u = exp x

        if abs x > 1.0 then u - 1.0
        elif u = 1.0 then x
        else (u - 1.0) * (x / log u)

    /// log(1 - exp(x)) for x <= 0.
    let log1mexp (x: float) = if x > -0.6931471805599453 then log (-(expm1 x)) else log1p (-(exp x))

    /// sum of c_k x^k.
    let internal polynomial (c: float[]) (x: float) =
        let mutable sum = 0.0

        for k in c.Length - 1 .. -1 .. 0 do
            sum <- sum * x + c[k]

        sum

    /// sum of c_k T_k(x), by Clenshaw's recurrence.
    let internal chebyshev (c: float[]) (x: float) =
        let mutable b1, b2 = 0.0, 0.0

        for k in c.Length - 1 .. -1 .. 1 do
            let b = 2.0 * x * b1 - b2 + c[k]
            b2 <- b1
            b1 <- b

        x * b1 - b2 + c[0]

    /// u - log(1 + u) >= 0, where 1 + u is given as well and u may be near -1.
    let internal excess (u: float) (onePlusU: float) =
        if abs u > 0.5 then
            u - log onePlusU
        else
            // log(1 + u) = 2 artanh s, and u - 2 s = u s.
            let s = u / (2.0 + u)
            let square = s * s
            let mutable k, power, sum = 3.0, square, square / 3.0

            while power > 1e-18 * square do
                k <- k + 2.0
                power <- power * square
                sum <- sum + power / k

            s * (u - 2.0 * sum)

    /// a - a x - b x, rounded once.
    let internal shortfall (a: float) (b: float) (x: float) =
        let p, q = a * x, b * x
        let pLow, qLow = Math.FusedMultiplyAdd(a, x, -p), Math.FusedMultiplyAdd(b, x, -q)

        // The rounding error of a difference (D. E. Knuth's TwoSum).
        let lost (u: float) (v: float) (difference: float) =
            let part = difference - u
            (u - (difference - part)) - (v + part)

        let s = a - p
        let t = s - q
        t + (lost a p s + lost s q t - pLow - qLow)
