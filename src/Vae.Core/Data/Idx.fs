namespace Vae.Core

open System
open System.IO

/// A part of a published data set.
[<RequireQualifiedAccess>]
type Split =
    | Train
    | Validation
    | Test

/// What the bytes of a file of images stand for.
[<RequireQualifiedAccess>]
type PixelScale =
    /// 0 to 255, divided by 255.
    | GreyLevels
    /// 0 and 1, as they are.
    | ZeroOne

/// Folders and files of MNIST's format, plain or gzip-compressed: MNIST, Fashion-MNIST and their kin with labels, and the
/// static binarized MNIST without.
[<RequireQualifiedAccess>]
module Idx =
    let private areZeroOne (pixels: byte[]) = pixels.AsSpan().IndexOfAnyExceptInRange(0uy, 1uy) < 0

    let private nameOf (path: string) = FileInfo(path).Name.Replace(".gz", "")

    /// Images of pixels that stand for something; `because` says what decided that.
    let private images because (scale: PixelScale) (path: string) (sizes: int[], pixels: byte[]) =
        if scale = PixelScale.ZeroOne && not (areZeroOne pixels) then
            let above = pixels |> Array.find (fun pixel -> pixel > 1uy)
            raise (DataFormatException(path, $"a pixel of %d{above}", $"pixels 0 and 1, %s{because}"))

        let divisor =
            match scale with
            | PixelScale.GreyLevels -> 255.0
            | PixelScale.ZeroOne -> 1.0

        Data.adopt (nameOf path) [| 1L; int64 sizes[1]; int64 sizes[2] |] divisor [||] pixels

    let private stated = "as was asked for; PixelScale.GreyLevels takes 0 to 255"

    /// Images of shape [1; rows; columns] without labels, called after the file, of pixels that stand for what is stated.
    let readImagesAs (scale: PixelScale) (path: string) : Data = IdxFormat.read 3 path |> images stated scale path

    /// Images of grey levels, of shape [1; rows; columns] without labels, called after the file. Of a single file nothing but
    /// a statement tells pixels of 0 and 1 from dark grey levels: for those there is `readImagesAs`.
    let readImages (path: string) : Data = readImagesAs PixelScale.GreyLevels path

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

        let found =
            try
                Directory.EnumerateFileSystemEntries folder |> Seq.iter ignore
                "none of the accepted files"
            with
            | :? DirectoryNotFoundException -> "no such folder"
            | :? IOException -> "no folder"
            | :? UnauthorizedAccessException -> "a folder that may not be read"

        raise (DataFormatException(folder, found, $"one of %s{listed}"))

    let private find folder stem = tryFind folder stem |> Option.defaultWith (fun () -> missing folder (accepted stem))

    /// The name of a part in the file names of MNIST and of the binarized MNIST, and in ours.
    let private names split =
        match split with
        | Split.Train -> Some "train", "train"
        | Split.Validation -> None, "valid"
        | Split.Test -> Some "t10k", "test"

    let private labelled because scale (folder: string) (prefix: string) imagePath read =
        let labelPath = find folder $"%s{prefix}-labels-idx1-ubyte"
        let images, labels = images because scale imagePath read, readLabels labelPath

        if labels.Length <> images.Count then
            raise (
                DataFormatException(
                    labelPath,
                    $"%d{labels.Length} labels",
                    $"%d{images.Count}, one for each image of %s{FileInfo(imagePath).Name}"
                )
            )

        Data.withLabels labels images

    let private imagesOf prefix = $"%s{prefix}-images-idx3-ubyte"

    /// Whether a folder has training images under one of the accepted names.
    let isOne (folder: string) : bool =
        [ "train"; "binarized_mnist_train" ] |> List.exists (imagesOf >> tryFind folder >> Option.isSome)

    let private byTraining path =
        $"as all of %s{FileInfo(path).Name} are, which decide for the folder; Idx.loadAs PixelScale.GreyLevels states otherwise"

    /// The scale of a folder's standard files, what decided it, and the training images where they were read for that.
    let private decided (asked: PixelScale option) folder =
        match asked, tryFind folder (imagesOf "train") with
        | Some scale, _ -> scale, stated, None
        | None, None -> PixelScale.GreyLevels, stated, None
        | None, Some path ->
            let sizes, pixels = IdxFormat.read 3 path
            let scale = if areZeroOne pixels then PixelScale.ZeroOne else PixelScale.GreyLevels
            scale, byTraining path, Some(path, (sizes, pixels))

    let private loadBy (asked: PixelScale option) (folder: string) (splits: Split list) : Data list =
        let standardFiles = lazy (decided asked folder)

        [
            for split in splits do
                let standard, ours = names split
                let binarizedStem = imagesOf $"binarized_mnist_%s{ours}"

                let images =
                    match
                        standard |> Option.bind (fun prefix -> tryFind folder (imagesOf prefix)),
                        tryFind folder binarizedStem
                    with
                    | Some path, _ ->
                        let scale, because, training = standardFiles.Value

                        let read =
                            match training with
                            | Some(known, read) when known = path -> read
                            | _ -> IdxFormat.read 3 path

                        labelled because scale folder standard.Value path read
                    | None, Some path ->
                        IdxFormat.read 3 path
                        |> images "as the file's name says that it is binarized" PixelScale.ZeroOne path
                    | None, None ->
                        List.map imagesOf (Option.toList standard) @ [ binarizedStem ]
                        |> List.collect accepted
                        |> missing folder

                let set = DirectoryInfo(folder).Name
                Data.rename $"%s{set}-%s{ours}" images
        ]

    /// A part of the data set in a folder, called after the folder and the part, such as "mnist-train".
    /// The files are `train-images-idx3-ubyte` and `train-labels-idx1-ubyte` (the test part: `t10k-...`; there is no
    /// validation part), or `binarized_mnist_train-images-idx3-ubyte` (`..._valid...`, `..._test...`), each plain or .gz.
    /// What pixels stand for is one decision for the folder: 0 and 1 where all of its training images' are, else grey levels,
    /// as also where there are no training images; binarized files are of 0 and 1.
    let loadSplit (split: Split) (folder: string) : Data = loadBy None folder [ split ] |> List.head

    /// `loadSplit`, of pixels that stand for what is stated.
    let loadSplitAs (scale: PixelScale) (split: Split) (folder: string) : Data =
        loadBy (Some scale) folder [ split ] |> List.head

    let private both (parts: Data list) = parts[0], parts[1]

    /// The train and test parts of the data set in a folder; what their pixels stand for is decided as `loadSplit` says.
    let load (folder: string) : Data * Data = loadBy None folder [ Split.Train; Split.Test ] |> both

    /// The train and test parts of the data set in a folder, of pixels that stand for what is stated.
    let loadAs (scale: PixelScale) (folder: string) : Data * Data =
        loadBy (Some scale) folder [ Split.Train; Split.Test ] |> both
