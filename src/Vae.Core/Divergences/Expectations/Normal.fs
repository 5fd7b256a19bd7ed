namespace Vae.Core

open TorchSharp

/// What normal laws know.
[<RequireQualifiedAccess>]
module internal NormalExpectations =
    /// E|x - m| = s z (2 Phi(z) - 1) + 2 s phi(z) with z = (mu - m) / s.
    let private distance (q: Normal) (m: Tensor) =
        let z = (q.Loc - m) / q.Scale
        let density = (-halfLogTwoPi .+ (-0.5 .* z.squared ())).exp()
        q.Scale * (z * torch.special.erf (sqrt 0.5 .* z) .+. (2.0 .* density))

    let normal =
        LineLaw.on<Normal> Support.reals
        |> LineLaw.entropy @"\tfrac12\log 2\pi e\sigma_q^2"
        |> LineLaw.expects Moment.X @"\mu_q" _.Loc
        |> LineLaw.expectsAt Moment.Square @"(\mu_q-#1)^2+\sigma_q^2" (fun q m ->
            (q.Loc - m).squared() .+. q.Scale.squared ())
        |> LineLaw.expectsAt
            Moment.Distance
            @"(\mu_q-#1)\operatorname{erf}\tfrac{\mu_q-#1}{\sqrt2\sigma_q}+\sigma_q\sqrt{\tfrac2\pi}e^{-(\mu_q-#1)^2/2\sigma_q^2}"
            distance
        |> LineLaw.expectsAt2 Moment.Exp @"e^{#1(\mu_q-#2)+#1^2\sigma_q^2/2}" (fun q t m ->
            (t * (q.Loc - m) .+. 0.5 .* (t * q.Scale).squared()).exp())
        |> LineLaw.logDensity @"-\tfrac12\log 2\pi\sigma_p^2" (fun p -> -halfLogTwoPi .+ p.LogScale.neg ())
        |> LineLaw.termAt Moment.Square @"-\tfrac{1}{2\sigma_p^2}" (fun p -> -0.5 .* p.Scale.squared().reciprocal()) [
            @"\mu_p", _.Loc
        ]

    let all = [ LineLaw.known normal ]
