module Vae.Core.Tests.QuantizedTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 101
let private codes, private d, private places = 4, 2, 3
let private encoder = Net.dense 6 --> Net.tanh --> Net.dense (d * places) --> Net.reshape [ d; places ]

let private model =
    Vae.create
        (Prior.codebook codes [ d; places ])
        (Posterior.quantized codes encoder)
        (Likelihood.bernoulli (Net.flatten --> Net.dense 5))

let private bits n = (Key.uniform f64 [| n; 5L |] key).gt(0.5.AsScalar()).to_type torch.ScalarType.Float64
let private terms parameters x = Objective.terms key model parameters (Batch.ofX x) (Objective.quantized 0.25)
let private value terms name = TermValues.named name terms

let private gradient (parameters: Params) loss =
    let flat = Diff.grad (fun flat -> loss (parameters.With flat)) parameters.Trained
    fun path -> Tensor.toArray (parameters.With(flat)[path])

let tests =
    scoped
    <| testList "Quantized" [
        testCase "a latent's vector at each place is the nearest of the codebook to what the encoder gives"
        <| fun () ->
            use parameters = Vae.initial f64 key model
            let encoded = model.Posterior.Apply parameters Mode.Evaluate (bits 6L)
            let given, found = encoded.Code.Value, encoded.Law.Mean
            let codebook = parameters["posterior.codebook"]

            for i in 0L .. 5L do
                for place in 0L .. int64 places - 1L do
                    let vector (t: Tensor) = Tensor.toArray (t[i].select(1L, place))
                    let distance (e: float[]) = Array.map2 (fun a b -> (a - b) ** 2.0) e (vector given) |> Array.sum

                    let nearest =
                        [ for k in 0L .. int64 codes - 1L -> Tensor.toArray codebook[k] ] |> List.minBy distance

                    Array.iter2 (fun a b -> isClose 1e-12 a b "nearest") nearest (vector found)

        testCase "equal codes cost log n at each place, and draws of the prior are vectors of the codebook"
        <| fun () ->
            use parameters = Vae.initial f64 key model

            for kl in value (terms parameters (bits 4L)) "kl" do
                isClose 1e-12 (float places * log (float codes)) kl "nats"

            let prior = model.Prior.Apply parameters Mode.Evaluate ()
            let drawn = prior.Sample(key, [| 40L |])
            Expect.equal drawn.shape [| 40L; int64 d; int64 places |] "shape"
            let codebook = parameters["posterior.codebook"]

            let again =
                Codebook.nearest [| int64 d; int64 places |] codebook drawn
                |> Codebook.look [| int64 d; int64 places |] codebook

            Array.iter2
                (fun a b -> isClose 1e-12 a b "a vector of the codebook")
                (Tensor.toArray drawn)
                (Tensor.toArray again)

        testCase "the total is at least -log p(x), the sum over all latents that the codebook makes"
        <| fun () ->
            use parameters = Vae.initial f64 key model
            let x = bits 3L
            let latent = [| int64 d; int64 places |]

            let all =
                torch.tensor (
                    array2D [
                        for i in 0 .. codes - 1 do
                            for j in 0 .. codes - 1 do
                                for k in 0 .. codes - 1 -> [ int64 i; int64 j; int64 k ]
                    ]
                )

            let z = Codebook.look latent parameters["posterior.codebook"] all
            let prior = (model.Prior.Apply parameters Mode.Evaluate ()).LogProb z
            isClose 1e-12 0.0 (number (prior.logsumexp 0L)) "the prior is a law"
            let count = z.shape[0]

            let likelihood =
                model.Likelihood.Apply
                    parameters
                    Mode.Evaluate
                    (z.unsqueeze(1L).expand(count, 3L, latent[0], latent[1]))

            let evidence = (likelihood.Law.LogProb x + prior.unsqueeze -1L).logsumexp 0L |> Tensor.toArray

            let terms = terms parameters x
            let bound = Array.map2 (+) (value terms "reconstruction") (value terms "kl")
            Array.iter2 (fun bound evidence -> Expect.isGreaterThan bound -evidence "a bound") bound evidence

        testCase "reconstruction moves the encoder as its own output would, and not the codebook"
        <| fun () ->
            use parameters = Vae.initial f64 key model
            let x = bits 6L
            let loss name parameters = (terms parameters x |> List.find (fun t -> t.Name = name)).Nats.Mean()
            let reconstruction = gradient parameters (loss "reconstruction")
            Expect.equal (reconstruction "posterior.codebook") (Array.zeroCreate (codes * d)) "the codebook stays"

            // What is decoded is the nearest vectors; their gradient is the encoder's output's.
            let encoded = model.Posterior.Apply parameters Mode.Evaluate x
            let nearest = encoded.Law.Mean.detach ()

            let through (parameters: Params) =
                let code = (model.Posterior.Apply parameters Mode.Evaluate x).Code.Value
                let fixed' = encoded.Code.Value.detach ()
                let z = nearest + code - fixed'
                ((model.Likelihood.Apply parameters Mode.Evaluate z).Law.LogProb x).mean().neg()

            let expected = gradient parameters through

            Array.iter2
                (fun a b -> isClose 1e-12 a b "encoder")
                (expected "posterior.0.weight")
                (reconstruction "posterior.0.weight")

            let codebook, commitment =
                gradient parameters (loss "codebook"), gradient parameters (loss "commitment")

            Expect.equal (codebook "posterior.0.weight") (Array.zeroCreate 30) "the encoder stays"
            Expect.equal (commitment "posterior.codebook") (Array.zeroCreate (codes * d)) "the codebook stays"
            Expect.isTrue (codebook "posterior.codebook" |> Array.exists (fun g -> g <> 0.0)) "the codebook moves"

            Array.iter2
                (fun a b -> isClose 1e-12 a b "one distance")
                (value (terms parameters x) "codebook")
                (value (terms parameters x) "commitment")

        testCase "trained, the prior has the codes as often as the data does"
        <| fun () ->
            let bits = [|
                for i in 0..199 do
                    for j in 0..4 -> if (i % 5 < 2) = (j < 2) then 1uy else 0uy
            |]

            let data = Data.ofBytes "two kinds" [| 5L |] 1.0 [||] bits
            let options = { TrainingOptions.defaults with Epochs = 150; BatchSize = 50; Seed = 2 }

            let run =
                Training.start options data model |> Training.fit (Objective.quantized 0.25) (Optimizer.adam 3e-2)

            use parameters = run.Params
            let measured = Evaluation.measure (Objective.quantized 0.25) run data
            // The codes of two kinds, of 2/5 and 3/5 of the data, are told apart at one place or more: no law of independent places has fewer nats.
            let entropy = -(0.4 * log 0.4 + 0.6 * log 0.6)
            Expect.isGreaterThan (measured.Term "kl").Mean (entropy - 1e-6) "nats of the codes"
            Expect.isLessThan (measured.Term "kl").Mean (float places * entropy + 0.05) "as often as they are used"
            Expect.isLessThan (measured.Term "reconstruction").Mean 0.2 "what is decoded"
            use sampled = Evaluation.sample key 400 run
            let share = sampled.select(1L, 0L).gt(0.5.AsScalar()).to_type(torch.ScalarType.Float64).mean() |> number
            Expect.isTrue (share > 0.1 && share < 0.9) "both kinds are drawn"

        testCase
            "by running averages a vector is the mean of what was nearest to it, lately most, and stays where nothing is near"
        <| fun () ->
            let decay = 0.9
            let objective = Objective.quantizedByAverage decay 0.25
            let declared = Params.Distinct(Vae.declared model @ objective.Declared model)
            use parameters = Params.Initial(f64, key, declared)
            let x = bits 6L
            let setting = Pass.setting model parameters Mode.Evaluate key 6
            let pass = Pass.draw 1 key setting (Batch.ofX x)
            let moved = objective.Moves pass |> Map
            let encoded = model.Posterior.Apply parameters Mode.Evaluate x
            let latent = [| int64 d; int64 places |]
            let codebook = parameters["posterior.codebook"]

            let nearest =
                (Codebook.nearest latent codebook encoded.Code.Value).flatten() |> Tensor.toArray |> Array.map int

            let vectors = (Codebook.vectors latent encoded.Code.Value).reshape([| -1L; int64 d |])

            for k in 0 .. codes - 1 do
                let own = [
                    for i in 0 .. nearest.Length - 1 do
                        if nearest[i] = k then
                            Tensor.toArray vectors[int64 i]
                ]

                let count = Tensor.toArray moved["codebook.count"] |> Array.item k
                isClose 1e-12 (0.1 * float own.Length) count "count"

                let expected =
                    if own.IsEmpty then
                        Tensor.toArray codebook[int64 k]
                    else
                        [| for j in 0 .. d - 1 -> own |> List.averageBy (Array.item j) |]

                let found = Tensor.toArray ((moved["posterior.codebook"]).select(0L, int64 k))
                Array.iter2 (fun a b -> isClose 1e-12 a b $"vector {k}") expected found

            let data = Data.ofFloats "bits" [| 5L |] [||] (Tensor.toArray x |> Array.map float32)
            let options = { TrainingOptions.defaults with Epochs = 40; BatchSize = 6; Seed = 2 }

            let check (report: Report) =
                use snapshot = report.Snapshot()
                let count, sum = snapshot.Params["codebook.count"], snapshot.Params["codebook.sum"]

                for k in 0L .. int64 codes - 1L do
                    if number count[k] > 1e-6 then
                        let mean = Tensor.toArray ((1.0 / number count[k]) .* sum[k])
                        let vector = Tensor.toArray (snapshot.Params["posterior.codebook"].select(0L, k))
                        Array.iter2 (fun a b -> isClose 1e-5 a b "a vector is its average") mean vector

            let run = Training.start options data model |> Training.fitWith check objective (Optimizer.adam 1e-2)
            use _ = run.Params
            refused [ "objective"; "codebook.count" ] (fun () -> Evaluation.measure objective run data)

        testCase "parts that do not fit are refused by name"
        <| fun () ->
            let bernoulli = Likelihood.bernoulli (Net.flatten --> Net.dense 5)

            refused [ "posterior"; "Prior.codebook" ] (fun () ->
                Vae.create (Prior.codebook 4 [ 2; 3 ]) (Posterior.diagonalNormal encoder) bernoulli)

            refused [ "prior"; "5 codes"; "4 of 2" ] (fun () ->
                Vae.create (Prior.codebook 5 [ 2; 3 ]) (Posterior.quantized 4 encoder) bernoulli)

            refused [ "encoder"; "[2, 3]"; "[3, 2]" ] (fun () ->
                Vae.create (Prior.codebook 4 [ 3; 2 ]) (Posterior.quantized 4 encoder) bernoulli)

            refused [ "posterior"; "Posterior.quantized" ] (fun () ->
                Objective.check
                    (Vae.create (Prior.standard 2) (Posterior.diagonalNormal (Net.dense 3)) bernoulli)
                    (Objective.quantized 0.25))
    ]
