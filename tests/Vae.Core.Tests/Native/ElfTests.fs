module Vae.Core.Tests.ElfTests

open System
open System.Buffers.Binary
open System.Text
open Expecto
open FsCheck
open FsCheck.FSharp
open Vae.Core

/// An ELF file of a header, a string table, version needs and three section headers (null, strings, needs).
/// Each library of the needs comes with its versions and their flags.
let craft (needs: (string * (string * uint16) list) list) : byte[] =
    let names = [
        for library, versions in needs do
            library

            for version, _ in versions do
                version
    ]

    let strings =
        names
        |> List.collect (fun name -> [ yield! Encoding.ASCII.GetBytes name; 0uy ])
        |> List.append [ 0uy ]
        |> List.toArray

    let place name = 1 + (names |> List.takeWhile ((<>) name) |> List.sumBy (fun n -> n.Length + 1))
    let records = needs |> List.sumBy (fun (_, versions) -> 1 + versions.Length)
    let stringsAt = 64
    let needsAt = (stringsAt + strings.Length + 7) / 8 * 8
    let headersAt = needsAt + 16 * records
    let file = Array.zeroCreate<byte>(headersAt + 3 * 64)
    let set16 (at: int) (value: int) = BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan at, uint16 value)
    let set32 (at: int) (value: int) = BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan at, uint32 value)
    let set64 (at: int) (value: int) = BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan at, uint64 value)

    // 64-bit, little-endian, version 1.
    [| 0x7Fuy; byte 'E'; byte 'L'; byte 'F'; 2uy; 1uy; 1uy |].CopyTo(file, 0)
    set64 40 headersAt
    set16 58 64
    set16 60 3
    strings.CopyTo(file, stringsAt)

    let mutable at = needsAt

    needs
    |> List.iteri (fun i (library, versions) ->
        set16 at 1
        set16 (at + 2) versions.Length
        set32 (at + 4) (place library)
        set32 (at + 8) (if versions.IsEmpty then 0 else 16)
        set32 (at + 12) (if i = needs.Length - 1 then 0 else 16 * (1 + versions.Length))
        at <- at + 16

        versions
        |> List.iteri (fun j (version, flags: uint16) ->
            set16 (at + 4) (int flags)
            set32 (at + 8) (place version)
            set32 (at + 12) (if j = versions.Length - 1 then 0 else 16)
            at <- at + 16))

    let section i kind start size link =
        let header = headersAt + 64 * i
        set32 (header + 4) kind
        set64 (header + 24) start
        set64 (header + 32) size
        set32 (header + 40) link

    section 1 3 stringsAt strings.Length 0
    section 2 0x6ffffffe needsAt (16 * records) 1
    file

let private sample = [
    "libm.so.6", [ "GLIBC_2.29", 0us ]
    "libempty.so", []
    "libstdc++.so.6", [ "GLIBCXX_3.4.30", 0us; "GLIBCXX_3.4.32", 0us; "CXXABI_1.3", 2us ]
]

let private listed file =
    Elf.versionNeeds file |> Result.map (List.map (fun need -> need.Library, need.Version, need.Flags))

let private uint64At (at: int) (file: byte[]) = int (BinaryPrimitives.ReadUInt64LittleEndian(ReadOnlySpan(file, at, 8)))

let private headersAt = uint64At 40
let private needsAt file = uint64At (headersAt file + 2 * 64 + 24) file

let private altered (at: int) (values: byte list) (file: byte[]) =
    let copy = Array.copy file
    (List.toArray values).CopyTo(copy, at)
    copy

/// Cuts of a file, and files with some bytes of it replaced.
let private damaged =
    let whole = craft sample

    gen {
        let! length = Gen.frequency [ 1, Gen.choose (0, whole.Length); 3, Gen.constant whole.Length ]
        let! changes = Gen.listOf (Gen.zip (Gen.choose (0, whole.Length - 1)) (Gen.choose (0, 255)))
        let file = Array.copy whole

        for at, value in changes do
            file[at] <- byte value

        return file[.. length - 1]
    }

let tests =
    testList "Elf" [
        testCase "lists the versions of every library in the file's order"
        <| fun () ->
            Expect.equal
                (craft sample |> listed)
                (Ok [
                    "libm.so.6", "GLIBC_2.29", 0us
                    "libstdc++.so.6", "GLIBCXX_3.4.30", 0us
                    "libstdc++.so.6", "GLIBCXX_3.4.32", 0us
                    "libstdc++.so.6", "CXXABI_1.3", 2us
                ])
                "needs"

        testCase "weakens one version and changes no other byte"
        <| fun () ->
            let file = craft sample
            let copy = Expect.wantOk (Elf.weaken "GLIBCXX_3.4.32" file) "weakened"
            let changed = [ 0 .. file.Length - 1 ] |> List.filter (fun i -> file[i] <> copy[i])
            let flags = Expect.wantOk (Elf.versionNeeds file) "needs" |> List.item 2 |> _.FlagsAt
            Expect.equal changed [ flags ] "the changed bytes"

            Expect.equal
                (listed copy |> Result.map (List.item 2))
                (Ok("libstdc++.so.6", "GLIBCXX_3.4.32", 2us))
                "the changed need"

        testCase "keeps the other flags of a version"
        <| fun () ->
            let file = craft [ "a.so", [ "V", 0x8101us ] ]
            Expect.equal (Elf.weaken "V" file |> Result.bind listed) (Ok [ "a.so", "V", 0x8103us ]) "flags"

        testCase "leaves a file alone that does not ask for the version, or asks for it weakly"
        <| fun () ->
            let file = craft sample
            Expect.equal (Elf.weaken "GLIBCXX_3.4.3" file) (Ok file) "not asked for"
            Expect.equal (Elf.weaken "CXXABI_1.3" file) (Ok file) "weak already"

        testCase "does not write into its argument"
        <| fun () ->
            let file = craft sample
            Elf.weaken "GLIBCXX_3.4.32" file |> ignore
            Expect.equal file (craft sample) "argument"

        testCase "names what is wrong with a file of another kind"
        <| fun () ->
            let file = craft sample
            Expect.equal (listed [||]) (Error NotElf) "empty"
            Expect.equal (listed (Encoding.ASCII.GetBytes "MZ, a library of another system")) (Error NotElf) "no ELF"
            Expect.equal (listed (file |> altered 4 [ 1uy ])) (Error Not64Bit) "32-bit"
            Expect.equal (listed (file |> altered 5 [ 2uy ])) (Error NotLittleEndian) "big-endian"

        testCase "names the part that lies outside of the file"
        <| fun () ->
            let file = craft sample
            let beyond = [ for _ in 1..8 -> 0xFFuy ]
            let needs, strings = headersAt file + 2 * 64, headersAt file + 64
            let expect part damage = Expect.equal (listed (file |> damage)) (Error(OutOfBounds part)) part
            expect "header" (Array.truncate 63)
            expect "section headers" (altered 40 beyond)
            expect "section headers" (altered (needs + 40) [ 3uy ])
            expect "version needs" (altered (needs + 24) beyond)
            expect "version needs" (altered (needs + 32) beyond)
            expect "version needs" (altered (needsAt file + 12) [ 0xFFuy; 0xFFuy; 0xFFuy; 0xFFuy ])
            expect "strings" (altered (strings + 24) beyond)
            expect "strings" (altered (needsAt file + 4) [ 0xFFuy; 0xFFuy; 0xFFuy; 0xFFuy ])

        testCase "refuses chains that run through more records than the section has room for"
        <| fun () ->
            let file = craft sample
            // Steps of four bytes, through records of sixteen.
            let steps = [ for i in 0 .. headersAt file - needsAt file - 1 -> if i % 4 = 0 then 4uy else 0uy ]

            Expect.equal (listed (file |> altered (needsAt file) steps)) (Error(Tangled "version needs")) "steps"

        testCase "answers every cut of a file"
        <| fun () ->
            let file = craft sample

            for length in 0 .. file.Length - 1 do
                Expect.isError (Elf.versionNeeds (Array.truncate length file)) $"cut to {length} bytes"

        testPropertyWithConfig
            { FsCheckConfig.defaultConfig with maxTest = 5000 }
            "answers every damaged file, and changes only flags"
        <| Prop.forAll (Arb.fromGen damaged) (fun file ->
            match Elf.versionNeeds file, Elf.weaken "GLIBCXX_3.4.32" file with
            | Error read, Error weakened -> read = weakened
            | Ok needs, Ok copy ->
                let flags = needs |> List.collect (fun need -> [ need.FlagsAt; need.FlagsAt + 1 ]) |> set

                copy.Length = file.Length
                && Seq.forall (fun i -> file[i] = copy[i] || flags.Contains i) [ 0 .. file.Length - 1 ]
            | _ -> false)
    ]
