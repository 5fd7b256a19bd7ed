module Vae.Tables.Tests.CsvTests

open System.IO
open System.IO.Compression
open System.Text
open Expecto
open Vae.Tables
open Vae.Tables.Tests.Written

let private cells (source: TableSource) : string list list = [
    for chunk in source.Chunks() do
        for i in 0 .. chunk.Count - 1 do
            [
                for cells in chunk.Cells do
                    match cells with
                    | Cells.Texts texts -> texts[i]
                    | Cells.Numbers numbers -> string numbers[i]
            ]
]

let private read path = Csv.source Csv.defaults path

let tests =
    testList "Csv" [
        inFolder "cells in quotes may hold separators, quotes and lines" (fun folder ->
            let path = file folder "t.csv" "a,b\n1,\"x,y\"\n2,\"say \"\"so\"\"\"\n3,\"two\nlines\"\n"
            let source = read path
            Expect.equal source.Columns [ "a"; "b" ] "names"
            Expect.equal source.Name "t" "name"
            Expect.equal (cells source) [ [ "1"; "x,y" ]; [ "2"; "say \"so\"" ]; [ "3"; "two\nlines" ] ] "cells"
            Expect.equal (cells source) (cells source) "it is read as often as it takes")

        inFolder "the first line tells the separator" (fun folder ->
            for separator, name in [ ",", "t.csv"; ";", "u.csv"; "\t", "t.tsv"; "|", "v.csv" ] do
                let path = file folder name $"a%s{separator}b\n1%s{separator}2\n"
                Expect.equal (cells (read path)) [ [ "1"; "2" ] ] name)

        inFolder "a byte-order mark is no part of a name" (fun folder ->
            let text = Array.append [| 0xEFuy; 0xBBuy; 0xBFuy |] (Encoding.UTF8.GetBytes "a,b\n1,2\n")
            Expect.equal (read (bytes folder "t.csv" text)).Columns [ "a"; "b" ] "names")

        inFolder "windows' lines and blank lines are read" (fun folder ->
            let path = file folder "t.csv" "a,b\r\n1,2\r\n\r\n3,4"
            Expect.equal (cells (read path)) [ [ "1"; "2" ]; [ "3"; "4" ] ] "cells")

        inFolder "a gzip file is the table inside" (fun folder ->
            let path = Path.Combine(folder, "t.csv.gz")

            using (new GZipStream(File.Create path, CompressionLevel.Fastest)) (fun zip ->
                zip.Write(Encoding.UTF8.GetBytes "a,b\n1,2\n"))

            let source = read path
            Expect.equal (source.Name, cells source) ("t", [ [ "1"; "2" ] ]) "cells")

        inFolder "more rows than a chunk are all there, with their lines" (fun folder ->
            let path = rows folder "a,b" (Seq.init 10_000 (fun i -> $"%d{i},%d{i + 1}"))
            let source = read path
            Expect.equal (cells source |> List.map List.head) [ for i in 0..9999 -> string i ] "rows"
            let last = source.Chunks() |> Seq.last
            Expect.stringEnds (last.Where(last.Count - 1)) "line 10001" "where the last one is")

        inFolder "what is no table is refused by file, line and what was expected" (fun folder ->
            let refuses words text = refused words (fun () -> cells (read (file folder "t.csv" text)))
            refuses [ "t.csv"; "empty"; "a line of names" ] ""
            refuses [ "t.csv, line 3"; "3 cells"; "2, one for each name" ] "a,b\n1,2\n1,2,3\n"
            refuses [ "t.csv, line 2"; "1 cells" ] "a,b\n1\n"
            refuses [ "line 1"; "2 columns called 'a'" ] "a,b,a\n1,2,3\n"
            refuses [ "line 1"; "column 2 without a name" ] "a,,c\n1,2,3\n"
            let unclosed = "a,b\n1,\"open\n" + String.replicate 20 "1,2\n"
            refuses [ "line 2 to its end"; "a quote that is not closed" ] (unclosed + "3")

            refuses
                [ "line 3"; "1 cells; it goes on to line 24, as from a quote" ]
                (unclosed.Replace("1,\"open", "1,2\n\"open"))

            refused [ "nowhere.csv"; "no file" ] (fun () -> read (Path.Combine(folder, "nowhere.csv")))
            let latin = Array.append (Encoding.UTF8.GetBytes "a,b\n1,caf") [| 0xE9uy; 0x0Auy |]
            let path = bytes folder "latin.csv" latin
            refused [ "latin.csv"; "utf-8"; "latin1" ] (fun () -> cells (read path))
            let options = { Csv.defaults with Encoding = Encoding.Latin1 }
            Expect.equal (cells (Csv.source options path)) [ [ "1"; "café" ] ] "as what it is")
    ]
