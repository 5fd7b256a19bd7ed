module Vae.Core.Tests.Data.DigitsTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Data.Scratch

let private key = Key.ofSeed 7

/// 4,000 digits, drawn once for all tests.
let private digits = lazy (Digits.draw key 4000)

let private plain = {
    Class = 1
    Variant = 0
    Slant = 0.0
    Width = 3.0
    Rotation = 0.0
    Scale = 1.0
    Aspect = 1.0
    ShiftX = 0.0
    ShiftY = 0.0
}

let private ink (image: byte[]) = image |> Array.sumBy float

/// The mean row and column of the ink.
let private centre (image: byte[]) =
    let total = ink image
    let mean coordinate = (image |> Array.mapi (fun i b -> float (coordinate i) * float b) |> Array.sum) / total
    mean (fun i -> i / 28), mean (fun i -> i % 28)

/// How much further to the right the upper half's ink lies than the lower half's.
let private lean (image: byte[]) =
    let half first = image |> Array.mapi (fun i b -> if (i < 392) = first then b else 0uy) |> centre |> snd
    half true - half false

let tests =
    testList "Digits" [
        test "the bytes of a key are the same on every machine" {
            let drawn = Digits.draw key 100
            // The same hash came from the same arithmetic written in another language.
            Expect.equal (Data.hash drawn) "542f0d6957e7ff7e5bf2aa218259633c0ff1150c2d282bce344c412407c6aeb4" "hash"
        }

        test "image i depends only on the key and i" {
            let few = Digits.draw key 50
            Expect.equal (Data.hash (Data.take 50 digits.Value)) (Data.hash few) "hash"
            Expect.equal few.Factors digits.Value.Factors[..49] "factors"
            Expect.notEqual (Data.hash (Digits.draw (Key.ofSeed 8) 50)) (Data.hash few) "another key"
        }

        test "a set is shaped, named and labelled as MNIST" {
            let data = Digits.draw key 3
            Expect.equal (string data) "digits: 3 items of 1 x 28 x 28, labelled" "description"
            Expect.equal data.Scale 255.0 "scale"
            Expect.equal data.FactorNames Digits.factorNames "factors"
        }

        test "no two images are the same" {
            let images = Array.init digits.Value.Count (fun i -> Data.item i digits.Value)
            Expect.equal (images |> Array.distinct |> Array.length) images.Length "distinct images"
        }

        test "the factors are those the images were drawn with" {
            let data = digits.Value
            let column name = Data.factor name data
            Expect.equal (column "class" |> Array.map int) data.Labels "class"

            let within name low high =
                Expect.all (column name) (fun v -> v >= low && v <= high) $"range of %s{name}"
                let reach = Array.max (column name) - Array.min (column name)
                Expect.isGreaterThan reach (0.6 * (high - low)) $"spread of %s{name}"

            within "variant" 0.0 2.0
            within "slant" -0.42 0.76
            within "width" 1.6 3.8
            within "rotation" -0.28 0.28
            within "scale" 0.82 1.08
            within "aspect" 0.8 1.5
            within "shiftX" -1.5 1.5
            within "shiftY" -1.5 1.5
        }

        // Correlations of n = 4,000 independent pairs have a standard deviation of 0.0158: one beyond 0.1 has a chance of
        // 3e-10, and there are 36 pairs. A class count has 400 +- 19: one beyond +- 120 has a chance of 3e-10.
        test "classes are balanced and factors are independent" {
            for _, count in Array.countBy id digits.Value.Labels do
                Expect.isLessThan (abs (count - 400)) 120 "count of a class"

            let columns = Digits.factorNames |> Array.map (fun name -> name, Data.factor name digits.Value)

            let standardized (values: float[]) =
                let mean = Array.average values
                let deviation = sqrt (values |> Array.averageBy (fun v -> (v - mean) * (v - mean)))
                values |> Array.map (fun v -> (v - mean) / deviation)

            for i in 0 .. columns.Length - 1 do
                for j in 0 .. i - 1 do
                    let a, b = standardized (snd columns[i]), standardized (snd columns[j])
                    let correlation = Array.average (Array.map2 (*) a b)
                    Expect.isLessThan (abs correlation) 0.1 $"%s{fst columns[i]} and %s{fst columns[j]}"
        }

        test "the ink is that of MNIST: as much, in the middle, off the border" {
            let images =
                Array.init 2000 (fun i -> Data.item i digits.Value |> Array.map (fun v -> byte (255.0f * v + 0.5f)))
            // MNIST's own mean is 0.1307.
            let mean = (images |> Array.averageBy ink) / (255.0 * 784.0)
            Expect.isTrue (mean > 0.11 && mean < 0.15) $"mean ink %g{mean}"
            let rows, columns = images |> Array.map centre |> Array.unzip
            Expect.isLessThan (abs (Array.average rows - 13.5)) 1.0 "mean row"
            Expect.isLessThan (abs (Array.average columns - 13.5)) 1.0 "mean column"

            let onBorder (image: byte[]) =
                image
                |> Array.indexed
                |> Array.exists (fun (i, b) -> b > 0uy && (i < 28 || i >= 756 || i % 28 = 0 || i % 28 = 27))

            Expect.isLessThan
                (images |> Array.filter onBorder |> Array.length)
                20
                "images that reach the border, of 2,000"
        }

        test "the nearest neighbour tells the classes apart" {
            let known, asked = Data.split 0.5 digits.Value
            use _ = torch.NewDisposeScope()
            let flat data = (Data.tensor Placement.float32 data).reshape(2000L, 784L)
            let nearest = torch.cdist(flat asked, flat known).argmin(1L).data<int64>().ToArray()
            let labels = known.Labels
            let right = Array.map2 (fun i label -> labels[int i] = label) nearest asked.Labels
            let share = float (right |> Array.filter id |> Array.length) / 2000.0
            Expect.isGreaterThan share 0.9 "share of right answers"
            // Not so alike that there is nothing to learn.
            Expect.isLessThan share 0.999 "share of right answers"
        }

        test "each factor does what its name says" {
            let render style = Digits.render style key
            let row, column = centre (render plain)
            let near message (expected: float) found = Expect.isLessThan (abs (found - expected)) 0.02 message
            let right = centre (render { plain with ShiftX = 2.5 })
            near "shiftX, column" (column + 2.5) (snd right)
            near "shiftX, row" row (fst right)
            let down = centre (render { plain with ShiftY = -1.25 })
            near "shiftY, row" (row - 1.25) (fst down)
            Expect.isGreaterThan (lean (render { plain with Slant = 0.4 }) - lean (render plain)) 2.0 "slant"
            Expect.isGreaterThan (lean (render { plain with Rotation = 0.4 }) - lean (render plain)) 2.0 "rotation"
            Expect.isGreaterThan (ink (render { plain with Width = 4.0 })) (1.25 * ink (render plain)) "width"
            Expect.isLessThan (ink (render { plain with Scale = 0.5 })) (0.65 * ink (render plain)) "scale"
            let zero = { plain with Class = 0 }
            Expect.isGreaterThan (ink (render { zero with Aspect = 1.5 })) (1.1 * ink (render zero)) "aspect"
        }

        test "a class alone, or a changed style, keeps the rest of the draw" {
            let threes = Digits.drawClass 3 key 20
            Expect.equal threes.Labels (Array.create 20 3) "labels"
            let all = Data.take 20 digits.Value
            Expect.equal (Data.factor "slant" threes) (Data.factor "slant" all) "slant"
            let upright = Digits.drawWith (fun style -> { style with Slant = 0.0 }) key 20
            Expect.equal (Data.factor "slant" upright) (Array.zeroCreate 20) "no slant"
            Expect.equal upright.Labels all.Labels "labels of the draw"
        }

        test "what cannot be drawn is refused" {
            let refused word action = raises<ArgumentException> [ word ] action
            refused "0 digits" (fun () -> Digits.draw key 0 |> ignore)
            refused "class" (fun () -> Digits.drawClass 10 key 5 |> ignore)
            refused "variant" (fun () -> Digits.render { plain with Variant = 3 } key |> ignore)
            refused "width" (fun () -> Digits.render { plain with Width = nan } key |> ignore)
            refused "rotation" (fun () -> Digits.render { plain with Rotation = 1.1 } key |> ignore)
        }
    ]
