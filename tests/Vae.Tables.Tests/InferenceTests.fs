module Vae.Tables.Tests.InferenceTests

open System
open Expecto
open Vae.Tables
open Vae.Tables.Tests.Written

/// What a column of texts, beside one of numbers, is taken for.
let private kindOf folder (values: string seq) : ColumnKind * string =
    let path =
        rows folder "x,beside,too" (values |> Seq.mapi (fun i value -> $"%s{value},%d{i % 7}.5,%d{i % 5}.5"))

    let inferred = Table.infer path
    inferred.Schema.Columns.Head.Kind, snd inferred.Notes.Head

let private text (format: string) i =
    DateTime(2020, 1, 15).AddDays(float i).ToString(format, Globalization.CultureInfo.InvariantCulture)

let tests =
    testList "Inference" [
        inFolder "columns are taken for what their values are" (fun folder ->
            let kind values = fst (kindOf folder values)
            let many f = Seq.init 60 f
            Expect.equal (kind (many (fun i -> $"%f{sin (float i)}"))) ColumnKind.Real "numbers of both signs"

            Expect.equal
                (kind (many (fun i -> $"%f{exp (3.0 * sin (float i * 1.7))}")))
                ColumnKind.Positive
                "skewed ones"

            Expect.equal (kind (many (fun i -> string (i % 5)))) ColumnKind.Count "counts"
            Expect.equal (kind (many (fun i -> string (1990 + i % 20)))) ColumnKind.Real "years"

            Expect.equal
                (kind (many (fun i -> if i % 3 = 0 then "1" else "0")))
                (ColumnKind.Binary [ "0"; "1" ])
                "binary"

            let colours = [ "red"; "green"; "blue" ]

            Expect.equal
                (kind (many (fun i -> colours[i % 3])))
                (ColumnKind.Category [ "blue"; "green"; "red" ])
                "a category"

            Expect.equal (kind (many (text "yyyy-MM-dd"))) (ColumnKind.Date "yyyy-MM-dd") "dates"
            Expect.equal (kind (many (text "dd.MM.yyyy"))) (ColumnKind.Date "dd.MM.yyyy") "German ones"
            Expect.equal (kind (many (text "dd/MM/yyyy"))) (ColumnKind.Date "dd/MM/yyyy") "days above 12 tell")

        inFolder "what is left out is said" (fun folder ->
            let note words (values: string seq) =
                let kind, note = kindOf folder values
                Expect.equal kind ColumnKind.Ignored "left out"

                for word in words do
                    Expect.stringContains note word "said"

            note [ "every value is '5'" ] (Seq.init 30 (fun _ -> "5"))
            note [ "every value is missing" ] (Seq.init 30 (fun _ -> "NA"))
            note [ "identifier" ] (Seq.init 30 (fun i -> string (i + 100)))
            note [ "30 texts"; "identifier" ] (Seq.init 30 (fun i -> $"name %d{i}"))
            note [ "more than 50000 texts" ] (Seq.init 60_000 (fun i -> $"level %d{i}")))

        inFolder "rare levels of many are other" (fun folder ->
            let values = Seq.init 4000 (fun i -> $"level %d{(i * i) % 397 % 150}")
            let kind, note = kindOf folder values

            match kind with
            | ColumnKind.Category levels -> Expect.hasLength levels 64 "levels"
            | other -> failtest $"%A{other}"

            Expect.stringContains note "the 64 most frequent of" "said")

        inFolder "missing values are counted, and do not change the kind" (fun folder ->
            let kind, note = kindOf folder (Seq.init 40 (fun i -> if i % 4 = 0 then "NA" else $"%f{cos (float i)}"))
            Expect.equal (kind, note) (ColumnKind.Real, "real; 10 missing") "said")

        inFolder "what cannot be told is refused with its line and column" (fun folder ->
            let refuses words values = refused words (fun () -> kindOf folder values)

            refuses
                [ "line 12"; "column 'x'"; "'oops'"; "--missing" ]
                (Seq.init 60 (fun i -> if i = 10 then "oops" else $"%d{i}.25"))

            refuses [ "line 3"; "'inf'"; "finite" ] (Seq.init 60 (fun i -> if i = 1 then "inf" else $"%d{i}.25"))
            refuses [ "decimal comma" ] (Seq.init 30 (fun i -> $"\"%d{i},25\"") |> Seq.append [ "\"1,5\"" ])

            refuses
                [ "dd/MM/yyyy or MM/dd/yyyy" ]
                (Seq.init 12 (fun i -> $"%02d{i % 12 + 1}/%02d{(i * 5) % 12 + 1}/2020"))

            refuses
                [ "dates in one format"; "yyyy-MM-dd"; "dd.MM.yyyy" ]
                (Seq.init 30 (fun i -> text (if i % 2 = 0 then "yyyy-MM-dd" else "dd.MM.yyyy") i))

            let refusesTable words text = refused words (fun () -> Table.infer (file folder "t.csv" text))
            refusesTable [ "t.csv"; "no row" ] "a,b\n"
            refusesTable [ "fewer than two columns"; "--separator" ] "a\n1\n2\n3\n")

        inFolder "ten thousand columns are looked at" (fun folder ->
            let names = String.Join(",", Seq.init 10_000 (fun j -> $"c%d{j}"))
            let row i = String.Join(",", Seq.init 10_000 (fun j -> $"%d{(i * j) % 13}.5"))
            let inferred = Table.infer (rows folder names (Seq.init 12 row))
            Expect.hasLength inferred.Schema.Columns 10_000 "columns")
    ]
