module Vae.Plots.Tests.PanelTests

open Expecto
open Vae.Plots

let private points = [| [| 1.0f; 2.0f; 3.0f |]; [| 4.0f; 5.0f; 6.0f |]; [| 7.0f; 8.0f; 9.0f |] |]
let private cloud = Panel.ofClasses [| 0; 1; 2 |] points [| 2; 0; 2 |] [| "zero"; "one"; "two" |]

let tests =
    testList "Panel" [
        testCase "points are sorted by class, and classes without points are left out"
        <| fun () ->
            Expect.equal (cloud.Series |> Array.map _.Name) [| "zero"; "two" |] "series"
            Expect.equal cloud.Series[0].Along [| [| 4.0 |]; [| 5.0 |]; [| 6.0 |] |] "the point of class 0"
            Expect.equal cloud.Series[1].Along [| [| 1.0; 7.0 |]; [| 2.0; 8.0 |]; [| 3.0; 9.0 |] |] "those of class 2"

        testCase "a class keeps its colour when others are empty"
        <| fun () -> Expect.equal cloud.Series[1].Colour (Palette.ofClass 2) "colour"

        testCase "three axes flatten into their three pairs"
        <| fun () ->
            let flat = Panel.flatten cloud
            Expect.equal (flat |> Array.map _.Axes) [| [| "z0"; "z1" |]; [| "z0"; "z2" |]; [| "z1"; "z2" |] |] "axes"
            Expect.equal flat[1].Series[1].Along [| [| 1.0; 7.0 |]; [| 3.0; 9.0 |] |] "z0 and z2 of class 2"
            Expect.equal (Panel.flatten flat[0]) [| flat[0] |] "two axes stay as they are"

        testCase "the legend names each series once"
        <| fun () ->
            let names = Panel.legend (Panel.flatten cloud) |> Array.map _.Name
            Expect.equal names [| "zero"; "two" |] "names"
    ]
