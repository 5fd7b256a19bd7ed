module Vae.DiffSharp.Tests.GuideTests

open System.IO
open DiffSharp
open Expecto
open TorchSharp
open Vae.Core
open Vae.DiffSharp
open Vae.DiffSharp.Tests.Support
open Vae.Testing

let private page = Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "docs", "diffsharp.fsx")
let private programs = Path.Combine(__SOURCE_DIRECTORY__, "Guide.fs")

/// The page's blocks of F# that are not evaluated.
let private blocks () =
    let rec split (lines: string list) =
        match lines |> List.skipWhile ((<>) "```fsharp") with
        | [] -> []
        | _ :: rest ->
            let block = rest |> List.takeWhile ((<>) "```")
            block :: split (List.skip block.Length rest)

    File.ReadAllLines page |> Array.toList |> split

let tests =
    scoped
    <| testList "Guide" [
        testCase "the page's programs are those that are compiled"
        <| fun () ->
            let compiled = File.ReadAllText programs
            let blocks = blocks ()
            Expect.isGreaterThan blocks.Length 3 "blocks"

            for block in blocks do
                Expect.stringContains compiled (String.concat "\n" block) "a block of the page"

        testCase "on one batch"
        <| fun () ->
            let batch = Data.range Placement.float32 0 50 images
            let value, gradient, best, final = Guide.onOneBatch vae batch 20
            Expect.equal gradient.shape final.shape "shapes"
            Expect.isLessThan (float best) (0.9 * float value) "loss"

        testCase "on minibatches"
        <| fun () ->
            let run = Guide.onMinibatches options images vae
            Expect.isLessThan (List.last run.History).Total run.History.Head.Total "total"

        testCase "with decay"
        <| fun () ->
            use first = (Training.untrained options vae).Params
            let parameters = DiffSharpBridge.toVector first
            let loss, _ = Guide.withDecay vae (start options) parameters 1
            let square = 0.01 * number (first.Trained.square().sum())
            let steps = Training.steps (start options)

            let own =
                Objective.terms (steps.Noise 0) vae first (steps.Batch 0) Objective.elbo |> Objective.loss |> number

            // Of float32 sums of hundreds.
            isClose 1e-6 (own + square) (float loss) "loss"

        testCase "the Hessian of a divergence"
        <| fun () ->
            // KL = (exp 2s - 1 - 2s + loc^2) / 2 in loc and s = log scale; s = -0.3 as float32 rounds it.
            areClose 2e-7 [ 1.0; 0.0; 0.0; 2.0 * exp -0.6 ] (Guide.hessian ()) "hessian"
    ]
