module Vae.Core.Tests.Data.ImageFolderTests

open System
open System.IO
open Expecto
open Vae.Core
open Vae.Core.Tests.Data.Scratch

/// A picture as an uncompressed TGA: a header, and blue, green and red of each pixel from the top on.
let private write (path: string) (rows: int) (columns: int) (pixel: int -> int -> byte * byte * byte) =
    Directory.CreateDirectory(Path.GetDirectoryName path |> string) |> ignore
    let header = Array.zeroCreate<byte> 18
    header[2] <- 2uy
    header[12] <- byte columns
    header[14] <- byte rows
    header[16] <- 24uy
    header[17] <- 0x20uy

    let body = [|
        for y in 0 .. rows - 1 do
            for x in 0 .. columns - 1 do
                let r, g, b = pixel y x
                b
                g
                r
    |]

    File.WriteAllBytes(path, Array.append header body)

let private grey level _ _ = level, level, level

/// A white pixel, as a PNG.
let private png =
    Convert.FromBase64String
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="

let private at (folder: string) (name: string) = Path.Combine(folder, name)

let tests =
    testList "ImageFolder" [
        test "a folder in the folder is a class, in the order of the names" {
            inFolder (fun folder ->
                write (at folder "b/1.tga") 2 3 (grey 10uy)
                write (at folder "a/2.tga") 2 3 (grey 20uy)
                write (at folder "a/1.tga") 2 3 (grey 30uy)
                File.WriteAllText(at folder "a/notes.txt", "no picture")
                let data, classes = ImageFolder.load ImageOptions.asTheyAre folder
                Expect.equal classes [ "a"; "b" ] "classes"
                Expect.equal data.Labels [| 0; 0; 1 |] "labels"
                Expect.equal data.ItemShape [| 1L; 2L; 3L |] "grey, as all of them are"
                let first i = Math.Round(255.0 * float (Data.item i data).[0])
                Expect.equal [ first 0; first 1; first 2 ] [ 30.0; 20.0; 10.0 ] "in the order of their names")
        }

        test "color is three planes, and its lightness where one is asked for" {
            inFolder (fun folder ->
                write (at folder "x.tga") 1 2 (fun _ x -> if x = 0 then 255uy, 0uy, 0uy else 0uy, 0uy, 255uy)
                let data, classes = ImageFolder.load ImageOptions.asTheyAre folder
                Expect.equal classes [] "no classes"
                Expect.isFalse data.HasLabels "no labels"
                Expect.equal data.ItemShape [| 3L; 1L; 2L |] "three"
                Expect.equal (Data.item 0 data) [| 1.0f; 0.0f; 0.0f; 0.0f; 0.0f; 1.0f |] "red, green, blue"
                let grey, _ = ImageFolder.load { ImageOptions.asTheyAre with IsColor = Some false } folder

                Expect.equal
                    (Data.item 0 grey |> Array.map (fun x -> Math.Round(255.0 * float x)))
                    [| 76.0; 29.0 |]
                    "BT.601")
        }

        test "pictures are made of a size by means of what they cover" {
            inFolder (fun folder ->
                write (at folder "x.tga") 4 4 (fun y x -> grey (if (x + y) % 2 = 0 then 0uy else 200uy) y x)
                let half, _ = ImageFolder.load (ImageOptions.grey 2 2) folder
                Expect.equal half.ItemShape [| 1L; 2L; 2L |] "shape"

                for value in Data.item 0 half do
                    Expect.floatClose Accuracy.low (255.0 * float value) 100.0 "a board of squares is grey from afar"

                write (at folder "x.tga") 1 1 (grey 90uy)
                let large, _ = ImageFolder.load (ImageOptions.grey 3 5) folder
                Expect.all (Data.item 0 large) (fun x -> x = 90.0f / 255.0f) "one pixel is all of it")
        }

        test "a PNG is read" {
            inFolder (fun folder ->
                File.WriteAllBytes(at folder "white.PNG", png)
                let data, _ = ImageFolder.load ImageOptions.asTheyAre folder
                Expect.equal (Data.item 0 data) [| 1.0f |] "white")
        }

        test "what is no picture, or of another size, is refused by its file" {
            inFolder (fun folder ->
                let load () = ImageFolder.load ImageOptions.asTheyAre folder |> ignore
                raises<DataFormatException> [ "no picture"; "PNG" ] load
                write (at folder "1.tga") 2 3 (grey 1uy)
                write (at folder "2.tga") 3 3 (grey 1uy)
                raises<DataFormatException> [ "2.tga"; "3 rows and 3 columns"; "2 and 3, as 1.tga has"; "Size" ] load
                File.WriteAllText(at folder "2.tga", "")
                raises<DataFormatException> [ "2.tga" ] load
                File.Delete(at folder "2.tga")
                File.WriteAllText(at folder "0.png", "a text")
                raises<DataFormatException> [ "0.png"; "expected a picture" ] load

                // Every beginning of a picture, and every byte of it changed: a picture or refused.
                for length in 0 .. png.Length - 1 do
                    for bytes in
                        [ png[.. length - 1]; png |> Array.mapi (fun i b -> if i = length then b ^^^ 0xFFuy else b) ] do
                        File.WriteAllBytes(at folder "0.png", bytes)

                        try
                            ImageFolder.load (ImageOptions.grey 2 2) folder |> ignore
                        with :? DataFormatException ->
                            ()

                raises<DataFormatException> [ "no such folder" ] (fun () ->
                    ImageFolder.load ImageOptions.asTheyAre (at folder "none") |> ignore))
        }

        test "folders of pictures are told from others" {
            inFolder (fun folder ->
                Expect.isFalse (ImageFolder.isOne folder) "empty"
                Expect.isFalse (ImageFolder.isOne (at folder "none")) "not there"
                write (at folder "class/1.tga") 1 1 (grey 1uy)
                Expect.isTrue (ImageFolder.isOne folder) "of classes")
        }
    ]
