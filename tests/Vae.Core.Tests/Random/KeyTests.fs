module Vae.Core.Tests.KeyTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let tests =
    scoped
    <| testList "Key" [
        testCase "Philox4x32-10 gives the published numbers for key 0 and counter 0"
        <| fun () ->
            // The known-answer test of the paper's own library: 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
            Expect.equal (Key.word 0L (Key.ofBits 0UL)) 0xe169c58d6627e8d5UL "first 64 bits"
            Expect.equal (Key.word 1L (Key.ofBits 0UL)) 0x9b00dbd8bc57ac4cUL "next 64 bits"

        testCase "equal keys give equal noise, different keys and folds different noise"
        <| fun () ->
            let noise key = Key.normal f64 [| 64L |] key |> Tensor.toArray
            let key = Key.ofSeed 5
            Expect.equal (noise key) (noise (Key.ofSeed 5)) "same key"
            let a, b = Key.split key

            let all = [
                noise key
                noise (Key.ofSeed 6)
                noise (Key.ofBits (1UL <<< 40))
                noise a
                noise b
                noise (Key.fold 2 key)
                noise (Key.foldName "a" key)
                noise (Key.foldName "b" key)
            ]

            Expect.equal (List.length (List.distinct all)) all.Length "all different"

        testCase "all 64 bits of a key count"
        <| fun () ->
            let words = [ for bit in 0..63 -> Key.word 0L (Key.ofBits (1UL <<< bit)) ]
            Expect.equal (List.length (List.distinct words)) 64 "a word for each bit"

        testCase "a longer draw begins with the shorter one, and float32 is float64 rounded"
        <| fun () ->
            let key = Key.ofSeed 3
            let long = Key.normal f64 [| 101L |] key |> Tensor.toArray
            let short = Key.normal f64 [| 7L |] key |> Tensor.toArray
            Expect.equal long[..6] short "prefix"
            let single = Key.normal Placement.float32 [| 101L |] key |> Tensor.toArray
            Expect.equal single (long |> Array.map (float32 >> float)) "rounded"

        testCase "noise is the same from every thread"
        <| fun () ->
            let draw _ = Key.uniform f64 [| 1000L |] (Key.ofSeed 11) |> Tensor.toArray
            let all = Array.Parallel.init 16 draw
            Expect.equal (Array.length (Array.distinct all)) 1 "one result"

        testCase "uniform noise is uniform and never 0 or 1"
        <| fun () ->
            let n = drawsToDetectDistance 0.01
            let draws = Key.uniform Placement.float32 [| int64 n |] (Key.ofSeed 1) |> Tensor.toArray
            follows (fun x -> max 0.0 (min 1.0 x)) draws "uniform"
            Expect.isTrue (draws |> Array.forall (fun u -> u > 0.0 && u < 1.0)) "inside (0, 1)"

        testCase "normal noise is normal"
        <| fun () ->
            let n = drawsToDetectDistance 0.02
            follows (normalCdf 0.0 1.0) (Key.normal f64 [| int64 n |] (Key.ofSeed 2) |> Tensor.toArray) "normal"

        testCase "a permutation holds every index once, and each lands everywhere equally often"
        <| fun () ->
            let n = 1000
            let order = Key.permutation n (Key.ofSeed 4)
            Expect.equal (Array.sort order) [| 0 .. n - 1 |] "a permutation"

            let places =
                Array.init (drawsToDetect 0.05) (fun i -> float (Array.head (Key.permutation 5 (Key.ofSeed i))))

            meanIs 2.0 places "the first place of five"

        testCase "more numbers than an array holds are refused by name"
        <| fun () ->
            for shape in [ [| 1L <<< 16; 1L <<< 15 |]; [| 1L <<< 32 |]; [| 1L <<< 40; 1L <<< 40 |] ] do
                refused [ "shape"; string shape[0]; "at most" ] (fun () -> Key.normal f64 shape (Key.ofSeed 1))

        testCase "a number of 32 bits derives the same key when it is counted in 64"
        <| fun () ->
            for n in [ 0; 1; System.Int32.MaxValue ] do
                Expect.equal (Key.foldWide (int64 n) (Key.ofSeed 3)) (Key.fold n (Key.ofSeed 3)) "key"

        testCase "a shape of no elements is an empty tensor"
        <| fun () ->
            let t = Key.normal f64 [| 0L; 3L |] (Key.ofSeed 1)
            Expect.equal t.shape [| 0L; 3L |] "shape"
    ]
