/// Laws made of laws: truncated, masked, joint, mixed and conditional.
module Vae.Core.Tests.CombinatorTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 23
let private scalar (x: float) = Tensor.scalar f64 x
let private booleans (values: bool list) = torch.tensor (List.toArray values)

let private cut low high (law: Univariate) = Truncated.create (scalar low) (scalar high) law

let private joint (shift: float) =
    Product.create [
        "z", Independent.create 1 (Normal(vector [ 0.1 + shift; -0.4 ], vector [ 0.5; 2.0 ]))
        "w", MultivariateNormal(vector [ shift; 1.0 ], matrix [ [ 1.0; 0.0 ]; [ 0.5; 0.8 ] ])
        "switch", Bernoulli.OfLogits(0.3 - shift)
    ]

let private truncated =
    testList "Truncated" [
        testCase "a normal law between two ends: density, tails and quantiles against the formula in its parts"
        <| fun () ->
            let law = cut -1.0 2.5 (Normal(0.5, 1.5))
            let phi x = normalCdf 0.5 1.5 x
            let mass = phi 2.5 - phi -1.0
            let x = 0.7
            isClose 1e-13 ((phi x - phi -1.0) / mass) (number (law.Cdf(scalar x))) "cdf"
            isClose 1e-13 ((phi 2.5 - phi x) / mass) (number (law.Survival(scalar x))) "survival"
            isClose 1e-12 x (number (law.Quantile(law.Cdf(scalar x)))) "quantile"
            isClose 1e-12 x (number (law.UpperQuantile(law.Survival(scalar x)))) "upper quantile"
            let density = exp (number (Normal(0.5, 1.5).LogProb(scalar x))) / mass
            isClose 1e-13 density (exp (number (law.LogProb(scalar x)))) "density"
            Expect.equal (number (law.LogProb(scalar 2.6))) Double.NegativeInfinity "outside"

        testCase "moments and entropy by quadrature are those of the formulas"
        <| fun () ->
            // Of a standard normal between a and b: mean (phi(a) - phi(b)) / Z, second moment 1 + (a phi(a) - b phi(b)) / Z.
            let a, b = -0.8, 1.9
            let law = cut a b (Normal(0.0, 1.0))
            let density x = exp (-x * x / 2.0) / sqrt (2.0 * Math.PI)
            let mass = normalCdf 0.0 1.0 b - normalCdf 0.0 1.0 a
            let mean = (density a - density b) / mass
            let second = 1.0 + (a * density a - b * density b) / mass
            isClose 1e-12 mean (number law.Mean) "mean"
            isClose 1e-12 (second - mean * mean) (number law.Variance) "variance"
            let entropy = 0.5 * log (2.0 * Math.PI) + log mass + second / 2.0
            isClose 1e-12 entropy (number law.Entropy.Value) "entropy"

        testCase "an interval far in the upper tail keeps its digits"
        <| fun () ->
            // By 50-digit arithmetic: P(X > 30.5) / P(X > 30) of the standard normal.
            let law = cut 30.0 infinity (Normal(0.0, 1.0))
            isClose 1e-11 2.6554185398278396e-07 (number (law.Survival(scalar 30.5))) "survival"
            let draws = law.Sample(key, [| 1000L |]) |> Tensor.toArray
            Expect.all draws (fun x -> x > 30.0 && x < 32.0) "draws"

        testCase "the sampler follows the distribution function"
        <| fun () ->
            let law = cut 0.2 infinity (Normal(0.5, 1.5))
            let mass = 1.0 - normalCdf 0.5 1.5 0.2
            let n = drawsToDetectDistance 0.02

            follows
                (fun x -> (normalCdf 0.5 1.5 x - (1.0 - mass)) / mass)
                (law.Sample(key, [| int64 n |]) |> Tensor.toArray)
                "draws"

        testCase "integers, ends in the wrong order and empty intervals are refused"
        <| fun () ->
            refused [ "law"; "{0, 1}"; "density" ] (fun () -> cut 0.0 1.0 (Bernoulli.OfLogits 0.0))
            refused [ "low"; "2"; "below high" ] (fun () -> cut 2.0 1.0 (Normal(0.0, 1.0)))
            refused [ "probability"; "low"; "high" ] (fun () -> cut -3.0 -2.0 (Exponential 1.0))
    ]

let private masked =
    testList "Masked" [
        testCase "what is masked counts as 0 nats in density, entropy and divergence, and is drawn all the same"
        <| fun () ->
            let mask = booleans [ true; false; true ]
            let normals shift = Normal(vector [ 0.0; 1.0 + shift; 2.0 ], vector [ 1.0; 0.5; 2.0 ])
            let law, other = normals 0.0, Normal(vector [ 0.5; 0.5; 0.5 ], vector [ 1.0; 1.0; 1.0 ])
            let q, p = Masked.create mask law, Masked.create mask other
            let x = law.Sample key
            let keep (t: Tensor) = Tensor.toArray t |> Array.mapi (fun i value -> if i = 1 then 0.0 else value)
            Expect.equal (Tensor.toArray (q.LogProb x)) (keep (law.LogProb x)) "density"
            Expect.equal (Tensor.toArray q.Entropy.Value) (keep law.Entropy.Value) "entropy"
            Expect.equal (Tensor.toArray (Kl.exact q p)) (keep (Kl.exact law other)) "divergence"
            Expect.equal (Tensor.toArray (q.Sample key)) (Tensor.toArray x) "draws"

        testCase "laws under different masks have no closed form"
        <| fun () ->
            let under mask = Masked.create (booleans mask) (Normal(vector [ 0.0; 1.0 ], vector [ 1.0; 1.0 ]))
            Expect.isNone (Kl.tryExact (under [ true; false ]) (under [ true; true ])) "masks differ"

        testCase "a mask is of booleans and fits the batch"
        <| fun () ->
            refused [ "mask"; "Float64" ] (fun () -> Masked.create (vector [ 1.0 ]) (Normal(0.0, 1.0)))
            refused [ "mask"; "[2]" ] (fun () -> Masked.create (booleans [ true; true ]) (Normal(0.0, 1.0)))
    ]

let private product =
    testList "Product" [
        testCase "the density is the sum over the parts, the divergence too"
        <| fun () ->
            let q, p = joint 0.0, joint 0.7
            let x = q.Sample(key, [| 5L |])
            Expect.equal x.shape [| 5L; 5L |] "draws"

            let byParts =
                q.Parts
                |> List.map (fun (name, law) -> law.LogProb(q.Part(name, x)) |> Tensor.toArray)
                |> List.reduce (Array.map2 (+))

            Array.iter2 (fun a b -> isClose 1e-14 a b "density") byParts (Tensor.toArray (q.LogProb x))

            let parts = List.map2 (fun (_, q) (_, p) -> number (Kl.exact q p)) q.Parts p.Parts
            isClose 1e-14 (List.sum parts) (number (Kl.exact q p)) "divergence"
            let entropies = q.Parts |> List.map (fun (_, law) -> number law.Entropy.Value)
            isClose 1e-14 (List.sum entropies) (number q.Entropy.Value) "entropy"
            Expect.equal q.Mean.shape [| 5L |] "mean"

        testCase "outside the support of one part the density is 0"
        <| fun () ->
            let x = vector [ 0.0; 0.0; 0.0; 0.0; 0.5 ]
            Expect.equal (number ((joint 0.0).LogProb x)) Double.NegativeInfinity "a switch of 1/2"

        testCase "parts are drawn as by themselves, each by its name"
        <| fun () ->
            let law = joint 0.0
            let x = law.Sample(key, [| 3L |])
            let alone = (snd law.Parts[1]).Sample(Key.foldName "w" key, [| 3L |])
            Expect.equal (Tensor.toArray (law.Part("w", x))) (Tensor.toArray alone) "w"

        testCase "names twice, batches that differ and unknown parts are refused"
        <| fun () ->
            let normal = Normal(0.0, 1.0) :> Distribution
            refused [ "two laws named a" ] (fun () -> Product.create [ "a", normal; "a", normal ])

            refused [ "b"; "[]" ] (fun () ->
                Product.create [ "a", normal; "b", Bernoulli.OfLogits(vector [ 0.0; 1.0 ]) ])

            refused [ "c"; "a, b" ] (fun () ->
                (Product.create [ "a", normal; "b", normal ]).Part("c", vector [ 0.0; 0.0 ]))
    ]

let private mixtures =
    testList "Mixtures" [
        testCase "a mixture of two families integrates to 1 and follows its distribution function"
        <| fun () ->
            let weights = Categorical.ofLogits (vector [ log 0.25; log 0.75 ])
            let law = MixtureOf.create weights [ Normal(-2.0, 0.5); cut 0.0 3.0 (Normal(1.0, 1.0)) ]
            let mass = normalCdf 1.0 1.0 3.0 - normalCdf 1.0 1.0 0.0

            let cdf x =
                let inside = (normalCdf 1.0 1.0 (min 3.0 (max 0.0 x)) - normalCdf 1.0 1.0 0.0) / mass
                0.25 * normalCdf -2.0 0.5 x + 0.75 * inside

            let n = drawsToDetectDistance 0.02
            let draws = law.Sample(key, [| int64 n |]) |> Tensor.toArray
            follows cdf draws "draws"
            let slope = (cdf (0.4 + 1e-5) - cdf (0.4 - 1e-5)) / 2e-5
            isClose 1e-9 slope (exp (number (law.LogProb(scalar 0.4)))) "density"
            meanIs (number law.Mean) draws "mean"
            let mean = number law.Mean
            meanIs (number law.Variance) (draws |> Array.map (fun x -> (x - mean) ** 2.0)) "variance"

        testCase "of one family both kinds of mixture are one law"
        <| fun () ->
            let weights = Categorical.ofLogits (vector [ 0.3; -0.2 ])
            let one = Mixture.create weights (Normal(vector [ -1.0; 2.0 ], vector [ 0.5; 1.5 ]))
            let any = MixtureOf.create weights [ Normal(-1.0, 0.5); Normal(2.0, 1.5) ]
            let x = vector [ -3.0; 0.0; 1.5; 40.0 ]

            Array.iter2
                (fun a b -> isClose 1e-14 a b "density")
                (Tensor.toArray (one.LogProb x))
                (Tensor.toArray (any.LogProb x))

            isClose 1e-15 (number one.Mean) (number any.Mean) "mean"
            isClose 1e-14 (number one.Variance) (number any.Variance) "variance"

        testCase "the aggregate of a batch of posteriors is their mean"
        <| fun () ->
            let posteriors =
                MultivariateNormal.create
                    (matrix [ [ 0.0; 1.0 ]; [ 2.0; -1.0 ]; [ 0.5; 0.5 ] ])
                    (torch.eye (2L, dtype = torch.ScalarType.Float64))

            let aggregate = Mixture.aggregate posteriors
            let z = vector [ 0.3; -0.4 ]
            let each = posteriors.LogProb z |> Tensor.toArray |> Array.map exp
            isClose 1e-14 (log (Array.average each)) (number (aggregate.LogProb z)) "density"
            refused [ "laws"; "batch" ] (fun () -> Mixture.aggregate (Normal(0.0, 1.0)))

        for name, dtype in [ "float64", torch.ScalarType.Float64; "float32", torch.ScalarType.Float32 ] do
            let place = { Placement.float64 with DType = dtype }
            let vector (values: float list) = Tensor.ofArray place [| int64 values.Length |] (List.toArray values)
            let number' (x: float) = Tensor.scalar place x
            let tolerance = if dtype = torch.ScalarType.Float64 then 1e-13 else 1e-5

            testCase $"a component of no weight counts for nothing, %s{name}"
            <| fun () ->
                let weights = Categorical.ofProbs (vector [ 0.4; 0.0; 0.6 ])
                let used = Categorical.ofProbs (vector [ 0.4; 0.6 ])

                // Without a mean, of infinite moments, of infinite density at 0, and with none at all there.
                let pairs: (string * Distribution * Distribution) list = [
                    "Cauchy",
                    Mixture.create weights (Cauchy(vector [ 0.0; 1.0; 2.0 ], vector [ 1.0; 1.0; 1.0 ])),
                    Mixture.create used (Cauchy(vector [ 0.0; 2.0 ], vector [ 1.0; 1.0 ]))
                    "StudentT",
                    Mixture.create weights (StudentT(vector [ 5.0; 0.5; 6.0 ], vector [ 0.0; 1.0; 2.0 ], number' 1.0)),
                    Mixture.create used (StudentT(vector [ 5.0; 6.0 ], vector [ 0.0; 2.0 ], number' 1.0))
                    "Gamma",
                    Mixture.create weights (Gamma(vector [ 2.0; 0.5; 3.0 ], vector [ 1.0; 1.0; 1.0 ])),
                    Mixture.create used (Gamma(vector [ 2.0; 3.0 ], vector [ 1.0; 1.0 ]))
                    "Uniform",
                    Mixture.create weights (Uniform(vector [ 0.0; -9.0; 2.0 ], vector [ 3.0; 9.0; 4.0 ])),
                    Mixture.create used (Uniform(vector [ 0.0; 2.0 ], vector [ 3.0; 4.0 ]))
                    "several",
                    MixtureOf.create weights [
                        Exponential(number' 1.0)
                        Pareto(number' 1.0, number' 0.5)
                        Gamma(number' 2.0, number' 1.0)
                    ],
                    MixtureOf.create used [ Exponential(number' 1.0); Gamma(number' 2.0, number' 1.0) ]
                    "several, a wider one without weight",
                    MixtureOf.create weights [
                        Exponential(number' 1.0)
                        Cauchy(number' 0.0, number' 1.0)
                        Gamma(number' 2.0, number' 1.0)
                    ],
                    MixtureOf.create used [ Exponential(number' 1.0); Gamma(number' 2.0, number' 1.0) ]
                ]

                let same what (e: Tensor) (a: Tensor) =
                    Array.iter2
                        (fun (e: float) (a: float) ->
                            if not (Double.IsNaN e && Double.IsNaN a) then
                                isClose tolerance e a what)
                        (Tensor.toArray e)
                        (Tensor.toArray a)

                let x = vector [ -10.0; -1.0; 0.5; 1.5; 3.5; 40.0 ]

                for who, law, expected in pairs do
                    same $"%s{who}: density" (expected.LogProb x) (law.LogProb x)
                    same $"%s{who}: mean" expected.Mean law.Mean
                    same $"%s{who}: variance" expected.Variance law.Variance
                    Expect.equal (string law.Support) (string expected.Support) $"%s{who}: support"
                    let draws = law.Sample(key, [| 2000L |])
                    Expect.all (Tensor.toArray (expected.LogProb draws)) Double.IsFinite $"%s{who}: draws"

            testCase $"gradients of mixtures are finite where no component has x, and where one has no weight, %s{name}"
            <| fun () ->
                let finite what (parameters: Tensor list) (law: Tensor list -> Distribution) =
                    for x in [ -1.0; 0.0; 0.5; 1e4; 50.0 ] do
                        use _ = torch.NewDisposeScope()
                        let leaves = parameters |> List.map (fun t -> t.detach().clone().requires_grad_ true)
                        let density = (law leaves).LogProb(number' x)
                        Expect.isFalse (Double.IsNaN(number density)) $"%s{what} at %g{x}"
                        density.backward ()

                        for leaf in leaves do
                            match leaf.grad with
                            | null -> ()
                            | gradient ->
                                let values = Tensor.toArray gradient
                                Expect.all values Double.IsFinite $"%s{what} at %g{x}: %A{values}"

                                if number density = -infinity then
                                    Expect.all values ((=) 0.0) $"%s{what} at %g{x}, outside: %A{values}"

                for logits in [ [ 0.3; 0.1 ]; [ 0.3; -infinity ] ] do
                    let logits = vector logits

                    finite "Uniform" [ logits; vector [ 0.0; 10.0 ]; vector [ 1.0; 60.0 ] ] (fun t ->
                        Mixture.create (Categorical.ofLogits t[0]) (Uniform(t[1], t[2])))

                    finite "Gamma" [ logits; vector [ 1.5; 0.5 ]; vector [ 1.0; 2.0 ] ] (fun t ->
                        Mixture.create (Categorical.ofLogits t[0]) (Gamma(t[1], t[2])))

                    finite "several" [ logits; vector [ 1.5; 0.5 ]; vector [ 1.0; 2.0 ] ] (fun t ->
                        MixtureOf.create (Categorical.ofLogits t[0]) [
                            Gamma(t[1].[0L], t[2].[0L])
                            Uniform(t[1].[1L], t[2].[1L])
                        ])

        testCase "a mixture of laws with ends of their own is on what holds them all"
        <| fun () ->
            let mixture =
                Mixture.create
                    (Categorical.ofProbs (vector [ 0.5; 0.5 ]))
                    (Uniform(vector [ 0.0; 5.0 ], vector [ 1.0; 6.0 ]))

            Expect.equal (string mixture.Support) "[0, 6]" "support"
            Expect.isNone (Kl.tryExact (Uniform(0.2, 0.8)) mixture) "no closed form, and not infinite"
            Expect.equal (number (Kl.exact (Uniform(0.2, 6.8)) mixture)) infinity "beyond the last"
            Expect.equal (number (Kl.exact mixture (Uniform(0.0, 5.5)))) infinity "beyond the only"

        testCase "bounds and approximations between mixtures with components of no weight"
        <| fun () ->
            let normal (locs: float list) = Normal(vector locs, vector (locs |> List.map (fun _ -> 1.0)))
            let mixture (weights: float list) locs = Mixture.create (Categorical.ofProbs (vector weights)) (normal locs)
            let q, p = mixture [ 0.4; 0.0; 0.6 ] [ 0.0; 1e200; 1.0 ], mixture [ 0.5; 0.0; 0.5 ] [ 0.5; -1e200; 2.0 ]
            let q', p' = mixture [ 0.4; 0.6 ] [ 0.0; 1.0 ], mixture [ 0.5; 0.5 ] [ 0.5; 2.0 ]

            for measure in
                [ MixtureKl.convexUpperBound; MixtureKl.matchedUpperBound; MixtureKl.variationalApproximation ] do
                isClose 1e-13 (number (measure q' p')) (number (measure q p)) "nats"

        testCase "components that do not fit are refused"
        <| fun () ->
            let weights = Categorical.ofLogits (vector [ 0.0; 0.0 ])
            refused [ "components"; "1 laws"; "2" ] (fun () -> MixtureOf.create weights [ Normal(0.0, 1.0) ])

            refused [ "components"; "support" ] (fun () ->
                MixtureOf.create weights [ Normal(0.0, 1.0); Bernoulli.OfLogits 0.0 ])
    ]

let private transformed =
    let exp (loc: float) (scale: float) = Transformed.univariate Transform.exp (Normal(loc, scale))

    testList "Transformed" [
        testCase "e to a normal power: density, tails, quantiles and moments by the formulas of the log-normal law"
        <| fun () ->
            let law = exp 0.3 0.8
            let x = 2.7
            let density = Normal(0.3, 0.8).LogProb(scalar (log x)) |> number
            isClose 1e-14 (density - log x) (number (law.LogProb(scalar x))) "density"
            isClose 1e-14 (normalCdf 0.3 0.8 (log x)) (number (law.Cdf(scalar x))) "cdf"
            isClose 1e-13 (normalCdf -0.3 0.8 -(log x)) (number (law.Survival(scalar x))) "survival"
            isClose 1e-13 x (number (law.Quantile(law.Cdf(scalar x)))) "quantile"
            isClose 1e-12 (Math.Exp(0.3 + 0.32)) (number law.Mean) "mean"
            isClose 1e-12 ((Math.Exp 0.64 - 1.0) * Math.Exp(0.6 + 0.64)) (number law.Variance) "variance"
            isClose 1e-12 (number (Normal(0.3, 0.8)).Entropy.Value + 0.3) (number law.Entropy.Value) "entropy"
            Expect.equal (number (law.LogProb(scalar -1.0))) Double.NegativeInfinity "below 0"
            Expect.equal (string law.Support) "(0, Infinity)" "support"

        testCase "a decreasing transform exchanges the tails"
        <| fun () ->
            let law = Transformed.univariate (Transform.affine (scalar 1.0) (scalar -2.0)) (Normal(0.5, 1.5))
            let same = Normal(0.0, 3.0)

            for x in [ -40.0; -1.0; 0.3; 25.0 ] do
                let x = scalar x
                isClose 1e-13 (number (same.LogProb x)) (number (law.LogProb x)) "density"
                isClose 1e-13 (log (number (same.Cdf x))) (log (number (law.Cdf x))) "cdf"
                isClose 1e-13 (log (number (same.Survival x))) (log (number (law.Survival x))) "survival"

            isClose 1e-13 (number (same.Quantile(scalar 1e-20))) (number (law.Quantile(scalar 1e-20))) "quantile"
            isClose 1e-15 0.0 (number law.Mean) "mean"
            isClose 1e-14 9.0 (number law.Variance) "variance"
            isClose 1e-14 (number same.Entropy.Value) (number law.Entropy.Value) "entropy"

        testCase "white noise by a factor is the multivariate normal law"
        <| fun () ->
            let loc, factor = vector [ 0.3; -1.0 ], matrix [ [ 1.2; 0.0 ]; [ -0.7; 0.4 ] ]
            let white = Independent.create 1 (Normal(vector [ 0.0; 0.0 ], vector [ 1.0; 1.0 ]))
            let law = Transformed.create (Transform.scaleTril loc factor) white
            let same = MultivariateNormal(loc, factor)
            let x = same.Sample(key, [| 5L |])

            Array.iter2
                (fun a b -> isClose 1e-13 a b "density")
                (Tensor.toArray (same.LogProb x))
                (Tensor.toArray (law.LogProb x))

            isClose 1e-14 (number same.Entropy.Value) (number law.Entropy.Value) "entropy"
            Expect.equal (Tensor.toArray law.Mean) [| 0.3; -1.0 |] "mean"

        testCase "a flow draws along its path, scores its draws, and its path has gradients"
        <| fun () ->
            let flow =
                Transform.chain [
                    Transform.planar (vector [ 0.5; -0.2 ]) (vector [ 1.0; 0.7 ]) (scalar 0.1)
                    Transform.permute [| 1; 0 |]
                    Transform.affine (vector [ 0.1; 0.2 ]) (vector [ 1.5; -0.5 ])
                ]

            let loc = (vector [ 0.2; 0.4 ]).requires_grad_ true
            let q = Normal.pathwise (Normal.create loc (vector [ 0.7; 1.1 ])) |> Independent.pathwise 1
            let law = Transformed.pathwise flow q
            let y = law.Draw(key, [| 4L |])
            Expect.equal (Tensor.toArray (law.Law.Sample(key, [| 4L |]))) (Tensor.toArray y) "the sampler's draws"
            let x = q.Draw(key, [| 4L |])
            let expected = q.Law.LogProb x - flow.LogDet x |> Tensor.toArray
            Array.iter2 (fun a b -> isClose 1e-11 a b "density") expected (Tensor.toArray (law.Law.LogProb y))
            y.sum().backward()
            Expect.isTrue (not (isNull (box loc.grad))) "gradient"

        testCase "the divergence of two laws under one transform is theirs before it"
        <| fun () ->
            let sigmoid (law: Normal) = Transformed.univariate Transform.sigmoid law
            let q, p = Normal(0.3, 0.5), Normal(-0.2, 1.7)
            isClose 1e-15 (number (Kl.exact q p)) (number (Kl.exact (sigmoid q) (sigmoid p))) "of numbers"
            let flow = Transform.planar (vector [ 0.5; -0.2 ]) (vector [ 1.0; 0.7 ]) (scalar 0.1)
            let pair (loc: float) = Independent.create 1 (Normal(vector [ loc; 0.0 ], vector [ 1.0; 1.0 ]))
            let under flow loc = Transformed.create flow (pair loc)
            isClose 1e-15 0.5 (number (Kl.exact (under flow 0.0) (under flow 1.0))) "of vectors"
            let other = Transform.planar (vector [ 0.5; -0.2 ]) (vector [ 1.0; 0.7 ]) (scalar 0.2)
            Expect.isNone (Kl.tryExact (under flow 0.0) (under other 1.0)) "of two transforms"

        testCase "vectors broken into sticks lie on the simplex"
        <| fun () ->
            let noise = Independent.create 1 (Normal(vector [ 0.0; 0.5; -0.5 ], vector [ 1.0; 1.0; 1.0 ]))
            let law = Transformed.create Transform.stickBreaking noise
            Expect.equal law.EventShape [| 4L |] "event"
            let x = law.Sample(key, [| 100L |])
            Expect.all (Tensor.toArray (x.sum -1L)) (fun total -> abs (total - 1.0) < 1e-14) "sums"
            Expect.all (Tensor.toArray (law.LogProb x)) Double.IsFinite "density"

        testCase "what does not fit is refused"
        <| fun () ->
            let scaleTril = Transform.scaleTril (vector [ 0.0; 0.0 ]) (matrix [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ])
            refused [ "law"; "1 dimensions" ] (fun () -> Transformed.create scaleTril (Normal(0.0, 1.0)))
            let many = Transform.affine (vector [ 0.0; 1.0 ]) (vector [ 1.0; 1.0 ])
            refused [ "law"; "[2]" ] (fun () -> Transformed.create many (Normal(0.0, 1.0)))
            refused [ "transform"; "elementwise" ] (fun () -> Transformed.univariate scaleTril (Normal(0.0, 1.0)))
            let switches = Independent.create 1 (Bernoulli.OfLogits(vector [ 0.0; 0.0 ]))
            refused [ "law"; "{0, 1}"; "bijection" ] (fun () -> Transformed.create scaleTril switches)
            let squared = Transform.power (scalar 2.0)
            refused [ "law"; "real numbers"; "power" ] (fun () -> Transformed.univariate squared (Normal(0.0, 1.0)))
            let log = Transform.inverse Transform.exp
            refused [ "law"; "real numbers" ] (fun () -> Transformed.univariate log (Normal(0.0, 1.0)))
            let back = Transformed.univariate log (exp 0.3 0.8)

            isClose
                1e-14
                (number (Normal(0.3, 0.8).LogProb(scalar 0.1)))
                (number (back.LogProb(scalar 0.1)))
                "log of exp"
    ]

let private conditional =
    testCase "a conditional law is a law of what is given, under combinators too"
    <| fun () ->
        let noisy = Conditional.create (fun (x: Tensor) -> Normal.create x (0.5 .* torch.ones_like x))
        let x = vector [ 0.0; 2.0 ]
        let y = vector [ 0.1; 1.7 ]
        let expected = Normal(x, vector [ 0.5; 0.5 ]).LogProb y |> Tensor.toArray
        Expect.equal (Tensor.toArray (Conditional.logProb x y noisy)) expected "density"
        let whole = noisy |> Conditional.map (fun law -> Independent.create 1 (law :> Distribution))
        isClose 1e-15 (Array.sum expected) (number (Conditional.logProb x y whole)) "joined"
        let doubled = noisy |> Conditional.on (fun x -> 2.0 .* x)
        Expect.equal (Tensor.toArray (Conditional.given x doubled).Loc) [| 0.0; 4.0 |] "of another input"
        // Var[y] = Var[x] + 1/4.
        let n = drawsToDetect 0.02
        let x, y = Conditional.joint key [| int64 n |] (Normal(0.0, 1.0)) noisy
        meanIs 1.25 (Tensor.toArray (y.squared ())) "variance of y"
        meanIs 1.0 (Tensor.toArray (x * y)) "covariance"

let tests =
    scoped <| testList "Combinators" [ truncated; masked; product; mixtures; transformed; conditional ]
