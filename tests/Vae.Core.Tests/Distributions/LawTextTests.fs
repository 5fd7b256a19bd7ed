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

let private readings =
    testList "readings" [
        testCase "numbers without a name are probabilities where PyTorch's order has these, and logits go by name"
        <| fun () ->
            for info in Laws.all do
                for i, parameter in List.indexed info.Parameters do
                    if parameter.Unnamed |> Option.exists (fun reading -> reading.Name = "probs") then
                        let value x = if parameter.Rank = 0 then x else $"[%s{x}, %s{x}]"
                        let before = if i = 0 then "" else "2, "
                        let law text = LawText.read $"%s{info.Name}(%s{before}%s{text})"
                        let probs = value "0.3"
                        let unnamed, text = law probs
                        Expect.stringContains text $"probs=%s{probs}" info.Name
                        let named, _ = law $"probs=%s{probs}"
                        let logits = value (if parameter.Rank = 0 then "-0.8472978603872037" else "1")
                        let byLogits, text = law $"logits=%s{logits}"
                        Expect.stringContains text $"logits=%s{logits}" info.Name
                        // The same law, drawn and scored.
                        let x = unnamed.Sample(Key.ofSeed 1, [| 7L |])

                        for other in [ named; byLogits ] do
                            Array.iter2
                                (fun a b -> isClose 1e-13 a b info.Name)
                                (Tensor.toArray (unnamed.LogProb x))
                                (Tensor.toArray (other.LogProb x))

                        answered [ "probs"; "logits"; "one of the two" ] $"%s{info.Name}(%s{before}0.3, logits=0.3)"

        testCase "the laws that have a second reading are those whose order in PyTorch begins with it"
        <| fun () ->
            let found = [
                for info in Laws.all do
                    for parameter in info.Parameters do
                        match parameter.Unnamed with
                        | Some reading -> info.Name, reading.Name
                        | None -> ()
            ]

            let probs = [
                "Bernoulli"
                "Categorical"
                "ContinuousBernoulli"
                "Geometric"
                "Binomial"
                "NegativeBinomial"
                "OneHotCategorical"
                "Multinomial"
                "RelaxedBernoulli"
                "RelaxedOneHotCategorical"
            ]

            let expected =
                (probs |> List.map (fun law -> law, "probs"))
                @ [ "MultivariateNormal", "covariance"; "Wishart", "covariance" ]

            Expect.equal (List.sort found) (List.sort expected) "readings"

        testCase "a matrix without a name is a covariance, and a factor goes by name"
        <| fun () ->
            let factor (text: string) =
                match LawText.parse text with
                | :? MultivariateNormal as law -> Tensor.toArray law.ScaleTril
                | :? Wishart as law -> Tensor.toArray law.ScaleTril
                | other -> failtest $"%O{other}"

            Expect.equal (factor "MultivariateNormal([0, 0], [[4, 0], [0, 9]])") [| 2.0; 0.0; 0.0; 3.0 |] "covariance"
            Expect.equal (factor "Wishart(5, [[4, 0], [0, 9]])") [| 2.0; 0.0; 0.0; 3.0 |] "covariance of Wishart"

            Expect.equal
                (factor "MultivariateNormal([0, 0], scaleTril=[[4, 0], [1, 9]])")
                [| 4.0; 0.0; 1.0; 9.0 |]
                "factor"

            Expect.equal (factor "Wishart(5, scaleTril=[[4, 0], [1, 9]])") [| 4.0; 0.0; 1.0; 9.0 |] "factor of Wishart"

            for text in [ "MultivariateNormal([0, 0], [[1, 0], [0.5, 2]])"; "Wishart(5, [[1, 0], [0.5, 2]])" ] do
                refused [ "covariance"; "symmetric" ] (fun () -> LawText.parse text)

            for text in [ "MultivariateNormal([0, 0], [[1, 2], [2, 1]])"; "Wishart(5, [[1, 2], [2, 1]])" ] do
                refused [ "covariance"; "positive definite" ] (fun () -> LawText.parse text)

        testCase "probabilities that are none are refused by name"
        <| fun () ->
            refused [ "probs"; "1.5" ] (fun () -> LawText.parse "Bernoulli(1.5)")
            refused [ "probs"; "-1" ] (fun () -> LawText.parse "Categorical([-1, 2])")
            answered [ "no probs"; "Bernoulli(probs)" ] "Bernoulli()"
            answered [ "no parameter 'prob'"; "did you mean probs?" ] "Bernoulli(prob=0.3)"
            answered [ "given probs twice" ] "Bernoulli(0.3, probs=0.3)"

        testCase "the text of what was read names every parameter, and is read as the same law"
        <| fun () ->
            let same text expected =
                let _, written = LawText.read text
                Expect.equal written expected text
                Expect.equal (snd (LawText.read written)) written $"%s{text} again"

            same "normal(0, scale=[1, 2])" "Normal(loc=0, scale=[1, 2])"
            same "StudentT(3)" "StudentT(df=3, loc=0, scale=1)"
            same "Bernoulli(0.3)" "Bernoulli(probs=0.3)"
            same "Truncated(Normal(0, 1), -1)" "Truncated(Normal(loc=0, scale=1), low=-1, high=inf)"

            same "Mixture([0.3, 0.7], Normal([0, 4], 1))" "Mixture(Normal(loc=[0, 4], scale=1), probs=[0.3, 0.7])"

            same
                "Transformed(Normal(0, 1), affine(1, 2), inverse(Logit))"
                "Transformed(Normal(loc=0, scale=1), affine(loc=1, scale=2), inverse(logit))"
    ]

let private at (x: float) = Tensor.scalar f64 x

/// A text is read as a law with the log-density of another at some points.
let private isLaw (text: string) (expected: Distribution) (points: Tensor list) =
    let law = LawText.parse text
    Expect.equal (law.GetType()) (expected.GetType()) text

    for x in points do
        isClose 1e-14 (number (expected.LogProb x)) (number (law.LogProb x)) text

let private combinators =
    let normal () = Normal(0.0, 1.0)

    testList "laws made of laws" [
        testCase "truncated, with ends that may be infinite"
        <| fun () ->
            let cut low high = Truncated.create (at low) (at high) (normal ())
            isLaw "Truncated(Normal(0, 1), low=-1, high=inf)" (cut -1.0 infinity) [ at 0.3; at -1.5 ]
            isLaw "Truncated(Normal(0, 1), -1, 2)" (cut -1.0 2.0) [ at 0.3; at 2.5 ]
            isLaw "truncated(Normal(0, 1), high=0.5)" (cut -infinity 0.5) [ at 0.3; at -40.0 ]
            isLaw "Truncated(Normal(0, 1), -inf, +inf)" (cut -infinity infinity) [ at 0.3 ]
            refused [ "low"; "below high" ] (fun () -> LawText.parse "Truncated(Normal(0, 1), 2, 1)")
            refused [ "law"; "density" ] (fun () -> LawText.parse "Truncated(Poisson(1), 2, 3)")
            answered [ "a law of numbers" ] "Truncated(Dirichlet([1, 2]), 0, 1)"
            answered [ "Truncated takes" ] "Truncated(1, 2)"
            answered [ "Truncated takes" ] "Truncated(Normal(0, 1), 1, 2, 3)"
            answered [ "no parameter 'hi'" ] "Truncated(Normal(0, 1), hi=1)"

        testCase "mixtures, of a batch and of several laws, by probabilities and by logits"
        <| fun () ->
            let weights = Categorical.ofProbs (vector [ 0.3; 0.7 ])
            let one = Mixture.create weights (Normal(vector [ 0.0; 4.0 ], vector [ 1.0; 1.0 ]))
            let points = [ at 0.3; at 5.0 ]
            isLaw "Mixture([0.3, 0.7], Normal([0, 4], 1))" one points
            isLaw "Mixture([3, 7], Normal([0, 4], [1, 1]))" one points
            isLaw "Mixture(Normal([0, 4], 1), probs=[0.3, 0.7])" one points
            isLaw "Mixture(Normal([0, 4], 1), logits=[0, 0.8472978603872037])" one points
            let several = MixtureOf.create weights [ normal (); Laplace(4.0, 2.0) ]
            isLaw "Mixture([0.3, 0.7], Normal(0, 1), Laplace(4, 2))" several points
            isLaw "MixtureOf([0.3, 0.7], Normal(0, 1), Laplace(4, 2))" several points
            isLaw "Mixture([0.3, 0.7], [Normal(0, 1), Laplace(4, 2)])" several points
            isLaw "MixtureOf(Normal(0, 1), Laplace(4, 2), probs=[0.3, 0.7])" several points

            refused [ "components"; "3 laws" ] (fun () ->
                LawText.parse "MixtureOf([1, 1], Normal(0, 1), Normal(0, 1), Normal(0, 1))")

            refused [ "probs"; "-1" ] (fun () -> LawText.parse "Mixture([-1, 2], Normal([0, 4], 1))")

            for text in [ "Mixture(Normal([0, 4], 1))"; "Mixture([0.3, 0.7])"; "Mixture([1, 1], 2)"; "Mixture()" ] do
                answered [ "a mixture takes weights and laws" ] text

            answered [ "no parameter 'weights'"; "probs" ] "Mixture(Normal([0, 4], 1), weights=[1, 1])"

        testCase "transformed, with parameters and in order, of numbers where both are"
        <| fun () ->
            let under transform = Transformed.univariate transform (normal ())
            isLaw "Transformed(Normal(0, 1), exp)" (under Transform.exp) [ at 0.3 ]
            isLaw "Transformed(Normal(0, 1), softplus)" (under Transform.softplus) [ at 0.3 ]
            isLaw "Transformed(Normal(0, 1), inverse(logit))" (under Transform.sigmoid) [ at 0.3 ]

            isLaw
                "Transformed(Normal(0, 1), affine(1, 2), tanh)"
                (under (Transform.chain [ Transform.affine (at 1.0) (at 2.0); Transform.tanh ]))
                [ at 0.3; at -0.9 ]

            isLaw
                "Transformed(Gamma(2, 1), log, affine(loc=0, scale=-1))"
                (Transformed.univariate
                    (Transform.chain [ Transform.inverse Transform.exp; Transform.affine (at 0.0) (at -1.0) ])
                    (Gamma(2.0, 1.0)))
                [ at 0.3 ]

            isLaw
                "Transformed(Gamma(2, 1), power(-1))"
                (Transformed.univariate (Transform.power (at -1.0)) (Gamma(2.0, 1.0)))
                [ at 0.3 ]

            let white = Independent.create 1 (Normal(vector [ 0.0; 0.0 ], vector [ 1.0; 1.0 ]))

            isLaw
                "Transformed(Independent(Normal([0, 0], 1), 1), stickBreaking)"
                (Transformed.create Transform.stickBreaking white)
                [ vector [ 0.2; 0.3; 0.5 ] ]

            isLaw
                "Transformed(Independent(Normal([0, 0], 1), 1), scaleTril([1, 2], [[1, 0], [0.5, 2]]), permute([1, 0]))"
                (Transformed.create
                    (Transform.chain [
                        Transform.scaleTril (vector [ 1.0; 2.0 ]) (matrix [ [ 1.0; 0.0 ]; [ 0.5; 2.0 ] ])
                        Transform.permute [| 1; 0 |]
                    ])
                    white)
                [ vector [ 0.2; 0.3 ] ]

            answered [ "no transform is called 'expp'"; "did you mean exp?" ] "Transformed(Normal(0, 1), expp)"
            answered [ "affine has no scale"; "affine(loc, scale)" ] "Transformed(Normal(0, 1), affine(1))"
            answered [ "no transform"; "1" ] "Transformed(Normal(0, 1), 1)"
            answered [ "Transformed takes" ] "Transformed(Normal(0, 1))"
            answered [ "inverse takes" ] "Transformed(Normal(0, 1), inverse(exp, tanh))"
            refused [ "law"; "real numbers" ] (fun () -> LawText.parse "Transformed(Normal(0, 1), log)")

        testCase "products by name, masks, and laws within laws"
        <| fun () ->
            let both = Product.create [ "a", normal (); "b", Gamma(1.0, 1.0) ]
            isLaw "Product(a=Normal(0, 1), b=Gamma(1, 1))" both [ vector [ 0.2; 0.3 ] ]
            answered [ "Product takes" ] "Product(Normal(0, 1))"
            answered [ "Product takes" ] "Product(a=1)"
            refused [ "two laws named a" ] (fun () -> LawText.parse "Product(a=Normal(0, 1), a=Normal(0, 1))")
            let masked = LawText.parse "Masked(Normal([0, 1], 1), [true, false])"
            let densities = Tensor.toArray (masked.LogProb(at 0.0))
            Expect.equal densities[1] 0.0 "masked"
            answered [ "Masked takes" ] "Masked(Normal([0, 1], 1), [1, 0])"

            let inside = Transformed.univariate Transform.exp (normal ())

            isLaw "Truncated(Transformed(Normal(0, 1), exp), 0, 1)" (Truncated.create (at 0.0) (at 1.0) inside) [
                at 0.3
            ]
    ]

let private limits =
    testList "limits" [
        testCase "nesting has an end, and no depth or length overflows the stack"
        <| fun () ->
            let nested n = String.replicate n "Independent(" + "Normal(0, 1)" + String.replicate n ", 0)"
            Expect.equal (LawText.parse (nested 60)).EventShape [||] "60 deep"
            answered [ "no more than 64 deep" ] (nested 70)
            answered [ "no more than 64 deep" ] (nested 100_000)
            answered [ "no more than 64 deep" ] ("Normal(" + String.replicate 200_000 "[" + "1")
            let many = "[" + String.Join(", ", Seq.replicate 200_000 "1") + "]"
            Expect.equal (LawText.parse $"Normal(%s{many}, 1)").BatchShape [| 200_000L |] "a long list"

            let message =
                try
                    LawText.parse $"Norml(%s{many})" |> string
                with e ->
                    e.Message

            Expect.isLessThan message.Length 400 "a message of a long text is short"

        testCase "every text is read, or answered by one of two exceptions"
        <| fun () ->
            let pieces = [|
                "Normal"
                "Mixture"
                "Transformed"
                "Truncated"
                "Product"
                "("
                ")"
                "["
                "]"
                ","
                "="
                "exp"
                "inf"
                "-inf"
                "0"
                "1"
                "0.5"
                "-"
                "low"
                "probs"
                "logits"
                " "
                "1e400"
                "nan"
                "Categorical"
                "inverse"
                "affine"
            |]

            let random = Random 7

            for _ in 1..4000 do
                let text = String.Join("", Seq.init (random.Next(1, 14)) (fun _ -> pieces[random.Next pieces.Length]))

                try
                    LawText.parse text |> ignore
                with
                | :? FormatException
                | :? ArgumentException -> ()
    ]

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
            let law = LawText.parse "MultivariateNormal([0, 1], scaleTril=[[1, 0], [0.5, 2]])"
            Expect.equal (law.BatchShape, law.EventShape) ([||], [| 2L |]) "one law"
            let batch = LawText.parse "MultivariateNormal([[0, 1], [2, 3], [4, 5]], [[1, 0.5], [0.5, 2]])"
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
            answered [ "loc of Normal is Normal"; "numbers" ] "Normal(Normal(0, 1), 1)"
            answered [ "loc of Normal is exp"; "numbers" ] "Normal(exp, 1)"
            answered [ "Independent takes" ] "Independent(1, 2)"

        testCase "a value that the law refuses is refused by name"
        <| fun () ->
            refused [ "scale"; "-1"; "positive" ] (fun () -> LawText.parse "Normal(0, -1)")
            refused [ "dimensions"; "at most 1" ] (fun () -> LawText.parse "Independent(Normal([0, 1], 1), 2)")
            refused [ "loc"; "Infinity" ] (fun () -> LawText.parse "Normal(inf, 1)")
            refused [ "scale"; "Infinity" ] (fun () -> LawText.parse "Normal(0, infinity)")

        readings
        combinators
        limits
    ]
