module Vae.Cli.Tests.KlCommandTests

open System.Text.Json
open Expecto

let private answer (q: string) (p: string) = Cli.ok [ "kl"; q; p; "--json" ] |> Cli.json

let tests =
    testList "the calculator" [
        test "more draws than lie in memory together are refused" {
            Cli.refused 2 [ "--draws"; "at least 2 and at most 10000000" ] [
                yield! [ "kl"; "Normal(0, 1)"; "Laplace(0, 1)"; "--draws"; "2147483647" ]
            ]
        }

        test "a pair with a closed form: the value, its estimate, the formula and its page" {
            // log 2 + 1/8 - 1/2
            let answer = answer "Normal(0, 1)" "Normal(loc=0, scale=2)"
            let kl = Cli.number "kl" answer
            Expect.floatClose Accuracy.veryHigh kl (log 2.0 + 0.125 - 0.5) "kl"
            Expect.isTrue (answer.GetProperty("exact").GetBoolean()) "exact"
            let off = abs (Cli.number "estimate" answer - kl)
            // Of a seed that is fixed: no more than the mean of 100,000 draws is off by once in 15,000 runs.
            Expect.isLessThan off (4.0 * Cli.number "standardError" answer) "estimate"
            Expect.stringContains (answer.GetProperty("formula").GetRawText()) @"\log" "formula"
            Expect.equal (answer.GetProperty("page").GetString()) "kl-normal" "page"
        }

        test "for people the same in lines" {
            let text = Cli.ok [ "kl"; "Normal(0, 1)"; "Normal(0, [1, 2])" ]

            for part in [ "[0]  0 "; "[1]  0.318147180559945"; "exact"; "by 100,000 draws"; "docs/kl-normal.fsx" ] do
                Expect.stringContains text part "text"
        }

        test "an estimate without a standard error is no number, and says why" {
            let answer = answer "StudentT(2.5)" "Normal(0, 1)"
            Expect.floatClose Accuracy.high (Cli.number "kl" answer) 1.57117846262875 "the closed form stands"
            Expect.equal (answer.GetProperty("estimate").GetString()) "NaN" "estimate"
            Expect.stringContains (answer.GetProperty("doubts").GetRawText()) "heavy a tail" "why"
            let text = Cli.ok [ "kl"; "StudentT(2.5)"; "Normal(0, 1)" ]
            Expect.stringContains text "no estimate by 100,000 draws" "text"
        }

        test "draws that round to an end are scored by what they were" {
            let answer = answer "Gamma(0.001, 1)" "Gamma(0.002, 1)"
            let off = abs (Cli.number "estimate" answer - 0.306853640307)
            // Of a fixed seed: off by more once in 2e9 of others.
            Expect.isLessThan off (6.0 * Cli.number "standardError" answer) "estimate"
            Expect.equal (answer.GetProperty("contradictions").ValueKind) JsonValueKind.Null "no contradiction"
        }

        test "an infinite divergence is a word in JSON, with its reason" {
            let answer = answer "Normal(0, 1)" "Bernoulli(0.5)"
            Expect.equal (answer.GetProperty("kl").GetString()) "Infinity" "kl"
            Expect.stringContains (answer.GetProperty("reason").GetRawText()) "{0, 1}" "reason"
        }

        test "a number without a name is a probability, and the answer says how each was read" {
            let probs = answer "Bernoulli(0.3)" "Bernoulli(0.6)"
            Expect.floatClose Accuracy.veryHigh (Cli.number "kl" probs) 0.1837868973868122 "by probabilities"
            Expect.equal (probs.GetProperty("first").GetString()) "Bernoulli(probs=0.3)" "first"
            let logits = answer "Bernoulli(logits=0.3)" "Bernoulli(probs=0.6)"
            Expect.equal (logits.GetProperty("first").GetString()) "Bernoulli(logits=0.3)" "by logits"
            Expect.equal (logits.GetProperty("second").GetString()) "Bernoulli(probs=0.6)" "second"
            let text = Cli.ok [ "kl"; "Bernoulli(0.3)"; "Bernoulli(0.6)" ]
            Expect.stringContains text "KL(Bernoulli(probs=0.3) || Bernoulli(probs=0.6)) in nats" "headline"
            let matrix = "[[4, 0], [0, 9]]"

            let normals =
                answer $"MultivariateNormal([0, 0], %s{matrix})" $"MultivariateNormal([0, 0], covariance=%s{matrix})"

            Expect.equal (Cli.number "kl" normals) 0.0 "a matrix without a name is a covariance"
        }

        test "what cannot be counts by 0 log 0 = 0" {
            Expect.floatClose
                Accuracy.veryHigh
                (Cli.number "kl" (answer "Categorical([0, 1, 1])" "Categorical([1, 1, 2])"))
                (0.5 * log 2.0)
                "kl"

            let infinite = answer "Categorical([1, 1, 2])" "Categorical([1, 0, 1])"
            Expect.equal (infinite.GetProperty("kl").GetString()) "Infinity" "kl"
            Expect.stringContains (infinite.GetProperty("reason").GetRawText()) "excludes" "reason"
        }

        test "laws made of laws" {
            let exact = answer "Truncated(Normal(0, 1), low=-1, high=inf)" "Normal(0, 1)"

            Expect.equal
                (exact.GetProperty("first").GetString())
                "Truncated(Normal(loc=0, scale=1), low=-1, high=inf)"
                "text"

            Cli.ok [ "kl"; "Mixture([0.3, 0.7], Normal([0, 4], 1))"; "Normal(0, 3)"; "--draws"; "100" ]
            |> ignore

            let moved = answer "Transformed(Normal(0, 1), exp)" "LogNormal(0, 1)"
            Expect.isLessThan (abs (Cli.number "estimate" moved)) 1e-12 "one law"

            Cli.refused 1 [ "no transform is called 'expp'"; "did you mean exp?" ] [
                "kl"
                "Transformed(Normal(0, 1), expp)"
                "Normal(0, 1)"
            ]
        }

        test "a batch is a list" {
            let answer = answer "Normal([0, 1], 1)" "Normal(0, 1)"
            let values = [ for value in answer.GetProperty("kl").EnumerateArray() -> value.GetDouble() ]
            Expect.equal values [ 0.0; 0.5 ] "kl"

            Expect.equal
                (answer.GetProperty("batchShape").GetRawText() |> JsonSerializer.Deserialize<int[]>)
                [| 2 |]
                "shape"
        }

        test "what is wrong is answered in a line with what would be right" {
            let refused words q p = Cli.refused 1 words [ "kl"; q; p ]
            refused [ "Norml"; "did you mean Normal?" ] "Norml(0, 1)" "Normal(0, 1)"
            refused [ "no parameter 'sigma'"; "loc, scale" ] "Normal(0, 1)" "Normal(0, sigma=1)"
            refused [ "scale is -1"; "positive" ] "Normal(0, -1)" "Normal(0, 1)"
            refused [ "event shape" ] "Normal(0, 1)" "MultivariateNormal([0, 0], [[1, 0], [0, 1]])"
            Cli.refused 2 [ "--draws is '1'"; "at least 2" ] [ "kl"; "Normal(0, 1)"; "Normal(0, 1)"; "--draws"; "1" ]
        }

        test "laws lists laws, what they can do, and pairs" {
            let text = Cli.ok [ "laws" ]

            for part in
                [
                    "Normal(loc, scale)"
                    "Bernoulli(probs or logits=)"
                    "Truncated(law, low, high)"
                    "affine(loc, scale)"
                    "smooth"
                    "Normal || Normal"
                    "closed form"
                    "pairs in closed form"
                ] do
                Expect.stringContains text part "text"

            let all = Cli.ok [ "laws"; "--json" ] |> Cli.json

            let normal =
                all.GetProperty("laws").EnumerateArray()
                |> Seq.find (fun law -> law.GetProperty("name").GetString() = "Normal")

            Expect.isTrue (normal.GetProperty("hasCdf").GetBoolean()) "cdf"
            Expect.equal (normal.GetProperty("path").GetString()) "smooth" "path"
            Expect.isGreaterThan (all.GetProperty("pairs").GetArrayLength()) 5 "pairs"
            Expect.isGreaterThan (all.GetProperty("combinators").GetArrayLength()) 5 "combinators"
            Expect.isGreaterThan (all.GetProperty("transforms").GetArrayLength()) 10 "transforms"
        }
    ]
