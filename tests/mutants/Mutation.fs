/// What one instruction may be changed to.
module Vae.Mutants.Mutation

open System
open System.Collections.Generic
open Mono.Cecil
open Mono.Cecil.Cil

/// Another thing to do with what stands on the stack, with a result of the same type.
type Mutation = {
    Kind: string
    /// What becomes of what, as a reader would write it.
    Change: string
    Code: MethodBody -> Instruction list
}

/// Operations of tensors that are taken for one another where both have the same parameters: whoever declares them, so
/// that torch's own and the library's are found alike.
let private exchangedNames = [
    "sign flip", "op_Addition", "op_Subtraction"
    "sign flip", "add", "sub"
    "other operation", "op_Multiply", "op_Division"
    "other operation", "mul", "div"
    "other operation", "op_DotMultiply", "op_DotPlus"
    "mean for sum", "mean", "sum"
    "other operation", "log", "log1p"
    "other operation", "exp", "expm1"
    "other operation", "lgamma", "digamma"
    "comparison flipped", "maximum", "minimum"
    "comparison flipped", "amax", "amin"
    "comparison flipped", "clamp_min", "clamp_max"
    "comparison flipped", "gt", "lt"
    "comparison flipped", "ge", "le"
    "comparison flipped", "logical_and", "logical_or"
]

/// Operations that leave one of their tensors as it is when they are left out.
let private dropped =
    set [
        "op_Addition"
        "op_Subtraction"
        "op_Multiply"
        "op_Division"
        "op_UnaryNegation"
        "op_DotMultiply"
        "op_DotPlus"
        "add"
        "sub"
        "mul"
        "div"
        "neg"
        "abs"
        "log"
        "exp"
        "sqrt"
        "squared"
        "reciprocal"
        "clamp_min"
        "clamp_max"
        "expm1"
        "log1p"
    ]

/// Operations whose last two arguments are not alike.
let private turned = set [ "op_Subtraction"; "op_Division"; "where"; "sub"; "div" ]

let private isTensor (kind: TypeReference) = kind.FullName = "TorchSharp.torch/Tensor"

/// The types of what a call takes from the stack, the deepest first.
let private taken (m: MethodReference) = [
    if m.HasThis then
        m.DeclaringType
    for parameter in m.Parameters do
        parameter.ParameterType
]

let private store (body: MethodBody) kind =
    let slot = VariableDefinition kind
    body.Variables.Add slot
    slot

let private load (slot: VariableDefinition) = Instruction.Create(OpCodes.Ldloc, slot)
let private keep (slot: VariableDefinition) = Instruction.Create(OpCodes.Stloc, slot)
let private pop () = Instruction.Create OpCodes.Pop

let private call (code: OpCode) (target: MethodReference) = Instruction.Create(code, target)

let private otherName (m: MethodReference) =
    exchangedNames
    |> List.choose (fun (kind, a, b) ->
        if m.Name = a then Some(kind, b)
        elif m.Name = b then Some(kind, a)
        else None)

/// The operation of another name with the same parameters, beside this one.
let private named name (m: MethodReference) =
    let same (other: MethodDefinition) =
        other.Name = name
        && other.HasThis = m.HasThis
        && other.ReturnType.FullName = m.ReturnType.FullName
        && Seq.forall2
            (fun (a: ParameterDefinition) (b: ParameterDefinition) ->
                a.ParameterType.FullName = b.ParameterType.FullName)
            other.Parameters
            m.Parameters
        && other.Parameters.Count = m.Parameters.Count

    m.DeclaringType.Resolve().Methods |> Seq.tryFind same

let private ofCall (m: MethodReference) (code: OpCode) : Mutation list =
    let kinds = taken m
    let shortOf (name: string) = name.Replace("op_", "")
    let short = shortOf m.Name

    [
        if isTensor m.ReturnType then
            for kind, name in otherName m do
                match named name m with
                | Some other -> {
                    Kind = kind
                    Change = $"%s{short} -> %s{shortOf name}"
                    Code = fun body -> [ call code (body.Method.Module.ImportReference other) ]
                  }
                | None -> ()

            if dropped.Contains m.Name then
                match kinds with
                | first :: rest when isTensor first -> {
                    Kind = "dropped term"
                    Change = $"%s{short} left out"
                    Code = fun _ -> Instruction.Create OpCodes.Nop :: List.map (fun _ -> pop ()) rest
                  }
                | [ _; last ] when isTensor last -> {
                    Kind = "dropped term"
                    Change = $"%s{short} left out"
                    Code =
                        fun body ->
                            let slot = store body last
                            [ keep slot; pop (); load slot ]
                  }
                | _ -> ()

        match List.rev kinds with
        | b :: a :: _ when
            a.FullName = b.FullName
            && not a.IsValueType
            && not a.IsGenericParameter
            && a.FullName <> "System.String"
            && (turned.Contains m.Name || m.DeclaringType.Namespace.StartsWith "Vae.Core")
            && not (m.Name.StartsWith "op_" && not (turned.Contains m.Name))
              ->
              {
                  Kind = "q and p exchanged"
                  Change = $"the last two arguments of %s{short}"
                  Code =
                      fun body ->
                          let second, first = store body b, store body a
                          [ keep second; keep first; load second; load first; call code m ]
              }
        | _ -> ()
    ]

let private opcode (kind: string) (change: string) (code: OpCode) (operand: objnull) = {
    Kind = kind
    Change = change
    Code =
        fun _ -> [
            match operand with
            | :? Instruction as target -> Instruction.Create(code, target)
            | _ -> Instruction.Create code
        ]
}

/// Arithmetic and comparisons of plain numbers.
let private opcodes =
    dict [
        Code.Add, ("sign flip", "+ -> -", OpCodes.Sub)
        Code.Sub, ("sign flip", "- -> +", OpCodes.Add)
        Code.Mul, ("other operation", "* -> /", OpCodes.Div)
        Code.Div, ("other operation", "/ -> *", OpCodes.Mul)
        Code.Clt, ("comparison flipped", "< -> >", OpCodes.Cgt)
        Code.Cgt, ("comparison flipped", "> -> <", OpCodes.Clt)
        Code.Blt, ("comparison flipped", "< -> >=", OpCodes.Bge)
        Code.Bge, ("comparison flipped", ">= -> <", OpCodes.Blt)
        Code.Bgt, ("comparison flipped", "> -> <=", OpCodes.Ble)
        Code.Ble, ("comparison flipped", "<= -> >", OpCodes.Bgt)
    ]

let private isCondition (i: Instruction) =
    match Option.ofObj i.Previous |> Option.map _.Operand with
    | Some(:? MethodReference as m) -> m.ReturnType.FullName = "System.Boolean"
    | _ -> false

/// Everything that may be done in place of an instruction.
let all (i: Instruction) : Mutation list =
    match i.OpCode.Code, i.Operand with
    | (Code.Call | Code.Callvirt), (:? MethodReference as m) -> ofCall m i.OpCode
    | code, _ when opcodes.ContainsKey code ->
        let kind, change, other = opcodes[code]
        [ opcode kind change other i.Operand ]
    | Code.Brfalse, _ when isCondition i -> [
        opcode "comparison flipped" "a condition negated" OpCodes.Brtrue i.Operand
      ]
    | Code.Brtrue, _ when isCondition i -> [
        opcode "comparison flipped" "a condition negated" OpCodes.Brfalse i.Operand
      ]
    // Tolerances and limits far from 1 are beyond what a test of a value can tell.
    | Code.Ldc_R8, (:? float as c) when c = 0.0 || (abs c > 1e-3 && abs c < 1e3) ->
        let other = if c = 0.0 then 1.0 else 2.0 * c

        [
            {
                Kind = "constant changed"
                Change = FormattableString.Invariant $"{c} -> {other}"
                Code = fun _ -> [ Instruction.Create(OpCodes.Ldc_R8, other) ]
            }
        ]
    | Code.Ldc_I4, (:? int as c) when c = 1 && (i.Next.OpCode.Code = Code.Add || i.Next.OpCode.Code = Code.Sub) -> [
        {
            Kind = "off by one"
            Change = "1 -> 2"
            Code = fun _ -> [ Instruction.Create(OpCodes.Ldc_I4, 2) ]
        }
      ]
    | _ -> []
