module Vae.Cli.Tests.SheetCommandTests

open System.Buffers.Binary
open System.IO
open Expecto

/// Width and height of a PNG file.
let private size (path: string) =
    let bytes = File.ReadAllBytes path
    let at (i: int) = BinaryPrimitives.ReadInt32BigEndian(System.ReadOnlySpan(bytes, i, 4))
    Expect.equal bytes[1..3] "PNG"B "signature"
    at 16, at 20

let tests =
    testList "sheets" [
        test "samples of a run, the same for the same seed" {
            Studies.withRun (fun _ run ->
                let sheet name seed =
                    let file = Path.Combine(run, name)
                    Cli.ok [ "sample"; run; "--count"; "9"; "--seed"; seed; "--output"; file; "--quiet" ] |> ignore
                    File.ReadAllBytes file

                let width, height =
                    sheet "a.png" "1" |> ignore
                    size (Path.Combine(run, "a.png"))

                Expect.equal width height "three by three"
                Expect.equal (sheet "b.png" "1") (sheet "a.png" "1") "same seed"
                Expect.notEqual (sheet "c.png" "2") (sheet "a.png" "1") "another seed"
                Expect.isEmpty (Directory.GetFileSystemEntries(run, "*.partial")) "nothing is left beside it")
        }

        test "a sheet of digits replaces the file of its name" {
            Cli.inScratch (fun root ->
                let file = Path.Combine(root, "my digits.png")
                File.WriteAllText(file, "old")
                let said = Cli.ok [ "digits"; "--count"; "6"; "--output"; file ]
                Expect.stringContains said "6 digits" "told"
                let width, height = size file
                Expect.isGreaterThan width height "three by two")
        }

        test "more images than a sheet holds are refused" {
            for count in [ "0"; "10001"; "2147483647" ] do
                Cli.refused 2 [ "--count"; count; "at least 1 and at most 10000" ] [
                    yield! [ "digits"; "--count"; count; "--output"; "x.png" ]
                ]

                Cli.refused 2 [ "--count"; count ] [ "sample"; "run"; "--count"; count; "--output"; "x.png" ]
        }

        test "a name that is none of a PNG file is refused" {
            Cli.refused 1 [ "--output is 'x.jpg'; expected"; ".png" ] [ "digits"; "--output"; "x.jpg" ]
        }

        test "a folder that is not there is refused" {
            Cli.inScratch (fun root ->
                Cli.refused 1 [ "does not exist" ] [ "digits"; "--output"; Path.Combine(root, "no", "x.png") ])
        }
    ]
