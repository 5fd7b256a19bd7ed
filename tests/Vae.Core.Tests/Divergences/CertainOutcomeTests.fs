/// Measures of laws with a certain outcome, and kernels at short distances.
module Vae.Core.Tests.CertainOutcomeTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private bernoulli (probability: float) = Bernoulli.ofProbs (vector [ probability ])

let tests =
    scoped
    <| testList "Certain outcomes" [
        for order in [ 0.5; 2.0 ] do
            let exact q p = number (Discrepancy.exact (Renyi.order order) (bernoulli q) (bernoulli p))

            testCase $"Renyi's divergence of order %g{order}"
            <| fun () ->
                isClose 1e-14 -(log 0.3) (exact 1.0 0.3) "certain first"
                isClose 1e-14 -(log 0.7) (exact 0.0 0.3) "certain not to be, first"
                isClose 1e-14 0.0 (exact 1.0 1.0) "one law"
                isClose 1e-14 infinity (exact 1.0 0.0) "apart"
                let missed = if order > 1.0 then infinity else order / (order - 1.0) * log 0.3
                isClose 1e-14 missed (exact 0.3 1.0) "certain second"

        testCase "a laplacian kernel at distances below 1"
        <| fun () ->
            for d in [ 1e-4; 0.1; 0.9 ] do
                isClose
                    1e-15
                    (exp (-d / 2.0))
                    (number ((Kernel.laplacian 2.0).OfSquared(Tensor.scalar f64 (d * d))))
                    "kernel"
    ]
