module Vae.Cli.Tests.WordsTests

open System
open Expecto
open VaeFunctional.Cli
open VaeFunctional.Cli.Experiments

let tests =
    testList "Words" [
        test "members are spelt with hyphens" {
            Expect.equal (Words.Of Protocol.TrainAndReportOnAll) "train-and-report-on-all" "protocol"
            Expect.equal (Words.Of Protocol.HeldOut) "held-out" "protocol"
        }

        test "every word is read back" {
            for value in Enum.GetValues<Protocol>() do
                Expect.equal (Words.TryParse<Protocol>(Words.Of value)) (true, value) "word"
        }

        test "other spellings are none" {
            for text in [ "CrossEntropy"; "0"; ""; "crossentropy"; " gaussian" ] do
                Expect.isFalse (fst (Words.TryParse<Protocol> text)) text
        }
    ]
