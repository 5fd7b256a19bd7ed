namespace Vae.Core

open TorchSharp

/// What images of normal laws know.
[<RequireQualifiedAccess>]
module internal LogNormalExpectations =
    /// E|x - m| = E[x] erf(d + s) - m erf d, each by sqrt 2, with d = (mu - log m) / s, for m > 0.
    let private distance (q: LogNormal) (m: Tensor) =
        let isPositive = m.gt (0.0.AsScalar())
        let some = m.masked_fill (isPositive.logical_not (), 1.0.AsScalar())
        let d = (q.Loc - some.log ()) / q.Scale
        let within (z: Tensor) : Tensor = torch.special.erf (sqrt 0.5 .* z)
        torch.where (isPositive, q.Mean * within (d .+. q.Scale) - some * within d, q.Mean - m)

    let private logNormal =
        LineLaw.on<LogNormal> Support.positive
        |> LineLaw.entropy @"\mu_q+\tfrac12\log 2\pi e\sigma_q^2"
        |> LineLaw.expects Moment.X @"e^{\mu_q+\sigma_q^2/2}" _.Mean
        |> LineLaw.expectsAt
            Moment.Square
            @"\left(e^{\mu_q+\sigma_q^2/2}-#1\right)^2+\left(e^{\sigma_q^2}-1\right)e^{2\mu_q+\sigma_q^2}"
            (fun q m -> PositiveExpectations.square q m)
        |> LineLaw.expectsAt
            Moment.Distance
            @"e^{\mu_q+\sigma_q^2/2}\operatorname{erf}\tfrac{d+\sigma_q}{\sqrt2}-#1\operatorname{erf}\tfrac{d}{\sqrt2},\ d=\tfrac{\mu_q-\log #1}{\sigma_q}"
            distance
        |> LineLaw.expects Moment.Log @"\mu_q" _.Loc
        |> LineLaw.expectsAt Moment.LogSquare @"(\mu_q-#1)^2+\sigma_q^2" (fun q m ->
            (q.Loc - m).squared() .+. q.Scale.squared ())
        |> LineLaw.expectsAt2 Moment.Power @"#2^{-#1}e^{#1\mu_q+#1^2\sigma_q^2/2}" (fun q r s ->
            (r * (q.Loc - s.log ()) .+. 0.5 .* (r * q.Scale).squared()).exp())
        |> LineLaw.logDensity @"-\tfrac12\log 2\pi\sigma_p^2" (fun p -> -halfLogTwoPi .+ p.Scale.log().neg())
        |> LineLaw.term Moment.Log "-1" (fun p -> torch.ones_like(p.Scale).neg())
        |> LineLaw.termAt Moment.LogSquare @"-\tfrac{1}{2\sigma_p^2}" (fun p -> -0.5 .* p.Scale.squared().reciprocal()) [
            @"\mu_p", _.Loc
        ]

    let private logitNormal =
        LineLaw.on<LogitNormal> Support.unit
        |> LineLaw.expectsAt Moment.LogOddsSquare @"(\mu_q-#1)^2+\sigma_q^2" (fun q m ->
            (q.Loc - m).squared() .+. q.Scale.squared ())
        |> LineLaw.logDensity @"-\tfrac12\log 2\pi\sigma_p^2" (fun p -> -halfLogTwoPi .+ p.Scale.log().neg())
        |> LineLaw.term Moment.Log "-1" (fun p -> torch.ones_like(p.Scale).neg())
        |> LineLaw.term Moment.LogComplement "-1" (fun p -> torch.ones_like(p.Scale).neg())
        |> LineLaw.termAt
            Moment.LogOddsSquare
            @"-\tfrac{1}{2\sigma_p^2}"
            (fun p -> -0.5 .* p.Scale.squared().reciprocal())
            [ @"\mu_p", _.Loc ]

    let all = [ LineLaw.known logNormal; LineLaw.known logitNormal ]
