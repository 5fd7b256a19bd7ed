/// Files that promise more than they hold: what they cost is a matter of what they hold.
module Vae.Core.Tests.Storage.BoundedTests

open System
open System.IO
open System.IO.Compression
open System.Text
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Storage.Cost
open Vae.Core.Tests.Storage.Stored

/// What reading a file of so many bytes may take, as `Saved.load` and `Safetensors.read` say.
let allowance (bytes: int64) = 32L * bytes + 64_000_000L

let private model prior encoder decoder =
    "{\"format\":1,\"prior\":"
    + prior
    + ",\"posterior\":{\"kind\":\"diagonalNormal\",\"logScale\":{\"kind\":\"free\"},\"encoder\":["
    + encoder
    + "]},\"likelihood\":{\"kind\":\"bernoulli\",\"decoder\":["
    + decoder
    + "]}}"

let private standard n = $"{{\"kind\":\"standard\",\"dimensions\":%d{n}}}"
let private flatten = "{\"kind\":\"flatten\"}"
let private linear n = $"{{\"kind\":\"linear\",\"outputs\":%d{n}}}"
let private reshape = "{\"kind\":\"reshape\",\"shape\":[1,28,28]}"
let private many n (layer: string) = String.Join(",", Array.create n layer)

let private transposed stride =
    let padding = stride / 2
    $"{{\"kind\":\"transposedConvolution\",\"outputs\":1,\"kernel\":%d{2 * padding + 1},\"stride\":%d{stride},\"padding\":%d{padding}}}"

let private covariance n =
    let row i = String.Join(",", Array.init n (fun j -> if i = j then "1" else "0"))
    let rows = String.Join(",", Array.init n (fun i -> $"[%s{row i}]"))
    $"{{\"kind\":\"gaussian\",\"covariance\":[%s{rows}]}}"

let private nested n = String.replicate n "{\"kind\":\"residual\",\"layers\":[" + flatten + String.replicate n "]}"

/// Descriptions of models, none of which there are parameters of.
let private descriptions = [
    "a million outputs", model (standard 2) (flatten + "," + linear 1_000_000) (linear 784 + "," + reshape)
    "a million outputs of a million", model (standard 2) $"%s{flatten},%s{many 2 (linear 1_000_000)}" (linear 784)
    "a prior of a million dimensions", model (standard 1_000_000) flatten (linear 784)
    "ten thousand layers", model (standard 2) $"%s{flatten},%s{many 10_000 (linear 1)}" (linear 784)
    "a hundred thousand rectifiers", model (standard 2) (many 100_000 "{\"kind\":\"relu\"}") (linear 784)
    "a stride of 43", model (standard 2) flatten $"%s{linear 784},%s{reshape},%s{transposed 43}"
    "a stride of 999,999", model (standard 2) flatten $"%s{linear 784},%s{reshape},%s{transposed 999_999}"
    "images of images", model (standard 2) flatten $"%s{linear 784},%s{reshape},%s{many 5 (transposed 43)}"
    "a correlated prior of 500 dimensions", model (covariance 500) flatten (linear 784)
    "a law of a million outputs",
    (model (standard 2) flatten (linear 1_000_000))
        .Replace(
            "\"kind\":\"bernoulli\"",
            "\"kind\":\"law\",\"law\":\"MultivariateNormal\",\"logScale\":{\"kind\":\"free\"}"
        )
    "layers in layers", model (standard 2) (nested 100) (linear 784)
]

let private texts count =
    let json = String.Join(",", Seq.init count (fun i -> $"\"%d{i}\":\"\""))
    $"{{\"__metadata__\":{{%s{json}}}}}"

let private tensors count =
    let entry i = $"\"%d{i}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"
    $"{{%s{String.Join(',', Seq.init count entry)}}}"

let private zeros count field =
    let list = String.Join(",", Array.create count "0")
    let shape, offsets = if field = "shape" then list, "0,0" else "0", list
    $"{{\"t\":{{\"dtype\":\"U8\",\"shape\":[%s{shape}],\"data_offsets\":[%s{offsets}]}}}}"

let private headers = [
    "a shape of 7 million zeros", zeros 7_000_000 "shape"
    "4 million offsets", zeros 4_000_000 "offsets"
    "a million texts", texts 1_000_000
    "100,000 tensors of nothing", tensors 100_000
    "brackets", String('[', 1_000_000)
    "objects in objects", "{\"a\":" + String.replicate 1_000_000 "{\"a\":"
]

/// Reads a file, which is taken or refused by name, and looks at what it took.
let private within what (path: string) (read: unit -> unit) =
    let bytes = FileInfo(path).Length
    // What earlier files left to collect is not this one's.
    GC.Collect()

    let refused, cost =
        measure (fun () ->
            use _ = torch.NewDisposeScope()

            try
                read ()
                ""
            with
            | :? StorageException as error -> error.Message
            | :? DataFormatException as error -> error.Message)

    match cost.Peak with
    | Some peak -> Expect.isLessThan peak (allowance bytes) $"%s{what}: bytes for a file of %d{bytes} (%s{refused})"
    | None -> ()

let private models =
    inFolder "a description costs what it is long, not what it describes" (fun folder ->
        let path = Path.Combine(folder, "model.json")
        let run = dense () |> Training.untrained TrainingOptions.defaults
        Saved.save (Path.Combine(folder, "run")) run
        File.Move(Path.Combine(folder, "run", "model.safetensors"), Path.Combine(folder, "model.safetensors"))

        for name, text in descriptions do
            File.WriteAllText(path, text)
            within name path (fun () -> ModelFile.read path |> ignore)
            within $"%s{name}, as a run" path (fun () -> Saved.load folder |> ignore))

let private ofHeader path (header: string) =
    use stream = File.Create path
    let bytes = Encoding.UTF8.GetBytes header
    stream.Write(BitConverter.GetBytes(int64 bytes.Length), 0, 8)
    stream.Write(bytes, 0, bytes.Length)

let private safetensors =
    inFolder "a header costs what it is long" (fun folder ->
        let path = Path.Combine(folder, "model.safetensors")

        for name, header in headers do
            ofHeader path header
            within name path (fun () -> Safetensors.read torch.CPU path |> ignore))

let private gzip =
    inFolder "a gzip file of zeros costs what it is long" (fun folder ->
        let path = Path.Combine(folder, "zeros-images-idx3-ubyte.gz")
        let size = 1000 * 1000 * 1000

        do
            use file = File.Create path
            use stream = new GZipStream(file, CompressionLevel.SmallestSize)

            let header: byte[] = [|
                0uy
                0uy
                8uy
                3uy
                0uy
                0uy
                3uy
                232uy
                0uy
                0uy
                3uy
                232uy
                0uy
                0uy
                3uy
                232uy
            |]

            stream.Write(header, 0, header.Length)
            let block = Array.zeroCreate<byte> 1_000_000

            for _ in 1 .. size / block.Length do
                stream.Write(block, 0, block.Length)

        within "a gigabyte" path (fun () -> Idx.readImages path |> ignore)
        let error = refusalOf<DataFormatException, _>(fun () -> Idx.readImages path)
        Expect.stringContains error.Message "1000000000 bytes" "refused by its size")

let private shapesAlone =
    testCase "a model of any size is made of shapes alone" (fun () ->
        let make () =
            Vae.create
                (Prior.standard 2)
                (Posterior.diagonalNormal (Net.flatten --> Net.dense 1_000_000 --> Net.dense 1_000_000))
                (Likelihood.bernoulli (Net.denseDecoder [ 1_000_000 ]))

        let vae, cost = measure make
        Expect.stringContains (Vae.describe vae) "KL          exact" "its KL is known"
        cost.Peak |> Option.iter (fun peak -> Expect.isLessThan peak 64_000_000L "bytes"))

let tests = testList "Bounded" [ shapesAlone; models; safetensors; gzip ]
