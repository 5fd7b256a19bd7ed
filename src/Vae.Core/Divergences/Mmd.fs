namespace Vae.Core

open TorchSharp

/// Maximum mean discrepancy: the distance of two laws' means in a kernel's space, from draws of both (Gretton et al., 2012).
[<RequireQualifiedAccess>]
module Mmd =
    /// Squared distances of every two rows, from differences: a difference of squares would lose close points.
    let private squaredDistances (x: Tensor) (y: Tensor) : Tensor = (x.unsqueeze 1L - y.unsqueeze 0L).squared().sum -1L

    /// The squared MMD from n draws of each law, of shape n + event, and its standard error: unbiased (Lemma 6), so that
    /// it may be below 0, and differentiable in the draws. The error is the root of the unbiased estimate of its variance,
    /// whose part of first order is kept from being below 0. Refuses samples of different shapes and fewer than 4 draws.
    let estimate (kernel: Kernel) (x: Tensor) (y: Tensor) : Estimate =
        Check.together (nameof x) x (nameof y) y

        if x.shape <> y.shape then
            Check.refuse (nameof y) $"of shape %s{Check.shape y.shape}" $"%s{Check.shape x.shape}, as x is"

        Check.atLeast 4 "the number of draws" (if x.dim () = 0L then 1 else int x.shape[0])

        Estimate.scoped (fun () ->
            let n = float x.shape[0]
            let x, y = x.reshape ([| x.shape[0]; -1L |]), y.reshape ([| y.shape[0]; -1L |])
            let gram a b = kernel.OfSquared(squaredDistances a b)
            let cross = gram x y
            // h(i, j) of the pairs of draws (x_i, y_i) and (x_j, y_j), without those of a pair with itself.
            let h = gram x x .+. gram y y - cross - cross.transpose (0L, 1L)
            let h = h - h.diagonal().diag()
            let mean = 1.0 / (n * (n - 1.0)) .* h.sum ()
            let fixedH = h.detach ()
            let rows, squares, total = fixedH.sum(1L).squared().sum(), fixedH.squared().sum(), fixedH.sum ()
            // Means of h(1,2) h(1,3), of h(1,2)^2 and of h(1,2) h(3,4), over distinct draws.
            let shared = 1.0 / (n * (n - 1.0) * (n - 2.0)) .* (rows - squares)
            let square = 1.0 / (n * (n - 1.0)) .* squares

            let apart =
                1.0 / (n * (n - 1.0) * (n - 2.0) * (n - 3.0))
                .* (total.squared () - (4.0 .* (rows - squares)) - (2.0 .* squares))

            let first = (shared - apart).clamp_min(0.0.AsScalar())
            let second = (square - apart).clamp_min(0.0.AsScalar())
            let variance = 1.0 / (n * (n - 1.0)) .* ((4.0 * (n - 2.0) .* first) .+. (2.0 .* second))

            {
                Mean = mean
                StandardError = variance.sqrt ()
                Doubts =
                    Tensor.toArray mean
                    |> Array.map (fun value -> if System.Double.IsNaN value then Doubt.NotANumber else Doubt.Sound)
            })
