module Vae.Core.Tests.Storage.ModelFileTests

open System
open System.IO
open Expecto
open FsCheck
open FsCheck.FSharp
open Vae.Core
open Vae.Core.Tests.Storage.Stored

let private layout vae = Vae.declared vae |> List.map (fun p -> p.Path, p.Shape, p.Trained)

let private same (expected: Vae) (actual: Vae) =
    Expect.equal (Vae.describe actual) (Vae.describe expected) "the description"
    Expect.equal (layout actual) (layout expected) "what is declared"

let private everyLayer =
    Net.ofLayers [
        Layer.Convolution { Inputs = Some 1; Outputs = 2; Kernel = 3; Stride = 2; Padding = 1 }
        Layer.Activation Activation.Relu
        Layer.ConvolutionTransposed { Inputs = None; Outputs = 1; Kernel = 4; Stride = 2; Padding = 1 }
        Layer.Residual [ Layer.Activation Activation.Gelu; Layer.Dropout 0.1 ]
        Layer.Flatten
        Layer.Linear(None, 6)
        Layer.Activation Activation.LeakyRelu
        Layer.Reshape [| 2L; 3L |]
        Layer.GroupNorm 2
        Layer.Linear(Some 3, 3)
    ]

let private text =
    """{
  "format": 1,
  "prior": { "kind": "gaussian", "covariance": [[1, 0.4], [0.4, 0.5]] },
  "posterior": {
    "kind": "diagonalNormal",
    "logScale": { "kind": "softClamp", "bound": 10 },
    "encoder": [
      { "kind": "convolution", "inputs": 1, "outputs": 2, "kernel": 3, "stride": 2, "padding": 1 },
      { "kind": "relu" },
      { "kind": "transposedConvolution", "outputs": 1, "kernel": 4, "stride": 2, "padding": 1 },
      {
        "kind": "residual",
        "layers": [{ "kind": "gelu" }, { "kind": "dropout", "probability": 0.1 }]
      },
      { "kind": "flatten" },
      { "kind": "linear", "outputs": 6 },
      { "kind": "leakyRelu" },
      { "kind": "reshape", "shape": [2, 3] },
      { "kind": "groupNorm", "groups": 2 },
      { "kind": "linear", "inputs": 3, "outputs": 3 }
    ]
  },
  "likelihood": {
    "kind": "gaussian",
    "scale": 0.3,
    "decoder": [{ "kind": "linear", "outputs": 64 }, { "kind": "reshape", "shape": [1, 8, 8] }]
  }
}
"""

let private golden =
    inFolder "a model with every kind of layer, as its file reads" (fun folder ->
        let path = Path.Combine(folder, "model.json")

        let vae =
            Vae.create
                (Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ])
                (Posterior.diagonalNormal everyLayer)
                (Likelihood.gaussian 0.3 (Net.dense 64 --> Net.reshape [ 1; 8; 8 ]))

        ModelFile.write path vae
        Expect.equal (File.ReadAllText path) text "the file"
        same vae (ModelFile.read path))

/// Layers for examples of a shape, with the shape they make of it.
let rec private layers depth (shape: int64[]) count : Gen<Layer list * int64[]> =
    if count = 0 then
        Gen.constant ([], shape)
    else
        gen {
            let! layer = layer depth shape
            let next = Layer.output shape layer |> Result.defaultWith failwith
            let! rest, last = layers depth next (count - 1)
            return layer :: rest, last
        }

and private layer depth (shape: int64[]) : Gen<Layer> =
    let stated n = Gen.elements [ None; Some(int n) ]
    let width = Gen.choose (1, 5)

    // Before it is wired, a net takes stated inputs for all that there is.
    let inputs = if shape.Length = 1 then stated shape[0] else Gen.constant None

    let anywhere = [
        Gen.elements [
            Activation.Relu
            Activation.LeakyRelu
            Activation.Elu
            Activation.Gelu
            Activation.Silu
            Activation.Softplus
            Activation.Tanh
            Activation.Sigmoid
        ]
        |> Gen.map Layer.Activation
        Gen.choose (0, 99) |> Gen.map (fun p -> Layer.Dropout(float p / 100.0))
        Gen.constant Layer.Flatten
        Gen.elements [ Array.rev shape; Array.append [| 1L |] shape ] |> Gen.map Layer.Reshape
        Gen.map2 (fun inputs outputs -> Layer.Linear(inputs, outputs)) inputs width
        match [ 1..5 ] |> List.filter (fun n -> shape[0] % int64 n = 0L && Shape.size shape > int64 n) with
        | [] -> ()
        | groups -> Gen.elements groups |> Gen.map Layer.GroupNorm
    ]

    let residual =
        if depth = 0 then
            []
        else
            // Whatever the layers inside make of the shape, a reshape or a linear layer after them makes it good.
            [
                gen {
                    let! inside, made = Gen.choose (0, 2) |> Gen.bind (layers (depth - 1) shape)
                    let back = [ Layer.Flatten; Layer.Linear(None, int (Array.reduce (*) shape)); Layer.Reshape shape ]
                    return Layer.Residual(if made = shape then inside else inside @ back)
                }
            ]

    let image =
        if shape.Length <> 3 || shape[1] * shape[2] > 400L then
            []
        else
            let convolution wrap kernels =
                gen {
                    let! inputs = stated shape[0]
                    let! outputs = width
                    let! kernel, padding = Gen.elements kernels
                    let! stride = Gen.choose (1, 2)

                    return
                        wrap {
                            Inputs = inputs
                            Outputs = outputs
                            Kernel = kernel
                            Stride = stride
                            Padding = padding
                        }
                }

            [
                convolution Layer.Convolution [ 1, 0; 3, 1; 5, 2; 2, 1 ]
                convolution Layer.ConvolutionTransposed [ 1, 0; 3, 1; 5, 2 ]
            ]

    Gen.oneof (anywhere @ residual @ image)

let private models =
    gen {
        let! dimensions = Gen.choose (1, 3)
        let! diagonal = Gen.listOfLength dimensions (Gen.choose (1, 1000))
        let! scale, bound = Gen.zip (Gen.choose (1, 1000)) (Gen.choose (1, 1000))

        let covariance =
            diagonal
            |> List.mapi (fun i d -> List.init dimensions (fun j -> if i = j then float d / 7.0 + 1.0 else 0.1))

        let! prior = Gen.elements [ Prior.standard dimensions; Prior.gaussian covariance ]
        let! policy = Gen.elements [ LogScale.Free; LogScale.SoftClamp(float bound / 3.0) ]
        let! encoder = Gen.choose (0, 5) |> Gen.bind (layers 2 [| 1L; 6L; 6L |])
        let! decoder = Gen.choose (0, 4) |> Gen.bind (layers 2 [| int64 dimensions |])
        let decoder = Net.ofLayers (fst decoder) --> Net.flatten --> Net.dense 36 --> Net.reshape [ 1; 6; 6 ]

        let! likelihood =
            Gen.elements [
                Likelihood.bernoulli decoder
                Likelihood.bernoulliCrossEntropy decoder
                Likelihood.gaussian (float scale / 17.0) decoder
            ]

        return Vae.create prior (Posterior.diagonalNormalBy policy (Net.ofLayers (fst encoder))) likelihood
    }

let private roundTrip =
    inFolder "every model made of known parts comes back" (fun folder ->
        let first, second = Path.Combine(folder, "a.json"), Path.Combine(folder, "b.json")

        let holds vae =
            ModelFile.write first vae
            let back = ModelFile.read first
            same vae back
            ModelFile.write second back
            Expect.equal (File.ReadAllText second) (File.ReadAllText first) "the file written again"

        always 200 models holds)

let private customLayer name : CustomLayer = {
    Name = name
    Declared = fun _ _ -> []
    Output = id
    Apply = fun _ _ _ x -> x * x.sigmoid ()
}

let private custom =
    let encoder, decoder = Net.denseEncoder [ 4 ], Net.denseDecoder [ 4 ]

    let law: Learned<unit, Distribution> = {
        Declared = []
        Apply =
            fun _ _ () ->
                let zero = TorchSharp.torch.zeros ([| 2L |])
                Independent.create 1 (Normal.create zero (zero.exp ()))
    }

    let known = Prior.standard 2, Posterior.diagonalNormal encoder, Likelihood.bernoulli decoder
    let prior, posterior, likelihood = known

    testList "what a file cannot describe is refused by its name" [
        for name, vae in
            [
                "swish",
                fun () ->
                    Vae.create
                        prior
                        (Posterior.diagonalNormal (encoder --> Net.custom (customLayer "swish")))
                        likelihood
                "hidden swish",
                fun () ->
                    let hidden = Net.dense 4 --> Net.residual (Net.custom (customLayer "hidden swish")) --> decoder
                    Vae.create prior posterior (Likelihood.bernoulli hidden)
                "prior of one's own",
                fun () -> Vae.create (Prior.custom "prior of one's own" [| 2L |] law) posterior likelihood
                "posterior of one's own",
                fun () ->
                    Vae.create
                        prior
                        (Posterior.custom "posterior of one's own" (fun data latent ->
                            posterior.Wire "posterior" (Evidence.ofData data) latent))
                        likelihood
                "likelihood of one's own",
                fun () ->
                    let wire latent : Learned<Tensor, Distribution> =
                        let learned = likelihood.Wire latent

                        {
                            Declared = learned.Declared
                            Apply = fun parameters mode z -> (learned.Apply parameters mode z).Law
                        }

                    Vae.create prior posterior (Likelihood.custom "likelihood of one's own" likelihood.DataShape wire)
            ] do
            inFolder name (fun folder ->
                let model = vae ()

                let error =
                    refusalOf<System.ArgumentException, _>(fun () ->
                        ModelFile.write (Path.Combine(folder, "model.json")) model)

                Expect.stringContains error.Message $"'%s{name}'" "its name"
                Expect.isEmpty (Directory.GetFiles folder) "nothing is written")
    ]

/// What becomes of the file above, where the error is, and what is found there.
let private damaged = [
    "\"format\": 1", "\"format\": 2", "$.format", "2"
    "\"format\": 1", "\"format\": \"1\"", "$.format", "\"1\""
    "\"format\": 1,", "", "$.format", "nothing"
    "\"format\": 1,", "\"format\": 1, \"comment\": null,", "$.comment", "'comment'"
    "\"prior\":", "\"Prior\":", "$.Prior", "'Prior'"
    "\"kind\": \"gaussian\", \"covariance\"", "\"kind\": \"gausian\", \"covariance\"", "$.prior.kind", "'gausian'"
    "\"covariance\": [[1, 0.4], [0.4, 0.5]]", "\"dimensions\": 2", "$.prior.dimensions", "'dimensions'"
    "0.5]]", "\"0.5\"]]", "$.prior.covariance[1][1]", "\"0.5\""
    "0.5]]", "1e999]]", "$.prior.covariance[1][1]", ""
    "0.5]]", "0.1]]", "$.prior", "covariance"
    ", 0.5]]", "]]", "$.prior", "lengths [2, 1]"
    "0.5]]", "0.5", "$", "no JSON"
    "\"softClamp\"", "\"hardClamp\"", "$.posterior.logScale.kind", "'hardClamp'"
    "\"bound\": 10", "\"bound\": 0", "$.posterior", "bound"
    "\"bound\": 10", "\"bound\": true", "$.posterior.logScale.bound", "true"
    "\"kernel\": 3", "\"kernel\": 0", "$.posterior.encoder[0].kernel", "0"
    "\"kernel\": 3", "\"kernel\": 3.5", "$.posterior.encoder[0].kernel", "3.5"
    "\"kernel\": 3, ", "", "$.posterior.encoder[0].kernel", "nothing"
    "\"padding\": 1 },\n      { \"kind\": \"relu\"",
    "\"padding\": -1 },\n      { \"kind\": \"relu\"",
    "$.posterior.encoder[0].padding",
    "-1"
    "\"relu\"", "\"rely\"", "$.posterior.encoder[1].kind", "'rely'"
    "{ \"kind\": \"gelu\" }", "{ \"type\": \"gelu\" }", "$.posterior.encoder[3].layers[0].kind", "nothing"
    "{ \"kind\": \"gelu\" }", "7", "$.posterior.encoder[3].layers[0]", "7"
    "0.1 }", "1 }", "$.posterior.encoder[3].layers[1].probability", "1"
    "\"inputs\": 3", "\"inputs\": 4", "$.posterior.encoder", "linear 4 -> 3"
    "\"inputs\": 1", "\"inputs\": 2", "$", "convolution 2"
    "\"outputs\": 6 ", "\"outputs\": 1000001 ", "$.posterior.encoder[5].outputs", "1000001"
    "\"kernel\": 4", "\"kernel\": 9", "$", ""
    "\"scale\": 0.3", "\"scale\": -0.3", "$.likelihood", "scale"
    "\"outputs\": 64", "\"outputs\": 63", "$", "63"
    "{ \"kind\": \"flatten\" }",
    "{ \"kind\": \"flatten\" }, { \"kind\": \"linear\", \"outputs\": 1000000 }, { \"kind\": \"linear\", \"outputs\": 1000000 }",
    "$",
    "'posterior.6.weight' of shape [1000000, 1000000]"
]

let private refusals =
    testList "a damaged description is refused, naming the JSON path" [
        for before, after, place, found in damaged do
            inFolder $"%s{after} for %s{before}" (fun folder ->
                let path = Path.Combine(folder, "model.json")
                let at = text.IndexOf(before, StringComparison.Ordinal)
                Expect.isGreaterThanOrEqual at 0 "the text to be changed"
                File.WriteAllText(path, text.Remove(at, before.Length).Insert(at, after))
                let error = refusal (fun () -> ModelFile.read path)
                Expect.equal error.Place place "where"
                Expect.stringContains error.Found found "what"
                Expect.stringContains error.Message path "the file's name")
    ]

let private corrupted =
    inFolder "a corrupted description is read or refused by name, and nothing else" (fun folder ->
        let path = Path.Combine(folder, "model.json")
        let mutable refused = 0

        let holds (at: int, drop: int, add: string) =
            let at = at % text.Length
            File.WriteAllText(path, text.Remove(at, min drop (text.Length - at)).Insert(at, add))

            try
                ModelFile.read path |> ignore
            with :? StorageException as error ->
                refused <- refused + 1
                Expect.stringContains error.Message path "the file"

        let changes =
            Gen.zip3
                (Gen.choose (0, text.Length))
                (Gen.choose (0, 3))
                (Gen.elements [ ""; "0"; "-"; "\""; "e"; "}"; ","; "null"; "[1]"; "\u0000"; "é"; "\ufeff" ])

        always 1000 changes holds
        Expect.isGreaterThan refused 500 "most changes spoil the file")

let private deep =
    inFolder "objects in objects without end" (fun folder ->
        let path = Path.Combine(folder, "model.json")
        File.WriteAllText(path, String.replicate 100_000 "[")
        Expect.stringContains (refusal (fun () -> ModelFile.read path)).Found "no JSON" "refused")

let tests = testList "ModelFile" [ golden; roundTrip; custom; refusals; corrupted; deep ]
