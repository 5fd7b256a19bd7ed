namespace Vae.Core

open System
open TorchSharp

/// Expectations of functions of the log-odds l of Normal(loc, scale), by quadrature in tensor operations. To scale 4 it is the
/// trapezoidal rule in (l - loc) / scale; beyond, these functions are jumps or kinks at 0 and remainders that die out like
/// e^-|l|, of which only the latter are integrated, over l.
[<RequireQualifiedAccess>]
module internal OverLogOdds =
    let private widest = 4.0
    /// Squares of e^l at scale 4 have their mass about 8.
    let private reach = 17.0
    let private step = 0.125

    let private column (t: Tensor) (values: float[]) : Tensor =
        let shape = Array.append [| -1L |] (Array.create (int (t.dim ())) 1L)
        (Tensor.ofArray (Placement.like t) [| int64 values.Length |] values).reshape shape

    /// E[f(l)] for scales to 4.
    let private narrow (loc: Tensor) (scale: Tensor) (f: Tensor -> Tensor) =
        let nodes = [| -reach .. step .. reach |]
        let weights = nodes |> Array.map (fun z -> step * exp (-0.5 * z * z) / sqrt (2.0 * Math.PI))
        (column loc weights * f (loc .+. scale * column loc nodes)).sum [| 0L |]

    /// The integral of a remainder over l > 0, which takes l and the densities at l and -l.
    let private wide (loc: Tensor) (scale: Tensor) (remainder: Tensor -> Tensor -> Tensor -> Tensor) =
        let nodes, weights =
            Quadrature.rule |> Array.map (fun struct (x, w) -> 40.0 * x, 40.0 * w) |> Array.unzip

        let l = column loc nodes

        let density (l: Tensor) = (-halfLogTwoPi .+ (-0.5 .* ((l - loc) / scale).squared() - scale.log ())).exp()

        (column loc weights * remainder l (density l) (density (l.neg ()))).sum [| 0L |]

    /// Either formula, each with scales that it is made for.
    let private either (normal: Normal) (ofNarrow: Tensor -> Tensor) (ofWide: Tensor -> Tensor) =
        let scale = normal.Scale
        let isWide = scale.detach().gt(widest.AsScalar())
        let narrowScale = torch.where (isWide, torch.ones_like scale, scale)
        let wideScale = torch.where (isWide, scale, torch.full_like (scale, (2.0 * widest).AsScalar()))
        torch.where (isWide, ofWide wideScale, ofNarrow narrowScale)

    /// P(l > 0)
    let private positive (loc: Tensor) (scale: Tensor) : Tensor = normalSurvival ((loc / scale).neg())

    let private wideMean loc scale =
        let remainder = wide loc scale (fun l right left -> l.neg().sigmoid() * (left - right))
        positive loc scale .+. remainder

    /// E[sigma(l)]
    let mean (normal: Normal) : Tensor =
        either normal (fun scale -> narrow normal.Loc scale _.sigmoid()) (wideMean normal.Loc)

    /// Var[sigma(l)]
    let variance (normal: Normal) : Tensor =
        let loc = normal.Loc

        let ofNarrow scale =
            let mean = narrow loc scale _.sigmoid()
            narrow loc scale (fun l -> (l.sigmoid () - mean).squared())

        let ofWide scale =
            let square =
                wide loc scale (fun l right left ->
                    let rest = l.neg().sigmoid()
                    rest.squared () * left - rest * (1.0 .+ l.sigmoid ()) * right)

            positive loc scale .+. square - (wideMean loc scale).squared()

        either normal ofNarrow ofWide

    /// -E[log sigma(l) + log sigma(-l)] = E|l| + 2 E log(1 + e^-|l|)
    let meanLogSlope (normal: Normal) : Tensor =
        let loc = normal.Loc

        let ofWide (scale: Tensor) =
            let z = loc / scale
            let density = (-halfLogTwoPi .+ (-0.5 .* z.squared ())).exp()
            let size = loc * torch.special.erf (sqrt 0.5 .* z) .+. 2.0 .* (scale * density)
            size .+. 2.0 .* wide loc scale (fun l right left -> Logistic.softplus (l.neg ()) * (left .+. right))

        either
            normal
            (fun scale -> narrow loc scale (fun l -> Logistic.softplus l .+. Logistic.softplus (l.neg ())))
            ofWide
