module Vae.Plots.Tests.EllipseTests

open System
open Expecto
open Vae.Plots

let private throws covariance loc fragment =
    let refusal =
        Expect.throwsC (fun () -> Ellipse.contour loc covariance 1.0 |> ignore) (fun e -> e :?> ArgumentException)

    Expect.stringContains refusal.Message fragment "the message"

let tests =
    testList "Ellipse" [
        testCase "every point lies k standard deviations from the centre"
        <| fun () ->
            for a, b, c in [ 1.0, 0.4, 0.5; 1.0, 0.0, 1.0; 0.04, -0.9, 30.0 ] do
                for k in [ 1.0; 2.0; 3.0 ] do
                    let loc = [| 0.7; -1.2 |]
                    let x, y = Ellipse.contour loc (array2D [ [ a; b ]; [ b; c ] ]) k
                    let det = a * c - b * b

                    for x, y in Array.zip x y do
                        let u, v = x - loc[0], y - loc[1]
                        // (u, v) inv(S) (u, v)' with the inverse of a 2 x 2 matrix written out.
                        let distance = (c * u * u - 2.0 * b * u * v + a * v * v) / det
                        Expect.floatClose Accuracy.medium distance (k * k) $"S = [[%g{a}, %g{b}], [%g{b}, %g{c}]]"

        testCase "the contour is closed and goes once around"
        <| fun () ->
            let x, y = Ellipse.contour [| 0.0; 0.0 |] (array2D [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ]) 1.0
            Expect.equal (x[0], y[0]) (Array.last x, Array.last y) "first and last point"
            // Green's theorem: the area is pi sqrt(det S), less what 120 chords cut off (0.05 %).
            let area =
                Array.zip x y |> Array.pairwise |> Array.sumBy (fun ((a, b), (c, d)) -> (a * d - c * b) / 2.0)

            let expected = Math.PI * sqrt (0.5 - 0.16)
            Expect.isTrue (area < expected && area > 0.999 * expected) $"area %f{area} of %f{expected}"

        testCase "what is not a covariance is refused"
        <| fun () ->
            throws (array2D [ [ 1.0; 2.0 ]; [ 2.0; 1.0 ] ]) [| 0.0; 0.0 |] "positive definite"
            throws (array2D [ [ -1.0; 0.0 ]; [ 0.0; -1.0 ] ]) [| 0.0; 0.0 |] "positive definite"
            throws (array2D [ [ 1.0; 0.1 ]; [ 0.4; 1.0 ] ]) [| 0.0; 0.0 |] "symmetric"
            throws (array2D [ [ 1.0; nan ]; [ nan; 1.0 ] ]) [| 0.0; 0.0 |] "covariance"
            throws (array2D [ [ 1.0 ] ]) [| 0.0; 0.0 |] "1 x 1"
            throws (array2D [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ]) [| 0.0 |] "loc"
            throws (array2D [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ]) [| 0.0; infinity |] "loc"
    ]
