/// Images of levels by mixtures of logistic laws, against every image that there is.
module Vae.Core.Tests.DiscretizedLogisticMixtureTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 83
let private normal shape i = Key.normal f64 shape (Key.fold i key)

/// Laws of one pixel, of 3 components.
let private grey bins =
    let middle = float (bins - 1) / 2.0
    let loc = middle .* (1.0 .+ 0.8 .* normal [| 3L; 1L; 1L; 1L |] 1)
    DiscretizedLogisticMixture.grey bins (normal [| 3L; 1L; 1L |] 2) loc ((middle * 0.3) .* (normal loc.shape 3).exp())

let private colour bins =
    let middle = float (bins - 1) / 2.0
    let loc = middle .* (1.0 .+ 0.6 .* normal [| 3L; 3L; 1L; 1L |] 4)
    let scale = (middle * 0.3) .* (normal loc.shape 5).exp()
    DiscretizedLogisticMixture.colour bins (normal [| 3L; 1L; 1L |] 6) loc scale ((normal loc.shape 7).tanh())

/// Every image of one pixel.
let private everyPixel (bins: int) (channels: int) : Tensor =
    let count = pown bins channels

    let values = [|
        for i in 0 .. count - 1 do
            for c in 0 .. channels - 1 -> float (i / pown bins (channels - 1 - c) % bins) / float (bins - 1)
    |]

    Tensor.ofArray f64 [| int64 count; int64 channels; 1L; 1L |] values

let private masses (law: DiscretizedLogisticMixture) (channels: int) =
    Tensor.toArray ((law.LogProb(everyPixel law.Bins channels)).exp())

/// The moments of one level by its masses.
let private moments (masses: float[]) =
    let last = float (masses.Length - 1)
    let mean = masses |> Array.mapi (fun i mass -> float i / last * mass) |> Array.sum
    mean, masses |> Array.mapi (fun i mass -> (float i / last - mean) ** 2.0 * mass) |> Array.sum

let tests =
    scoped
    <| testList "DiscretizedLogisticMixture" [
        testCase "the probabilities of all images sum to 1"
        <| fun () ->
            isClose 1e-12 1.0 (Array.sum (masses (grey 256) 1)) "256 grey levels"
            isClose 1e-12 1.0 (Array.sum (masses (grey 2) 1)) "2 grey levels"
            isClose 1e-12 1.0 (Array.sum (masses (colour 6) 3)) "216 colours"
            isClose 1e-12 1.0 (Array.sum (masses (colour 2) 3)) "8 colours"

        testCase "one grey component is the discretized logistic law of each pixel"
        <| fun () ->
            let loc = 20.0 .+ 90.0 .* normal [| 4L; 1L; 1L; 3L; 2L |] 8
            let scale = (normal loc.shape 9).exp() * (20.0).ToScalar()
            let law = DiscretizedLogisticMixture.grey 256 (normal [| 4L; 1L; 3L; 2L |] 10) loc scale
            let bins = Tensor.scalar f64 256.0
            let pixels = Independent.create 3 (DiscretizedLogistic.create (loc.squeeze 1L) (scale.squeeze 1L) bins)
            let x = law.Sample(Key.fold 11 key, [| 5L |])
            let expected = Tensor.toArray (pixels.LogProb(DiscretizedLogistic.levelsOf 256 x))
            Array.iter2 (fun a b -> isClose 1e-12 a b "log-masses") expected (Tensor.toArray (law.LogProb x))
            let last = (255.0).ToScalar()

            let near what (a: Tensor) (b: Tensor) =
                Array.iter2 (fun a b -> isClose 1e-11 a b what) (Tensor.toArray a) (Tensor.toArray b)

            near "means" (pixels.Mean / last) law.Mean
            near "variances" (pixels.Variance / last / last) law.Variance

        testCase "means of green and blue move with the levels before them, as the definition has it"
        <| fun () ->
            let law = colour 6
            let weights = Tensor.toArray (law.Logits.softmax -3L)
            let at (t: Tensor) k c = number t[int64 k, int64 c, 0L, 0L]
            let c = law.Coefficients.Value

            let mass (level: float[]) =
                List.sum [
                    for k in 0..2 do
                        let from i j = at c k i * (level[j] - 2.5)
                        let shifts = [ 0.0; from 0 0; from 1 0 + from 2 1 ]

                        let logs =
                            shifts
                            |> List.mapi (fun i shift ->
                                let pixel = DiscretizedLogistic(at law.Loc k i + shift, at law.Scale k i, 6.0)
                                number (pixel.LogProb(Tensor.scalar f64 level[i])))

                        weights[k] * exp (List.sum logs)
                ]

            for level in [ [| 0.0; 3.0; 5.0 |]; [| 4.0; 0.0; 1.0 |]; [| 2.0; 2.0; 2.0 |] ] do
                let x = Tensor.ofArray f64 [| 3L; 1L; 1L |] (level |> Array.map (fun l -> l / 5.0))
                isClose 1e-13 (mass level) (exp (number (law.LogProb x))) $"%A{level}"

        testCase "draws are of the law"
        <| fun () ->
            // The suite's rate of false failure; an error of 2% of the probability is found with 99% power.
            let n = int64 (drawsToDetectDistance 0.02)

            for law, channels in [ grey 256, 1; colour 4, 3 ] do
                let below = masses law channels |> Array.scan (+) 0.0 |> Array.tail
                let draws = law.Sample(Key.fold 12 key, [| n |])
                Expect.isTrue (Tensor.holds (fun () -> (Support.contains law.Support draws).all())) "levels"
                let levels = ((float (law.Bins - 1)) .* draws).round().reshape [| n; int64 channels |]

                let place =
                    Tensor.ofArray f64 [| int64 channels |] [|
                        for c in channels - 1 .. -1 .. 0 -> float (pown law.Bins c)
                    |]

                follows (fun i -> below[int i]) (Tensor.toArray (levels.matmul place)) $"%d{channels} channels"

        testCase "moments of grey images are those of their masses, and of colours none is known"
        <| fun () ->
            let law = grey 256
            let mean, variance = moments (masses law 1)
            isClose 1e-12 mean (number law.Mean) "mean"
            isClose 1e-12 variance (number law.Variance) "variance"
            Expect.throwsT<NotSupportedException> (fun () -> (colour 4).Mean |> ignore) "mean of colours"
            Expect.throwsT<NotSupportedException> (fun () -> (colour 4).Variance |> ignore) "variance of colours"

        testCase "gradients are those of central differences, and finite where numbers are extreme"
        <| fun () ->
            let x = Tensor.ofArray f64 [| 3L; 1L; 1L |] [| 0.0; 0.6; 1.0 |]

            let logMass (flat: Tensor) =
                let part first = flat.narrow(0L, first, 6L).reshape [| 2L; 3L; 1L; 1L |]

                let law =
                    DiscretizedLogisticMixture.colour
                        6
                        (flat.narrow(0L, 0L, 2L).reshape [| 2L; 1L; 1L |])
                        (part 2L)
                        ((part 8L).exp())
                        (part 14L)

                law.LogProb x

            let at = normal [| 20L |] 13
            let found = Tensor.toArray (Diff.grad logMass at)

            for i in 0..19 do
                let moved h =
                    let values = Tensor.toArray at
                    values[i] <- values[i] + h
                    number (logMass (Tensor.ofArray f64 [| 20L |] values))

                isClose 1e-7 ((moved 1e-6 - moved -1e-6) / 2e-6) found[i] $"number %d{i}"

            for place in [ f64; Placement.float32 ] do
                for loc in [ -1e6; 0.0; 1e6 ] do
                    for logScale in [ -9.0; 0.0; 20.0 ] do
                        let x = Tensor.ofArray place [| 3L; 1L; 1L |] [| 0.0; 128.0 / 255.0; 1.0 |]

                        let extreme (flat: Tensor) =
                            let whole (i: int64) (shape: int64[]) = (flat.select (0L, i)).expand shape
                            let part i = whole i [| 2L; 3L; 1L; 1L |]

                            let law =
                                DiscretizedLogisticMixture.colour
                                    256
                                    (whole 2L [| 2L; 1L; 1L |])
                                    (part 0L)
                                    ((part 1L).exp())
                                    (part 3L)

                            law.LogProb x

                        let value, gradient =
                            Diff.fgrad extreme (Tensor.ofArray place [| 4L |] [| loc; logScale; 0.3; 1.0 |])

                        Expect.isTrue
                            (Double.IsFinite(number value))
                            $"log-mass at %g{loc}, e^%g{logScale}, %A{place.DType}"

                        Expect.all
                            (Tensor.toArray gradient)
                            Double.IsFinite
                            $"gradient at %g{loc}, e^%g{logScale}, %A{place.DType}"

        testCase "numbers that are no levels have no probability"
        <| fun () ->
            let at (x: float) = number ((grey 256).LogProb(Tensor.ofArray f64 [| 1L; 1L; 1L |] [| x |]))
            Expect.equal (at 0.5) -infinity "between levels"
            Expect.equal (at 1.01) -infinity "beyond"
            Expect.isTrue (Double.IsFinite(at (float (float32 77 / 255.0f)))) "a level in single precision"

        testCase "levels within levels are known"
        <| fun () ->
            Expect.isTrue (Support.within (Support.Levels 2) (Support.Levels 256)) "0 and 1 among 256"
            Expect.isFalse (Support.within (Support.Levels 256) (Support.Levels 2)) "256 in 2"
            Expect.isFalse (Support.within (Support.Levels 3) (Support.Levels 256)) "the middle is none of 256"
            Expect.equal (string (Support.Levels 256)) "{0, 1/255, ..., 1}" "words"

        testCase "parameters that do not fit are refused by name"
        <| fun () ->
            let t (shape: int64 list) = torch.ones (List.toArray shape, dtype = torch.ScalarType.Float64)
            let make logits loc scale () = DiscretizedLogisticMixture.grey 256 (t logits) (t loc) (t scale)
            refused [ "loc"; "[2, 3, 4, 4]"; "1, height, width" ] (make [ 2; 4; 4 ] [ 2; 3; 4; 4 ] [ 2; 3; 4; 4 ])
            refused [ "logits"; "[2, 4]" ] (make [ 2; 4 ] [ 2; 1; 4; 4 ] [ 2; 1; 4; 4 ])
            refused [ "scale"; "[2, 1, 4, 3]" ] (make [ 2; 4; 4 ] [ 2; 1; 4; 4 ] [ 2; 1; 4; 3 ])
            let one = t [ 1; 1; 1; 1 ]
            refused [ "bins"; "1" ] (fun () -> DiscretizedLogisticMixture.grey 1 (t [ 1; 1; 1 ]) one one)
            refused [ "scale"; "-1" ] (fun () -> DiscretizedLogisticMixture.grey 9 (t [ 1; 1; 1 ]) one (one.neg ()))
            let three = t [ 1; 3; 1; 1 ]

            refused [ "coefficients"; "[1, 1, 1, 1]" ] (fun () ->
                DiscretizedLogisticMixture.colour 9 (t [ 1; 1; 1 ]) three three one)
    ]
