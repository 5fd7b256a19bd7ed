module Vae.Cli.Tests.CultureTests

open System.Globalization
open System.IO
open Expecto

/// Decimal commas, the dotless i, and a sign of a culture's own, with or without its data on this machine.
let private cultures =
    let own = CultureInfo("", false)
    own.NumberFormat.NumberDecimalSeparator <- ","
    own.NumberFormat.NumberGroupSeparator <- "."
    own.NumberFormat.NegativeSign <- "\u2212"

    let named name =
        try
            Some(CultureInfo(name: string))
        with :? CultureNotFoundException ->
            // A system without the data of cultures knows none by name.
            None

    own :: List.choose named [ "de-DE"; "tr-TR" ]

let private under (culture: CultureInfo) (act: unit -> 'a) : 'a =
    let before = CultureInfo.CurrentCulture
    CultureInfo.CurrentCulture <- culture

    try
        let result = act ()
        Expect.equal CultureInfo.CurrentCulture culture "the caller's culture is left to it"
        result
    finally
        CultureInfo.CurrentCulture <- before

/// The files of a run but for what says when it was made and how long that took.
let private files (data: string) (run: string) =
    Cli.ok (Studies.experiment "2d" data run 2 @ [ "--quiet" ]) |> ignore
    let codes = Path.Combine(run, "codes.csv")
    Cli.ok [ "encode"; run; "--output"; codes; "--quiet" ] |> ignore
    let lines file = File.ReadAllLines(Path.Combine(run, file)) |> List.ofArray

    let isTimeless (line: string) =
        [ "started"; "finished"; "seconds"; "imagesPerSecond" ]
        |> List.forall (fun name -> not (line.Contains $"\"%s{name}\""))

    [
        "metrics.csv",
        [
            for row in lines "metrics.csv" -> let c = row.Split ',' in String.concat "," (Array.append c[..6] c[9..])
        ]
        "codes.csv", lines "codes.csv"
        "run.json", lines "run.json" |> List.filter isTimeless
        "model.json", lines "model.json"

        for figure in Directory.GetFiles(Path.Combine(run, "figures"), "*.svg") |> Array.sort do
            FileInfo(figure).Name, File.ReadAllLines figure |> List.ofArray
    ]

let private kl = [ "kl"; "Normal(-0.5, 1.5)"; "Laplace(loc=0.25, scale=2.5)" ]

let tests =
    // One after another: a culture is the thread's.
    testSequenced
    <| testList "culture" [
        test "the files of a run are the same in every culture" {
            Cli.inScratch (fun root ->
                let data = Studies.digits root
                let expected = under CultureInfo.InvariantCulture (fun () -> files data (Path.Combine(root, "run")))

                for i, culture in List.indexed cultures do
                    let found = under culture (fun () -> files data (Path.Combine(root, $"run-%d{i}")))

                    for (name, lines), (_, there) in List.zip expected found do
                        Expect.equal there lines $"%s{name} under '%s{culture.Name}'"

                    for row in List.tail (snd (List.find (fun (name, _) -> name = "metrics.csv") found)) do
                        Expect.hasLength (row.Split ',') 8 "columns")
        }

        test "a divergence is read and printed the same in every culture" {
            let asked () = Cli.ok kl, Cli.ok (kl @ [ "--json" ])
            let expected = under CultureInfo.InvariantCulture asked

            for culture in cultures do
                Expect.equal (under culture asked) expected culture.Name
        }
    ]
