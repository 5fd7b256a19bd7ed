/// Every rule of divergence between kinds of law on a device beside the CPU.
module Vae.Core.Tests.Devices.RuleDeviceTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests

let private kinds =
    lazy
        (use _ = torch.NewDisposeScope()

         Laws.all
         |> List.map (fun info -> (LawInfo.example info).GetType(), (info, EveryLawTests.optionsOf info)))

let private find kind = kinds.Value |> List.tryFind (fun (known, _) -> known = kind) |> Option.map snd

/// A few pairs that the rule knows, of one size.
let private pairsOf (rule: KlRule) q p =
    KlPairs.generate rule q p
    |> List.tryLast
    |> Option.map (fun pairs -> KlPairs.select [| 0 .. min 3 (KlPairs.count pairs) - 1 |] pairs)

/// Pairs that the lazy device is wrong about, and why.
let private wrongWhereLazy: (string * string) list = [
    "Beta || LogitNormal",
    "it takes f(b) - f(a + b) for f(a) - f(a + b) where both are in one graph; each alone is right"
]

let private lawOn place (cases: LawCases) = cases.Info.Make(LawCases.tensors place cases)

let private ofRule (rule: KlRule) q p =
    testCase rule.Name
    <| fun () ->
        match wrongWhereLazy |> List.tryFind (fun (name, _) -> name = rule.Name) with
        | Some(_, reason) when not SecondDevice.isCuda.Value -> skiptest reason
        | _ -> ()

        match pairsOf rule q p with
        | None -> ()
        | Some pairs ->
            let nats place = KlPairs.tryNats rule (lawOn place pairs.Q) (lawOn place pairs.P)

            match nats f64, nats (SecondDevice.placement ()) with
            | Some expected, Some actual -> SecondDevice.agrees rule.Name expected actual
            | here, there -> Expect.equal there.IsSome here.IsSome "whether the rule knows the pair"

/// A function, so that a child process makes no laws.
let tests () =
    Native.load ()

    scoped
    <| testList "Rules on a second device" [
        for rule in Kl.rules.All do
            match find rule.Q, find rule.P with
            | Some q, Some p -> ofRule rule q p
            | _ -> ()
    ]
