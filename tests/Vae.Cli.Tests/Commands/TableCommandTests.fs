module Vae.Cli.Tests.TableCommandTests

open System
open System.Globalization
open System.IO
open Expecto

let private number (value: float) = value.ToString("F3", CultureInfo.InvariantCulture)

/// Rows of two kinds, whose numbers are near one another's sums; some values are missing, and row 7 is odd by its length.
let private write (path: string) (rows: int) =
    let kinds = [ "oak"; "fir" ]

    let row i =
        let u, v = sin (float i * 12.9898) * 0.5, sin (float i * 78.233) * 0.5
        let length = if i = 6 then 9.0 else u + v
        let width = if i % 9 = 3 then "" else number v
        $"%s{number u},%s{width},%s{number length},%s{kinds[if u > 0.0 then 0 else 1]}"

    File.WriteAllLines(path, "a,b,length,kind" :: [ for i in 0 .. rows - 1 -> row i ])

let private cells (file: string) = File.ReadAllLines file |> Array.map _.Split(',')

let tests =
    testList "tables" [
        test "a table is trained on, scored, filled and sampled" {
            Cli.inScratch (fun folder ->
                let at name = Path.Combine(folder, name)
                write (at "trees.csv") 200
                let train = [ "train"; at "trees.csv"; "--output"; at "run"; "--epochs"; "200"; "--seed"; "1" ]
                let said = Cli.ok train

                for words in
                    [
                        "200 rows"
                        "kind: binary: fir or oak"
                        "b: real; 22 missing"
                        "200/200"
                        "row 7:"
                        "length = 9"
                    ] do
                    Expect.stringContains said words "said"

                let inRun name = Path.Combine(at "run", name)
                let page = File.ReadAllText(inRun "report.html")

                for words in
                    [ "The rows of trees"; "length = 9 (+"; ">kind</option>"; "<td>22 (11 %)</td><td>real</td>" ] do
                    Expect.stringContains page words "in the run's page"

                for figure in [ "columns.svg"; "correlations.svg"; "codes-1.svg" ] do
                    Expect.isTrue (File.Exists(inRun $"figures/%s{figure}")) figure

                Cli.ok [ "score"; at "run"; "--data"; at "trees.csv"; "--output"; at "scores.csv"; "--quiet" ]
                |> ignore

                let scores = cells (at "scores.csv")
                Expect.equal (scores[0][..4]) [| "row"; "score"; "rank"; "p"; "odd" |] "columns"
                Expect.hasLength scores 201 "a row each"
                Expect.equal (scores[7][2]) "1" "the odd row is the first in rank"

                let alarms =
                    Cli.ok [
                        "score"
                        at "run"
                        "--data"
                        at "trees.csv"
                        "--output"
                        at "alarms.csv"
                        "--false-alarms"
                        "0.1"
                    ]

                Expect.stringContains alarms "false alarms, from" "the rate and its interval"
                let rows = cells (at "alarms.csv")
                Expect.equal (rows[0][4]) "alarm" "a column more"
                Expect.equal (rows[7][4]) "yes" "the odd row"
                let yes = rows |> Array.filter (fun row -> row[4] = "yes") |> Array.length
                Expect.stringContains alarms $"%d{yes} alarms" "as many as it says"

                let score more =
                    [ "score"; at "run"; "--data"; at "trees.csv"; "--output"; at "by.csv"; "--quiet" ] @ more

                for kind in [ "log-likelihood"; "bound"; "reconstruction"; "latent" ] do
                    Cli.ok (score [ "--by"; kind ]) |> ignore
                    let rows = cells (at "by.csv")

                    // What makes a row odd is in quotes, of any number of commas.
                    let count = rows[0].Length - 5

                    for row in rows[1..] do
                        let parts = row |> Array.skip (row.Length - count) |> Array.sumBy float
                        Expect.floatClose Accuracy.medium parts (float row[1]) $"%s{kind}: the parts' sum"

                Cli.refused 1 [ "--samples"; "--by latent" ] (score [ "--by"; "latent"; "--samples"; "5" ])
                Cli.refused 2 [ "--by"; "'oddity'"; "reconstruction" ] (score [ "--by"; "oddity" ])

                let impute more =
                    Cli.ok ([ "impute"; at "run"; "--data"; at "trees.csv"; "--output"; at "filled.csv" ] @ more)

                impute [ "--quiet" ] |> ignore
                Expect.stringContains (impute [ "--copies"; "3" ]) "filled-3.csv" "says where they are"
                let copies = [ for i in 1..3 -> cells (at $"filled-%d{i}.csv") ]
                let original = cells (at "trees.csv")

                for i in 1..200 do
                    for copy in copies do
                        Expect.notEqual (copy[i][1]) "" "filled"

                        if original[i][1] <> "" then
                            Expect.equal (float (copy[i][1])) (float (original[i][1])) "what is there stays"

                Expect.notEqual copies[0] copies[1] "drawn anew"

                let before, after = cells (at "trees.csv"), cells (at "filled.csv")

                for i in 1..200 do
                    Expect.notEqual (after[i][1]) "" "filled"
                    Expect.equal (after[i][3]) (before[i][3]) "what is there stays"

                Cli.ok [ "encode"; at "run"; "--data"; at "trees.csv"; "--output"; at "codes.csv" ] |> ignore
                let codes = cells (at "codes.csv")
                Expect.equal (codes[0]) [| "row"; "z0"; "z1" |] "columns"
                Expect.hasLength codes 201 "a row each"
                Cli.refused 1 [ "--data"; "the file of a table" ] [ "encode"; at "run"; "--output"; at "codes.csv" ]

                let sampled name =
                    Cli.ok [ "sample"; at "run"; "--count"; "30"; "--output"; at name; "--quiet" ] |> ignore
                    File.ReadAllText(at name)

                Expect.equal (sampled "a.csv") (sampled "b.csv") "by the seed"
                Expect.hasLength (cells (at "a.csv")) 31 "rows")
        }

        test "a schema is given back" {
            Cli.inScratch (fun folder ->
                let at name = Path.Combine(folder, name)
                write (at "trees.csv") 100
                let train more = [ "train"; at "trees.csv"; "--epochs"; "2"; "--quiet" ] @ more
                Cli.ok (train [ "--output"; at "run" ]) |> ignore
                let schema = File.ReadAllText(Path.Combine(at "run", "schema.json"))

                File.WriteAllText(
                    at "mine.json",
                    schema.Replace("\"length\", \"kind\": \"real\"", "\"length\", \"kind\": \"label\"")
                )

                Cli.ok (train [ "--output"; at "other"; "--schema"; at "mine.json" ]) |> ignore
                let changed = File.ReadAllText(Path.Combine(at "other", "schema.json"))
                Expect.stringContains changed "\"kind\": \"label\"" "as it was given"

                Cli.ok [ "score"; at "other"; "--data"; at "trees.csv"; "--output"; at "s.csv"; "--quiet" ]
                |> ignore

                let names = (cells (at "s.csv"))[0]
                Expect.isFalse (names |> Array.exists _.StartsWith("length")) "no model is of it")
        }

        test "a table is read as it is said to be written" {
            Cli.inScratch (fun folder ->
                let at name = Path.Combine(folder, name)

                let rows = [
                    for i in 0..59 -> $"caf\u00e9 %d{i % 3}:%s{number (sin (float i))}:%s{number (cos (float i))}"
                ]

                let rows = "kind:a:b" :: "kind:-:0.5" :: rows
                File.WriteAllLines(at "t.csv", rows, Text.Encoding.Latin1)

                let train more =
                    [ "train"; at "t.csv"; "--output"; at "run"; "--epochs"; "1"; "--separator"; ":" ] @ more

                Cli.refused 1 [ "utf-8"; "--encoding latin1" ] (train [ "--quiet" ])
                let latin = [ "--encoding"; "latin1" ]
                Cli.refused 1 [ "line 2"; "'-'"; "--missing" ] (train latin)
                let said = Cli.ok (train (latin @ [ "--missing"; "-" ]))
                Expect.stringContains said "a: real; 1 missing" "said"
                let score = [ "score"; at "run"; "--data"; at "t.csv"; "--output"; at "s.csv"; "--quiet" ]
                Cli.ok (score @ [ "--separator"; ":" ] @ latin) |> ignore
                Expect.stringContains (File.ReadAllText(at "s.csv")) "kind (nats)" "scored"
                Cli.refused 1 [ "--separator"; "'::'" ] [ "train"; at "t.csv"; "--separator"; "::" ]
                Cli.refused 1 [ "--encoding"; "'elbisch'" ] [ "train"; at "t.csv"; "--encoding"; "elbisch" ])
        }

        test "what does not fit is refused in a line" {
            Cli.inScratch (fun folder ->
                let at name = Path.Combine(folder, name)
                write (at "trees.csv") 60
                File.WriteAllText(at "bad.csv", "a,b\n1,2\n1,2,3\n")
                Cli.refused 1 [ "nowhere.csv"; "no file" ] [ "train"; at "nowhere.csv" ]
                Cli.refused 2 [ "'2e'"; "the file of a table" ] [ "train"; "2e" ]
                Cli.refused 1 [ "bad.csv, line 3"; "3 cells" ] [ "train"; at "bad.csv"; "--output"; at "run" ]
                Expect.isFalse (Directory.Exists(at "run")) "nothing is left"
                let train more = [ "train"; at "trees.csv"; "--output"; at "run"; "--epochs"; "1"; "--quiet" ] @ more
                Cli.refused 1 [ "--likelihood"; "images" ] (train [ "--likelihood"; "gaussian" ])
                Cli.refused 2 [ "objective"; "'elbow'" ] (train [ "--objective"; "elbow" ])
                Cli.refused 1 [ "summed"; "categories" ] (train [ "--objective"; "summed" ])
                Expect.isFalse (Directory.Exists(at "run")) "nothing is left"
                Cli.refused 1 [ "--schema"; "tables" ] [ "experiment"; "2d"; "--schema"; at "x.json" ]
                Cli.ok (train []) |> ignore
                Cli.refused 1 [ "not empty" ] (train [])
                File.WriteAllText(at "other.csv", "a,b\n1,2\n")
                let score run data = [ "score"; at run; "--data"; at data; "--output"; at "s.csv" ]
                Cli.refused 1 [ "'a', 'b'"; "'length', 'kind'" ] (score "run" "other.csv")
                Cli.refused 1 [ "table.json" ] (score "nowhere" "trees.csv"))
        }
    ]
