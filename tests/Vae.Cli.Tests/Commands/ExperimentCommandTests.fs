module Vae.Cli.Tests.ExperimentCommandTests

open System.IO
open System.Text.Json
open System.Xml.Linq
open Expecto

let private keys = [
    "total"
    "reconstruction"
    "kl"
    "totalStandardError"
    "reconstructionStandardError"
    "klStandardError"
    "scoreName"
    "protocol"
    "images"
    "seconds"
    "imagesPerSecond"
    "run"
]

let private flat = [
    "latents.svg"
    "losses.svg"
    "manifold-linear.png"
    "manifold.png"
    "reconstructions.png"
    "samples.png"
]

let private sliced = [
    "latents.svg"
    "losses.svg"
    for slice in 1..3 do
        $"manifold-%d{slice}.png"
        $"manifold-linear-%d{slice}.png"
    "projections.svg"
    "reconstructions.png"
    "samples.png"
]

let private checkFigure (path: string) =
    if path.EndsWith ".svg" then
        match (XDocument.Load path).Root with
        | null -> failtest $"%s{path} is empty"
        | root -> Expect.equal root.Name.LocalName "svg" path
    else
        Expect.equal (Array.take 4 (File.ReadAllBytes path)) [| 137uy; 80uy; 78uy; 71uy |] path

/// What every run folder holds.
let private checkFolder (run: string) (result: JsonElement) (figures: string list) =
    let text file = File.ReadAllText(Path.Combine(run, file))
    let recorded = (Cli.json (text "run.json")).GetProperty "result"

    for key in List.except [ "run" ] keys do
        Expect.equal (recorded.GetProperty(key).GetRawText()) (result.GetProperty(key).GetRawText()) key

    let drawn = Directory.GetFiles(Path.Combine(run, "figures"))
    drawn |> Array.iter checkFigure
    Expect.sequenceEqual (drawn |> Array.map (fun f -> FileInfo(f).Name) |> Array.sort) (List.sort figures) "figures"

    let page = text "report.html"
    Expect.stringContains page ((Cli.number "total" result).ToString "F3") "the page has the total"
    Expect.stringContains page "id=\"latents\"" "the page has the figures"

    let rows = (text "metrics.csv").TrimEnd('\n').Split '\n' |> Array.map _.Split(',')
    Expect.hasLength rows 3 "a heading and a row for each epoch"
    rows |> Array.iter (fun row -> Expect.hasLength row 10 "columns")

    (Cli.json (text "model.json")).GetProperty "prior" |> ignore
    Expect.isFalse (File.Exists(Path.Combine(run, "checkpoint.safetensors"))) "the checkpoint is gone"
    Expect.isEmpty (Directory.GetFiles(run, "*.partial")) "nothing is half-written"

/// A small experiment, checked; its result and the last row of its metrics.
let private whole name extra figures (check: JsonElement -> string[] -> unit) =
    Cli.inScratch (fun root ->
        let run = Path.Combine(root, "run")
        let args = Studies.experiment name (Studies.digits root) run 2 @ [ "--json"; "--quiet" ] @ extra
        let result = Cli.json (Cli.ok args)
        Expect.equal (Cli.fields result) keys "keys of the result"
        Expect.equal (result.GetProperty("run").GetString()) run "run"
        checkFolder run result figures
        check result ((File.ReadAllLines(Path.Combine(run, "metrics.csv")) |> Array.last).Split ','))

let private refusedBefore words extra data =
    Cli.inScratch (fun root ->
        let run = Path.Combine(root, "run")
        Cli.refused 1 words (Studies.experiment "2d" (data root) run 1 @ extra)
        Expect.isFalse (Directory.Exists run) "no run folder is made for what is refused")

let tests =
    testList "experiment" [
        test "2d, from images to a report" {
            whole "2d" [] flat (fun result last ->
                let number name = Cli.number name result
                Expect.equal (result.GetProperty("protocol").GetString()) "held-out" "protocol"
                Expect.equal (result.GetProperty("scoreName").GetString()) "cross-entropy" "score"
                Expect.equal (number "images") 60.0 "held-out images"
                Expect.floatClose Accuracy.high (number "total") (number "reconstruction" + number "kl") "total"
                Expect.isGreaterThan (number "totalStandardError") 0.0 "standard error"
                // The KL has a closed form, and no noise: it is that of the last epoch's validation.
                Expect.equal (number "kl") (float last[6]) "KL of the last epoch's validation")
        }

        test "3d" { whole "3d" [] sliced (fun _ _ -> ()) }

        test "correlated" { whole "correlated" [ "--likelihood"; "gaussian" ] flat (fun _ _ -> ()) }

        test "training and reporting on all gives the last epoch's running mean, without standard errors" {
            whole "2d" [ "--protocol"; "train-and-report-on-all" ] flat (fun result last ->
                Expect.equal (result.GetProperty("protocol").GetString()) "train-and-report-on-all" "protocol"
                Expect.equal (Cli.number "images" result) 260.0 "all images"
                Expect.equal (Cli.number "total" result) (float last[1]) "total of the last epoch"
                Expect.equal last[4] "" "no validation"

                for key in [ "totalStandardError"; "reconstructionStandardError"; "klStandardError" ] do
                    Expect.equal (result.GetProperty(key).ValueKind) JsonValueKind.Null key)
        }

        test "binary pixels by their likelihood" {
            Cli.inScratch (fun root ->
                let args = Studies.experiment "2d" (Studies.noise root 6 2) (Path.Combine(root, "run")) 1
                let result = Cli.json (Cli.ok (args @ [ "--likelihood"; "bernoulli"; "--json"; "--quiet" ]))
                Expect.equal (result.GetProperty("scoreName").GetString()) "reconstruction" "a density")
        }

        test "the precision of a step is recorded, and refused by its words" {
            Cli.inScratch (fun root ->
                let run = Path.Combine(root, "run")
                let args = Studies.experiment "2d" (Studies.noise root 6 256) run 1
                Cli.refused 2 [ "--precision"; "half"; "single or bfloat16" ] (args @ [ "--precision"; "half" ])
                Cli.ok (args @ [ "--precision"; "single"; "--quiet" ]) |> ignore
                let settings = (Cli.json (File.ReadAllText(Path.Combine(run, "run.json")))).GetProperty "settings"
                Expect.equal (settings.GetProperty("precision").GetString()) "single" "recorded")
        }

        test "all experiments go to folders of their own in one" {
            Cli.inScratch (fun root ->
                let output = Path.Combine(root, "all")
                let args = Studies.experiment "all" (Studies.noise root 4 256) output 1 @ [ "--json"; "--quiet" ]
                let results = Cli.json (Cli.ok args)
                Expect.equal (Cli.fields results) [ "2d"; "3d"; "correlated" ] "results by name"

                for name in Cli.fields results do
                    Expect.isTrue (File.Exists(Path.Combine(output, name, "report.html"))) name)
        }

        test "without --json people are told epochs, results and paths, and with --quiet nothing" {
            Cli.inScratch (fun root ->
                let data = Studies.noise root 4 256
                let said = Cli.ok (Studies.experiment "2d" data (Path.Combine(root, "a")) 2)

                for text in [ "1/2"; "2/2"; "cross-entropy"; "KL"; "20 held-out images"; "report.html" ] do
                    Expect.stringContains said text "told"

                Expect.equal
                    (Cli.ok (Studies.experiment "2d" data (Path.Combine(root, "b")) 1 @ [ "--quiet" ]))
                    ""
                    "quiet")
        }

        test "a batch larger than the data is all of it" {
            Cli.inScratch (fun root ->
                let data = Studies.digits root

                let total batch =
                    let run = Path.Combine(root, batch)

                    let args =
                        Studies.experiment "2d" data run 2 @ [ "--json"; "--quiet" ]
                        |> List.map (fun word -> if word = "50" then batch else word)

                    let result = Cli.json (Cli.ok args)
                    Cli.number "total" result, File.ReadAllText(Path.Combine(run, "report.html"))

                let whole, _ = total "200"
                let large, page = total "2147483647"
                Expect.equal large whole "total"
                Expect.stringContains page "2 epochs of one batch of all 200 images" "the page says so")
        }

        test "the training images decide what pixels stand for, and the record says it" {
            Cli.inScratch (fun root ->
                let scales data =
                    let run = Path.Combine(root, DirectoryInfo(data).Name + "-run")
                    Cli.ok (Studies.experiment "2d" data run 1 @ [ "--quiet" ]) |> ignore
                    let record = Cli.json (File.ReadAllText(Path.Combine(run, "run.json")))

                    [ for part in [ "train"; "heldOut" ] -> Cli.number "pixelScale" (record.GetProperty part) ],
                    File.ReadAllText(Path.Combine(run, "report.html"))

                let dark = Studies.noise root 4 256

                VaeFunctional.Idx.WriteImages(
                    Path.Combine(dark, "t10k-images-idx3-ubyte.gz"),
                    VaeFunctional.DataSet.FromBytes("dark", [| 1L; 4L; 4L |], Array.init 320 (fun i -> byte (i % 2)))
                )

                let found, page = scales dark
                Expect.equal found [ 255.0; 255.0 ] "dark test images beside grey training images"
                Expect.stringContains page "bytes divided by 255" "the page says so"
                let found, page = scales (Studies.noise root 4 2)
                Expect.equal found [ 1.0; 1.0 ] "pixels of 0 and 1"
                Expect.stringContains page "0 and 1, as all of the training images" "the page says so")
        }

        test "counts out of range are refused" {
            for option, value in [ "--batch", "0"; "--batch", "2147483648"; "--epochs", "0"; "--epochs", "-1" ] do
                Cli.refused 2 [ option; value ] [ "experiment"; "2d"; option; value ]
        }

        test "no run is overwritten" {
            Studies.withRun (fun data run ->
                let before = File.ReadAllText(Path.Combine(run, "run.json"))
                Cli.refused 1 [ run; "exists and is not empty" ] (Studies.experiment "2d" data run 1)
                Expect.equal (File.ReadAllText(Path.Combine(run, "run.json"))) before "what was there")
        }

        test "a folder that is not there is refused" {
            refusedBefore [ "--data is"; "nowhere"; "is no folder" ] [] (fun root -> Path.Combine(root, "nowhere"))
        }

        test "a folder without IDX files is refused" {
            refusedBefore [ "train-images-idx3-ubyte" ] [] (fun root ->
                Directory.CreateDirectory(Path.Combine(root, "empty")).FullName)
        }

        test "grey pixels have no Bernoulli likelihood" {
            refusedBefore [ "--likelihood bernoulli expects 0 and 1" ] [ "--likelihood"; "bernoulli" ] Studies.digits
        }

        test "convolutions take sides that can be halved twice" {
            Cli.inScratch (fun root ->
                let data = Studies.noise root 6 256

                for architecture in [ "conv"; "residual" ] do
                    Cli.refused 1 [ "6 x 6"; $"--architecture %s{architecture}"; "divisible by 4" ] [
                        yield! [ "experiment"; "2d"; "--data"; data; "--output"; Path.Combine(root, "run") ]
                        yield! [ "--architecture"; architecture ]
                    ])
        }

        test "residual nets train, and their run is read again" {
            Cli.inScratch (fun root ->
                let data, run = Studies.noise root 8 256, Path.Combine(root, "run")

                Cli.ok [
                    yield! [ "experiment"; "2d"; "--data"; data; "--output"; run; "--quiet" ]
                    yield! [ "--architecture"; "residual"; "--epochs"; "1"; "--batch"; "20" ]
                ]
                |> ignore

                let record = Cli.json (File.ReadAllText(Path.Combine(run, "run.json")))
                let architecture = record.GetProperty("settings").GetProperty("architecture").GetString()
                Expect.equal architecture "residual" "the record"
                Cli.ok [ "evaluate"; run ] |> ignore)
        }
    ]
