/// What threads compute side by side: everything that laws, divergences, models and trainings say, as bits.
module Vae.Core.Tests.Threads.Work

open System
open Vae.Core
open Vae.Core.Tests
open Vae.Testing

/// A computation whose result is the same whoever computes it, in bits.
type Job = { Name: string; Compute: unit -> int64[] }

let private key = Key.ofSeed 23

let private bits (t: Tensor) : int64[] = Tensor.toArray t |> Array.map BitConverter.DoubleToInt64Bits

let private bitsOfAny (t: Tensor option) = t |> Option.map bits |> Option.defaultValue [||]

let private whereKnown (compute: unit -> Tensor) : int64[] =
    try
        bits (compute ())
    with :? NotSupportedException -> [||]

let private casesOf (info: LawInfo) =
    let options = EveryLawTests.optionsOf info
    Generate.cases options.Generators [ 3 ] 4 options.Seed info |> List.head

/// No scope anywhere here: so a program calls that has never heard of them.
let private ofLaw name (law: unit -> Distribution) =
    let job quantity compute = { Name = $"%s{quantity} of %s{name}"; Compute = compute }

    [
        job "draws" (fun () -> bits (law().Sample(key, [| 5L |])))
        job "log-density" (fun () ->
            let law = law ()
            bits (law.LogProb(law.Sample(key, [| 5L |]))))
        job "log-density outside" (fun () ->
            let law = law ()
            let x = law.Sample(key, [| 5L |])
            let outside = Tensor.toArray x |> Array.map (fun value -> value - 2.5)
            let shape = x.shape
            // TorchSharp reads the shape of a tensor that nothing else holds.
            GC.KeepAlive x
            bits (law.LogProb(Tensor.ofArray f64 shape outside)))
        job "mean" (fun () -> whereKnown (fun () -> law().Mean))
        job "variance" (fun () -> whereKnown (fun () -> law().Variance))
        job "mode" (fun () -> bitsOfAny (law().Mode))
        job "entropy" (fun () -> bitsOfAny (law().Entropy))
        job "tails" (fun () ->
            match law () with
            | :? Univariate as law ->
                let x = law.Sample(key, [| 5L |])

                Array.concat [
                    bits (law.Cdf x)
                    bits (law.Survival x)
                    bits (law.Quantile(Key.uniform f64 law.BatchShape key))
                ]
            | _ -> [||])
    ]

let private ofPath name (path: unit -> Reparameterized<Distribution>) = {
    Name = $"path of %s{name}"
    Compute = fun () -> bits (path().Draw(key, [| 5L |]))
}

/// Laws that threads share, and laws that each call makes.
let laws () : Job list = [
    for info in Laws.all do
        let cases = casesOf info
        let shared = LawCases.law cases
        let parameters = LawCases.tensors f64 cases
        yield! ofLaw $"shared %s{info.Name}" (fun () -> shared)
        yield! ofLaw info.Name (fun () -> LawCases.law cases)
        yield ofLaw $"%s{info.Name} of shared parameters" (fun () -> info.Make parameters) |> List.item 1

        for path in Option.toList info.Path do
            yield ofPath info.Name (fun () -> path (LawCases.law cases))
]

let private infos = lazy (Laws.all |> List.map (fun info -> (LawInfo.example info).GetType(), info))

/// Every pair of kinds of law that has a rule.
let divergences () : Job list = [
    for rule in Kl.rules.All do
        let find kind = infos.Value |> List.tryFind (fun (known, _) -> known = kind) |> Option.map snd

        match find rule.Q, find rule.P with
        | Some q, Some p ->
            let q, p = casesOf q, casesOf p
            let law cases = LawCases.law (LawCases.truncate 2 cases)

            {
                Name = $"KL(%s{rule.Name})"
                Compute = fun () -> bitsOfAny (Kl.tryExact (law q) (law p))
            }
        | _ -> ()
]

let private digits = lazy (Digits.draw (Key.ofSeed 3) 96)

let private models =
    lazy
        ([
            "dense",
            Vae.create
                (Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ])
                (Posterior.diagonalNormal (Net.denseEncoder [ 32 ]))
                (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 32 ]))
            "convolutional",
            Vae.create
                (Prior.standard 2)
                (Posterior.diagonalNormal (Net.convEncoder [ 4; 8 ] 8))
                (Likelihood.gaussian 0.5 (Net.convDecoder [ 8; 4 ]))
        ])

let private options = { TrainingOptions.defaults with Epochs = 1; BatchSize = 48; Seed = 5 }

let private bitsOfMeasurement (m: Measurement) = [|
    for statistic in m.Total :: List.map snd m.Terms do
        BitConverter.DoubleToInt64Bits statistic.Mean
        BitConverter.DoubleToInt64Bits statistic.StandardError
|]

/// What models of a thread's own and models that threads share say of data.
let evaluations () : Job list = [
    for name, vae in models.Value do
        let shared = Training.untrained options vae

        for kind, run in [ "shared", (fun () -> shared); "own", (fun () -> Training.untrained options vae) ] do
            let job quantity compute = {
                Name = $"%s{quantity} of a %s{kind} %s{name} model"
                Compute = fun () -> compute (run ())
            }

            job "encoding" (fun run -> bits (Evaluation.encode run digits.Value))
            job "reconstruction" (fun run -> bits (Evaluation.reconstruct run digits.Value))
            job "sample" (fun run -> bits (Evaluation.sample key 7 run))
            job "score" (fun run -> bitsOfMeasurement (Evaluation.elbo run digits.Value))
]

/// Short trainings, each of a model of its own.
let trainings () : Job list = [
    for name, vae in models.Value do
        for optimizerName, optimizer in [ "adam", Optimizer.adam 1e-3; "momentum", Optimizer.sgdMomentum 0.9 1e-4 ] do
            {
                Name = $"training of a %s{name} model by %s{optimizerName}"
                Compute =
                    fun () ->
                        let run = vae |> Training.start options digits.Value |> Training.fit Objective.elbo optimizer
                        bits run.Params.Trained
            }
]
