/// Laws made of laws, and what is said of two laws beside a rule's formula, on a device beside the CPU.
module Vae.Core.Tests.Devices.CombinatorDeviceTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 23

/// Numbers on a device.
let private vectorOn place (values: float list) = Tensor.ofArray place [| int64 values.Length |] (List.toArray values)

let private normal place loc scale = Normal(vectorOn place loc, vectorOn place scale)

/// Each law as a function of where it is.
let private laws: (string * (Placement -> Distribution)) list = [
    "Independent", (fun place -> Independent.create 1 (normal place [ 0.1; -0.4 ] [ 0.5; 2.0 ]))
    "Truncated",
    (fun place ->
        Truncated.create
            (vectorOn place [ -1.0; -infinity ])
            (vectorOn place [ 2.0; 0.5 ])
            (normal place [ 0.1; -0.4 ] [ 0.5; 2.0 ]))
    "Masked",
    (fun place ->
        let mask = (vectorOn place [ 1.0; 0.0 ]).gt(0.5.AsScalar())
        Masked.create mask (normal place [ 0.1; -0.4 ] [ 0.5; 2.0 ]))
    "ZeroInflated",
    (fun place -> ZeroInflated.ofLogits (vectorOn place [ 0.3; -1.0 ]) (Poisson(vectorOn place [ 0.5; 4.0 ])))
    "Product",
    (fun place ->
        Product.create [
            "z", Independent.create 1 (normal place [ 0.1; -0.4 ] [ 0.5; 2.0 ])
            "w", Independent.create 1 (Laplace(vectorOn place [ 0.3 ], vectorOn place [ 1.5 ]))
        ])
    "Mixture",
    (fun place ->
        Mixture.create (Categorical.ofLogits (vectorOn place [ 0.0; 0.7 ])) (normal place [ -1.0; 2.0 ] [ 0.5; 1.5 ]))
    "MixtureOf",
    (fun place ->
        MixtureOf.create (Categorical.ofLogits (vectorOn place [ 0.0; 0.7 ])) [
            Normal(Tensor.scalar place -1.0, Tensor.scalar place 0.5)
            Laplace(Tensor.scalar place 2.0, Tensor.scalar place 1.5)
        ])
    "Transformed on the line",
    (fun place -> Transformed.univariate Transform.sigmoid (normal place [ 0.1; -0.4 ] [ 0.5; 2.0 ]))
    "Transformed vectors",
    (fun place ->
        Transformed.create Transform.stickBreaking (Independent.create 1 (normal place [ 0.1; -0.4 ] [ 0.5; 2.0 ])))
    "Image of pixels",
    (fun place ->
        Independent.create
            1
            (DiscretizedLogistic(
                vectorOn place [ 3.0; 200.0 ],
                vectorOn place [ 1.0; 20.0 ],
                vectorOn place [ 256.0; 256.0 ]
            )))
]

let private ofLaw (name, make: Placement -> Distribution) =
    testCase name
    <| fun () ->
        let here, there = make f64, make (SecondDevice.placement ())
        let x = here.Sample(key, [| 3L |])
        SecondDevice.agrees "draws" x (there.Sample(key, [| 3L |]))
        SecondDevice.agrees "log p" (here.LogProb x) (there.LogProb(SecondDevice.moved x))
        SecondDevice.agreesWhereKnown "mean" (fun () -> here.Mean) (fun () -> there.Mean)
        SecondDevice.agreesWhereKnown "variance" (fun () -> here.Variance) (fun () -> there.Variance)
        Option.map2 (SecondDevice.agrees "entropy") here.Entropy there.Entropy |> ignore
        Expect.equal there.Entropy.IsSome here.Entropy.IsSome "entropy"

/// Each number of two laws as a function of where they are.
let private comparisons: (string * (Placement -> Tensor)) list =
    let q place = normal place [ 0.3; -0.5 ] [ 0.5; 1.2 ]
    let p place = normal place [ 0.0; 0.4 ] [ 1.0; 0.8 ]
    let draws (law: Placement -> Normal) n place = (law place).Sample(Key.fold n key, [| 12L |])

    let mixture (shift: float) place =
        let weights = Categorical.ofLogits (vectorOn place [ 0.0; 0.7 ])
        Mixture.create weights (normal place [ -1.0 + shift; 2.0 ] [ 0.5; 1.5 ])

    [
        "estimate of the KL", (fun place -> (Kl.estimate key 50 (q place) (p place)).Mean)
        "total variation", (fun place -> (Discrepancy.estimate key 50 TotalVariation.distance (q place) (p place)).Mean)
        "Wasserstein", (fun place -> (Discrepancy.exact Wasserstein2.squared (q place) (p place)))
        "Wasserstein of draws",
        (fun place -> (Discrepancy.estimate key 50 Wasserstein2.squared (q place) (p place)).Mean)
        "Chernoff", (fun place -> (Chernoff.tryLogIntegral 0.3 (q place) (p place)).Value)
        "bound of mixtures' KL", (fun place -> (MixtureKl.convexUpperBound (mixture 0.0 place) (mixture 0.4 place)))

        for kernel in
            [
                Kernel.gaussian 1.0
                Kernel.laplacian 1.0
                Kernel.inverseMultiquadric 1.0
                Kernel.rationalQuadratic 1.0 1.0
            ] do
            $"MMD by %s{kernel.Name}", (fun place -> (Mmd.estimate kernel (draws q 0 place) (draws p 1 place)).Mean)
    ]

let tests =
    scoped
    <| testList "Combinators on a second device" [
        for law in laws do
            ofLaw law

        for name, value in comparisons do
            testCase name <| fun () -> SecondDevice.agrees name (value f64) (value (SecondDevice.placement ()))

        testCase "laws on two devices are not one law"
        <| fun () ->
            let here, there = f64, SecondDevice.placement ()
            let one place = Normal(Tensor.scalar place 0.0, Tensor.scalar place 1.0)
            let device = string (SecondDevice.device ())

            refused [ "scale"; "on cpu"; device ] (fun () -> Normal(Tensor.scalar there 0.0, Tensor.scalar here 1.0))
            refused [ "b"; "on cpu"; device ] (fun () -> Product.create [ "a", one there; "b", one here ])

            refused [ "components"; "on cpu"; device ] (fun () ->
                MixtureOf.create (Categorical.ofLogits (vectorOn there [ 0.0; 0.7 ])) [ one there; one here ])

            refused [ "x"; "on cpu"; device; "Normal" ] (fun () -> (one there).LogProb(vectorOn here [ 0.0 ]))
            let two place = normal place [ 0.3; -0.5 ] [ 0.5; 1.2 ]
            refused [ "p"; "on cpu"; device ] (fun () -> Kl.exact (two there) (two here))

        testCase "a law of numbers meets tensors on every device"
        <| fun () ->
            let q place = normal place [ 0.3; -0.5 ] [ 0.5; 1.2 ]
            let there = SecondDevice.placement ()
            let p = Normal(0.2, 1.5)
            let x = vector [ 0.1; 2.0 ]
            SecondDevice.agrees "log p" (p.LogProb x) (p.LogProb(SecondDevice.moved x))
            SecondDevice.agrees "KL" (Kl.exact (q f64) p) (Kl.exact (q there) p)
    ]
