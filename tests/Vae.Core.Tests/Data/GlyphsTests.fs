module Vae.Core.Tests.Data.GlyphsTests

open Expecto
open Vae.Core

let tests =
    testList "Glyphs" [
        test "every digit is written in every variant, all different, inside the box" {
            let all = [
                for digit in 0..9 do
                    for variant in 0 .. Glyphs.variants - 1 -> Glyphs.strokes digit variant
            ]

            Expect.equal (List.distinct all).Length 30 "different glyphs"

            for strokes in all do
                for stroke in strokes do
                    Expect.isGreaterThan stroke.Length 1 "points of a stroke"

                let points = Array.concat strokes
                let heights = points |> Array.map _.Y
                Expect.isLessThan (Array.max heights - Array.min heights) 2.01 "height"
                Expect.isGreaterThan (Array.max heights - Array.min heights) 1.8 "height"
                Expect.all points (fun p -> abs p.X <= 0.65 && abs p.Y <= 1.0) "points in the box"
        }
    ]
