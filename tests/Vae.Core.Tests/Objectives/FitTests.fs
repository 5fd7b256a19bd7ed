module Vae.Core.Tests.FitTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private options = { TrainingOptions.defaults with Epochs = 1; BatchSize = 8 }

let private model likelihood : Vae =
    Vae.create (Prior.standard 2) (Posterior.diagonalNormal (Net.denseEncoder [ 4 ])) likelihood

/// A decoder whose output is items of 4 numbers.
let private decoder = Net.dense 4

let private crossEntropy = lazy model (Likelihood.bernoulliCrossEntropy decoder)
let private bernoulli = lazy model (Likelihood.bernoulli decoder)
let private gaussian = lazy model (Likelihood.gaussian 0.5 decoder)

/// 12 items of 4 numbers, all one value but for one number of item 7.
let private but (value: float) (others: float) : Data =
    let values = Array.create 48 (float32 others)
    values[30] <- float32 value
    Data.ofFloats "rows" [| 4L |] [||] values

/// A likelihood of one's own: a law made of the decoder's output.
let private custom (law: Tensor -> Distribution) =
    let wire latent =
        let net = Net.wire "likelihood" latent decoder

        {
            Declared = net.Declared
            Apply = fun parameters mode z -> Net.apply net parameters mode z |> law
        }

    model (Likelihood.custom "own" (fun _ -> [| 4L |]) wire)

/// Everything that takes data refuses it, in words.
let private isRefusedOf point words (vae: Vae) (data: Data) =
    let run = Training.untrained options vae
    let good = Data.ofFloats "good" [| 4L |] [||] (Array.create 8 point)

    let takers: (string * (unit -> unit)) list = [
        "check", (fun () -> Training.check data vae)
        "start", (fun () -> Training.start options data vae |> ignore)
        "Validation", (fun () -> Training.start { options with Validation = Some data } good vae |> ignore)
        "measure", (fun () -> Evaluation.elbo run data |> ignore)
        "take", (fun () -> Measurement.take Objective.elbo (Key.ofSeed 0) vae run.Params data |> ignore)
        "encode", (fun () -> Evaluation.encode run data |> ignore)
        "reconstruct", (fun () -> Evaluation.reconstruct run data |> ignore)
        "logLikelihood", (fun () -> Evaluation.logLikelihood 2 run data |> ignore)
    ]

    for name, take in takers do
        let error = Expect.throwsC take (fun error -> error)
        Expect.isTrue (error :? ArgumentException) $"%s{name}: %s{error.Message}"

        for word in words do
            Expect.stringContains error.Message word name

let private isRefusedEverywhere words vae data = isRefusedOf 1.0f words vae data

let private isTaken (vae: Lazy<Vae>) (data: Data) = Training.check data vae.Value

let tests =
    testList "Fit" [
        testCase "a cross-entropy takes values in [0, 1] and no others"
        <| fun () ->
            for value in [ 0.0; 0.25; 1.0 ] do
                isTaken crossEntropy (but value 0.5)

            let refused words value others = isRefusedEverywhere words crossEntropy.Value (but value others)

            refused [ "the value 200 in item 7"; "from 0 to 200"; "[0, 1]"; "Data.scaleBy (1.0 / 255.0)" ] 200.0 0.0
            refused [ "the value -0.5 in item 7"; "Data.shiftBy 1.0"; "Data.scaleBy 0.5" ] -0.5 1.0
            refused [ "the value -300 in item 7"; "Likelihood.gaussian" ] -300.0 1.0
            refused [ "1.0000001"; "[0, 1]" ] (float (MathF.BitIncrement 1.0f)) 1.0

        testCase "what the refusals advise does"
        <| fun () ->
            but 200.0 255.0 |> Data.scaleBy (1.0 / 255.0) |> isTaken crossEntropy
            but -1.0 1.0 |> Data.shiftBy 1.0 |> Data.scaleBy 0.5 |> isTaken crossEntropy

        testCase "Bernoulli pixels are 0 and 1, stored either way"
        <| fun () ->
            isTaken bernoulli (but 0.0 1.0)
            isTaken bernoulli (Data.ofBytes "bits" [| 4L |] 1.0 [||] [| 0uy; 1uy; 1uy; 0uy |])
            isRefusedEverywhere [ "the value 0.5 in item 7"; "{0, 1}"; "grey levels" ] bernoulli.Value (but 0.5 1.0)
            isRefusedEverywhere [ "the value 2 in item 7"; "{0, 1}" ] bernoulli.Value (but 2.0 1.0)

            Data.ofBytes "bytes" [| 4L |] 255.0 [||] (Array.create 12 1uy)
            |> isRefusedEverywhere [ "item 0"; "PixelScale.ZeroOne" ] bernoulli.Value

        testCase "a gaussian takes all real numbers of a size that can be trained on"
        <| fun () ->
            isTaken gaussian (but -1e6 1.0)
            isTaken gaussian (but 1e13 1.0)

            let start placement value =
                Training.start { options with Placement = placement } (but value 1.0) gaussian.Value |> ignore

            start Placement.float32 1e9
            start Placement.float64 1e13

            for value in [ 1e10; -1e13 ] do
                refused
                    [
                        "data"
                        Check.number (float (float32 value))
                        "standard deviations"
                        "standardise"
                        "Data.scaleBy"
                    ]
                    (fun () -> start Placement.float32 value)

        testCase "a gaussian so narrow that even bytes are too large refuses them"
        <| fun () ->
            let narrow = model (Likelihood.gaussian 1e-12 decoder)
            let bytes = Data.ofBytes "bytes" [| 4L |] 255.0 [||] [| 0uy; 255uy; 3uy; 4uy |]
            refused [ "data"; "standard deviations" ] (fun () -> Training.start options bytes narrow)

        testCase "a likelihood of one's own is asked for the support of its law"
        <| fun () ->
            let independent law : Distribution = Independent.create 1 law
            let positive = custom (fun x -> independent (Exponential(x.exp ())))
            let counts = custom (fun x -> independent (Poisson(x.exp ())))
            let simplex = custom (fun x -> Dirichlet(x.exp ()))

            Training.check (but 0.5 2.0) positive
            isRefusedEverywhere [ "the value -1 in item 7" ] positive (but -1.0 2.0)
            isRefusedEverywhere [ "the value 0.5 in item 7" ] counts (but 0.5 2.0)
            Training.check (Data.ofFloats "quarters" [| 4L |] [||] (Array.create 8 0.25f)) simplex
            isRefusedOf 0.25f [ "in item 7"; "the simplex" ] simplex (but 0.3 0.25)

        testCase "bounds that are a law's own bind nothing"
        <| fun () ->
            let uniform = custom (fun x -> Independent.create 1 (Uniform(-1.0 .+ x, 1.0 .+ x)))
            Training.check (but 5.0 2.0) uniform

        testCase "the first item outside is named wherever it stands"
        <| fun () ->
            let values = Array.create (4 * 5000) 0.5f
            values[4 * 4999 + 3] <- 7.0f

            refused [ "the value 7 in item 4999" ] (fun () ->
                Training.check (Data.ofFloats "many" [| 4L |] [||] values) crossEntropy.Value)
    ]
