module Vae.Core.Tests.MmdTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

/// The squared MMD of two normal laws on the line under a gaussian kernel of length 1: E k(x, y) is 1 / sqrt(1 + v) times
/// exp(-m^2 / 2 (1 + v)), for x - y of mean m and variance v.
let private expected (m1: float, s1: float) (m2: float, s2: float) =
    let k m v = exp (-m * m / (2.0 * (1.0 + v))) / sqrt (1.0 + v)
    k 0.0 (2.0 * s1 * s1) + k 0.0 (2.0 * s2 * s2) - 2.0 * k (m1 - m2) (s1 * s1 + s2 * s2)

/// Estimates of many pairs of samples.
let private repeated count n (q: Normal) (p: Normal) = [|
    for seed in 1..count do
        use _ = torch.NewDisposeScope()
        let first, second = Key.split (Key.ofSeed seed)
        let estimate = Mmd.estimate (Kernel.gaussian 1.0) (q.Sample(first, [| n |])) (p.Sample(second, [| n |]))
        number estimate.Mean, number estimate.StandardError
|]

let tests =
    scoped
    <| testList "Mmd" [
        testCase "it is unbiased, and so is its variance, for laws that differ"
        <| fun () ->
            let truth = expected (0.0, 1.0) (1.0, 1.0)
            let runs = repeated 2000 20L (Normal(0.0, 1.0)) (Normal(1.0, 1.0))
            meanIs truth (runs |> Array.map fst) "mean"
            meanIs 0.0 (runs |> Array.map (fun (m, e) -> (m - truth) ** 2.0 - e * e)) "variance"

        testCase "it is unbiased for equal laws, and its error no less than it is"
        <| fun () ->
            let runs = repeated 1000 20L (Normal(0.0, 1.0)) (Normal(0.0, 1.0))
            meanIs 0.0 (runs |> Array.map fst) "mean"
            let squares = runs |> Array.averageBy (fun (m, _) -> m * m)
            let stated = runs |> Array.averageBy (fun (_, e) -> e * e)
            // The clamp raises the error of a mean without a part of first order.
            Expect.isGreaterThan (stated / squares) 0.8 "stated over found"
            Expect.isLessThan (stated / squares) 2.0 "stated over found"

        testCase "kernels are 1 at 0 and as they are defined"
        <| fun () ->
            let at (kernel: Kernel) d2 = number (kernel.OfSquared(Tensor.scalar f64 d2))

            for kernel, value in
                [
                    Kernel.gaussian 2.0, exp (-3.0 / 8.0)
                    Kernel.laplacian 2.0, exp (-sqrt 3.0 / 2.0)
                    Kernel.inverseMultiquadric 2.0, 1.0 / sqrt 1.75
                    Kernel.rationalQuadratic 1.5 2.0, 1.25 ** -1.5
                ] do
                isClose 1e-15 1.0 (at kernel 0.0) kernel.Name
                isClose 1e-15 value (at kernel 3.0) kernel.Name

            let sum = Kernel.sum [ Kernel.gaussian 1.0; Kernel.gaussian 2.0 ]
            isClose 1e-15 (exp -1.5 + exp (-3.0 / 8.0)) (at sum 3.0) "sum"
            Expect.equal sum.Name "gaussian(1) + gaussian(2)" "name"

        testCase "it is differentiable in the draws, also where two are one"
        <| fun () ->
            let fixedDraws = vector [ 0.1; 0.5; -0.3; 1.0; 2.0 ]
            let start = [| 0.1; 0.9; 0.9001; -2.0; 0.3 |]
            let value (x: Tensor) = (Mmd.estimate (Kernel.inverseMultiquadric 0.7) x fixedDraws).Mean
            let x = (vector (List.ofArray start)).requires_grad_()
            let gradient = (torch.autograd.grad ([| value x |], [| x |]))[0]
            let byDifferences = centralDifferences 1e-6 (fun t -> number (value t)) start
            Array.iter2 (fun e a -> isClose 1e-8 e a "draw") byDifferences (Tensor.toArray gradient)
            let same = (vector [ 1.0; 1.0; 2.0; 3.0 ]).requires_grad_()
            let mean = (Mmd.estimate (Kernel.laplacian 1.0) same (vector [ 0.0; 1.0; 1.0; 5.0 ])).Mean
            let gradient = (torch.autograd.grad ([| mean |], [| same |]))[0]
            Expect.isTrue (gradient.isfinite().all().ToBoolean()) "finite"

        testCase "samples of other shapes, too few draws and lengths of 0 are refused"
        <| fun () ->
            let four = vector [ 1.0; 2.0; 3.0; 4.0 ]

            refused [ "y"; "[5]" ] (fun () ->
                Mmd.estimate (Kernel.gaussian 1.0) four (vector [ 1.0; 2.0; 3.0; 4.0; 5.0 ]))

            refused [ "at least 4" ] (fun () -> Mmd.estimate (Kernel.gaussian 1.0) (vector [ 1.0 ]) (vector [ 1.0 ]))
            refused [ "length" ] (fun () -> Kernel.gaussian 0.0)
            refused [ "kernels" ] (fun () -> Kernel.sum [])
    ]
