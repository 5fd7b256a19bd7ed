/// Every law leaves nothing behind but what it returns, whichever public member is asked.
module Vae.Core.Tests.Memory.LawMemoryTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests
open Vae.Core.Tests.Threads

let private key = Key.ofSeed 31

let private arguments (law: Distribution) : LeftBehind.Arguments =
    let x = law.Sample(key, [| 3L |])
    let position = law.SampleAt(key, [| 3L |])
    let p = Key.uniform law.Placement (Array.append [| 3L |] law.BatchShape) key

    fun name parameter ->
        match parameter.ParameterType with
        | kind when kind = typeof<Key> -> Some key
        | kind when kind = typeof<int64[]> -> Some [| 3L |]
        | kind when kind = typeof<Position> -> Some position
        | kind when kind = typeof<Tensor> -> Some(if name.EndsWith "Quantile" then p else x)
        | _ -> None

let private checkLaw (law: Distribution) =
    LeftBehind.checkAll (LeftBehind.calls NativeArguments.lawFormulas (arguments law) law)

let private checkPath (path: Reparameterized<Distribution>) =
    let noise = path.Noise(key, [| 3L |])

    LeftBehind.checkAll [
        "Noise", (fun () -> path.Noise(key, [| 3L |]))
        "Push", (fun () -> path.Push noise)
        "Draw", (fun () -> path.Draw(key, [| 3L |]))
    ]

let private casesOf (info: LawInfo) =
    let options = EveryLawTests.optionsOf info
    Generate.cases options.Generators [ 3 ] 4 options.Seed info |> List.head

let private ofInfo (info: LawInfo) =
    scoped
    <| testList info.Name [
        testCase $"%s{info.Name}: a batch" <| fun () -> checkLaw (LawCases.law (casesOf info))
        testCase $"%s{info.Name}: one law" <| fun () -> checkLaw (LawInfo.example info)

        match info.Path with
        | Some path -> testCase $"%s{info.Name}: sample path" <| fun () -> checkPath (path (LawInfo.example info))
        | None -> ()
    ]

let private combined: (string * (unit -> Distribution)) list =
    let pair () = Normal(vector [ 0.1; -0.4 ], vector [ 0.5; 2.0 ])
    let weights () = Categorical.ofLogits (vector [ 0.0; 0.7 ])

    [
        "Independent", (fun () -> Independent.create 1 (pair ()))
        "Truncated", (fun () -> Truncated.create (vector [ -1.0; -infinity ]) (vector [ 2.0; 0.5 ]) (pair ()))
        "Masked", (fun () -> Masked.create ((vector [ 1.0; 0.0 ]).gt(0.5.AsScalar())) (pair ()))
        "ZeroInflated", (fun () -> ZeroInflated.ofLogits (vector [ 0.3; -infinity ]) (Poisson(vector [ 0.5; 4.0 ])))
        "DiscretizedLogisticMixture",
        (fun () ->
            let ones = torch.ones ([| 2L; 1L; 2L; 2L |], dtype = torch.ScalarType.Float64)
            DiscretizedLogisticMixture.grey 8 (ones.squeeze 1L) ones ones)
        "Product", (fun () -> Product.create [ "z", Independent.create 1 (pair ()); "w", Laplace(0.3, 1.5) ])
        "Mixture", (fun () -> Mixture.create (weights ()) (pair ()))
        "MixtureOf", (fun () -> MixtureOf.create (weights ()) [ Normal(-1.0, 0.5); Laplace(2.0, 1.5) ])
        "Transformed on the line", (fun () -> Transformed.univariate Transform.sigmoid (pair ()))
        "Transformed vectors", (fun () -> Transformed.create Transform.stickBreaking (Independent.create 1 (pair ())))
    ]

/// A function, so that a child process makes no laws.
let tests () =
    testList "Laws leave nothing behind" [
        for info in Laws.all do
            ofInfo info

        scoped
        <| testList "Combinators" [
            for name, make in combined do
                testCase name <| fun () -> checkLaw (make ())
        ]
    ]
