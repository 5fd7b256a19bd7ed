/// Every kind of transform on a device beside the CPU.
module Vae.Core.Tests.Devices.TransformDeviceTests

open Expecto
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.Transforms

let private key = Key.ofSeed 29

let private ofKind (kind: Kinds.Kind) =
    testCase kind.Name
    <| fun () ->
        let on place = kind.Make(Kinds.draw place [||] 0.5 key kind)
        let here, there = on f64, on (SecondDevice.placement ())
        let x = kind.Points(Key.normal f64 [| 5L; kind.Size |] (Key.fold 1 key))
        let y, slope = here.ForwardAndLogDet x
        let yThere, slopeThere = there.ForwardAndLogDet(SecondDevice.moved x)
        SecondDevice.agrees "forward" y yThere
        SecondDevice.agrees "log-determinant" slope slopeThere
        let back, backSlope = here.InverseAndLogDet y
        let backThere, backSlopeThere = there.InverseAndLogDet(SecondDevice.moved y)
        SecondDevice.agrees "inverse" back backThere
        SecondDevice.agrees "log-determinant of the inverse" backSlope backSlopeThere

let tests = scoped <| testList "Transforms on a second device" (Kinds.all |> List.map ofKind)
