module Vae.Core.Tests.Data.FingerprintTests

open Expecto
open Vae.Core

let tests =
    testList "Fingerprint" [
        test "the hash is the SHA-256 of the documented bytes" {
            // printf 'bytes 2 of 2 scale 255 labels 2\n\x00\x01\x02\xff\x03\x00\x00\x00\x04\x00\x00\x00' | sha256sum
            let data = Data.ofBytes "any" [| 2L |] 255.0 [| 3; 4 |] [| 0uy; 1uy; 2uy; 255uy |]
            Expect.equal (Data.hash data) "c854cc307be84ef4842d0125c10c4e4c1da7639b0052ddd81777c0520f0d03ce" "bytes"
            // printf 'floats 1 of 1,2 scale 1 labels 0\n\x00\x00\x80\x3f\x00\x00\x00\xbf' | sha256sum
            let floats = Data.ofFloats "any" [| 1L; 2L |] [||] [| 1.0f; -0.5f |]
            Expect.equal (Data.hash floats) "cce032a1e8775f41722040f07bcba133303182e20275247edadbea87dbfad9af" "floats"
        }

        test "the hash tells shapes, scales, values and labels apart" {
            let make shape scale labels values = Data.hash (Data.ofBytes "d" shape scale labels values)

            let hashes = [
                make [| 2L |] 255.0 [||] [| 0uy; 1uy |]
                make [| 1L |] 255.0 [||] [| 0uy; 1uy |]
                make [| 1L; 2L |] 255.0 [||] [| 0uy; 1uy |]
                make [| 2L |] 1.0 [||] [| 0uy; 1uy |]
                make [| 2L |] 255.0 [||] [| 1uy; 0uy |]
                make [| 2L |] 255.0 [| 0 |] [| 0uy; 1uy |]
                make [| 2L |] 255.0 [| 1 |] [| 0uy; 1uy |]
            ]

            Expect.equal (List.distinct hashes) hashes "hashes"
        }
    ]
