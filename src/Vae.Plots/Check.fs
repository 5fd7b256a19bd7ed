/// Refusals of bad input, each naming the argument, what it was and what was expected.
module internal Vae.Plots.Check

open System

let notNull (name: string) (value: 'a) =
    if isNull (box value) then
        nullArg name

let positive (name: string) (value: int) =
    if value < 1 then
        raise (ArgumentOutOfRangeException(name, value, "a number of pixels or tiles is at least 1"))

/// How many there are, of what may be null, which is refused where its rows are.
let countOf (values: 'a[]) = if isNull (box values) then 0 else values.Length

/// As many images in so many columns fit one picture, with the gaps between them and enlarged for screens.
let picture (name: string) (count: int) (width: int) (height: int) (columns: int) =
    let columns = min columns (max 1 count)
    let rows = bigint count / bigint columns + 1I
    let across, down = bigint columns * (bigint width + 1I), rows * (bigint height + 5I)
    let enlarged = max 1I (min 8I (1200I / across))

    if enlarged * enlarged * across * down > bigint Array.MaxLength then
        invalidArg
            name
            $"%d{count} images of %d{width} x %d{height} in %d{columns} columns make a picture of more than %d{Array.MaxLength} pixels: draw fewer"

/// A name that is a file name on every platform and an id in a page.
let fileName (name: string) (value: string) =
    notNull name value

    let plain (c: char) = Char.IsAsciiLetterOrDigit c || c = '-' || c = '_'

    if value = "" || not (String.forall plain value) then
        invalidArg name $"\"%s{value}\" is not a file name of letters, digits, '-' and '_'"

let text (title: string) (caption: string) =
    notNull (nameof title) title
    notNull (nameof caption) caption

let notEmpty (name: string) (values: 'a[]) =
    notNull name values

    if values.Length = 0 then
        invalidArg name "the array is empty: there is nothing to draw"

/// Rows of one length, without NaN or infinity.
let rows (name: string) (length: int) (unit: string) (values: float32[][]) =
    notEmpty name values

    values
    |> Array.iteri (fun i row ->
        notNull $"%s{name}[%d{i}]" row

        if row.Length <> length then
            invalidArg name $"row %d{i} has %d{row.Length} %s{unit}, but every row takes %d{length}"

        let bad = row |> Array.tryFindIndex (Single.IsFinite >> not)

        match bad with
        | Some j -> invalidArg name $"element %d{j} of row %d{i} is %g{row[j]}, which cannot be drawn"
        | None -> ())

/// As many as there are rows.
let sameCount (name: string) (count: int) (expected: int) (of': string) =
    if count <> expected then
        invalidArg name $"there are %d{count} of them, but %d{expected} %s{of'}"

let finite (name: string) (values: float[]) =
    values
    |> Array.iteri (fun i value ->
        if not (Double.IsFinite value) then
            invalidArg name $"element %d{i} is %g{value}, which cannot be drawn")

/// Class labels of points: indices into the names of the classes.
let labels (labels: int[]) (points: float32[][]) (classNames: string[]) =
    notNull (nameof labels) labels
    notEmpty (nameof classNames) classNames
    sameCount (nameof labels) labels.Length points.Length "points"
    classNames |> Array.iteri (fun i name -> notNull $"classNames[%d{i}]" name)

    labels
    |> Array.iteri (fun i label ->
        if label < 0 || label >= classNames.Length then
            invalidArg
                (nameof labels)
                $"label %d{i} is %d{label}, but the %d{classNames.Length} class names give labels 0 to %d{classNames.Length - 1}")
