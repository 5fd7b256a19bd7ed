namespace Vae.Tables

/// Arrays of NumPy as tables: rows by columns, x0, x1 and so on.
[<RequireQualifiedAccess>]
module internal Arrays =
    let private describe (shape: int list) = shape |> List.map string |> String.concat ", "

    /// Columns of numbers as a source.
    let private ofColumns (path: string) (rows: int) (columns: (string * (int -> float)) list) : TableSource = {
        Name = InputFile.name path
        Path = path
        Columns = List.map fst columns
        Rows = Some(int64 rows)
        Chunks =
            fun () ->
                [|
                    for _, number in columns ->
                        fun start count -> Cells.Numbers(Array.init count (fun i -> number (start + i)))
                |]
                |> TableSource.cut path 0L rows
    }

    let private columnsOf (array: NpyArray) : (string * (int -> float)) list =
        let width = array.Shape[1]
        [ for j in 0 .. width - 1 -> $"x%d{j}", (fun i -> array.Values[i * width + j]) ]

    /// A file of one array of rows and columns.
    let ofNpy (path: string) : TableSource =
        let array = Npy.read path

        match array.Shape with
        | [ rows; _ ] -> ofColumns path rows (columnsOf array)
        | other -> TableException.refuse path $"an array of shape (%s{describe other})" "one of rows and columns"

    /// An archive of one array of rows and columns, and of others of as many numbers, which are columns by their names.
    let ofNpz (path: string) : TableSource =
        let arrays = Npz.read path

        match arrays |> List.filter (fun (_, array) -> array.Shape.Length = 2) with
        | [ _, table ] ->
            let rows = table.Shape.Head

            let others = [
                for name, array in arrays do
                    match array.Shape with
                    | [ length ] when length = rows -> name, (fun i -> array.Values[i])
                    | [ _; _ ] -> ()
                    | other ->
                        TableException.refuse
                            $"%s{path}, array '%s{name}'"
                            $"shape (%s{describe other})"
                            $"a number for each of the %d{rows} rows"
            ]

            ofColumns path rows (columnsOf table @ others)
        | found ->
            TableException.refuse
                path
                $"%d{found.Length} arrays of rows and columns"
                "one, and others of a number a row"
