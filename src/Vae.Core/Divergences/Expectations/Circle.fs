namespace Vae.Core

open System

/// What laws of angles know.
[<RequireQualifiedAccess>]
module internal CircleExpectations =
    let private vonMises =
        LineLaw.on<VonMises>(Support.Closed(Bound.At -Math.PI, Bound.At Math.PI))
        |> LineLaw.entropy @"\log 2\pi I_0(\kappa_q)-\kappa_q\tfrac{I_1(\kappa_q)}{I_0(\kappa_q)}"
        |> LineLaw.expectsAt Moment.Cosine @"\tfrac{I_1(\kappa_q)}{I_0(\kappa_q)}\cos(\mu_q-#1)" (fun q m ->
            q.MeanCosine * (q.Loc - m).cos())
        |> LineLaw.logDensity @"-\log 2\pi I_0(\kappa_p)" (fun p -> p.LogDensity p.Loc - p.Concentration)
        |> LineLaw.termAt Moment.Cosine @"\kappa_p" _.Concentration [ @"\mu_p", _.Loc ]

    let all = [ LineLaw.known vonMises ]
