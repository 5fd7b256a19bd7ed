/// The divergence of relaxed Bernoulli laws of one temperature, by the distance of their logits.
module Vae.Core.Tests.RelaxedBernoulliKlTests

open Expecto
open Vae.Core
open Vae.Testing

/// 2 (x coth x - 1) for x half the distance: by its series where the terms would cancel.
let private expected (distance: float) =
    let x = 0.5 * abs distance

    if x < 0.1 then
        2.0 * (x ** 2.0 / 3.0 - x ** 4.0 / 45.0 + 2.0 * x ** 6.0 / 945.0 - x ** 8.0 / 4725.0)
    else
        2.0 * (x / tanh x - 1.0)

let tests =
    scoped
    <| testList "KL of relaxed Bernoulli laws" [
        for distance in [ 0.0; 1e-6; 0.01; -0.15; 0.3; 1.0; -1.9; 2.0; 2.1; 30.0 ] do
            testCase $"logits %g{distance} apart"
            <| fun () ->
                let law logits = RelaxedBernoulli.ofLogits (vector [ 0.7 ]) (vector [ logits ])
                let found = number (Kl.exact (law (0.4 + distance)) (law 0.4))
                Expect.isLessThan (abs (found - expected distance)) (1e-12 * expected distance + 1e-20) "nats"
    ]
