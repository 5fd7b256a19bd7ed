module Vae.Plots.Tests.PaletteTests

open System
open Expecto
open Vae.Plots

/// Relative luminance of an sRGB colour (WCAG 2).
let private luminance (colour: string) =
    let channel at =
        let c = float (Convert.ToInt32(colour.Substring(at, 2), 16)) / 255.0
        if c <= 0.04045 then c / 12.92 else ((c + 0.055) / 1.055) ** 2.4

    0.2126 * channel 1 + 0.7152 * channel 3 + 0.0722 * channel 5

let tests =
    testList "Palette" [
        testCase "ten classes have ten colours"
        <| fun () ->
            Expect.hasLength (List.distinct (List.map Palette.ofClass [ 0..9 ])) 10 "different colours"
            Expect.equal (Palette.ofClass 12) (Palette.ofClass 2) "then they come again"

        testCase "every colour stands out from white and from black"
        <| fun () ->
            for i in 0..9 do
                let y = luminance (Palette.ofClass i)
                Expect.isGreaterThan (1.05 / (y + 0.05)) 1.5 $"contrast of class %d{i} to white"
                Expect.isGreaterThan ((y + 0.05) / 0.05) 2.5 $"contrast of class %d{i} to black"

        testCase "lines over a cloud read as well on white as on black"
        <| fun () ->
            let y = luminance Palette.overlay
            Expect.isGreaterThan (1.05 / (y + 0.05)) 3.0 "white"
            Expect.isGreaterThan ((y + 0.05) / 0.05) 3.0 "black"
    ]
