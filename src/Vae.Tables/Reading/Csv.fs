namespace Vae.Tables

open System
open System.IO
open System.IO.Compression
open System.Text
open nietras.SeparatedValues

/// How a text table is written.
type CsvOptions = {
    /// What stands between cells; None: what the first line is cut by most often, of comma, semicolon, tab and bar.
    Separator: char option
    /// UTF-8 unless it says otherwise; a mark of another at the file's beginning is followed.
    Encoding: Encoding
}

/// The text of a file, whose quotes and lines are counted as it is read, and which says which file it is where it is no text.
[<Sealed>]
type private FileText(text: TextReader, path: string, encoding: Encoding) =
    inherit TextReader()
    let mutable quotes, lines = 0L, 0L

    let reading (read: unit -> 'a) : 'a =
        try
            read ()
        with :? DecoderFallbackException ->
            TableException.refuse
                $"%s{path}, after line %d{lines}"
                $"bytes that are no %s{encoding.WebName}"
                "a text in it; where it is in Latin-1, say so (--encoding latin1)"

    let count (read: ReadOnlySpan<char>) =
        quotes <- quotes + int64 (MemoryExtensions.Count(read, '"'))
        lines <- lines + int64 (MemoryExtensions.Count(read, '\n'))
        read.Length

    /// Quotes so far.
    member _.Quotes = quotes

    override _.Read(buffer: char[], index: int, length: int) =
        let read = reading (fun () -> text.Read(buffer, index, length))
        count (ReadOnlySpan(buffer, index, read))

    override this.Read(buffer: Span<char>) =
        let own = Array.zeroCreate buffer.Length
        let read = this.Read(own, 0, own.Length)
        own.AsSpan(0, read).CopyTo buffer
        read

    override this.Read() =
        let one = Array.zeroCreate 1
        if this.Read(one, 0, 1) = 0 then -1 else int one[0]

    override _.Peek() = reading (fun () -> text.Peek())

    override this.Dispose(disposing: bool) =
        if disposing then
            text.Dispose()

        base.Dispose disposing

/// Tables as text: a line of names, then a line a row (RFC 4180), plain or gzip-compressed.
[<RequireQualifiedAccess>]
module Csv =
    /// A separator that the file tells, in UTF-8.
    let defaults: CsvOptions = { Separator = None; Encoding = UTF8Encoding(false, true) }

    let private openText (options: CsvOptions) (path: string) : FileText =
        let file = InputFile.opened path "a table"

        let stream =
            if path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) then
                new GZipStream(file, CompressionMode.Decompress) :> Stream
            else
                file

        new FileText(new StreamReader(stream, options.Encoding, true, 1 <<< 16), path, options.Encoding)

    let private separators = [ ','; ';'; '\t'; '|' ]

    /// What the first line is cut by.
    let private separatorOf (options: CsvOptions) (path: string) : char =
        match options.Separator with
        | Some separator -> separator
        | None ->
            use reader = openText options path
            let first = reader.ReadLine() |> Option.ofObj |> Option.defaultValue ""
            separators |> List.maxBy (fun separator -> first |> Seq.filter ((=) separator) |> Seq.length)

    let private readerOf (separator: char) (text: TextReader) : SepReader =
        // Rows of another number of cells are refused here, by their line; names are read as a row.
        SepReaderOptions(
            Sep separator,
            Unescape = true,
            HasHeader = false,
            DisableColCountCheck = true,
            CreateToString = SepToString.PoolPerCol(maximumStringLength = 64)
        )
        |> fun reading -> reading.From text

    /// The cells of the row that a reader is at.
    let private cells (reader: SepReader) : string[] =
        let row = reader.Current
        let found = Array.zeroCreate row.ColCount

        for i in 0 .. found.Length - 1 do
            found[i] <- row[i].ToString()

        found

    let private lines (reader: SepReader) = reader.Current.LineNumberFrom, reader.Current.LineNumberToExcl - 1

    let private header (path: string) (reader: SepReader) : string list =
        if not (reader.MoveNext()) then
            TableException.refuse path "an empty file" "a line of names, and a row below it"

        let names = cells reader |> Array.toList |> List.map _.Trim()

        names
        |> List.iteri (fun i name ->
            if name = "" then
                TableException.refuse $"%s{path}, line 1" $"column %d{i + 1} without a name" "a name for each column")

        names
        |> List.countBy id
        |> List.tryFind (fun (_, count) -> count > 1)
        |> Option.iter (fun (name, count) ->
            TableException.refuse
                $"%s{path}, line 1"
                $"%d{count} columns called %s{TableException.quoted name}"
                "names that differ")

        names

    let private refuseRow path names (first: int, last: int) (found: int) =
        let hint =
            if last > first + 5 then
                $"; it goes on to line %d{last}, as from a quote that is not closed"
            else
                ""

        TableException.refuse
            $"%s{path}, line %d{first}"
            $"%d{found} cells%s{hint}"
            $"%d{List.length names}, one for each name of line 1"

    let private chunks (options: CsvOptions) (separator: char) (path: string) (names: string list) : Chunk seq =
        seq {
            use text = openText options path
            use reader = readerOf separator text
            header path reader |> ignore
            let width = names.Length
            let rows = ResizeArray<string[]>()
            let at = ResizeArray<int>()

            let chunk () =
                let count, lines = rows.Count, at.ToArray()
                let texts = Array.init width (fun j -> Cells.Texts(Array.init count (fun i -> rows[i][j])))
                rows.Clear()
                at.Clear()

                {
                    Count = count
                    Cells = texts
                    Where = fun i -> $"%s{path}, line %d{lines[i]}"
                }

            let mutable start = 1

            while reader.MoveNext() do
                let found = cells reader
                let first, last = lines reader
                start <- first
                // A blank line is no row, but where a row is one cell.
                if width = 1 || found.Length > 1 || found[0] <> "" then
                    if found.Length <> width then
                        refuseRow path names (first, last) found.Length

                    rows.Add found
                    at.Add first

                    if rows.Count = TableSource.chunkRows then
                        chunk ()

            // Each cell in quotes has two of them, and two stand for one inside it.
            if text.Quotes % 2L = 1L then
                TableException.refuse
                    $"%s{path}, line %d{start} to its end"
                    "a quote that is not closed"
                    "one at the end of the cell that begins with one"

            if rows.Count > 0 then
                chunk ()
        }

    /// A text table as a source. Refuses a file without names.
    let internal source (options: CsvOptions) (path: string) : TableSource =
        // Told once: the rows are read more than once.
        let separator = separatorOf options path
        use text = openText options path
        use reader = readerOf separator text
        let names = header path reader

        {
            Name = InputFile.name path
            Path = path
            Columns = names
            Rows = None
            Chunks = fun () -> chunks options separator path names
        }

    /// A cell of a text table, in quotes where it needs them.
    let private quoted (separator: char) (cell: string) =
        if cell.IndexOfAny [| separator; '"'; '\n'; '\r' |] >= 0 then
            "\"" + cell.Replace("\"", "\"\"") + "\""
        else
            cell

    /// A line of a text table.
    let internal line (cells: string seq) : string = cells |> Seq.map (quoted ',') |> String.concat ","
