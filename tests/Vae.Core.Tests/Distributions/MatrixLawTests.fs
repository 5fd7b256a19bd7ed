module Vae.Core.Tests.MatrixLawTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private scalar (x: float) = Tensor.scalar f64 x

let private root = matrix [ [ 1.0; 0.0; 0.0 ]; [ 0.4; 0.8; 0.0 ]; [ -0.3; 0.2; 0.5 ] ]
let private other = matrix [ [ 1.2; 0.0; 0.0 ]; [ -0.4; 0.5; 0.0 ]; [ 0.3; 0.1; 0.9 ] ]
let private square (factor: Tensor) = factor.matmul (factor.t ())

let private loc = vector [ 0.3; -0.2; 1.0 ]
let private factor = matrix [ [ 1.0; 0.5 ]; [ -2.0; 0.3 ]; [ 0.2; 0.7 ] ]
let private variances = vector [ 0.5; 0.8; 0.1 ]
let private lowRank = LowRankMultivariateNormal(loc, factor, variances)

let private elsewhere =
    LowRankMultivariateNormal(vector [ 0.0; 0.5; 0.5 ], 0.5 .* factor, vector [ 1.0; 0.3; 2.0 ])

let private asFull (law: LowRankMultivariateNormal) =
    let covariance = law.Factor.matmul (law.Factor.t ()) + torch.diag_embed law.Diagonal
    MultivariateNormal(law.Loc, torch.linalg.cholesky covariance)

let private agree message (expected: Tensor) (found: Tensor) =
    for expected, found in Array.zip (Tensor.toArray expected) (Tensor.toArray found) do
        isClose 1e-13 expected found message

let tests =
    scoped
    <| testList "Normals of low rank and laws of matrices" [
        testCase "a normal of low rank is the normal of its covariance"
        <| fun () ->
            let full, fullElsewhere = asFull lowRank, asFull elsewhere
            let x = full.Sample(Key.ofSeed 1, [| 20L |])
            agree "log-density" (full.LogProb x) (lowRank.LogProb x)
            agree "variance" full.Variance lowRank.Variance
            agree "entropy" full.Entropy.Value lowRank.Entropy.Value
            agree "low rank || low rank" (Kl.exact full fullElsewhere) (Kl.exact lowRank elsewhere)
            agree "low rank || full" (Kl.exact full fullElsewhere) (Kl.exact lowRank fullElsewhere)
            agree "full || low rank" (Kl.exact full fullElsewhere) (Kl.exact full elsewhere)
            let diagonal = MultivariateNormal.diagonal loc (vector [ 0.4; 1.0; 2.0 ])
            agree "diagonal || low rank" (Kl.exact diagonal full) (Kl.exact diagonal lowRank)
            agree "low rank || diagonal" (Kl.exact full diagonal) (Kl.exact lowRank diagonal)

        testCase "a strong factor costs no digits along it"
        <| fun () ->
            // In one dimension the law is Normal(0, sqrt(1e16 + 1e-8)): |x|^2 / diagonal alone would be 1e24.
            let law = LowRankMultivariateNormal(vector [ 0.0 ], matrix [ [ 1e8 ] ], vector [ 1e-8 ])
            let plain = Normal(0.0, sqrt (1e16 + 1e-8))
            isClose 1e-13 (number (plain.LogProb(scalar 1e8))) (number (law.LogProb(vector [ 1e8 ]))) "log-density"

        testCase "Wishart: log-density and entropy"
        <| fun () ->
            // 50-digit arithmetic.
            for df, logDensity, entropy in
                [ 2.7, -6.86561189900260308, 4.62557526812980585; 50.0, -200.505421182603788, 17.5119908526995662 ] do
                let law = Wishart(scalar df, root)
                isClose 1e-13 logDensity (number (law.LogProb(square other))) $"log-density, df = %g{df}"
                isClose 1e-13 entropy (number law.Entropy.Value) $"entropy, df = %g{df}"

        testCase "Wishart of one dimension is Gamma(df / 2, 1 / (2 V))"
        <| fun () ->
            for df in [ 0.3; 5.0 ] do
                let law = Wishart(scalar df, matrix [ [ 0.7 ] ])
                let shape, rate = 0.5 * df, 0.5 / 0.49

                for x in [ 1e-3; 0.8; 40.0 ] do
                    let expected = IncompleteGamma.logDensity shape (rate * x) + log rate
                    isClose 1e-13 expected (number (law.LogProb(matrix [ [ x ] ]))) $"df = %g{df}, x = %g{x}"

                let draws = Tensor.toArray (law.Sample(Key.ofSeed 2, [| int64 (drawsToDetectDistance 0.02) |]))
                follows (fun x -> IncompleteGamma.lower shape (rate * x)) draws $"df = %g{df}"

        testCase "Wishart: the mode is where the density is highest"
        <| fun () ->
            let law = Wishart(scalar 6.5, root)
            let gradient = Diff.grad (fun x -> law.LogProb(x.reshape (3L, 3L))) (law.Mode.Value.flatten ())
            Expect.isLessThan (number (gradient.abs().max())) 1e-12 "gradient"
            Expect.isNone (Wishart(scalar 4.0, root).Mode) "no mode"

        testCase "LKJ of two dimensions: (r + 1) / 2 is Beta(concentration, concentration)"
        <| fun () ->
            for eta in [ 0.4; 1.0; 7.0 ] do
                let law = LkjCholesky(2, eta)

                for r in [ -0.9; 0.0; 0.3; 0.999 ] do
                    let x = matrix [ [ 1.0; 0.0 ]; [ r; sqrt (1.0 - r * r) ] ]
                    let above, below = 0.5 * (1.0 + r), 0.5 * (1.0 - r)
                    let expected = IncompleteBeta.logDensity eta eta above below - log 2.0
                    isClose 1e-12 expected (number (law.LogProb x)) $"concentration %g{eta}, r = %g{r}"

                let draws = law.Sample(Key.ofSeed 3, [| int64 (drawsToDetectDistance 0.02) |])
                let r = (draws.select (-1L, 0L)).select(-1L, 1L)
                follows (fun r -> IncompleteBeta.lower eta eta (0.5 * (1.0 + r))) (Tensor.toArray r) $"%g{eta}"

        testCase "LKJ with concentration 1 is uniform on correlation matrices"
        <| fun () ->
            // The sets of correlation matrices have the volumes pi^2 / 2 and 32 pi^2 / 27 in 3 and 4 dimensions (Joe, 2006),
            // and the correlations change with the factor by the product of L_kk^(D - k).
            let half = sqrt 0.5
            let x = matrix [ [ 1.0; 0.0; 0.0 ]; [ 0.6; 0.8; 0.0 ]; [ 0.5; 0.5; half ] ]
            isClose 1e-14 (log (2.0 / Math.PI ** 2.0) + log 0.8) (number (LkjCholesky(3, 1.0).LogProb x)) "3"

            let x =
                matrix [
                    [ 1.0; 0.0; 0.0; 0.0 ]
                    [ 0.6; 0.8; 0.0; 0.0 ]
                    [ 0.5; 0.5; half; 0.0 ]
                    [ 0.5; 0.5; 0.5; 0.5 ]
                ]

            let expected = log (27.0 / (32.0 * Math.PI ** 2.0)) + 2.0 * log 0.8 + log half
            isClose 1e-14 expected (number (LkjCholesky(4, 1.0).LogProb x)) "4"

        testCase "LKJ: every correlation has the same law"
        <| fun () ->
            // Under concentration eta in D dimensions (r + 1) / 2 is Beta(b, b), b = eta - 1 + D / 2.
            let law = LkjCholesky(4, 0.7)
            let draws = law.Sample(Key.ofSeed 4, [| int64 (drawsToDetectDistance 0.02) |])
            let correlations = draws.matmul (draws.transpose (-1L, -2L))

            for i, j in [ 1L, 0L; 3L, 0L; 3L, 2L ] do
                let r = Tensor.toArray ((correlations.select (-2L, i)).select(-1L, j))
                follows (fun r -> IncompleteBeta.lower 1.7 1.7 (0.5 * (1.0 + r))) r $"%d{i}, %d{j}"

        testCase "paths' gradients are those of the pushes"
        <| fun () ->
            let check name start (make: Tensor -> Reparameterized<'law>) =
                let noise = Reparameterized.noise (Key.ofSeed 5) [| 10L |] (make (scalar start))

                let f (t: Tensor) =
                    let z = Reparameterized.push noise (make (t.reshape [||]))
                    (z * (torch.arange (z.numel (), dtype = torch.ScalarType.Float64)).reshape(z.shape).sin()).sum()

                let found = Diff.grad f (scalar start)
                let expected = centralDifferences 1e-5 (f >> number) [| start |]
                isClose 1e-7 expected[0] (number found) name

            check "Wishart" 3.3 (fun df -> Wishart.pathwise (Wishart(df, root)))
            check "Wishart's factor" 1.3 (fun s -> Wishart.pathwise (Wishart(scalar 4.0, s * root)))
            check "LKJ" 0.8 (fun eta -> LkjCholesky.pathwise (LkjCholesky.create 4 eta))

        testCase "what is too few or not triangular is refused"
        <| fun () ->
            refused [ "df"; "above 2" ] (fun () -> Wishart(scalar 2.0, root))
            refused [ "scaleTril"; "triangular" ] (fun () -> Wishart(scalar 5.0, root.t ()))
            refused [ "factor"; "3 dimensions" ] (fun () -> LowRankMultivariateNormal(loc, factor.t (), variances))
            refused [ "diagonal"; "positive" ] (fun () -> LowRankMultivariateNormal(loc, factor, loc))
            refused [ "dimension"; "2" ] (fun () -> LkjCholesky(1, 1.0))
    ]
