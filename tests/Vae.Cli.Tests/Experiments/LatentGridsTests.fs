module Vae.Cli.Tests.LatentGridsTests

open Expecto
open VaeFunctional.Cli.Experiments

let private near accuracy (actual: float) expected message =
    Expect.isTrue (abs (actual - expected) <= accuracy) $"%s{message}: %.17g{actual}, expected %.17g{expected}"

let tests =
    testList "LatentGrids" [
        test "quantiles of the normal law" {
            // Abramowitz and Stegun, table 26.5 and beyond.
            for p, x in
                [
                    0.5, 0.0
                    0.975, 1.959963984540054
                    0.025, -1.959963984540054
                    0.999, 3.090232306167813
                    0.75, 0.674489750196082
                    0.000001, -4.753424308822899
                ] do
                near 1e-9 (LatentGrids.NormalQuantile p) x $"at %g{p}"
        }

        test "a quantile has its probability below it" {
            for i in 1..999 do
                let p = float i / 1000.0
                near 1e-12 (LatentGrids.NormalCdf(LatentGrids.NormalQuantile p)) p "probability"
        }

        test "a grid begins at the top left: the first coordinate grows to the right, the second one upwards" {
            let grid = LatentGrids.Linear 3
            Expect.equal grid[0] [| -3.0f; 3.0f |] "top left"
            Expect.equal grid[2] [| 3.0f; 3.0f |] "top right"
            Expect.equal grid[3] [| -3.0f; 0.0f |] "the row below"
            Expect.equal grid[8] [| 3.0f; -3.0f |] "bottom right"
        }

        test "further coordinates are the same for all" {
            for z in LatentGrids.Linear(4, -1.0) do
                Expect.equal (z.Length, z[2]) (3, -1.0f) "slice"
        }

        test "a correlated prior's grid is the independent one under its Cholesky factor" {
            let independent = LatentGrids.Quantiles(array2D [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ], 10)
            let correlated = LatentGrids.Quantiles(array2D [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ], 10)

            for u, z in Array.zip independent correlated do
                near 1e-6 (float z[0]) (float u[0]) "z0 = u0"
                near 1e-6 (float z[1]) (0.4 * float u[0] + sqrt 0.34 * float u[1]) "z1 = .4 u0 + sqrt(.34) u1"
        }

        test "its cells have equal probability: the grid's rank of a coordinate is its quantile" {
            let axis =
                LatentGrids.Quantiles(array2D [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ], 20)[..19]
                |> Array.map (fun z -> float z[0])

            for i in 0..19 do
                near 1e-6 (LatentGrids.NormalCdf axis[i]) ((float i + 0.5) / 20.0) "probability"
        }
    ]
