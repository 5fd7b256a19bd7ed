namespace Vae.Core

open System
open System.IO
open StbImageSharp

/// What pictures of files are made to be.
type ImageOptions = {
    /// Rows and columns; None: as they are, all of one size.
    Size: (int * int) option
    /// Whether a pixel is three numbers, red, green and blue, or one, its lightness; None: three where one of the pictures has color.
    IsColor: bool option
}

[<RequireQualifiedAccess>]
module ImageOptions =
    /// Pictures as they are.
    let asTheyAre: ImageOptions = { Size = None; IsColor = None }

    /// Pictures of one lightness a pixel and of a size.
    let grey (rows: int) (columns: int) : ImageOptions = { Size = Some(rows, columns); IsColor = Some false }

    let internal check (options: ImageOptions) =
        match options.Size with
        | Some(rows, columns) ->
            Check.atLeast 1 "Size" rows
            Check.atLeast 1 "Size" columns
        | None -> ()

/// Folders of pictures: PNG, JPEG, BMP, GIF (its first picture) and TGA. A folder in the folder is a class, called as it is; pictures
/// that stand in the folder itself, where it has no class, have no label.
[<RequireQualifiedAccess>]
module ImageFolder =
    let private endings = set [ ".png"; ".jpg"; ".jpeg"; ".bmp"; ".gif"; ".tga" ]

    let private isPicture (path: string) =
        endings.Contains((Path.GetExtension path |> string).ToLowerInvariant())
        && not ((Path.GetFileName path |> string).StartsWith '.')

    let private nameOf (path: string) = DirectoryInfo(path).Name

    let private inOrder (paths: string[]) = Array.sortWith (fun (a: string) b -> String.CompareOrdinal(a, b)) paths

    let private fail path found expected = raise (DataFormatException(path, found, expected))

    let private listed (folder: string) (list: string -> string[]) =
        try
            list folder |> inOrder
        with
        | :? DirectoryNotFoundException -> fail folder "no such folder" "a folder of pictures"
        | :? IOException -> fail folder "no folder" "a folder of pictures"
        | :? UnauthorizedAccessException -> fail folder "a folder that may not be read" "a folder of pictures"

    let private pictures (folder: string) = listed folder Directory.GetFiles |> Array.filter isPicture

    /// The folders in it that have pictures, with these.
    let private classes (folder: string) =
        listed folder Directory.GetDirectories
        |> Array.map (fun path -> path, pictures path)
        |> Array.filter (fun (_, pictures) -> pictures <> [||])

    /// Whether a folder has pictures, in itself or in the folders in it.
    let isOne (folder: string) : bool = Directory.Exists folder && (pictures folder <> [||] || classes folder <> [||])

    /// Numbers of a picture at most: whoever says to have more has not been asked to hold them.
    let private most = 100_000_000L

    type private Picture = { Rows: int; Columns: int; IsColor: bool; Pixels: byte[] }

    let private hasColor (pixels: byte[]) =
        Seq.init (pixels.Length / 3) id
        |> Seq.exists (fun i -> pixels[3 * i] <> pixels[3 * i + 1] || pixels[3 * i] <> pixels[3 * i + 2])

    /// A picture on black where it is transparent.
    let private onBlack (pixels: byte[]) =
        Array.init (pixels.Length / 4 * 3) (fun at ->
            let i, c = at / 3, at % 3
            byte ((int pixels[4 * i + c] * int pixels[4 * i + 3] + 127) / 255))

    let private read (path: string) : Picture =
        let expected = "a picture as PNG, JPEG, BMP, GIF or TGA"

        try
            use file = File.OpenRead path
            let info = ImageInfo.FromStream file

            if not info.HasValue then
                fail path "a file of another format, or a damaged one" expected

            if int64 info.Value.Width * int64 info.Value.Height * 4L > most then
                fail
                    path
                    $"a picture of %d{info.Value.Width} x %d{info.Value.Height}"
                    "one of at most 25 million pixels"

            file.Position <- 0L
            let image = ImageResult.FromStream(file, ColorComponents.RedGreenBlueAlpha)
            let pixels = onBlack image.Data

            {
                Rows = image.Height
                Columns = image.Width
                IsColor = hasColor pixels
                Pixels = pixels
            }
        with
        | :? DataFormatException -> reraise ()
        | :? UnauthorizedAccessException -> fail path "a file that may not be read" expected
        // Whatever the decoder meets in bytes that are no picture.
        | :? InvalidOperationException
        | :? IndexOutOfRangeException
        | :? ArgumentException
        | :? OverflowException
        | :? NullReferenceException
        | :? IOException as error -> fail path $"a damaged picture (%s{error.Message})" expected

    /// Of red, green and blue the lightness (ITU-R BT.601, as JPEG has it).
    let private lightness (pixels: byte[]) =
        Array.init (pixels.Length / 3) (fun i ->
            let r, g, b = int pixels[3 * i], int pixels[3 * i + 1], int pixels[3 * i + 2]
            byte ((299 * r + 587 * g + 114 * b + 500) / 1000))

    /// Channels of a pixel together as planes one after another.
    let private planes (channels: int) (pixels: byte[]) =
        let size = pixels.Length / channels
        Array.init pixels.Length (fun at -> pixels[at % size * channels + at / size])

    /// The pictures of a folder, [channels; rows; columns], grey levels or red, green and blue by 255, in the order of their names; their
    /// labels are the numbers of their classes, whose names come with them. Raises DataFormatException for a folder without pictures,
    /// a file that is none, and pictures of several sizes where none is asked for.
    let load (options: ImageOptions) (folder: string) : Data * string list =
        ImageOptions.check options
        let classes = classes folder

        let files = [|
            match classes with
            | [||] -> for file in pictures folder -> file, -1
            | _ ->
                for label, (_, pictures) in Array.indexed classes do
                    for file in pictures -> file, label
        |]

        if files.Length = 0 then
            fail folder "no picture" "files of PNG or JPEG, or folders of them, a class each"

        // Whether there is color is known once all are read: until then a pixel is three numbers, as it may have to be.
        let channels = if options.IsColor = Some false then 1 else 3

        let item (path: string, _) =
            let picture = read path
            let size = picture.Rows, picture.Columns
            let wanted = options.Size |> Option.defaultValue size
            let pixels = if channels = 3 then picture.Pixels else lightness picture.Pixels
            path, wanted, picture.IsColor, Resize.picture channels size wanted pixels

        let items = files |> Array.map item
        let first, (rows, columns), _, _ = items[0]

        for path, (otherRows, otherColumns), _, _ in items do
            if (otherRows, otherColumns) <> (rows, columns) then
                fail
                    path
                    $"a picture of %d{otherRows} rows and %d{otherColumns} columns"
                    $"%d{rows} and %d{columns}, as %s{nameOf first} has; a size to be given (ImageOptions.Size, in C# size) makes them one"

        let isColor =
            options.IsColor
            |> Option.defaultWith (fun () -> items |> Array.exists (fun (_, _, isColor, _) -> isColor))

        // Of equal red, green and blue the lightness is what they are.
        let stored =
            match channels, isColor with
            | 3, true -> planes 3
            | 3, false -> lightness
            | _ -> id

        let shape = [| (if isColor then 3L else 1L); int64 rows; int64 columns |]
        let labels = if classes.Length = 0 then [||] else Array.map snd files

        Data.adopt (nameOf folder) shape 255.0 labels (items |> Array.collect (fun (_, _, _, pixels) -> stored pixels)),
        classes |> Array.map (fst >> nameOf) |> Array.toList
