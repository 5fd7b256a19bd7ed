namespace Vae.Core

open System
open TorchSharp

/// Expectations of laws on the line, by a rule that needs nothing but their quantiles.
[<RequireQualifiedAccess>]
module internal OverQuantiles =
    /// How far the substitution goes: u and 1 - u reach 1e-270 there.
    let private reach = 6.0
    let private steps = 192

    /// E[f(X)] = the integral over u in (0, 1) of f(Q(u)), with u = 1 / (1 + e^(-pi sinh t)) and the trapezoidal rule in t
    /// (Takahasi and Mori, 1974): the weights die out doubly exponentially, so that neither tail is cut.
    /// f takes and gives tensors whose first dimension is the nodes; the integral has the batch's shape.
    let expectation (law: Univariate) (f: Tensor -> Tensor) : Tensor =
        Tensor.scoped (fun () ->
            let place = law.Placement
            let step = reach / float steps
            let onNodes = Array.append [| -1L |] (Array.create law.BatchShape.Length 1L)

            /// The nodes below the median, or at and above it by their distance from 1.
            let half first (quantile: Tensor -> Tensor) =
                let t = [| for i in first..steps -> step * float i |]
                let rest = t |> Array.map (fun t -> 1.0 / (1.0 + exp (Math.PI * sinh t)))
                let weights = Array.map2 (fun t u -> step * Math.PI * cosh t * u * (1.0 - u)) t rest
                let column values = (Tensor.ofArray place [| int64 t.Length |] values).reshape onNodes
                (f (quantile (column rest)) * column weights).sum [| 0L |]

            half 1 law.FromLower + half 0 law.FromUpper)

    /// E[X], by quadrature.
    let mean (law: Univariate) = expectation law id

    /// Var[X], by quadrature.
    let variance (law: Univariate) =
        Tensor.scoped (fun () ->
            let mean = mean law
            expectation law (fun x -> (x - mean).squared()))

    /// -E[log p(X)], by quadrature.
    let entropy (law: Univariate) = Tensor.scoped (fun () -> (expectation law law.LogProb).neg())
