namespace Vae.Tables

open System
open System.Buffers.Binary
open System.IO
open System.Text
open System.Text.RegularExpressions

/// Numbers as NumPy writes them.
[<NoComparison; ReferenceEquality>]
type NpyArray = {
    Shape: int list
    /// Row by row, whatever order the file has, as float64: whole numbers beyond 2^53 are rounded.
    Values: float[]
}

/// NumPy's array files, versions 1 to 3: every type of real numbers and booleans, in either byte order and either order of
/// dimensions. Objects are refused: nothing is unpickled (NumPy, "numpy.lib.format", NEP 1).
[<RequireQualifiedAccess>]
module Npy =
    let private magic = Array.append [| 0x93uy |] "NUMPY"B

    /// A header of more is none: that of an array of numbers has some hundred bytes.
    let private mostHeader = 1 <<< 16

    let private refuse where found expected = TableException.refuse where found expected

    let private exactly (where: string) (stream: Stream) (count: int) : byte[] =
        let bytes = Array.zeroCreate count

        match stream.ReadAtLeast(bytes.AsSpan(), count, false) with
        | read when read = count -> bytes
        | read -> refuse where $"an end after %d{read} of %d{count} bytes" "a whole array, as numpy.save writes it"

    /// Types by their names: how many bytes a number has, and how it is read from a place of what is in this machine's byte order.
    let private types: (string * (int * (byte[] -> int -> float))) list = [
        "b1", (1, (fun bytes at -> if bytes[at] = 0uy then 0.0 else 1.0))
        "i1", (1, (fun bytes at -> float (sbyte bytes[at])))
        "u1", (1, (fun bytes at -> float bytes[at]))
        "i2", (2, (fun bytes at -> float (BitConverter.ToInt16(bytes, at))))
        "u2", (2, (fun bytes at -> float (BitConverter.ToUInt16(bytes, at))))
        "i4", (4, (fun bytes at -> float (BitConverter.ToInt32(bytes, at))))
        "u4", (4, (fun bytes at -> float (BitConverter.ToUInt32(bytes, at))))
        "i8", (8, (fun bytes at -> float (BitConverter.ToInt64(bytes, at))))
        "u8", (8, (fun bytes at -> float (BitConverter.ToUInt64(bytes, at))))
        "f2", (2, (fun bytes at -> float (BitConverter.ToHalf(bytes, at))))
        "f4", (4, (fun bytes at -> float (BitConverter.ToSingle(bytes, at))))
        "f8", (8, (fun bytes at -> BitConverter.ToDouble(bytes, at)))
    ]

    let private typeOf (where: string) (descr: string) : int * (byte[] -> int -> float) =
        let name = descr.TrimStart('<', '>', '|', '=')

        match List.tryFind (fst >> (=) name) types with
        | Some(_, found) -> found
        | None when name = "O" ->
            refuse
                where
                "an array of Python objects"
                "one of numbers: objects would have to be unpickled, which runs code"
        | None -> refuse where $"an array of type %s{TableException.quoted name}" "one of real numbers or booleans"

    /// Turns the bytes of each number round where the file has them in another order than this machine.
    let private toOwnOrder (descr: string) (size: int) (bytes: byte[]) =
        if descr.StartsWith(if BitConverter.IsLittleEndian then '>' else '<') then
            for at in 0..size .. bytes.Length - 1 do
                Array.Reverse(bytes, at, size)

    let private field where (header: string) (pattern: string) name =
        let found = Regex.Match(header, pattern)

        if found.Success then
            found.Groups[1].Value
        else
            refuse where $"a header without %s{name}: %s{TableException.quoted header}" "that of an array of numbers"

    let private shapeOf where (text: string) : int list =
        text.Split(',', StringSplitOptions.TrimEntries ||| StringSplitOptions.RemoveEmptyEntries)
        |> Array.toList
        |> List.map (fun side ->
            match Int32.TryParse side with
            | true, side when side >= 0 -> side
            | _ -> refuse where $"the shape (%s{TableException.quoted text})" "whole numbers")

    /// Where the numbers of a file in the order of its columns go: from the first dimension fastest to the last one fastest.
    let private toRows (shape: int list) (values: float[]) : float[] =
        let sides = List.toArray shape
        // How far apart neighbours of a dimension are, row by row.
        let strides = Array.scanBack (*) sides 1 |> Array.tail
        let index = Array.zeroCreate<int> sides.Length
        let target = Array.zeroCreate values.Length

        for i in 0 .. values.Length - 1 do
            let mutable place = 0

            for d in 0 .. sides.Length - 1 do
                place <- place + index[d] * strides[d]

            target[place] <- values[i]
            let mutable d = 0
            let mutable carry = true

            while carry && d < sides.Length do
                index[d] <- index[d] + 1
                carry <- index[d] = sides[d]

                if carry then
                    index[d] <- 0

                d <- d + 1

        target

    /// The array of a stream that holds at most so many bytes more.
    let internal ofStream (where: string) (most: int64) (stream: Stream) : NpyArray =
        if exactly where stream magic.Length <> magic then
            refuse where "no array of NumPy" "a file that numpy.save wrote"

        let version = exactly where stream 2

        let length =
            match version[0] with
            | 1uy -> int (BinaryPrimitives.ReadUInt16LittleEndian(exactly where stream 2))
            | 2uy
            | 3uy -> int (min (uint32 Int32.MaxValue) (BinaryPrimitives.ReadUInt32LittleEndian(exactly where stream 4)))
            | other -> refuse where $"version %d{other} of the format" "version 1, 2 or 3"

        if length > mostHeader then
            refuse where $"a header of %d{length} bytes" $"at most %d{mostHeader}"

        let header = Encoding.UTF8.GetString(exactly where stream length)

        if Regex.IsMatch(header, @"'descr'\s*:\s*\[") then
            refuse where "an array of records" "one of numbers: a column each"

        let descr = field where header @"'descr'\s*:\s*'([^']*)'" "'descr'"
        let size, read = typeOf where descr
        let isFortran = field where header @"'fortran_order'\s*:\s*(True|False)" "'fortran_order'" = "True"
        let shape = shapeOf where (field where header @"'shape'\s*:\s*\(([^)]*)\)" "'shape'")
        let count = shape |> List.fold (fun product side -> product * bigint side) 1I

        if count * bigint size > bigint most || count > bigint (Array.MaxLength / 8) then
            let sides = shape |> List.map string |> String.concat ", "
            refuse where $"a shape of (%s{sides}), %O{count} numbers" "as many as the file holds"

        let bytes = exactly where stream (int count * size)
        toOwnOrder descr size bytes
        let values = Array.init (int count) (fun i -> read bytes (i * size))

        { Shape = shape; Values = if isFortran then toRows shape values else values }

    /// The array of a file. Raises TableException for what is none.
    let read (path: string) : NpyArray =
        use file = InputFile.opened path "an array of NumPy"
        ofStream path file.Length file
