/// Every kind of law on a device beside the CPU.
module Vae.Core.Tests.Devices.LawDeviceTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests

let private key = Key.ofSeed 17

let private casesOf (info: LawInfo) =
    let options = EveryLawTests.optionsOf info
    Generate.cases options.Generators [ 3 ] 4 options.Seed info |> List.head

/// The law of some cases on the CPU, and the same law there.
let private both (cases: LawCases) =
    LawCases.law cases, cases.Info.Make(LawCases.tensors (SecondDevice.placement ()) cases)

let private densities (here: Distribution) (there: Distribution) =
    Expect.equal (string there.Placement.Device) (string (SecondDevice.device ())) "placement"
    let x = here.Sample(key, [| 3L |])
    SecondDevice.agrees "draws" x (there.Sample(key, [| 3L |]))
    SecondDevice.agrees "log p" (here.LogProb x) (there.LogProb(SecondDevice.moved x))
    // Outside of most supports.
    SecondDevice.agrees "log p outside" (here.LogProb(-2.5 .+ x)) (there.LogProb(SecondDevice.moved (-2.5 .+ x)))

let private summaries (here: Distribution) (there: Distribution) =
    SecondDevice.agreesWhereKnown "mean" (fun () -> here.Mean) (fun () -> there.Mean)
    SecondDevice.agreesWhereKnown "variance" (fun () -> here.Variance) (fun () -> there.Variance)

    for name, quantity in [ "mode", (fun (law: Distribution) -> law.Mode); "entropy", (fun law -> law.Entropy) ] do
        Option.map2 (SecondDevice.agrees name) (quantity here) (quantity there) |> ignore
        Expect.equal (quantity there).IsSome (quantity here).IsSome name

let private tails (here: Univariate) (there: Univariate) =
    let x = here.Sample(key, [| 3L |])
    SecondDevice.agrees "cdf" (here.Cdf x) (there.Cdf(SecondDevice.moved x))
    SecondDevice.agrees "survival" (here.Survival x) (there.Survival(SecondDevice.moved x))
    let p = Key.uniform f64 (Array.append [| 3L |] here.BatchShape) key
    SecondDevice.agrees "quantile" (here.Quantile p) (there.Quantile(SecondDevice.moved p))
    SecondDevice.agrees "upper quantile" (here.UpperQuantile p) (there.UpperQuantile(SecondDevice.moved p))

/// Draws through the path, and the gradients that they pass to the parameters.
let private drawn (cases: LawCases) (path: Distribution -> Reparameterized<Distribution>) place =
    let parameters = LawCases.tensors place cases |> Array.map _.requires_grad_(true)
    (path (cases.Info.Make parameters)).Draw(key, [| 2L |]), parameters

let private paths cases path =
    let draws place = fst(drawn cases path place).detach()
    SecondDevice.agrees "path" (draws f64) (draws (SecondDevice.placement ()))

let private pathGradients cases path =
    let gradients place =
        let draws, parameters = drawn cases path place
        draws.cos().sum().backward()
        parameters |> Array.map (fun p -> Option.ofObj p.grad |> Option.filter (fun g -> not g.IsInvalid))

    let there = SecondDevice.whereItCan (fun () -> gradients (SecondDevice.placement ()))

    for parameter, expected, actual in Seq.zip3 cases.Info.Parameters (gradients f64) there do
        Expect.equal actual.IsSome expected.IsSome $"gradient of %s{parameter.Name}"
        Option.map2 (SecondDevice.agrees $"gradient of %s{parameter.Name}") expected actual |> ignore

let private ofInfo (info: LawInfo) =
    let each name (check: Distribution -> Distribution -> unit) =
        testCase $"%s{info.Name}: %s{name}" <| fun () -> casesOf info |> both ||> check

    scoped
    <| testList info.Name [
        each "draws and densities" densities
        each "summaries" summaries

        if (LawCapabilities.ofInfo info).HasCdf then
            each "tails and quantiles" (fun here there -> tails (here :?> Univariate) (there :?> Univariate))

        match info.Path with
        | Some path ->
            testCase $"%s{info.Name}: sample path" <| fun () -> paths (casesOf info) path
            testCase $"%s{info.Name}: gradient of the path" <| fun () -> pathGradients (casesOf info) path
        | None -> ()
    ]

/// A function, so that a child process makes no laws.
let tests () = testList "Laws on a second device" [ for info in Laws.all -> ofInfo info ]
