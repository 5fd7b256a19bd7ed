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
    /// (Takahasi and Mori, 1974): the weights die out doubly exponentially, so that neither tail is cut; only where the
    /// precision has no such u. Infinite where the terms of a tail still grow at its end.
    /// f takes positions and gives tensors whose first dimension is the nodes; the integral has the batch's shape.
    let expectationAt (law: Univariate) (f: Position -> Tensor) : Tensor =
        Tensor.scoped (fun () ->
            let place = law.Placement
            let step = reach / float steps
            let onNodes = Array.append [| -1L |] (Array.create law.BatchShape.Length 1L)
            let tiny = (torch.finfo place.DType).tiny

            /// The nodes below the median, or at and above it by their distance from 1.
            let half first (quantile: Tensor -> Position) =
                let share t = 1.0 / (1.0 + exp (Math.PI * sinh t))

                let t = [| for i in first..steps -> step * float i |] |> Array.takeWhile (fun t -> share t > tiny)

                let rest = t |> Array.map share
                let weights = Array.map2 (fun t u -> step * Math.PI * cosh t * u * (1.0 - u)) t rest
                let column values = (Tensor.ofArray place [| int64 t.Length |] values).reshape onNodes
                let terms = f (quantile (column rest)) * column weights
                let sum = terms.sum [| 0L |]
                let last, earlier = terms.select (0L, -1L), terms.select (0L, -5L)

                let grows = last.abs().gt(earlier.abs ()).logical_and(last.abs().gt(1e-6 .* sum.abs ()))

                torch.where (grows, last / 0.0.AsScalar(), sum)

            half 1 law.FromLowerAt .+. half 0 law.FromUpperAt)

    /// E[f(X)] of a function of numbers.
    let expectation (law: Univariate) (f: Tensor -> Tensor) : Tensor = expectationAt law (fun position -> f position.X)

    /// E[X], by quadrature.
    let mean (law: Univariate) = expectation law id

    /// Var[X], by quadrature.
    let variance (law: Univariate) =
        Tensor.scoped (fun () ->
            let mean = mean law
            let isFinite = mean.isfinite ()
            let centre = mean.masked_fill (isFinite.logical_not (), 0.0.AsScalar())
            torch.where (isFinite, expectation law (fun x -> (x - centre).squared()), mean.squared ()))

    /// -E[log p(X)], by quadrature.
    let entropy (law: Univariate) =
        Tensor.scoped (fun () -> (expectationAt law (inSupport law >> law.LogDensityAt)).neg())
