namespace Vae.Core

open System
open System.Buffers.Binary
open System.Text

/// One version of a library's symbols that an ELF file asks for, such as GLIBCXX_3.4.30 of libstdc++.so.6.
type internal VersionNeed = {
    Library: string
    Version: string
    /// Bits; the loader refuses the file over a missing version unless `Elf.weak` is among them.
    Flags: uint16
    /// Where in the file the flags stand.
    FlagsAt: int
}

/// Why a file's version needs could not be read.
type internal ElfError =
    | NotElf
    | Not64Bit
    | NotLittleEndian
    /// The named part of the file, or what stands in it, ends beyond its bounds.
    | OutOfBounds of part: string
    /// The records of the named part point into each other.
    | Tangled of part: string

/// The version needs of a 64-bit little-endian ELF file: what they are, and how to make one of them weak.
/// Linux Standard Base Core 5.0, "Symbol Versioning"; System V ABI, "Object Files".
[<RequireQualifiedAccess>]
module internal Elf =
    /// VER_FLG_WEAK: the loader does without this version where the library lacks it.
    let weak = 2us

    let private versionNeedSection = 0x6ffffffeu // SHT_GNU_verneed

    /// Raised by the readers below and caught where a function of this module ends.
    exception private Unreadable of ElfError

    /// Bytes of the file; whatever is read from a part lies inside it.
    type private Part = { Name: string; Start: int; Bytes: ReadOnlyMemory<byte> }

    let private part name (start: uint64) (size: uint64) (file: byte[]) =
        if start > uint64 file.Length || size > uint64 file.Length - start then
            raise (Unreadable(OutOfBounds name))

        {
            Name = name
            Start = int start
            Bytes = ReadOnlyMemory(file, int start, int size)
        }

    let private slice (at: int64) size part =
        if at > int64 (part.Bytes.Length - size) then
            raise (Unreadable(OutOfBounds part.Name))

        part.Bytes.Span.Slice(int at, size)

    let private uint16At at part = BinaryPrimitives.ReadUInt16LittleEndian(slice at 2 part)
    let private uint32At at part = BinaryPrimitives.ReadUInt32LittleEndian(slice at 4 part)
    let private uint64At at part = BinaryPrimitives.ReadUInt64LittleEndian(slice at 8 part)

    /// The zero-terminated string at a place of a string table.
    let private stringAt (at: uint32) table =
        let length =
            if int64 at < int64 table.Bytes.Length then
                table.Bytes.Span.Slice(int at).IndexOf 0uy
            else
                -1

        if length < 0 then
            raise (Unreadable(OutOfBounds table.Name))

        Encoding.Latin1.GetString(slice (int64 at) length table)

    /// The needs of one section: a chain of libraries (Elfxx_Verneed), each with a chain of versions (Elfxx_Vernaux).
    /// Both chains end at a step of zero; a section has no room for more than `budget` records.
    let private needsOf section strings =
        let budget = section.Bytes.Length / 16

        let tangledOver records =
            if records > budget then
                raise (Unreadable(Tangled section.Name))

        let rec versions library (at: int64) records found =
            tangledOver records

            let need = {
                Library = library
                Version = stringAt (uint32At (at + 8L) section) strings
                Flags = uint16At (at + 4L) section
                FlagsAt = section.Start + int at + 4
            }

            match uint32At (at + 12L) section with
            | 0u -> records + 1, need :: found
            | step -> versions library (at + int64 step) (records + 1) (need :: found)

        let rec libraries (at: int64) records found =
            tangledOver records
            let library = stringAt (uint32At (at + 4L) section) strings

            let records, found =
                match uint16At (at + 2L) section with
                | 0us -> records + 1, found
                | _ -> versions library (at + int64 (uint32At (at + 8L) section)) (records + 1) found

            match uint32At (at + 12L) section with
            | 0u -> List.rev found
            | step -> libraries (at + int64 step) records found

        libraries 0L 0 []

    let private read (file: byte[]) =
        if not (file.AsSpan().StartsWith(ReadOnlySpan [| 0x7Fuy; byte 'E'; byte 'L'; byte 'F' |])) then
            raise (Unreadable NotElf)

        let header = part "header" 0UL 64UL file

        match header.Bytes.Span[4], header.Bytes.Span[5] with
        | 2uy, 1uy -> ()
        | 2uy, _ -> raise (Unreadable NotLittleEndian)
        | _ -> raise (Unreadable Not64Bit)

        let size, count = uint64 (uint16At 58L header), int (uint16At 60L header)
        let table = part "section headers" (uint64At 40L header) (size * uint64 count) file
        let sectionHeader i = part "section header" (uint64 table.Start + uint64 i * size) size file

        let contents name header = part name (uint64At 24L header) (uint64At 32L header) file

        [
            for i in 0 .. count - 1 do
                let header = sectionHeader i

                if uint32At 4L header = versionNeedSection then
                    let link = uint32At 40L header

                    if link >= uint32 count then
                        raise (Unreadable(OutOfBounds "section headers"))

                    yield! needsOf (contents "version needs" header) (contents "strings" (sectionHeader (int link)))
        ]

    /// The versions that a file asks for, in the file's order; none for a file without section headers.
    let versionNeeds (file: byte[]) : Result<VersionNeed list, ElfError> =
        try
            Ok(read file)
        with Unreadable error ->
            Error error

    /// A copy of a file that asks for one version only weakly; the same bytes where it does not ask for it.
    let weaken (version: string) (file: byte[]) : Result<byte[], ElfError> =
        versionNeeds file
        |> Result.map (fun needs ->
            let copy = Array.copy file

            for need in needs do
                if need.Version = version then
                    BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan need.FlagsAt, need.Flags ||| weak)

            copy)
