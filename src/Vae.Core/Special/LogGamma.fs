namespace Vae.Core

open System

/// The log of the gamma function and its relatives, of positive numbers.
[<RequireQualifiedAccess>]
module LogGamma =
    /// log Gamma(2 + z) / z = sum of c_k z^k for |z| <= 1/2: c_0 = 1 - Euler's constant, and
    /// c_k = (-1)^(k+1) (zeta(k+1) - 1) / (k+1) beyond (40-digit arithmetic).
    let private aboutTwo = [|
        0.42278433509846713
        0.3224670334241132
        -0.067352301053198102
        0.020580808427784546
        -0.0073855510286739857
        0.0028905103307415234
        -0.001192753911703261
        0.00050966952474304245
        -0.00022315475845357939
        9.9457512781808531e-05
        -4.4926236738133142e-05
        2.0507212775670691e-05
        -9.4394882752683967e-06
        4.3748667899074882e-06
        -2.0392157538013662e-06
        9.5514121304074194e-07
        -4.4924691987645662e-07
        2.1207184805554665e-07
        -1.0043224823968099e-07
        4.7698101693639804e-08
        -2.2711094608943164e-08
        1.0838659214896955e-08
        -5.1834750419700466e-09
        2.4836745438024785e-09
        -1.1921401405860912e-09
        5.7313672416788623e-10
        -2.7595228851242334e-10
    |]

    let private nearTwo (z: float) = z * Elementary.polynomial aboutTwo z

    let private halfLogTwoPi = 0.5 * log (2.0 * Math.PI)

    /// Of the remainder of Stirling's series, in powers of 1 / x^2.
    let private stirlingSeries = [|
        1.0 / 12.0
        -1.0 / 360.0
        1.0 / 1260.0
        -1.0 / 1680.0
        1.0 / 1188.0
        -691.0 / 360360.0
        1.0 / 156.0
        -3617.0 / 122400.0
        43867.0 / 244188.0
    |]

    /// For x > 0: log Gamma(x) - [(x - 1/2) log x - x + log(2 pi) / 2], positive and about 1 / (12 x).
    let rec stirlingError (x: float) : float =
        if not (x < 10.0) then
            Elementary.polynomial stirlingSeries (1.0 / (x * x)) / x
        elif x >= 1.0 then
            // (x + 1/2) log(1 + 1/x) - 1 = s^2/3 + s^4/5 + ..., s = 1 / (2 x + 1).
            let square = 1.0 / ((2.0 * x + 1.0) * (2.0 * x + 1.0))
            let mutable k, power, sum = 3.0, square, square / 3.0

            while power > 1e-18 do
                k <- k + 2.0
                power <- power * square
                sum <- sum + power / k

            stirlingError (x + 1.0) + sum
        else
            stirlingError (x + 1.0) + ((x + 0.5) * (Elementary.log1p x - log x) - 1.0)

    /// log Gamma(x) for x > 0, relatively accurate also about its zeros 1 and 2.
    let at (x: float) =
        if x < 0.5 then nearTwo x - Elementary.log1p x - log x
        elif x < 1.5 then nearTwo (x - 1.0) - Elementary.log1p (x - 1.0)
        elif x < 2.5 then nearTwo (x - 2.0)
        elif x < 3.5 then nearTwo (x - 3.0) + log (x - 1.0)
        elif Double.IsPositiveInfinity x then infinity
        else (x - 0.5) * log x - x + halfLogTwoPi + stirlingError x

    /// log Gamma(1 + a) for a > -1/2: a small a is not lost in the sum.
    let ofOnePlus (a: float) = if abs a < 0.5 then nearTwo a - Elementary.log1p a else at (1.0 + a)

    let private digammaSeries = [|
        1.0 / 12.0
        -1.0 / 120.0
        1.0 / 252.0
        -1.0 / 240.0
        1.0 / 132.0
        -691.0 / 32760.0
        1.0 / 12.0
        -3617.0 / 8160.0
    |]

    /// d log Gamma(x) / dx for x > 0.
    let rec digamma (x: float) : float =
        if not (x < 10.0) then
            let inverse = 1.0 / x
            log x - inverse * (0.5 + inverse * Elementary.polynomial digammaSeries (inverse * inverse))
        else
            digamma (x + 1.0) - 1.0 / x

    let private trigammaSeries = [|
        1.0 / 6.0
        -1.0 / 30.0
        1.0 / 42.0
        -1.0 / 30.0
        5.0 / 66.0
        -691.0 / 2730.0
        7.0 / 6.0
        -3617.0 / 510.0
    |]

    /// d^2 log Gamma(x) / dx^2 for x > 0.
    let rec trigamma (x: float) : float =
        if not (x < 10.0) then
            let inverse = 1.0 / x

            inverse
            * (1.0 + inverse * (0.5 + inverse * Elementary.polynomial trigammaSeries (inverse * inverse)))
        else
            trigamma (x + 1.0) + 1.0 / (x * x)

    /// log B(a, b) for a, b > 0, also where one is huge and the other small: Stirling's formula, whose large terms have
    /// cancelled, and its errors.
    let logBeta (a: float) (b: float) =
        let small, large = min a b, max a b
        let sum = small + large

        if sum < 10.0 then
            at small + (at large - at sum)
        elif small < 10.0 then
            // log Gamma(small) + [log Gamma(large) - log Gamma(sum)]
            at small + (stirlingError large - stirlingError sum)
            - (large - 0.5) * Elementary.log1p (small / large)
            - small * (log sum - 1.0)
        else
            halfLogTwoPi - 0.5 * log large + (small - 0.5) * log (small / sum)
            - large * Elementary.log1p (small / large)
            + (stirlingError small + stirlingError large - stirlingError sum)

    /// log of the number of ways to choose k of n, for 0 <= k <= n, not only integers.
    let logBinomial (n: float) (k: float) = -(Elementary.log1p n) - logBeta (n - k + 1.0) (k + 1.0)
