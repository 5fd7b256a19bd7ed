/// What is said of data that a likelihood does not take: the very value and item, and what would help.
module Vae.Core.Tests.AdviceTests

open System
open Expecto
open Vae.Core
open Vae.Testing

let private decoder = Net.dense 4

let private model likelihood : Vae =
    Vae.create (Prior.standard 2) (Posterior.diagonalNormal (Net.denseEncoder [ 4 ])) likelihood

let private crossEntropy = lazy model (Likelihood.bernoulliCrossEntropy decoder)
let private bernoulli = lazy model (Likelihood.bernoulli decoder)

/// Two items, whose numbers are between two.
let private between (low: float) (high: float) =
    Data.ofFloats "rows" [| 4L |] [||] [| 0.5f; 0.5f; 0.5f; 0.5f; 0.5f; float32 low; float32 high; 0.5f |]

let private messageOf (vae: Lazy<Vae>) data =
    try
        Training.check data vae.Value
        failtest "nothing was refused"
    with :? ArgumentException as error ->
        error.Message

let private says words message =
    for word in words do
        Expect.stringContains message word "message"

let private grey = "Data.scaleBy (1.0 / 255.0)"
let private signed = "Data.shiftBy 1.0 and then Data.scaleBy 0.5"
let private other = "or use a likelihood that takes these"

let tests =
    testList "Advice" [
        testCase "values of a range are advised what brings that range there"
        <| fun () ->
            for (low, high), words in
                [
                    (0.0, 255.0), [ grey; "the value 255 in item 1" ]
                    (0.0, 1.5), [ grey ]
                    (0.0, 256.0), [ other ]
                    (-1.0, 1.0), [ signed; "the value -1 in item 1" ]
                    (-0.5, 1.0), [ signed ]
                    (-1.5, 1.0), [ other ]
                    (-1.0, 1.5), [ other ]
                ] do
                messageOf crossEntropy (between low high) |> says words

        testCase "grey levels are called so between 0 and 1 only"
        <| fun () ->
            messageOf bernoulli (between 0.0 1.0)
            |> says [ "grey levels: "; "Likelihood.bernoulliCrossEntropy" ]

            for low, high in [ 0.0, 1.5; -0.5, 1.0; 0.0, 2.0 ] do
                let message = messageOf bernoulli (between low high)
                Expect.isFalse (message.Contains "grey levels: ") message
                Expect.isFalse (message.Contains "bernoulliCrossEntropy or") message

        testCase "a byte outside is found wherever it stands, whatever it is"
        <| fun () ->
            for at, byte in [ 29, 3uy; 30, 3uy; 29, 4uy; 47, 254uy; 4, 1uy ] do
                let bytes = Array.init 48 (fun i -> if i % 3 = 0 then 0uy else 255uy)
                bytes[at] <- byte
                let value = float (float32 byte / 255.0f)

                messageOf bernoulli (Data.ofBytes "bytes" [| 4L |] 255.0 [||] bytes)
                |> says [ $"the value %s{Check.number value} in item %d{at / 4}" ]

        testCase "what is too large is so in standard deviations"
        <| fun () ->
            let gaussian = model (Likelihood.gaussian 0.5 decoder)
            let options = { TrainingOptions.defaults with Epochs = 1; BatchSize = 8 }

            refused [ "none beyond 2.1e+009, 4.3e+009 standard deviations" ] (fun () ->
                Training.start options (between 0.0 1e10) gaussian)
    ]
