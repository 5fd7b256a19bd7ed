namespace Vae.Core

open System
open TorchSharp

/// What laws between two finite ends know.
[<RequireQualifiedAccess>]
module internal IntervalExpectations =
    let private square = PositiveExpectations.square

    /// The least support and the largest: 1/2 is in the support of every law on the line.
    let private between<'law when 'law :> Distribution> =
        let ends low high = Support.Closed(Bound.At low, Bound.At high)
        LineLaw.between<'law> (ends 0.5 0.5) (ends Double.MinValue Double.MaxValue)

    /// The mean over [a, b] of a function with an antiderivative, which cancels over short intervals: there by quadrature.
    let private mean
        (isShort: Tensor)
        (f: Tensor -> Tensor)
        (antiderivative: Tensor -> Tensor)
        (a: Tensor)
        (b: Tensor)
        =
        let isLong = isShort.logical_not ()
        let width = b - a
        let shortWidth = width.masked_fill (isLong, 0.0.AsScalar())
        let start = a.masked_fill (isLong, 1.0.AsScalar())
        let byQuadrature = Quadrature.ofTensors (fun s -> f (start .+. s .* shortWidth))
        torch.where (isShort, byQuadrature, (antiderivative b - antiderivative a) / width)

    /// log x, of the least normal number where x is 0: x log x is then 0 as well.
    let private log' (x: Tensor) : Tensor = x.clamp_min((torch.finfo x.dtype).tiny.AsScalar()).log()

    /// The mean of log x over [a, b], 0 <= a.
    let private logMean (a: Tensor) (b: Tensor) = mean ((b - a).lt a) _.log() (fun x -> x * (-1.0 .+ log' x)) a b

    let private logSquare (a: Tensor) (b: Tensor) (c: Tensor) =
        let antiderivative (x: Tensor) =
            let l = log' x - c
            x * (2.0 .+ l * (-2.0 .+ l))

        mean ((b - a).lt a) (fun x -> (x.log () - c).squared()) antiderivative a b

    /// The mean of (x / s)^r: b^k (1 - (a / b)^k) / (k w s^r) with k = r + 1.
    let private power (q: Uniform) (r: Tensor) (s: Tensor) =
        let size = (q.Low .+. q.Width .+. r .+. s).shape
        let a, b, k = q.Low.expand size, q.High.expand size, (1.0 .+ r).expand size
        let isZero = a.eq (0.0.AsScalar())
        let some = torch.where (isZero, 0.5 .* b, a)
        let y = k * Stable.logRatio b some

        /// (1 - e^-y) / y
        let share =
            Stable.choose (y.eq (0.0.AsScalar())) 1.0 torch.ones_like (fun y -> y.neg().expm1().neg() / y) y

        let scale = ((r * (log' b - s.log ())).exp() * b / q.Width).expand(size)
        let apart = scale * share * Stable.logRatio b some
        let fromZero = PositiveExpectations.finite (k.gt (0.0.AsScalar())) (fun k -> scale / k) k
        torch.where (isZero, fromZero, apart)

    let private distance (q: Uniform) (m: Tensor) =
        let inside = torch.minimum (torch.maximum (m, q.Low), q.High)

        0.5 .* (((q.High - inside).squared() .+. (inside - q.Low).squared()) / q.Width)
        .+. (m - inside).abs()

    /// By the antiderivative u log(1 + u^2) - 2 u + 2 atan u.
    let private logQuadratic (q: Uniform) (m: Tensor) (t: Tensor) =
        let a, b = (q.Low - m) / t, (q.High - m) / t
        let antiderivative (u: Tensor) = u * (-2.0 .+ logOnePlusSquare u) .+. 2.0 .* u.atan ()
        // Far from 0 even a long interval is short against what the function varies over.
        let variesOver = 1.0 .+ torch.minimum (a.abs (), b.abs ()) * a.sign().eq(b.sign ()).to_type a.dtype
        mean ((b - a).lt variesOver) logOnePlusSquare antiderivative a b

    let private uniform =
        between<Uniform>
        |> LineLaw.entropy @"\log(b_q-a_q)"
        |> LineLaw.expects Moment.X @"\tfrac{a_q+b_q}{2}" _.Mean
        |> LineLaw.expectsAt Moment.Square @"\left(\tfrac{a_q+b_q}{2}-#1\right)^2+\tfrac{(b_q-a_q)^2}{12}" (fun q m ->
            square q m)
        |> LineLaw.expectsAt
            Moment.Distance
            @"\tfrac{(b_q-u)^2+(u-a_q)^2}{2(b_q-a_q)}+|#1-u|,\ u=\min(\max(#1,a_q),b_q)"
            distance
        |> LineLaw.expects Moment.Log @"\tfrac{b_q\log b_q-a_q\log a_q}{b_q-a_q}-1" (fun q -> logMean q.Low q.High)
        |> LineLaw.expectsAt
            Moment.LogSquare
            @"\tfrac{1}{b_q-a_q}\left[x\left((\log x-#1)^2-2(\log x-#1)+2\right)\right]_{a_q}^{b_q}"
            (fun q c -> logSquare q.Low q.High c)
        |> LineLaw.expects Moment.LogComplement @"\tfrac{(1-a_q)\log(1-a_q)-(1-b_q)\log(1-b_q)}{b_q-a_q}-1" (fun q ->
            logMean (1.0 .+ q.High.neg ()) (1.0 .+ q.Low.neg ()))
        |> LineLaw.expectsAt2
            Moment.LogQuadratic
            @"\tfrac{#2}{b_q-a_q}\left[u\log(1+u^2)-2u+2\arctan u\right]_{(a_q-#1)/#2}^{(b_q-#1)/#2}"
            logQuadratic
        |> LineLaw.expectsAt2 Moment.Power @"\tfrac{b_q^{#1+1}-a_q^{#1+1}}{(#1+1)(b_q-a_q)#2^{#1}}" power
        |> LineLaw.finiteWhere @"a_q > 0 or #1 > -1"
        |> LineLaw.expectsAt2 Moment.Exp @"\tfrac{e^{#1(b_q-#2)}-e^{#1(a_q-#2)}}{#1(b_q-a_q)}" (fun q t m ->
            (t * (q.Low - m) .+. LogMeanExp.value (t * q.Width)).exp())
        |> LineLaw.expectsAt Moment.Cosine @"\tfrac{\sin(b_q-#1)-\sin(a_q-#1)}{b_q-a_q}" (fun q m ->
            (q.Mean - m).cos() * ((0.5 / Math.PI) .* q.Width).sinc())
        |> LineLaw.logDensity @"-\log(b_p-a_p)" (fun p -> p.Width.log().neg())

    let private truncatedNormal =
        between<TruncatedNormal>
        |> LineLaw.entropy @"\log\sqrt{2\pi}\sigma_qZ_q+\tfrac{1}{2\sigma_q^2}\mathbb{E}_q(x-\mu_q)^2"
        |> LineLaw.expects Moment.X @"\mathbb{E}_q x" _.Mean
        |> LineLaw.expectsAt Moment.Square @"\mathbb{E}_q(x-#1)^2" (fun q m -> square q m)
        |> LineLaw.logDensity @"-\log\sqrt{2\pi}\sigma_pZ_p" (fun p ->
            let over = p.Over
            0.5 .* over.Z.squared () - over.Total.log () - p.Scale.log ())
        |> LineLaw.termAt Moment.Square @"-\tfrac{1}{2\sigma_p^2}" (fun p -> -0.5 .* p.Scale.squared().reciprocal()) [
            @"\mu_p", _.Loc
        ]

    let all = [ LineLaw.known uniform; LineLaw.known truncatedNormal ]
