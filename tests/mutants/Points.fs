/// Where the library may be changed, and which of these places a run takes.
module Vae.Mutants.Points

open System
open System.IO
open Mono.Cecil
open Mono.Cecil.Cil
open Mono.Cecil.Rocks
open Vae.Mutants.Mutation

/// A change of one instruction, by the number that switches it on.
type Point = {
    Id: int
    Folder: string
    File: string
    Line: int
    Method: MethodDefinition
    Instruction: Instruction
    Mutation: Mutation
}

let folders = [ "Distributions"; "Divergences"; "Objectives"; "Training"; "Evaluation"; "Special"; "Transforms" ]

/// What reads and writes laws as text, and tables of what there is: their mistakes are words.
let private skippedFiles =
    set [
        "LawText.fs"
        "TransformText.fs"
        "Spelling.fs"
        "LawSyntax.fs"
        "LawArguments.fs"
        "LawInfo.fs"
        "Laws.fs"
    ]

let private skippedMethods = set [ ".cctor"; "CompareTo"; "Equals"; "GetHashCode"; "ToString"; "main@" ]

let rec private withNested (kind: TypeDefinition) : TypeDefinition seq =
    Seq.append [ kind ] (kind.NestedTypes |> Seq.collect withNested)

/// The source of each instruction: the last sequence point at or before it.
let private sourceOf (m: MethodDefinition) =
    let points =
        m.DebugInformation.SequencePoints
        |> Seq.filter (fun p -> not p.IsHidden)
        |> Seq.sortBy _.Offset
        |> Seq.toArray

    fun (offset: int) -> points |> Array.tryFindBack (fun p -> p.Offset <= offset)

let private ofMethod (m: MethodDefinition) =
    let source = sourceOf m
    // Offsets are those of the file until the short forms are replaced.
    let offsets = m.Body.Instructions |> Seq.map (fun i -> i, i.Offset) |> Seq.toArray
    m.Body.SimplifyMacros()

    [
        for i, offset in offsets do
            match source offset with
            | Some place ->
                let parts = place.Document.Url.Replace('\\', '/').Split '/'
                let folder, file = parts[parts.Length - 2], Array.last parts

                if List.contains folder folders && not (skippedFiles.Contains file) then
                    let isPrefixed =
                        match Option.ofObj i.Previous with
                        | Some before -> before.OpCode.OpCodeType = OpCodeType.Prefix && before.OpCode.Code <> Code.Tail
                        | None -> false

                    if not isPrefixed then
                        for mutation in Mutation.all i do
                            {
                                Id = 0
                                Folder = folder
                                File = $"%s{folder}/%s{file}"
                                Line = place.StartLine
                                Method = m
                                Instruction = i
                                Mutation = mutation
                            }
            | None -> ()
    ]

/// Every place of an assembly.
let all (assembly: AssemblyDefinition) : Point list = [
    for kind in assembly.MainModule.Types |> Seq.collect withNested do
        // What runs once, before any test, cannot be switched.
        if not (kind.FullName.StartsWith "<StartupCode$") then
            for m in kind.Methods do
                if m.HasBody && not (skippedMethods.Contains m.Name) && m.DebugInformation.HasSequencePoints then
                    yield! ofMethod m
]

let private numbered (points: Point list) =
    points
    |> List.sortBy (fun p -> p.File, p.Line, p.Instruction.Offset)
    |> List.mapi (fun i p -> { p with Id = i + 1 })

/// All of a file, "Divergences/Mmd.fs", or of one of its lines, "Divergences/Mmd.fs:21".
let ofPlace (place: string) (points: Point list) : Point list =
    points |> List.filter (fun p -> p.File = place || $"%s{p.File}:%d{p.Line}" = place) |> numbered

/// So many of each folder as their number allows, of all kinds alike, no two on one instruction, by a seed; numbered from 1.
let choose (seed: int) (count: int) (points: Point list) : Point list =
    let random = Random seed

    let shuffled (points: Point list) =
        let points = List.toArray points
        random.Shuffle points
        List.ofArray points

    /// The first of each kind, then the second of each, and so on.
    let interleaved (points: Point list) =
        points
        |> List.groupBy _.Mutation.Kind
        |> List.collect (fun (_, ofKind) -> ofKind |> shuffled |> List.indexed)
        |> List.sortBy fst
        |> List.map snd
        |> List.distinctBy (fun p -> p.Method.FullName, p.Instruction.Offset)

    let perFolder =
        points |> List.groupBy _.Folder |> List.sortBy fst |> List.map (fun (_, ps) -> interleaved ps)

    // Folders with few places leave their share to the others.
    let rec share left (folders: Point list list) =
        match folders |> List.sortBy List.length with
        | [] -> []
        | smallest :: others ->
            let taken = List.truncate (left / (1 + others.Length)) smallest
            taken @ share (left - taken.Length) others

    share count perFolder |> numbered
