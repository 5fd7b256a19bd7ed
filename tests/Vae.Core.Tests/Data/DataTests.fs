module Vae.Core.Tests.Data.DataTests

open System
open Expecto
open FsCheck
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Data.Scratch

/// Items of 2 x 3 whose bytes and labels tell them apart.
let private counted n =
    Data.ofBytes "counted" [| 2L; 3L |] 255.0 (Array.init n id) (Array.init (6 * n) (fun i -> byte (i % 251)))

let private refused word action = raises<ArgumentException> [ word ] action

let tests =
    testList "Data" [
        test "a set tells its name, shape, scale and labels" {
            let data = counted 4
            Expect.equal data.Name "counted" "name"
            Expect.equal data.Count 4 "count"
            Expect.equal data.ItemShape [| 2L; 3L |] "shape"
            Expect.equal data.Scale 255.0 "scale"
            Expect.isTrue data.HasLabels "labelled"
            Expect.equal data.Labels [| 0; 1; 2; 3 |] "labels"
            Expect.equal (Data.label 3 data) 3 "label"
            Expect.equal (string data) "counted: 4 items of 2 x 3, labelled" "description"
        }

        test "nothing a caller holds changes a set" {
            let bytes, labels, shape = [| 1uy; 2uy |], [| 5; 6 |], [| 1L |]
            let data = Data.ofBytes "d" shape 255.0 labels bytes
            let before = Data.hash data
            bytes[0] <- 9uy
            labels[0] <- 9
            shape[0] <- 2L
            data.Labels[0] <- 9
            data.ItemShape[0] <- 2L
            Expect.equal (Data.hash data) before "hash"
            Expect.equal data.ItemShape [| 1L |] "shape"
        }

        test "a tensor holds the bytes divided by the scale, in the precision asked for" {
            let data = counted 3

            for place, dtype in
                [ Placement.float32, torch.ScalarType.Float32; Placement.float64, torch.ScalarType.Float64 ] do
                use tensor = Data.tensor place data
                Expect.equal tensor.shape [| 3L; 2L; 3L |] "shape"
                Expect.equal tensor.dtype dtype "dtype"
                Expect.equal (Tensor.toArray tensor) (Array.init 18 (fun i -> float (float32 i / 255.0f))) "values"
        }

        testProperty
            "picked items are a set with what is known of them"
            (fun (first: NonNegativeInt) (others: NonNegativeInt[]) ->
                let factors = Array.init 40 (fun i -> [| float i; -float i |])
                let data = counted 40 |> Data.withFactors [| "a"; "b" |] factors
                let items = Array.append [| first |] others |> Array.map (fun pick -> pick.Get % 40)
                let picked = Data.pick items data
                Expect.equal picked.Count items.Length "count"
                Expect.equal picked.Labels items "labels"
                Expect.equal picked.Factors (items |> Array.map (fun i -> factors[i])) "factors"

                for i in 0 .. items.Length - 1 do
                    Expect.equal (Data.item i picked) (Data.item items[i] data) "values")

        test "a shuffled set has every item once, a thinned one items at even distances" {
            let data = counted 40
            Expect.equal (Array.sort (Data.shuffle (Key.ofSeed 1) data).Labels) data.Labels "every item"
            Expect.notEqual (Data.shuffle (Key.ofSeed 1) data).Labels data.Labels "in another order"
            Expect.equal (Data.thin 4 data).Labels [| 0; 10; 20; 30 |] "at even distances"
            Expect.equal (Data.thin 3 data).Labels [| 0; 13; 26 |] "as even as whole numbers are"
            Expect.equal (Data.thin 41 data).Labels data.Labels "all, where there are no more"
            refused "0 items" (fun () -> Data.thin 0 data |> ignore)
            refused "no item 40" (fun () -> Data.pick [| 3; 40 |] data |> ignore)
            refused "none" (fun () -> Data.pick [||] data |> ignore)
        }

        testProperty
            "gathered rows are the items, in the order asked for"
            (fun (first: NonNegativeInt) (others: NonNegativeInt[]) ->
                let data = counted 40
                let indices = Array.append [| first |] others |> Array.map (fun pick -> pick.Get % 40)
                use tensor = Data.gather Placement.float32 indices data
                let expected = indices |> Array.collect (fun i -> Data.item i data |> Array.map float)
                tensor.shape[0] = int64 indices.Length && Tensor.toArray tensor = expected)

        test "no indices give a tensor of no items" {
            use tensor = Data.gather Placement.float32 [||] (counted 4)
            Expect.equal tensor.shape [| 0L; 2L; 3L |] "shape"
        }

        test "a range is a slice as a tensor" {
            use tensor = Data.range Placement.float32 2 3 (counted 9)
            use same = Data.gather Placement.float32 [| 2; 3; 4 |] (counted 9)
            Expect.equal (Tensor.toArray tensor) (Tensor.toArray same) "values"
        }

        testProperty "a split cuts without a loss, and appending restores" (fun (PositiveInt n) (cut: NormalFloat) ->
            let data = counted (n + 1)
            let fraction = abs cut.Get % 1.0
            let first = int (Math.Round(fraction * float data.Count))

            if first > 0 && first < data.Count then
                let a, b = Data.split fraction data
                a.Count = first && Data.hash (Data.append a b) = Data.hash data
            else
                true)

        test "the parts of a split keep order, labels, factors and name" {
            let rows = Array.init 10 (fun i -> [| float i; float (10 * i) |])
            let train, rest = counted 10 |> Data.withFactors [| "a"; "b" |] rows |> Data.split 0.7
            Expect.equal train.Labels [| 0..6 |] "first labels"
            Expect.equal rest.Labels [| 7; 8; 9 |] "other labels"
            Expect.equal rest.Factors rows[7..] "factors"
            Expect.equal (Data.factor "b" rest) [| 70.0; 80.0; 90.0 |] "one factor"
            Expect.equal (Data.item 0 rest) (Data.item 7 (counted 10)) "values"
            Expect.equal rest.Name "counted" "name"
        }

        test "appending joins names, keeps what both have, and drops what one lacks" {
            let labelled = counted 2
            let bare = Data.withLabels [||] labelled |> Data.rename "bare"
            Expect.equal (Data.append labelled bare).Name "counted + bare" "name"
            Expect.isFalse (Data.append labelled bare).HasLabels "labels of one only"
            Expect.equal (Data.append labelled labelled).Labels [| 0; 1; 0; 1 |] "labels of both"
            Expect.equal (Data.append labelled labelled).Scale 255.0 "scale"
            let factors = labelled |> Data.withFactors [| "a" |] [| [| 1.0 |]; [| 2.0 |] |]
            Expect.isEmpty (Data.append factors labelled).FactorNames "factors of one only"
            Expect.equal (Data.factor "a" (Data.append factors factors)) [| 1.0; 2.0; 1.0; 2.0 |] "factors of both"
        }

        test "floats are kept as they are" {
            let data = Data.ofFloats "f" [| 2L |] [||] [| -1.5f; 0.0f; 1e9f; 0.25f |]
            Expect.equal (Data.item 1 data) [| 1e9f; 0.25f |] "values"
            Expect.equal (Data.item 0 (Data.slice 1 1 data)) [| 1e9f; 0.25f |] "values of a part"
            Expect.equal data.Scale 1.0 "scale"
            Expect.isFalse (Data.isBinary data) "binary"
        }

        test "the hash is that of the part, not of the whole, and not of the name" {
            let part = counted 6 |> Data.slice 2 2 |> Data.rename "part"
            let same = Data.ofBytes "same" [| 2L; 3L |] 255.0 [| 2; 3 |] (Array.init 12 (fun i -> byte (i + 12)))
            Expect.equal (Data.hash part) (Data.hash same) "hash"
        }

        test "missing values are NaN: kept, told of, scaled around, and the same whatever their bits" {
            let nan' = BitConverter.Int32BitsToSingle 0x7FC12345
            let data = Data.ofIncomplete "i" [| 2L |] [||] [| 1.0f; nan'; 3.0f; 4.0f |]
            Expect.isFalse (Data.isComplete data) "one is missing"
            Expect.isTrue (Data.isComplete (Data.slice 1 1 data)) "none of the second"
            Expect.equal (Data.item 1 (Data.scaleBy 2.0 data)) [| 6.0f; 8.0f |] "scaled"
            Expect.isTrue (Single.IsNaN((Data.item 0 (Data.shiftBy 1.0 data))[1])) "stays missing"
            let same = Data.ofIncomplete "j" [| 2L |] [||] [| 1.0f; nanf; 3.0f; 4.0f |]
            Expect.equal (Data.hash same) (Data.hash data) "one fingerprint"
            refused "value 0" (fun () -> Data.ofIncomplete "i" [| 1L |] [||] [| infinityf |] |> ignore)
            refused "value 1" (fun () -> Data.ofFloats "f" [| 2L |] [||] [| 0.0f; nanf |] |> ignore)
            let many = Data.ofFloats "m" [| 100L |] [||] (Array.init 10_000 float32)
            let removed = Data.remove 0.3 (Key.ofSeed 1) many

            let missing =
                Seq.sumBy (fun i -> Data.item i removed |> Array.filter Single.IsNaN |> Array.length) [ 0..99 ]
            // 3,000 on average, 46 its standard deviation: 6 of them.
            Expect.isLessThan (abs (missing - 3000)) 276 "about as many as asked for"
            refused "probability" (fun () -> Data.remove 1.0 (Key.ofSeed 1) many |> ignore)
        }

        test "labels are hidden, of each class as many as of another" {
            let data = Data.ofBytes "d" [| 1L |] 255.0 [| for i in 0..59 -> i % 3 |] (Array.zeroCreate 60)
            let few = Data.hideLabels 7 (Key.ofSeed 2) data
            let known = few.Labels |> Array.filter (fun label -> label >= 0)
            Expect.equal (known |> Array.countBy id |> Array.sort) [| 0, 3; 1, 2; 2, 2 |] "known"

            Array.iter2
                (fun a b ->
                    if a >= 0 then
                        Expect.equal a b "as it was")
                few.Labels
                data.Labels

            Expect.isFalse (Data.withoutLabels data).HasLabels "none"
            refused "61 labels" (fun () -> Data.hideLabels 61 (Key.ofSeed 2) data |> ignore)
            refused "no labels" (fun () -> Data.hideLabels 1 (Key.ofSeed 2) (Data.withoutLabels data) |> ignore)
        }

        test "what cannot be a set is refused by the name of the argument" {
            refused "name" (fun () -> Data.ofBytes " " [| 1L |] 255.0 [||] [| 0uy |] |> ignore)
            refused "0 values" (fun () -> Data.ofBytes "d" [| 1L |] 255.0 [||] [||] |> ignore)
            refused "5 values" (fun () -> Data.ofBytes "d" [| 2L |] 255.0 [||] (Array.zeroCreate 5) |> ignore)
            refused "shape 2 x 0" (fun () -> Data.ofBytes "d" [| 2L; 0L |] 255.0 [||] [| 0uy |] |> ignore)

            refused "9223372036854775807" (fun () ->
                Data.ofFloats "d" [| Int64.MaxValue; 2L |] [||] [| 0.0f |] |> ignore)

            refused "3 labels for 2" (fun () -> Data.ofBytes "d" [| 1L |] 255.0 [| 1; 2; 3 |] [| 0uy; 0uy |] |> ignore)
            refused "is -2" (fun () -> Data.ofBytes "d" [| 1L |] 255.0 [| -2 |] [| 0uy |] |> ignore)
            refused "byte 1 is 2" (fun () -> Data.ofBytes "d" [| 1L |] 1.0 [||] [| 1uy; 2uy |] |> ignore)

            for scale in [ 0.0; -1.0; nan; infinity ] do
                refused "the scale is" (fun () -> Data.ofBytes "d" [| 1L |] scale [||] [| 0uy |] |> ignore)

            refused "value 1" (fun () -> Data.ofFloats "d" [| 1L |] [||] [| 0.0f; nanf |] |> ignore)
            refused "1 rows" (fun () -> Data.withFactors [| "a" |] [| [| 0.0 |] |] (counted 2) |> ignore)
            refused "row 1" (fun () -> Data.withFactors [| "a" |] [| [| 0.0 |]; [||] |] (counted 2) |> ignore)
            refused "distinct" (fun () -> Data.withFactors [| "a"; "a" |] [| [| 0.0; 0.0 |] |] (counted 1) |> ignore)
        }

        test "values are multiplied and shifted, and stay finite" {
            let grey = Data.ofFloats "d" [| 2L |] [| 1; 2 |] [| 0.0f; 51.0f; 102.0f; 255.0f |]
            let scaled = Data.scaleBy (1.0 / 255.0) grey
            Expect.equal (Data.item 0 scaled, Data.item 1 scaled) ([| 0.0f; 0.2f |], [| 0.4f; 1.0f |]) "scaled"
            Expect.equal (scaled.Name, scaled.Labels, scaled.ItemShape) ("d", [| 1; 2 |], [| 2L |]) "the rest"

            let bytes = Data.ofBytes "d" [| 2L |] 255.0 [||] [| 0uy; 51uy |]
            Expect.equal (bytes |> Data.scaleBy 255.0 |> Data.item 0) [| 0.0f; 51.0f |] "of bytes"

            let signed = Data.ofFloats "d" [| 3L |] [||] [| -1.0f; 0.0f; 1.0f |]

            Expect.equal
                (signed |> Data.shiftBy 1.0 |> Data.scaleBy 0.5 |> Data.item 0)
                [| 0.0f; 0.5f; 1.0f |]
                "from -1 and 1 to 0 and 1"

            for factor in [ 0.0; nan; infinity ] do
                refused "the factor is" (fun () -> Data.scaleBy factor grey |> ignore)

            refused "the offset is" (fun () -> Data.shiftBy nan grey |> ignore)
            refused "makes value 1" (fun () -> Data.scaleBy 1e38 grey |> ignore)
        }

        test "items that are not there are refused by their number" {
            let data = counted 5
            refused "5" (fun () -> Data.gather Placement.float32 [| 0; 5 |] data |> ignore)
            refused "-1" (fun () -> Data.item -1 data |> ignore)
            refused "4 items from item 2" (fun () -> Data.slice 2 4 data |> ignore)
            refused "from item 1" (fun () -> Data.slice 1 Int32.MaxValue data |> ignore)
            refused "0 items" (fun () -> Data.take 0 data |> ignore)

            for fraction in [ 0.0; 1.0; -0.5; nan ] do
                refused "strictly between" (fun () -> Data.split fraction data |> ignore)

            refused "empty" (fun () -> Data.split 0.01 data |> ignore)
            refused "no labels" (fun () -> Data.withLabels [||] data |> Data.label 0 |> ignore)
            refused "no factor 'slant'" (fun () -> Data.factor "slant" data |> ignore)

            refused "shape 1" (fun () -> Data.append data (Data.ofBytes "d" [| 1L |] 255.0 [||] [| 0uy |]) |> ignore)
        }
    ]
