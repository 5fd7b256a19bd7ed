module Vae.Core.Tests.InitialTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 81
let private f32 = Placement.float32

let private vaeOf likelihood =
    Vae.create (Prior.standard 2) (Posterior.diagonalNormal (Net.denseEncoder [ 8; 5 ])) likelihood

let private decoder = Net.denseDecoder [ 6; 7 ]
let private plain = vaeOf (Likelihood.bernoulliCrossEntropy decoder)

/// The paths of linear layers' weights, first to last, below a prefix.
let private weights (prefix: string) =
    Vae.declared plain
    |> List.filter (fun p ->
        p.Path.StartsWith(prefix, System.StringComparison.Ordinal)
        && p.Path.EndsWith(".weight", System.StringComparison.Ordinal))
    |> List.map _.Path

let private numbers (parameters: Params) (path: string) = Tensor.toArray parameters[path]

let tests =
    scoped
    <| testList "Initial" [
        testCase "a spread model begins as stated, and with the usual values elsewhere"
        <| fun () ->
            let before = Vae.initial f32 key plain
            let after = Vae.initial f32 key (Initial.spread 0.2 plain)
            let bias (weight: string) = weight.Replace(".weight", ".bias")
            let decoder = weights "likelihood."
            let code = weights "posterior." |> List.filter (fun p -> not (p.Contains "lo")) |> List.last
            let loc, logVariance = "posterior.loc.1.weight", "posterior.logVariance.1.weight"
            let times factor = Array.map (fun x -> factor * x)
            Expect.equal (numbers after code) (times 4.0 (numbers before code)) "the code"
            Expect.equal (numbers after loc) (times 0.25 (numbers before loc)) "what reads the mean"
            Expect.all (numbers after logVariance) ((=) 0.0) "a scale of 1"

            for logit in numbers after (bias (List.last decoder)) do
                isClose 1e-6 (log (0.2 / 0.8)) logit "the data's mean"

            let first = decoder.Head
            let stated = [ code; loc; logVariance; first; bias first; bias (List.last decoder) ]

            for p in Vae.declared plain do
                if not (List.contains p.Path stated) then
                    Expect.equal (numbers after p.Path) (numbers before p.Path) p.Path

        testCase "the decoder's first layer has weights of variance 2 / inputs and standard normal biases"
        <| fun () ->
            let count = drawsToDetect 0.1

            let wide =
                Initial.spread 0.5 (vaeOf (Likelihood.gaussian 1.0 (Net.dense count --> Net.relu --> Net.dense 3)))

            let parameters = Vae.initial f32 key wide

            for path, variance in [ "likelihood.0.weight", 1.0; "likelihood.0.bias", 1.0 ] do
                let values = numbers parameters path
                meanIs 0.0 values path
                meanIs variance (values |> Array.map (fun x -> x * x)) path

            Expect.all (numbers parameters "likelihood.2.bias") ((=) 0.5) "the mean itself"

        testCase "it is the same model to its files"
        <| fun () -> Expect.equal (Vae.describe (Initial.spread 0.2 plain)) (Vae.describe plain) "description"
    ]
