/// Small data sets and runs that tests share.
module Vae.Cli.Tests.Studies

open System.IO
open VaeFunctional

let private write (folder: string) (stem: string) (images: DataSet) =
    Idx.WriteImages(Path.Combine(folder, $"%s{stem}-images-idx3-ubyte.gz"), images)
    Idx.WriteLabels(Path.Combine(folder, $"%s{stem}-labels-idx1-ubyte.gz"), Seq.toArray images.Labels)

/// A folder of IDX files: 200 digits for training and 60 held out.
let digits (root: string) : string =
    let folder = Directory.CreateDirectory(Path.Combine(root, "tiny")).FullName
    let drawn = Digits.Draw(1, 260)
    write folder "train" (drawn.Slice(0, 200))
    write folder "t10k" (drawn.Slice(200, 60))
    folder

/// The same of images of other sizes and values, two classes of noise.
let noise (root: string) (side: int) (levels: int) : string =
    let folder = Directory.CreateDirectory(Path.Combine(root, $"noise-%d{side}-%d{levels}")).FullName

    let images seed count =
        let random = System.Random(seed: int)
        let bytes = Array.init (count * side * side) (fun _ -> byte (random.Next levels))
        let labels = Array.init count (fun i -> i % 2)
        DataSet.FromBytes("noise", [| 1L; int64 side; int64 side |], bytes, float (levels - 1), labels)

    write folder "train" (images 1 40)
    write folder "t10k" (images 2 20)
    folder

/// The command line of a small experiment.
let experiment (name: string) (data: string) (output: string) (epochs: int) : string list = [
    yield! [ "experiment"; name; "--data"; data; "--output"; output ]
    yield! [ "--architecture"; "dense"; "--epochs"; string epochs; "--batch"; "50" ]
]

/// A folder with the data and a finished run of two epochs, while a test runs: its data and its run folder.
let withRun (test: string -> string -> unit) =
    Cli.inScratch (fun root ->
        let data = digits root
        let output = Path.Combine(root, "run")
        Cli.ok (experiment "2d" data output 2 @ [ "--quiet" ]) |> ignore
        test data output)
