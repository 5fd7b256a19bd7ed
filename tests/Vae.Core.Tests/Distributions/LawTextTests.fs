/// Laws written as text.
module Vae.Core.Tests.LawTextTests

open System
open Expecto
open Vae.Core
open Vae.Testing

/// A text is answered with a FormatException whose message has these parts.
let private answered (parts: string list) (text: string) =
    try
        LawText.parse text |> ignore
        failtest $"%s{text} was read"
    with :? FormatException as e ->
        for part in parts do
            Expect.stringContains e.Message part text

let private isNormal (loc: float list) (scale: float list) (shape: int64 list) text =
    match LawText.parse text with
    | :? Normal as law ->
        Expect.equal (Tensor.toArray law.Loc) (List.toArray loc) $"loc of %s{text}"
        Expect.equal (Tensor.toArray law.Scale) (List.toArray scale) $"scale of %s{text}"
        Expect.equal law.BatchShape (List.toArray shape) $"batch of %s{text}"
    | other -> failtest $"%s{text} is read as %O{other}"

let tests =
    scoped
    <| testList "LawText" [
        testCase "parameters go by place or by name, batches as lists"
        <| fun () ->
            isNormal [ 0.0 ] [ 1.0 ] [] "Normal(0, 1)"
            isNormal [ -1.5e-3 ] [ 2.0 ] [] " normal ( -1.5e-3 , +2. ) "
            isNormal [ 0.5 ] [ 2.0 ] [] "Normal(scale=2, loc=.5)"
            isNormal [ 0.5 ] [ 2.0 ] [] "Normal(0.5, scale = 2)"
            isNormal [ 0.0; 1.0 ] [ 2.0; 2.0 ] [ 2L ] "Normal([0, 1], 2)"
            isNormal [ 0.0; 1.0; 2.0; 3.0 ] [ 1.0; 1.0; 1.0; 1.0 ] [ 2L; 2L ] "Normal([[0, 1], [2, 3]], 1)"

        testCase "vectors and matrices are lists, with a batch in front"
        <| fun () ->
            let law = LawText.parse "MultivariateNormal([0, 1], [[1, 0], [0.5, 2]])"
            Expect.equal (law.BatchShape, law.EventShape) ([||], [| 2L |]) "one law"
            let batch = LawText.parse "MultivariateNormal([[0, 1], [2, 3], [4, 5]], [[1, 0], [0.5, 2]])"
            Expect.equal (batch.BatchShape, batch.EventShape) ([| 3L |], [| 2L |]) "three laws"

        testCase "a law's batch becomes its event"
        <| fun () ->
            let law = LawText.parse "Independent(Normal([0, 1, 2], 1), 1)"
            Expect.equal (law.BatchShape, law.EventShape) ([||], [| 3L |]) "shapes"

        testCase "what is wrong is answered with what would be right"
        <| fun () ->
            answered [ "Norml"; "did you mean Normal?" ] "Norml(0, 1)"
            answered [ "Xyzzy"; "expected one of"; "Bernoulli" ] "Xyzzy(0, 1)"
            answered [ "Normal has no parameter 'sigma'"; "loc, scale" ] "Normal(0, sigma=1)"
            answered [ "no parameter 'scal'"; "did you mean scale?" ] "Normal(0, scal=1)"
            answered [ "no scale"; "Normal(loc, scale)" ] "Normal(0)"
            answered [ "given 3 parameters"; "Normal(loc, scale)" ] "Normal(0, 1, 2)"
            answered [ "given loc twice" ] "Normal(0, loc=1)"
            answered [ "after a parameter by name" ] "Normal(loc=0, 1)"
            answered [ "a number where '1one' is" ] "Normal(0, 1one)"

        testCase "what cannot be read is answered with its place"
        <| fun () ->
            answered [ "the end"; "place 12"; "comma" ] "Normal(0, 1"
            answered [ "')'"; "nothing after the law" ] "Normal(0, 1))"
            answered [ "a name" ] ""
            answered [ "'('" ] "Normal"
            answered [ "empty list" ] "Normal([], 1)"
            answered [ "rows of equal length" ] "Normal([[0, 1], [2]], 1)"
            answered [ "a vector" ] "MultivariateNormal(0, [[1]])"
            answered [ "a number where '1e999' is" ] "Normal(0, 1e999)"
            answered [ "the law Normal"; "numbers" ] "Normal(Normal(0, 1), 1)"
            answered [ "Independent takes" ] "Independent(1, 2)"

        testCase "a value that the law refuses is refused by name"
        <| fun () ->
            refused [ "scale"; "-1"; "positive" ] (fun () -> LawText.parse "Normal(0, -1)")
            refused [ "dimensions"; "at most 1" ] (fun () -> LawText.parse "Independent(Normal([0, 1], 1), 2)")
    ]
