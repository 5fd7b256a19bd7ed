module Vae.Core.Tests.Data.IdxTests

open System
open System.IO
open Expecto
open Vae.Core
open Vae.Core.Tests.Data.Scratch

let private images count (most: int) =
    let bytes = Array.init (count * 6) (fun i -> byte (i % (most + 1)))
    Data.ofBytes "images" [| 1L; 2L; 3L |] (if most = 1 then 1.0 else 255.0) [||] bytes

/// Writes the four files of a set of 5 and 3 images, each name with this ending.
let private writeSet folder ending =
    for prefix, count in [ "train", 5; "t10k", 3 ] do
        Idx.writeImages (Path.Combine(folder, $"%s{prefix}-images-idx3-ubyte%s{ending}")) (images count 200)
        Idx.writeLabels (Path.Combine(folder, $"%s{prefix}-labels-idx1-ubyte%s{ending}")) [| 1..count |]

let tests =
    testList "Idx" [
        test "a folder of MNIST's names is a train and a test part" {
            for ending in [ ""; ".gz" ] do
                inFolder (fun folder ->
                    writeSet folder ending
                    let train, test = Idx.load folder
                    Expect.isTrue (Idx.isOne folder) "told by its names"
                    Expect.isFalse (Idx.isOne (Path.Combine(folder, "none"))) "and no other"
                    Expect.equal (train.Count, test.Count) (5, 3) "counts"
                    Expect.equal train.ItemShape [| 1L; 2L; 3L |] "shape"
                    Expect.equal train.Labels [| 1..5 |] "labels"
                    Expect.equal train.Scale 255.0 "scale"
                    Expect.equal train.Name (DirectoryInfo(folder).Name + "-train") "name"
                    Expect.equal (Data.item 4 train) (Data.item 4 (images 5 200)) "pixels")
        }

        test "binarized MNIST has three parts, no labels, and pixels 0 and 1 as they are" {
            inFolder (fun folder ->
                for part, count in [ "train", 4; "valid", 3; "test", 2 ] do
                    Idx.writeImages
                        (Path.Combine(folder, $"binarized_mnist_%s{part}-images-idx3-ubyte.gz"))
                        (images count 1)

                let train, test = Idx.load folder
                let valid = Idx.loadSplit Split.Validation folder
                Expect.equal (train.Count, valid.Count, test.Count) (4, 3, 2) "counts"
                Expect.isFalse train.HasLabels "labels"
                Expect.equal train.Scale 1.0 "scale"
                Expect.isTrue (Data.isBinary train) "binary"
                Expect.stringEnds valid.Name "-valid" "name")
        }

        test "grey pixels under a binarized name are refused" {
            inFolder (fun folder ->
                let path = Path.Combine(folder, "binarized_mnist_train-images-idx3-ubyte")
                Idx.writeImages path (images 4 200)

                raises<DataFormatException> [ path; "binarized" ] (fun () ->
                    Idx.loadSplit Split.Train folder |> ignore))
        }

        test "the training images decide what the pixels of a folder stand for" {
            inFolder (fun folder ->
                let write prefix most =
                    Idx.writeImages (Path.Combine(folder, $"%s{prefix}-images-idx3-ubyte")) (images 4 most)
                    Idx.writeLabels (Path.Combine(folder, $"%s{prefix}-labels-idx1-ubyte")) [| 1..4 |]

                let scales () =
                    let train, test = Idx.load folder
                    train.Scale, test.Scale, (Idx.loadSplit Split.Test folder).Scale

                write "train" 200
                write "t10k" 1
                Expect.equal (scales ()) (255.0, 255.0, 255.0) "dark test images"
                write "train" 1
                Expect.equal (scales ()) (1.0, 1.0, 1.0) "pixels of 0 and 1"
                write "t10k" 200

                raises<DataFormatException>
                    [ "t10k-images-idx3-ubyte"; "a pixel of 2"; "0 and 1"; "train-images"; "PixelScale.GreyLevels" ]
                    (fun () -> Idx.load folder |> ignore)

                let train, test = Idx.loadAs PixelScale.GreyLevels folder
                Expect.equal (train.Scale, test.Scale) (255.0, 255.0) "stated"

                Expect.equal (Idx.loadSplitAs PixelScale.GreyLevels Split.Train folder).Scale 255.0 "stated, of a part"

                raises<DataFormatException> [ "t10k-images"; "asked for" ] (fun () ->
                    Idx.loadAs PixelScale.ZeroOne folder |> ignore)

                File.Delete(Path.Combine(folder, "train-images-idx3-ubyte"))
                write "t10k" 1
                Expect.equal (Idx.loadSplit Split.Test folder).Scale 255.0 "no training images")
        }

        test "the images of a single file are grey levels, unless it is stated otherwise" {
            inFolder (fun folder ->
                let path = Path.Combine(folder, "images")
                Idx.writeImages path (images 4 1)
                Expect.equal (Idx.readImages path).Scale 255.0 "grey levels"
                Expect.isTrue (Data.isBinary (Idx.readImagesAs PixelScale.ZeroOne path)) "0 and 1"
                Idx.writeImages path (images 4 200)

                raises<DataFormatException> [ path; "a pixel of 2" ] (fun () ->
                    Idx.readImagesAs PixelScale.ZeroOne path |> ignore))
        }

        test "an empty folder is answered with its name and the accepted names" {
            inFolder (fun folder ->
                raises<DataFormatException>
                    [
                        folder
                        "train-images-idx3-ubyte.gz"
                        "train-images.idx3-ubyte"
                        "binarized_mnist_train-images-idx3-ubyte"
                    ]
                    (fun () -> Idx.load folder |> ignore))
        }

        test "missing labels are answered with the accepted names" {
            inFolder (fun folder ->
                writeSet folder ""
                File.Delete(Path.Combine(folder, "t10k-labels-idx1-ubyte"))

                raises<DataFormatException> [ folder; "t10k-labels-idx1-ubyte.gz" ] (fun () ->
                    Idx.load folder |> ignore))
        }

        test "MNIST has no validation part" {
            inFolder (fun folder ->
                writeSet folder ""
                raises<DataFormatException> [ "valid" ] (fun () -> Idx.loadSplit Split.Validation folder |> ignore))
        }

        test "as many labels as images are expected" {
            inFolder (fun folder ->
                writeSet folder ""
                let labels = Path.Combine(folder, "train-labels-idx1-ubyte")
                Idx.writeLabels labels [| 1..6 |]
                raises<DataFormatException> [ labels; "6 labels"; "5" ] (fun () -> Idx.load folder |> ignore))
        }

        test "images in place of labels are recognised" {
            inFolder (fun folder ->
                let path = Path.Combine(folder, "images")
                Idx.writeImages path (images 1 200)

                raises<DataFormatException> [ path; "of images"; "of labels" ] (fun () ->
                    Idx.readLabels path |> ignore))
        }

        test "only images of one channel in bytes and labels in a byte are written" {
            inFolder (fun folder ->
                let path = Path.Combine(folder, "x")
                let refused word action = raises<ArgumentException> [ word ] action
                let colour = Data.ofBytes "d" [| 3L; 1L; 1L |] 255.0 [||] [| 0uy; 0uy; 0uy |]
                refused "one channel" (fun () -> Idx.writeImages path colour)
                refused "floats" (fun () -> Idx.writeImages path (Data.ofFloats "d" [| 1L; 1L |] [||] [| 0.0f |]))
                refused "256" (fun () -> Idx.writeLabels path [| 256 |])
                refused "-1" (fun () -> Idx.writeLabels path [| -1 |])
                Expect.isFalse (File.Exists path) "nothing is written")
        }
    ]
