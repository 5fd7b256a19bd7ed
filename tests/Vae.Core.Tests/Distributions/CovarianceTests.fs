/// Laws by a covariance and by its factor.
module Vae.Core.Tests.CovarianceTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let tests =
    scoped
    <| testList "Covariance" [
        testCase "a law by its covariance is the law by its factor, in both precisions"
        <| fun () ->
            for dtype, tolerance in [ torch.ScalarType.Float64, 1e-13; torch.ScalarType.Float32, 1e-5 ] do
                let factor = (matrix [ [ 2.0; 0.0 ]; [ 0.5; 1.5 ] ]).to_type dtype
                let covariance = factor.matmul (factor.t ())
                let loc, df = (vector [ 0.5; -1.0 ]).to_type dtype, (Tensor.scalar f64 4.5).to_type dtype

                let same what (a: Tensor) (b: Tensor) =
                    Expect.equal b.dtype dtype what
                    Array.iter2 (fun a b -> isClose tolerance a b what) (Tensor.toArray a) (Tensor.toArray b)

                same
                    "normal"
                    (MultivariateNormal.ofScaleTril loc factor).ScaleTril
                    (MultivariateNormal.ofCovariance loc covariance).ScaleTril

                same "Wishart" (Wishart.ofScaleTril df factor).ScaleTril (Wishart.ofCovariance df covariance).ScaleTril

        testCase "gradients pass from a covariance"
        <| fun () ->
            let x = vector [ 0.3; -0.7 ]
            // A symmetric change of the covariance.
            let at (v: Tensor) =
                let covariance = torch.stack([| v[0L]; v[1L]; v[1L]; v[2L] |], 0L).reshape [| 2L; 2L |]
                (MultivariateNormal.ofCovariance (vector [ 0.0; 0.0 ]) covariance).LogProb x

            let here = [| 2.0; 0.4; 1.0 |]
            let expected = centralDifferences 1e-5 (fun v -> number (at v)) here
            let found = Diff.grad at (vector (List.ofArray here)) |> Tensor.toArray
            Array.iter2 (fun e a -> isClose 1e-8 e a "gradient") expected found

        testCase "matrices that are no covariance are refused by name"
        <| fun () ->
            let loc, df = vector [ 0.0; 0.0 ], Tensor.scalar f64 5.0

            let refuse (words: string list) (rows: float list list) =
                refused ("covariance" :: words) (fun () -> MultivariateNormal.ofCovariance loc (matrix rows))
                refused ("covariance" :: words) (fun () -> Wishart.ofCovariance df (matrix rows))

            refuse [ "symmetric"; "0.5" ] [ [ 1.0; 0.0 ]; [ 0.5; 2.0 ] ]
            refuse [ "eigenvalue -1"; "positive definite" ] [ [ 1.0; 2.0 ]; [ 2.0; 1.0 ] ]
            refuse [ "[1, 2]"; "square" ] [ [ 1.0; 2.0 ] ]
            refuse [ "NaN" ] [ [ 1.0; nan ]; [ nan; 1.0 ] ]
            refused [ "[2]"; "covariance" ] (fun () -> MultivariateNormal.ofCovariance loc loc)
    ]
