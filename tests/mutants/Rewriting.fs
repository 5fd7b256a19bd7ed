/// An assembly that has all its mutants, each asleep until its number is the active one.
module Vae.Mutants.Rewriting

open System
open System.Collections.Generic
open Mono.Cecil
open Mono.Cecil.Cil
open Mono.Cecil.Rocks
open Vae.Mutants.Points

/// The type `Mutants` of the assembly: `Active`, the number of the mutant that is switched on, at first by the variable
/// VAE_MUTANT, `Reached`, a mark for each that the program came to, and `On`, which marks one and says whether it is active.
let private addSwitch (assembly: AssemblyDefinition) (count: int) : MethodReference =
    let m = assembly.MainModule
    let objects = m.TypeSystem.Object

    let kind =
        TypeDefinition(
            "",
            "Mutants",
            TypeAttributes.Public
            ||| TypeAttributes.Abstract
            ||| TypeAttributes.Sealed
            ||| TypeAttributes.BeforeFieldInit,
            objects
        )

    let field name fieldType =
        let added = FieldDefinition(name, FieldAttributes.Public ||| FieldAttributes.Static, fieldType)
        kind.Fields.Add added
        added

    let active = field "Active" m.TypeSystem.Int32
    let reached = field "Reached" (ArrayType m.TypeSystem.Boolean)

    let imported (target: Reflection.MethodInfo | null) = m.ImportReference(nonNull target)

    let emit (target: MethodDefinition) (code: (ILProcessor -> unit) list) =
        let il = target.Body.GetILProcessor()
        code |> List.iter (fun step -> step il)
        kind.Methods.Add target

    emit
        (MethodDefinition(
            ".cctor",
            MethodAttributes.Private
            ||| MethodAttributes.Static
            ||| MethodAttributes.SpecialName
            ||| MethodAttributes.RTSpecialName
            ||| MethodAttributes.HideBySig,
            m.TypeSystem.Void
        ))
        [
            _.Emit(OpCodes.Ldc_I4, count + 1)
            _.Emit(OpCodes.Newarr, m.TypeSystem.Boolean)
            _.Emit(OpCodes.Stsfld, reached)
            _.Emit(OpCodes.Ldstr, "VAE_MUTANT")
            _.Emit(
                OpCodes.Call,
                imported (typeof<Environment>.GetMethod("GetEnvironmentVariable", [| typeof<string> |]))
            )
            // Of none it is 0.
            _.Emit(OpCodes.Call, imported (typeof<Convert>.GetMethod("ToInt32", [| typeof<string> |])))
            _.Emit(OpCodes.Stsfld, active)
            _.Emit(OpCodes.Ret)
        ]

    let on =
        MethodDefinition("On", MethodAttributes.Public ||| MethodAttributes.Static, m.TypeSystem.Boolean)

    on.Parameters.Add(ParameterDefinition m.TypeSystem.Int32)

    emit on [
        _.Emit(OpCodes.Ldsfld, reached)
        _.Emit(OpCodes.Ldarg_0)
        _.Emit(OpCodes.Ldc_I4_1)
        _.Emit(OpCodes.Stelem_I1)
        _.Emit(OpCodes.Ldsfld, active)
        _.Emit(OpCodes.Ldarg_0)
        _.Emit(OpCodes.Ceq)
        _.Emit(OpCodes.Ret)
    ]

    m.Types.Add kind
    on

let private copy (i: Instruction) =
    let copied = Instruction.Create OpCodes.Nop
    copied.OpCode <- i.OpCode
    copied.Operand <- i.Operand
    copied

/// `if On id then mutated else original`, with the same on the stack before and after. What jumped to the instruction comes
/// to the question. `moved` knows where instructions went that have a question already.
let private addTo (on: MethodReference) (moved: Dictionary<Instruction, Instruction>) (point: Point) =
    let body = point.Method.Body
    let il = body.GetILProcessor()

    let original =
        match moved.TryGetValue point.Instruction with
        | true, kept -> kept
        | _ -> point.Instruction

    let mutated, kept = point.Mutation.Code body, copy original
    let after = Instruction.Create OpCodes.Nop
    moved[point.Instruction] <- kept

    match Option.ofObj original.Previous with
    | Some before when before.OpCode.Code = Code.Tail ->
        before.OpCode <- OpCodes.Nop
        before.Operand <- null
    | _ -> ()

    original.OpCode <- OpCodes.Ldc_I4
    original.Operand <- box point.Id

    [
        Instruction.Create(OpCodes.Call, on)
        Instruction.Create(OpCodes.Brtrue, mutated.Head)
        kept
        Instruction.Create(OpCodes.Br, after)
        yield! mutated
        after
    ]
    |> List.fold
        (fun (last: Instruction) next ->
            il.InsertAfter(last, next)
            next)
        original
    |> ignore

/// Reads an assembly with its symbols, takes some of its places, and writes it with their mutants: these, of how many.
let write (source: string) (target: string) (choose: Point list -> Point list) : Point list * int =
    let resolver = new DefaultAssemblyResolver()
    resolver.AddSearchDirectory(nonNull (System.IO.Path.GetDirectoryName source))

    use assembly =
        AssemblyDefinition.ReadAssembly(source, ReaderParameters(ReadSymbols = true, AssemblyResolver = resolver))

    let places = Points.all assembly
    let chosen = choose places
    let on = addSwitch assembly chosen.Length
    chosen |> List.iter (addTo on (Dictionary HashIdentity.Reference))
    assembly.Write target
    chosen, places.Length
