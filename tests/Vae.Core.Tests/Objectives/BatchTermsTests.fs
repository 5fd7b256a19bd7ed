module Vae.Core.Tests.BatchTermsTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.LinearGaussian
open Vae.Core.Tests.Estimators
open Vae.Testing

let private key = Key.ofSeed 43

let private standard (n: int64) : Setting =
    let vae = model orthogonal (Prior.standard 2)
    let covariance, map = orthogonal.Posterior
    let logVariance = covariance.diagonal().log() + vector [ 0.3; 0.2 ]

    {
        Vae = vae
        Params = parameters orthogonal vae (0.9 .* map) logVariance
        X = data orthogonal n
    }

/// Every posterior is the prior.
let private uninformed (n: int64) : Setting =
    let vae = model orthogonal (Prior.standard 2)
    let zero = torch.zeros (2L, 4L, dtype = torch.ScalarType.Float64)

    {
        Vae = vae
        Params = parameters orthogonal vae zero (vector [ 0.0; 0.0 ])
        X = data orthogonal n
    }

let private passOf (population: int) (draws: int64) (setting: Setting) =
    let by = Pass.setting setting.Vae setting.Params Mode.Evaluate key population
    Pass.makeBy (fun _ q -> q.Draw(Key.fold 5 key, [| draws |])) by (Batch.ofX setting.X)

let private all = { MutualInformation = 1.0; TotalCorrelation = 6.0; DimensionWise = 1.0 }

let private values = TermValues.byName

let private gradientOf (loss: Params -> Tensor) (parameters: Params) =
    Diff.grad (fun flat -> loss (parameters.With flat)) parameters.Trained |> Tensor.toArray

let private adversaries = [ Adversary.TotalCorrelation; Adversary.Prior; Adversary.Data ]

let tests =
    scoped
    <| testList "Batch terms" [
        testCase "the weights of a batch's posteriors are a mean over all the data"
        <| fun () ->
            for population, batch in [ 2, 2; 10, 3; 60_000, 128; 7, 7 ] do
                let weights = TotalCorrelation.logWeights population batch

                for i in 0 .. batch - 1 do
                    let row = [| for j in 0 .. batch - 1 -> exp weights[i, j] |]
                    isClose 1e-12 1.0 (Array.sum row) "of one"
                    isClose 1e-12 (1.0 / float population) (row[i]) "the draw's own posterior"

        testCase "q(z) estimated from batches is that of all the data on average, and of all the data itself"
        <| fun () ->
            let n = 6
            let whole = standard (int64 n)
            let pass = passOf n 1L whole
            let z = pass.Z.select (0L, 0L)
            let law = pass.Posterior

            let exact =
                let pairs = law.LogProb(z.unsqueeze(1L).expand(int64 n, int64 n, 2L))
                Tensor.toArray ((pairs.logsumexp 1L) - log(float n).AsScalar())

            let found, _ = TotalCorrelation.aggregate n pass.Site
            Array.iter2 (fun a b -> isClose 1e-12 a b "all the data") exact (Tensor.toArray found)

            // Every batch of 3 that has example 0, its draw the same: the mean of the densities is the density.
            let densities = [|
                for i in 1 .. n - 1 do
                    for j in i + 1 .. n - 1 do
                        let rows = torch.tensor [| 0L; int64 i; int64 j |]
                        let some = { whole with X = whole.X.index_select (0L, rows) }
                        let part = passOf n 1L some

                        let site = {
                            part.Site with
                                Drawn = { part.Site.Drawn with Z = pass.Z.index_select (1L, rows) }
                        }

                        exp (fst (TotalCorrelation.aggregate n site) |> Tensor.toArray |> Array.head)
            |]

            isClose 1e-12 (exp exact[0]) (Array.average densities) "over all batches"

        testCase "the three parts sum to the KL by the draws, whatever the batch"
        <| fun () ->
            for n in [ 2L; 5L; 40L ] do
                let setting = standard n
                let pass = passOf 1000 1L setting
                let terms = values ((Objective.decompose all).Terms pass)

                let sampled =
                    values ((Objective.elbo).Terms(passOf 1000 1L { setting with Vae = Vae.sampled setting.Vae }))

                for i in 0 .. int n - 1 do
                    let sum =
                        terms["mutual information"][i] + terms["total correlation"][i] + terms["dimension-wise kl"][i]

                    isClose 1e-10 (sampled["kl"][i]) sum "the parts"

        testCase "where posteriors are the prior, all three parts are 0 at every batch size"
        <| fun () ->
            for n in [ 2L; 3L; 7L; 50L ] do
                let terms = values ((Objective.decompose all).Terms(passOf 1000 1L (uninformed n)))

                for name in [ "mutual information"; "total correlation"; "dimension-wise kl" ] do
                    for value in terms[name] do
                        isWithin 1e-10 0.0 value name

        testCase "a batch of one says nothing of the others' posteriors"
        <| fun () ->
            refused [ "batch"; "at least 2" ] (fun () -> (Objective.decompose all).Terms(passOf 1000 1L (standard 1L)))

        testCase "DIP-VAE's covariances are those of the means and of the draws"
        <| fun () ->
            let setting = standard 9L
            let pass = passOf 9 1L setting
            let means, variances = Tensor.toArray pass.Posterior.Mean, Tensor.toArray pass.Posterior.Variance
            let column i (values: float[]) = [| for row in 0..8 -> values[2 * row + i] |]

            let covariance i j =
                let a, b = column i means, column j means
                Array.map2 (fun x y -> (x - Array.average a) * (y - Array.average b)) a b |> Array.average

            for kind, extra in [ Dip.Means, (fun _ -> 0.0); Dip.Draws, (fun i -> Array.average (column i variances)) ] do
                let terms = values ((Objective.dip kind 10.0 5.0).Terms pass)
                isClose 1e-12 (2.0 * covariance 0 1 ** 2.0) (terms["covariances"][0]) "off the diagonal"

                let onDiagonal = [ 0; 1 ] |> List.sumBy (fun i -> (covariance i i + extra i - 1.0) ** 2.0)
                isClose 1e-12 onDiagonal (terms["variances"][0]) "on it"

        testCase "a distance from the prior is 0 on average where posteriors are the prior, and not where they are not"
        <| fun () ->
            for matching in [ Matching.Mmd(Kernel.inverseMultiquadric 1.0); Matching.SlicedWasserstein 20 ] do
                let distances (setting: Setting) = [|
                    for i in 1..400 do
                        use _ = torch.NewDisposeScope()
                        let by = Pass.setting setting.Vae setting.Params Mode.Evaluate (Key.fold i key) 60
                        let draw _ (q: Encoded) = q.Draw(Key.fold (1000 + i) key, [| 1L |])
                        let pass = Pass.makeBy draw by (Batch.ofX setting.X)
                        number (Matching.distance matching pass)
                |]

                let equal = Statistic.ofValues (distances (uninformed 60L))
                let shifted = { uninformed 60L with Params = (standard 60L).Params }
                let away = Statistic.ofValues (distances { shifted with X = shifted.X + (2.0).AsScalar() })

                match matching with
                | Matching.Mmd _ -> meanIs 0.0 (distances (uninformed 60L)) "an unbiased distance"
                // Of two samples of one law it is not 0, and falls as they grow.
                | Matching.SlicedWasserstein _ -> Expect.isLessThan equal.Mean 0.5 "small"

                let error = sqrt (equal.StandardError ** 2.0 + away.StandardError ** 2.0)
                Expect.isGreaterThan (away.Mean - equal.Mean) (threshold * error) $"%O{matching}"

        testCase "the sliced distance along all directions is the squared distance of means, for a shift"
        <| fun () ->
            // E (d . v)^2 over directions is |v|^2 / size: in two dimensions many directions show it.
            let setting = standard 4L
            let by = Pass.setting setting.Vae setting.Params Mode.Evaluate key 4
            let pass = Pass.makeBy (fun _ q -> q.Draw(key, [| 1L |])) by (Batch.ofX setting.X)
            let p = pass.Prior.Sample(Key.foldName "matching" key, [| 4L |])
            let shift = vector [ 3.0; -1.0 ]
            let moved = { pass.Site with Drawn = { pass.Site.Drawn with Z = (p + shift).unsqueeze 0L } }
            let distance = Matching.distance (Matching.SlicedWasserstein 20_000) { pass with Sites = [ moved ] }
            isWithin 0.5 10.0 (number distance) "9 + 1"

        testCase "what is of a batch as a whole has no error of its mean, and neither has a total of it"
        <| fun () ->
            let setting = standard 300L
            let data = Data.ofFloats "linear" [| 4L |] [||] (Tensor.toArray setting.X |> Array.map float32)
            let measured = Measurement.take (Objective.dip Dip.Means 1.0 1.0) key setting.Vae setting.Params data
            Expect.isTrue (Double.IsNaN (measured.Term "covariances").StandardError) "of the batch"
            Expect.isTrue (Double.IsNaN measured.Total.StandardError) "the total"
            Expect.isTrue (Double.IsFinite (measured.Term "kl").StandardError) "of each example"
            Expect.isTrue (Double.IsFinite measured.Total.Mean) "a mean"

        testCase "numbers are exchanged between examples, each as often as it was there"
        <| fun () ->
            let z = Key.normal f64 [| 50L; 3L |] key
            let other = Adversarial.exchanged key z

            for d in 0L .. 2L do
                let sorted (t: Tensor) = Tensor.toArray (t.select (1L, d)) |> Array.sort
                Expect.equal (sorted other) (sorted z) "the same numbers"

            Expect.notEqual (Tensor.toArray other) (Tensor.toArray z) "in another order"

        testCase
            "what an adversary has learned is not the model's: it is measured in training, and refused by name afterwards"
        <| fun () ->
            let setting = standard 12L
            let objective = Objective.adversary (Net.dense 8 --> Net.tanh) 6.4 Adversary.Prior
            let run = { Vae = setting.Vae; Params = setting.Params; History = [] }
            let width = int setting.Vae.DataShape[0]
            let data = Data.ofFloats "zeros" [| int64 width |] [||] (Array.zeroCreate (4 * width))
            refused [ "objective"; "adversary"; "history" ] (fun () -> Evaluation.measure objective run data)

        testCase "each player's gradient is that of its own loss alone"
        <| fun () ->
            for adversary in adversaries do
                let objective = Objective.adversary (Net.dense 8 --> Net.tanh) 6.4 adversary
                let setting = standard 12L
                let declared = Params.Distinct(Vae.declared setting.Vae @ objective.Declared setting.Vae)

                let parameters =
                    Params.Create(
                        f64,
                        declared,
                        fun p ->
                            match List.tryFind (fun (q: Parameter) -> q.Path = p.Path) setting.Params.Declared with
                            | Some _ -> setting.Params[p.Path]
                            | None -> Key.normal f64 p.Shape (Key.foldName p.Path key)
                    )

                let termsAt (p: Params) =
                    let by = Pass.setting setting.Vae p Mode.Evaluate key 12
                    objective.Terms(Pass.makeBy (fun _ q -> q.Draw(Key.fold 5 key, [| 1L |])) by (Batch.ofX setting.X))

                let isCritics (t: Term) = t.Name = "adversary's loss"
                let both = gradientOf (termsAt >> Objective.loss) parameters
                let critic = gradientOf (termsAt >> List.filter isCritics >> Objective.loss) parameters
                let model = gradientOf (termsAt >> List.filter (isCritics >> not) >> Objective.loss) parameters

                let isOfCritic =
                    parameters.Declared
                    |> List.filter _.Trained
                    |> List.collect (fun p ->
                        let size = int (Array.fold (*) 1L p.Shape)
                        List.replicate size (p.Path.StartsWith("adversary", StringComparison.Ordinal)))
                    |> List.toArray

                for i in 0 .. both.Length - 1 do
                    let own, other = if isOfCritic[i] then critic[i], model[i] else model[i], critic[i]
                    Expect.equal other 0.0 $"%O{adversary}: number %d{i} of the other player"
                    isClose 1e-12 own (both[i]) $"%O{adversary}: number %d{i}"

        testCase "an adversary's perfect logit is the total correlation"
        <| fun () ->
            // Of a two-dimensional normal with correlation r it is -1/2 log(1 - r^2); the optimal logit is the log of the ratio.
            let r = 0.8

            let joint =
                MultivariateNormal(vector [ 0.0; 0.0 ], torch.linalg.cholesky (matrix [ [ 1.0; r ]; [ r; 1.0 ] ]))

            let z = joint.Sample(key, [| int64 (drawsToDetect 0.05) |])
            let product = Independent.create 1 (Normal(vector [ 0.0; 0.0 ], vector [ 1.0; 1.0 ]))
            meanIs (-0.5 * log (1.0 - r * r)) (Tensor.toArray (joint.LogProb z - product.LogProb z)) "the mean logit"
    ]
