namespace Vae.Core

open System
open System.IO

/// A part of a published data set.
[<RequireQualifiedAccess>]
type Split =
    | Train
    | Validation
    | Test

/// Folders and files of MNIST's format, plain or gzip-compressed: MNIST, Fashion-MNIST and their kin with labels, and the
/// static binarized MNIST without.
[<RequireQualifiedAccess>]
module Idx =
    /// Images of shape [1; rows; columns] without labels, called after the file.
    /// Grey levels are divided by 255; pixels that are all 0 or 1 are taken as they are.
    let readImages (path: string) : Data =
        let sizes, pixels = IdxFormat.read 3 path
        let binary = pixels.AsSpan().IndexOfAnyExceptInRange(0uy, 1uy) < 0
        let name = FileInfo(path).Name.Replace(".gz", "")
        Data.adopt name [| 1L; int64 sizes[1]; int64 sizes[2] |] (if binary then 1.0 else 255.0) [||] pixels

    /// Labels, 0 to 255.
    let readLabels (path: string) : int[] = IdxFormat.read 1 path |> snd |> Array.map int

    /// Writes the images of a set of bytes of shape [1; rows; columns] or [rows; columns], gzip-compressed where the
    /// path ends in .gz.
    let writeImages (path: string) (data: Data) : unit =
        match Data.storedBytes data, List.ofArray data.ItemShape with
        | Some bytes, ([ 1L; rows; columns ] | [ rows; columns ]) ->
            IdxFormat.write path [| data.Count; int rows; int columns |] bytes.Span
        | Some _, _ -> invalidArg (nameof data) $"%O{data}: images of one channel are expected"
        | None, _ -> invalidArg (nameof data) $"%O{data}: its values are floats, and an IDX file of images holds bytes"

    /// Writes labels, 0 to 255, gzip-compressed where the path ends in .gz.
    let writeLabels (path: string) (labels: int[]) : unit =
        match labels |> Array.tryFind (fun label -> label < 0 || label > 255) with
        | Some label -> invalidArg (nameof labels) $"the label %d{label} is not one of 0 to 255"
        | None -> IdxFormat.write path [| labels.Length |] (ReadOnlySpan(Array.map byte labels))

    let private accepted (stem: string) = [
        for name in [ stem; stem.Replace("-idx", ".idx") ] do
            name
            name + ".gz"
    ]

    let private tryFind folder stem =
        accepted stem |> List.map (fun name -> Path.Combine(folder, name)) |> List.tryFind File.Exists

    let private missing folder (names: string list) =
        let listed = String.Join(", ", names)
        raise (DataFormatException(folder, "none of the accepted files", $"one of %s{listed}"))

    let private find folder stem = tryFind folder stem |> Option.defaultWith (fun () -> missing folder (accepted stem))

    /// The name of a part in the file names of MNIST and of the binarized MNIST, and in ours.
    let private names split =
        match split with
        | Split.Train -> Some "train", "train"
        | Split.Validation -> None, "valid"
        | Split.Test -> Some "t10k", "test"

    let private labelled (folder: string) (prefix: string) =
        let imagePath = find folder $"%s{prefix}-images-idx3-ubyte"
        let labelPath = find folder $"%s{prefix}-labels-idx1-ubyte"
        let images, labels = readImages imagePath, readLabels labelPath

        if labels.Length <> images.Count then
            raise (
                DataFormatException(
                    labelPath,
                    $"%d{labels.Length} labels",
                    $"%d{images.Count}, one for each image of %s{FileInfo(imagePath).Name}"
                )
            )

        Data.withLabels labels images

    let private binarized (path: string) =
        let images = readImages path

        if images.Scale <> 1.0 then
            raise (DataFormatException(path, "pixels above 1", "binarized images, of pixels 0 and 1"))

        images

    /// A part of the data set in a folder, called after the folder and the part, such as "mnist-train".
    /// The files are `train-images-idx3-ubyte` and `train-labels-idx1-ubyte` (the test part: `t10k-...`; there is no
    /// validation part), or `binarized_mnist_train-images-idx3-ubyte` (`..._valid...`, `..._test...`), each plain or .gz.
    let loadSplit (split: Split) (folder: string) : Data =
        let standard, ours = names split
        let imagesOf prefix = $"%s{prefix}-images-idx3-ubyte"
        let binarizedStem = imagesOf $"binarized_mnist_%s{ours}"

        let images =
            match standard, tryFind folder binarizedStem with
            | Some prefix, _ when (tryFind folder (imagesOf prefix)).IsSome -> labelled folder prefix
            | _, Some path -> binarized path
            | _ ->
                List.map imagesOf (Option.toList standard) @ [ binarizedStem ]
                |> List.collect accepted
                |> missing folder

        let set = DirectoryInfo(folder).Name
        Data.rename $"%s{set}-%s{ours}" images

    /// The train and test parts of the data set in a folder.
    let load (folder: string) : Data * Data = loadSplit Split.Train folder, loadSplit Split.Test folder
