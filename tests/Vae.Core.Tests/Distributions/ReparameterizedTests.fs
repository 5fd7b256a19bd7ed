module Vae.Core.Tests.ReparameterizedTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

/// Numbers of a batch of 5, [5, 2], between 0.5 and 1.5.
let private numbers = 0.5.ToScalar() |> (Key.uniform Placement.float64 [| 5L; 2L |] (Key.ofSeed 1)).add

let private rows = Rows.ofRank 1 3 5

/// The path of the whole batch's law, and that of the rows'.
let private paths (make: Tensor -> Reparameterized<'law>) =
    make numbers, make (numbers.narrow (0L, int64 rows.Start, int64 rows.Count))

let private sliced name (make: Tensor -> Reparameterized<'law>) =
    testCase name (fun () ->
        let whole, part = paths make
        let key, draws = Key.ofSeed 7, [| 3L |]
        let expected = whole.Draw(key, draws).narrow(1L, int64 rows.Start, int64 rows.Count)
        Expect.equal (Tensor.toArray (part.DrawRows(rows, key, draws))) (Tensor.toArray expected) "draws"

        let all = whole.DrawRows(Rows.all 5, key, draws)
        Expect.equal (Tensor.toArray all) (Tensor.toArray (whole.Draw(key, draws))) "all rows")

let private normal (t: Tensor) = Normal.pathwise (Normal(t, t))

let tests =
    testList "Reparameterized" [
        testList "rows have the draws that they have in the whole batch" [
            sliced "Normal" normal
            sliced "LogNormal" (fun (t: Tensor) -> LogNormal.pathwise (LogNormal(t, t)))
            sliced "Logistic" (fun (t: Tensor) -> Logistic.pathwise (Logistic(t, t)))
            sliced "Exponential" (fun (t: Tensor) -> Exponential.pathwise (Exponential t))
            sliced "Independent" (normal >> Independent.pathwise 1)
            sliced "Transformed" (normal >> Transformed.pathwise Transform.tanh)
            sliced "MultivariateNormal" (fun t ->
                MultivariateNormal.pathwise (MultivariateNormal(t, torch.diag_embed t)))
        ]

        testCase "a law whose noise depends on its parameters is refused by name"
        <| fun () ->
            let whole, part = paths (fun (t: Tensor) -> Gamma.pathwise (Gamma(t, t)))
            refused [ "posterior"; "Gamma" ] (fun () -> part.DrawRows(rows, Key.ofSeed 7, [||]))
            whole.DrawRows(Rows.all 5, Key.ofSeed 7, [||]) |> ignore
    ]
