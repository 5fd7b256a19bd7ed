module Vae.Tables.Tests.NpyTests

open System
open System.IO
open System.IO.Compression
open System.Text
open Expecto
open Vae.Tables
open Vae.Tables.Tests.Written

/// A file as numpy.save lays it out, of a version.
let private npy (version: byte) (descr: string) (isFortran: bool) (shape: string) (body: byte[]) : byte[] =
    let order = if isFortran then "True" else "False"

    let header =
        Encoding.ASCII.GetBytes $"{{'descr': '%s{descr}', 'fortran_order': %s{order}, 'shape': (%s{shape}), }}\n"

    Array.concat [
        [| 0x93uy |]
        "NUMPY"B
        [| version; 0uy |]
        (if version = 1uy then
             BitConverter.GetBytes(uint16 header.Length)
         else
             BitConverter.GetBytes(uint32 header.Length))
        header
        body
    ]

let private read folder content = Npy.read (bytes folder "a.npy" content)

let private half (x: float32) : Half = Half.op_Explicit x

/// 1, 2 and -3, or 3 where there is no sign, in each type as it stands in memory on this machine.
let private types: (string * int * byte[]) list = [
    "i1", -3, [| 1uy; 2uy; 253uy |]
    "u1", 3, [| 1uy; 2uy; 3uy |]
    "i2", -3, ([| 1s; 2s; -3s |] |> Array.collect BitConverter.GetBytes)
    "u2", 3, ([| 1us; 2us; 3us |] |> Array.collect BitConverter.GetBytes)
    "i4", -3, ([| 1; 2; -3 |] |> Array.collect BitConverter.GetBytes)
    "u4", 3, ([| 1u; 2u; 3u |] |> Array.collect BitConverter.GetBytes)
    "i8", -3, ([| 1L; 2L; -3L |] |> Array.collect BitConverter.GetBytes)
    "u8", 3, ([| 1UL; 2UL; 3UL |] |> Array.collect BitConverter.GetBytes)
    "f2", -3, ([| 1.0f; 2.0f; -3.0f |] |> Array.collect (fun x -> BitConverter.GetBytes(half x)))
    "f4", -3, ([| 1.0f; 2.0f; -3.0f |] |> Array.collect BitConverter.GetBytes)
    "f8", -3, ([| 1.0; 2.0; -3.0 |] |> Array.collect BitConverter.GetBytes)
]

let tests =
    testList "Npy" [
        inFolder "every type of numbers is read in both byte orders and all versions" (fun folder ->
            for name, last, little in types do
                let size = little.Length / 3
                let big = little |> Array.chunkBySize size |> Array.collect Array.rev

                for order, body in [ "<", little; ">", big; (if size = 1 then "|" else "="), little ] do
                    for version in [ 1uy; 2uy; 3uy ] do
                        let array = read folder (npy version (order + name) false "3," body)
                        Expect.equal (array.Shape, array.Values) ([ 3 ], [| 1.0; 2.0; float last |]) (order + name)

            let truths = read folder (npy 1uy "|b1" false "2," [| 1uy; 0uy |])
            Expect.equal truths.Values [| 1.0; 0.0 |] "booleans")

        inFolder "an array in the order of its columns is given row by row" (fun folder ->
            let values = [| for i in 0..23 -> byte i |]
            // Element (i, j, k) of the file is at i + 2 j + 6 k.
            let array = read folder (npy 1uy "|u1" true "2, 3, 4" values)

            let expected = [|
                for i in 0..1 do
                    for j in 0..2 do
                        for k in 0..3 -> float (i + 2 * j + 6 * k)
            |]

            Expect.equal array.Values expected "row by row")

        inFolder "an archive's arrays are columns of a table" (fun folder ->
            let path = Path.Combine(folder, "set.npz")

            using (new ZipArchive(File.Create path, ZipArchiveMode.Create)) (fun zip ->
                let add (name: string) (content: byte[]) =
                    use entry = zip.CreateEntry(name).Open()
                    entry.Write content

                let numbers = [| 0..29 |] |> Array.collect (fun i -> [| float i + 0.5; float (i * i) |])
                add "X.npy" (npy 1uy "<f8" false "30, 2" (numbers |> Array.collect BitConverter.GetBytes))
                add "y.npy" (npy 1uy "|u1" false "30," (Array.init 30 (fun i -> byte (i % 2)))))

            Expect.equal (Npz.read path |> List.map fst) [ "X"; "y" ] "names"
            let table = Table.load path
            Expect.equal (table.Schema.Columns |> List.map _.Name) [ "x0"; "x1"; "y" ] "columns"
            Expect.equal ((Table.numbers "x1" table)[3]) 9.0 "a number"
            Expect.equal ((Table.texts "y" table)[3]) "1" "a level")

        inFolder "an archive's arrays have names of their own" (fun folder ->
            let archive name arrays =
                let path = Path.Combine(folder, name)

                using (new ZipArchive(File.Create path, ZipArchiveMode.Create)) (fun zip ->
                    for array, content: byte[] in arrays do
                        use entry = zip.CreateEntry(array + ".npy").Open()
                        entry.Write content)

                path

            let table = npy 1uy "|u1" false "3, 2" [| 1uy .. 6uy |]
            let column = npy 1uy "|u1" false "3," [| 1uy .. 3uy |]
            let twice = archive "twice.npz" [ "X", table; "y", column; "y", column ]
            refused [ "twice.npz"; "2 arrays called 'y'"; "differ" ] (fun () -> Npz.read twice)
            // The numbers of the array of rows and columns are x0 and x1.
            let taken = archive "taken.npz" [ "X", table; "x1", column ]
            refused [ "taken.npz"; "2 columns called 'x1'" ] (fun () -> Table.load taken))

        inFolder "what is no array of numbers is refused" (fun folder ->
            let refuses words content = refused words (fun () -> read folder content)
            refuses [ "a.npy"; "no array" ] "something else entirely"B
            refuses [ "objects"; "unpickled" ] (npy 1uy "|O" false "3," [| 1uy |])
            refuses [ "'U3'"; "real numbers" ] (npy 1uy "<U3" false "1," (Array.zeroCreate 12))
            refuses [ "'c16'" ] (npy 1uy "<c16" false "1," (Array.zeroCreate 16))
            refuses [ "version 9" ] (npy 9uy "<f8" false "1," (Array.zeroCreate 8))
            refuses [ "as many as the file holds" ] (npy 1uy "<f8" false "1000000, 1000000" [||])
            refuses [ "as many as the file holds" ] (npy 1uy "<f8" false "2000000000, 2000000000, 2000000000" [||])
            refuses [ "an end after" ] (npy 1uy "<f8" false "3," (Array.zeroCreate 20))
            refuses [ "shape" ] (npy 1uy "<f8" false "-3," (Array.zeroCreate 24))
            refused [ "nowhere.npy" ] (fun () -> Npy.read (Path.Combine(folder, "nowhere.npy")))

            refused [ "rows and columns" ] (fun () ->
                Table.load (bytes folder "b.npy" (npy 1uy "|u1" false "2," [| 1uy; 2uy |])))

            refused [ "c.npz"; "no archive" ] (fun () -> Npz.read (bytes folder "c.npz" "no zip"B)))
    ]
