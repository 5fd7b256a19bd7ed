/// Every rule of divergence, every measure, every bound and every transform leaves nothing behind but what it returns.
module Vae.Core.Tests.Memory.DivergenceMemoryTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests
open Vae.Core.Tests.Transforms

let private key = Key.ofSeed 37

let private measures: Discrepancy list = [
    Kl.discrepancy
    TotalVariation.distance
    Wasserstein2.squared
    Renyi.order 0.3
    Renyi.order 2.0
    ChiSquared.discrepancy
    Hellinger.squared
]

/// Each measure of two laws, exact and estimated.
let private ofLaws (q: Distribution) (p: Distribution) : (string * (unit -> objnull)) list = [
    "Kl.tryExact", (fun () -> Kl.tryExact q p |> box)
    "Kl.between", (fun () -> Kl.between key 20 q p)
    "Kl.estimate", (fun () -> Kl.estimate key 20 q p)
    "Kl.tryPerDimension", (fun () -> Kl.tryPerDimension q p |> box)

    for measure in measures do
        let supported call () =
            try
                call ()
            with :? System.NotSupportedException ->
                null

        $"%s{measure.Name}, exact", supported (fun () -> measure.TryExact q p |> box)
        $"%s{measure.Name}, estimated", supported (fun () -> Discrepancy.estimate key 20 measure q p |> box)
]

let private ofRule (rule: KlRule) (q: LawInfo) (p: LawInfo) =
    // The example of a law on spheres is of another dimension than those that have a direction.
    let fitting (other: Distribution) (law: Distribution) : Distribution =
        match law with
        | :? SphericalUniform when law.EventShape <> other.EventShape -> SphericalUniform(int other.EventShape[0])
        | law -> law

    testCase rule.Name
    <| fun () ->
        let q, p = LawInfo.example q, LawInfo.example p
        LeftBehind.checkAll (ofLaws (fitting p q) (fitting q p))

let private mixture shift =
    Mixture.create
        (Categorical.ofLogits (vector [ 0.0; 0.7 ]))
        (Normal(vector [ -1.0 + shift; 2.0 ], vector [ 0.5; 1.5 ]))

let private structured: (string * (unit -> Distribution * Distribution)) list =
    let pair shift = Normal(vector [ 0.1 + shift; -0.4 ], vector [ 0.5; 2.0 ])

    let both (make: float -> #Distribution) = fun () -> make 0.0 :> Distribution, make 0.4 :> Distribution

    [
        "independent", both (fun shift -> Independent.create 1 (pair shift))
        "products",
        both (fun shift -> Product.create [ "z", Independent.create 1 (pair shift); "w", Laplace(shift, 1.5) ])
        "masked", both (fun shift -> Masked.create ((vector [ 1.0; 0.0 ]).gt(0.5.AsScalar())) (pair shift))
        "transformed", both (fun shift -> Transformed.univariate Transform.exp (pair shift))
        "mixtures", both mixture
        "truncated", both (fun shift -> Truncated.create (vector [ -1.0 ]) (vector [ 2.0 ]) (pair shift))
        "a diagonal and a full covariance",
        fun () ->
            Independent.create 1 (pair 0.0),
            MultivariateNormal(vector [ 0.0; 0.0 ], Tensor.ofArray f64 [| 2L; 2L |] [| 1.0; 0.0; 0.4; 0.5 |])
    ]

let private ofKind (kind: Kinds.Kind) =
    testCase kind.Name
    <| fun () ->
        let transform = kind.Make(Kinds.draw f64 [||] 0.5 key kind)
        let x = kind.Points(Key.normal f64 [| 5L; kind.Size |] (Key.fold 1 key))
        let y = transform.Forward x

        LeftBehind.checkAll [
            "Forward", (fun () -> transform.Forward x)
            "Inverse", (fun () -> transform.Inverse y)
            "LogDet", (fun () -> transform.LogDet x)
            "ForwardAndLogDet", (fun () -> transform.ForwardAndLogDet x |> box)
            "InverseAndLogDet", (fun () -> transform.InverseAndLogDet y |> box)
        ]

let private bounds: (string * (Distribution -> Distribution -> Tensor)) list = [
    "convexUpperBound", MixtureKl.convexUpperBound
    "matchedUpperBound", MixtureKl.matchedUpperBound
    "variationalApproximation", MixtureKl.variationalApproximation
]

let private kernels = [
    Kernel.gaussian 1.0
    Kernel.laplacian 1.0
    Kernel.inverseMultiquadric 1.0
    Kernel.rationalQuadratic 1.0 1.0
    Kernel.sum [ Kernel.gaussian 1.0; Kernel.laplacian 2.0 ]
]

/// A function, so that a child process makes no laws.
let tests () =
    Native.load ()
    use _ = torch.NewDisposeScope()
    let kinds = Laws.all |> List.map (fun info -> (LawInfo.example info).GetType(), info)
    let find kind = kinds |> List.tryFind (fun (known, _) -> known = kind) |> Option.map snd

    scoped
    <| testList "Divergences leave nothing behind" [
        for rule in Kl.rules.All do
            match find rule.Q, find rule.P with
            | Some q, Some p -> ofRule rule q p
            | _ -> ()

        for name, laws in structured do
            testCase name <| fun () -> LeftBehind.checkAll (laws () ||> ofLaws)

        for name, bound in bounds do
            testCase name
            <| fun () ->
                let q, p = mixture 0.0, mixture 0.4
                LeftBehind.nothing name (fun () -> bound q p)

        for kernel in kernels do
            testCase $"MMD by %s{kernel.Name}"
            <| fun () ->
                let x, y = Key.normal f64 [| 12L; 2L |] key, Key.normal f64 [| 12L; 2L |] (Key.fold 1 key)
                LeftBehind.nothing kernel.Name (fun () -> Mmd.estimate kernel x y)

        testList "Transforms leave nothing behind" (Kinds.all |> List.map ofKind)
    ]
