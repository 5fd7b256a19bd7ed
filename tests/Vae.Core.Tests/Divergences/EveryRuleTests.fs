/// Every rule that the library knows, held to the kit.
module Vae.Core.Tests.EveryRuleTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

/// Laws for the rules whose kinds are not made from parameters alone.
let private examples () : (Distribution * Distribution) list =
    let standard = Independent.create 1 (Normal(vector [ 0.0; 0.0 ], vector [ 1.0; 1.0 ]))
    let diagonal = Independent.create 1 (Normal(vector [ 0.3; -0.2 ], vector [ 0.5; 1.7 ]))

    let correlated = MultivariateNormal(vector [ 0.1; 0.4 ], matrix [ [ 1.0; 0.0 ]; [ 0.4; sqrt 0.34 ] ])

    let skewed = MultivariateNormal(vector [ -0.5; 0.2 ], matrix [ [ 0.6; 0.0 ]; [ 0.8; 0.9 ] ])
    let sigmoid (law: Normal) = Transformed.univariate Transform.sigmoid law
    let doubled = Transform.affine (vector [ 0.0; 0.0 ]) (vector [ 2.0; 2.0 ])
    let one, other = Normal(0.3, 0.5), Normal(-0.2, 1.7)
    let unmasked = torch.tensor true
    let at (x: float) = Tensor.scalar f64 x
    let north = vector [ 0.6; 0.0; -0.8 ]
    let fisher, power = VonMisesFisher(north, at 3.0), PowerSpherical(north, at 2.5)
    let sphere = SphericalUniform 3

    let lowRank =
        LowRankMultivariateNormal(vector [ 0.2; -0.1 ], matrix [ [ 1.0 ]; [ -0.5 ] ], vector [ 0.5; 0.8 ])

    let disk scale = WrappedNormal(vector [ 0.3; -0.2 ], vector scale, at 0.7)

    [
        Delta.create 0 (at 0.3), one
        diagonal, correlated
        skewed, diagonal
        diagonal, standard
        diagonal, lowRank
        lowRank, diagonal
        fisher, sphere
        sphere, fisher
        power, sphere
        sphere, power
        power, PowerSpherical(north, at 0.8)
        disk [ 0.5; 0.8 ], disk [ 0.7; 0.4 ]
        Product.create [ "a", one; "b", Bernoulli.OfLogits 0.8 ],
        Product.create [ "a", other; "b", Bernoulli.OfLogits -1.5 ]
        sigmoid one, sigmoid other
        Transformed.create doubled diagonal, Transformed.create doubled standard
        Masked.create unmasked one, Masked.create unmasked other
    ]

let private infos = Laws.all |> List.map (fun info -> info, EveryLawTests.optionsOf info)

/// A function, so that a child process makes no laws.
let tests () = testList "Every rule" (KlRuleTests.ofTable Kl.rules infos (examples ()))

/// How the rules do in float32: one line for each that loses more than half of its digits, an error above 2^-12 of
/// max(1, KL), and how many were looked at.
let precisionLines () =
    let found = KlRuleTests.precisionReport Kl.rules infos
    let half = 1.0 / 4096.0

    [
        for found in found |> List.filter (fun found -> found.WorstError > half) do
            $"%s{found.Pair}: %.2g{found.WorstError} at %s{found.Case}"

        $"%d{found.Length} pairs; the worst, %s{found.Head.Pair}, is off by %.2g{found.Head.WorstError} of max(1, KL)"
    ]
