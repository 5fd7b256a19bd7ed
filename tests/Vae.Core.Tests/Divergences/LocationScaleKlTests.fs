/// KL between laws by location and scale, against quadrature.
module Vae.Core.Tests.LocationScaleKlTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.Special.References

/// 40-digit quadrature of the definition; close laws are a millionth apart.
let private values: (Univariate * Univariate * float) list = [
    Laplace(0.5, 2.0), Laplace(-1.0, 0.7), 1.44265374047565
    Laplace(0.5, 2.0), Laplace(0.500001, 2.000002), 6.249991874258209e-13
    Cauchy(0.5, 2.0), Cauchy(-1.0, 0.7), 0.5327268877190916
    Cauchy(0.5, 2.0), Cauchy(0.500001, 2.000002), 3.1249968746272487e-13
    Gumbel(0.5, 2.0), Gumbel(-1.0, 0.7), 1.755022030083732
    Gumbel(0.5, 2.0), Gumbel(0.500001, 2.000002), 8.254469375127522e-13
    Logistic(0.5, 2.0), Logistic(-1.0, 2.0), 0.09288270160351528
    Logistic(0.5, 2.0), Logistic(0.500001, 2.0), 4.16666666690628e-14
    Logistic(0.5, 2.0), Logistic(30.0, 2.0), 12.75001158720201
    Logistic(0.5, 2.0), Logistic(2.499, 2.0), 0.1637921483641204
    HalfNormal(2.0), HalfNormal(0.7), 2.531810528562547
    HalfNormal(2.0), HalfNormal(2.000002), 9.999983331710505e-13
    HalfCauchy(2.0), HalfCauchy(0.7), 0.26373694827946326
    HalfCauchy(2.0), HalfCauchy(2.000002), 2.499997499590855e-13
    LogNormal(0.5, 1.0), LogNormal(-1.0, 0.7), 2.459651586673513
    TruncatedNormal(0.0, 1.0, 30.0, 31.0), TruncatedNormal(1.0, 2.0, 29.0, 40.0), 7.818870553967224
    TruncatedNormal(0.0, 1.0, 30.0, 31.0), TruncatedNormal(1.0e-6, 1.000001, 30.0, 31.0), 2.0625134612201632e-12
    TruncatedNormal(0.0, 1.0, -1.0, 2.0), TruncatedNormal(3.0, 0.5, -1.0, 2.0), 11.826932290835346
    TruncatedNormal(0.0, 1.0, -1.0, 2.0), TruncatedNormal(0.0, 1.0, -1.000001, 2.0), 2.9559267014176776e-07
    TruncatedNormal(0.0, 1.0, -1.0, 2.0), TruncatedNormal(1.0e-6, 1.000001, -1.0, 2.0), 9.027057558079993e-13
]

/// Infinite because the mean of |x| is.
let private infinite: (Distribution * Distribution) list = [
    Cauchy(0.0, 1.0), Normal(0.5, 2.0)
    Cauchy(0.0, 1.0), Laplace(0.5, 2.0)
    Cauchy(0.0, 1.0), Logistic(0.5, 2.0)
    Cauchy(0.0, 1.0), Gumbel(0.5, 2.0)
    HalfCauchy 1.0, Normal(0.5, 2.0)
    HalfCauchy 1.0, Laplace(0.5, 2.0)
    HalfCauchy 1.0, Logistic(0.5, 2.0)
    HalfCauchy 1.0, Gumbel(0.5, 2.0)
    HalfCauchy 1.0, HalfNormal 2.0
]

let tests =
    scoped
    <| testList "Location and scale, divergences" [
        testCase "closed forms are the integrals, also where the laws are close"
        <| fun () ->
            for q, p, expected in values do
                // What rounding the parameters' difference of a millionth leaves, twice.
                let tolerance = if expected < 1e-6 then 1e-9 else 1e-13
                isNear tolerance expected (number (Kl.exact q p)) $"%s{q.Name}, %g{expected}"

        testCase "images of normal laws diverge as these"
        <| fun () ->
            let normal = number (Kl.exact (Normal(0.3, 0.5)) (Normal(-0.2, 1.7)))
            isClose 1e-15 normal (number (Kl.exact (LogitNormal(0.3, 0.5)) (LogitNormal(-0.2, 1.7)))) "LogitNormal"
            isClose 1e-15 normal (number (Kl.exact (LogNormal(0.3, 0.5)) (LogNormal(-0.2, 1.7)))) "LogNormal"

        testCase "uniform laws: the log of the widths' ratio within, infinite elsewhere"
        <| fun () ->
            let q = Uniform(vector [ 0.0; 0.0; 0.0 ], vector [ 1.0; 1.0; 1.0 ])
            let p = Uniform(vector [ -1.0; 0.0; 0.5 ], vector [ 3.0; 1.0 + 2e-16; 3.0 ])
            let kl = Kl.exact q p |> Tensor.toArray
            isClose 1e-15 (log 4.0) kl[0] "within"
            isNear 1e-15 2.220446049250313e-16 kl[1] "the next number"
            Expect.equal kl[2] infinity "not within"

        testCase "logistic laws of different scales have no closed form"
        <| fun () -> Expect.isNone (Kl.tryExact (Logistic(0.0, 1.0)) (Logistic(0.0, 2.0))) "partial"

        testCase "what has no mean diverges from what needs one"
        <| fun () ->
            for q, p in infinite do
                Expect.equal (number (Kl.exact q p)) infinity $"%s{q.Name} || %s{p.Name}"
    ]
