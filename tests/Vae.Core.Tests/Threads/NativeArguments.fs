/// Which of TorchSharp's methods hand native code a scalar that nothing holds, and which methods of ours call them: read from
/// the compiled code of both.
module Vae.Core.Tests.Threads.NativeArguments

open System
open System.Collections.Generic
open System.IO
open Mono.Cecil
open Mono.Cecil.Cil
open TorchSharp

let private scalar = "TorchSharp.Scalar"

let rec private withNested (t: TypeDefinition) : TypeDefinition seq =
    seq {
        yield t

        for nested in t.NestedTypes do
            yield! withNested nested
    }

let private methods (assembly: AssemblyDefinition) = [
    for m in assembly.Modules do
        for t in m.Types |> Seq.collect withNested do
            for method in t.Methods do
                if method.HasBody then
                    method
]

/// A method by its declaration, whatever its type arguments are.
let private nameOf (m: MethodReference) = m.GetElementMethod().FullName

/// The methods that a method refers to, in order.
let private references (m: MethodDefinition) : (Instruction * MethodReference) seq =
    m.Body.Instructions
    |> Seq.choose (fun i ->
        match i.Operand with
        | :? MethodReference as called -> Some(i, called)
        | _ -> None)

/// Whether it leaves a scalar that it made: by a constructor, a conversion, or whatever else returns one.
let private makesScalar (i: Instruction, called: MethodReference) =
    if i.OpCode = OpCodes.Newobj then
        called.DeclaringType.FullName = scalar
    else
        called.ReturnType.FullName = scalar

let private takesScalar (called: MethodReference) =
    called.DeclaringType.FullName.Contains scalar && called.HasThis
    || called.FullName.Contains "FSharpFunc" && called.FullName.Contains scalar
    || called.Parameters |> Seq.exists _.ParameterType.FullName.Contains(scalar)

let private torchSharp = lazy AssemblyDefinition.ReadAssembly(typeof<torch.Tensor>.Assembly.Location)

/// Methods of TorchSharp that make a scalar themselves or by other methods of its own, and do not return it: native code
/// reads it while nothing holds it. Those that take one read what their caller holds.
let unheld: Lazy<HashSet<string>> =
    lazy
        (let all = methods torchSharp.Value
         let found = HashSet<string>()

         // An iterator's or a lambda's code is in a type of its own, which whoever makes one goes on to run.
         let generated =
             all
             |> List.filter (fun m -> m.DeclaringType.Name.StartsWith '<')
             |> List.groupBy _.DeclaringType.FullName
             |> dict

         let calls =
             all
             |> List.map (fun m ->
                 let names = [
                     for i, called in references m do
                         nameOf called

                         match generated.TryGetValue called.DeclaringType.FullName with
                         | true, bodies when i.OpCode = OpCodes.Newobj ->
                             for body in bodies do
                                 nameOf body
                         | _ -> ()
                 ]

                 m, names)

         for m in all do
             if m.ReturnType.FullName <> scalar && references m |> Seq.exists makesScalar then
                 found.Add(nameOf m) |> ignore

         let mutable grows = true

         while grows do
             let before = found.Count

             for m, called in calls do
                 if called |> List.exists found.Contains then
                     found.Add(nameOf m) |> ignore

             grows <- found.Count > before

         found)

/// Where scalars are made so that they live until the call that they are made for returns.
let private holders = [ "Vae.Core.Held"; "Vae.Core.RecentScalars" ]

/// Whether a method makes a scalar that is held until many more have been made on its thread.
let private isRecent (called: MethodReference) =
    let name = nameOf called

    name.Contains "Vae.Core.RecentScalars::Make"
    || name.Contains "Vae.Core.TensorOperators::Double.AsScalar"

/// Calls of unheld methods that are given what these would make: by caller and callee, and why.
let private given = [
    "Vae.Core.Adam::update", "CompilationUnit::invoke", "it makes scalars of numbers, and is given scalars"
]

let private isGiven (caller: string) (callee: string) =
    given |> List.exists (fun (a, b, _) -> caller.Contains a && callee.Contains b)

/// Whether a method may make recent scalars of its own: what is not TorchSharp's or .NET's, and no property.
let private mayMakeMore (called: MethodReference) =
    let owner = called.DeclaringType.FullName

    (owner.StartsWith "Vae." && not (called.Name.StartsWith "get_") && not (isRecent called))
    || called.Name = "Invoke"
    || called.Name = "InvokeFast"

/// A recent scalar has to be an argument of a call before any that may make more of them.
let private isTakenAtOnce (after: (Instruction * MethodReference) list) =
    after
    |> List.tryFind (fun (_, called) -> takesScalar called || mayMakeMore called)
    |> Option.exists (fun (_, called) -> takesScalar called)

/// What an assembly does that leaves native code with a scalar that nothing holds, by caller and callee.
let findings (path: string) : string list =
    use assembly = AssemblyDefinition.ReadAssembly path

    [
        for m in methods assembly do
            if not (holders |> List.contains (m.DeclaringType.FullName)) then
                let mutable rest = references m |> Seq.toList

                while not rest.IsEmpty do
                    let i, called = rest.Head
                    rest <- rest.Tail
                    let callee = nameOf called

                    if unheld.Value.Contains callee && not (isGiven m.FullName callee) then
                        $"%s{m.FullName} calls %s{callee}, which makes a scalar that nothing holds"
                    elif isRecent called then
                        if
                            not (
                                isTakenAtOnce rest
                                || m.ReturnType.FullName = scalar
                                || isGiven m.FullName "CompilationUnit::invoke"
                            )
                        then
                            $"%s{m.FullName} makes a scalar that is not taken at once"
                    elif makesScalar (i, called) && m.ReturnType.FullName <> scalar then
                        $"%s{m.FullName} makes a scalar by %s{callee}, which nothing holds"
    ]

/// Members of laws that state formulas, which the members that are called evaluate in a scope.
let lawFormulas = [
    "LogDensity"
    "LogDensityAt"
    "LowerTail"
    "UpperTail"
    "FromLower"
    "FromUpper"
    "FromLowerAt"
    "FromUpperAt"
]

/// The same of laws, transforms and positions.
let private formulas =
    lawFormulas @ [ "Map"; "Back"; "MapAt"; "BackAt"; "MapWithSlope"; "BackWithSlope"; "LogSlope" ]

/// Public members that compute with tensors outside of a scope, and why they may.
let private open' = [
    "PositionModule::", "parts of formulas"
    "LayerModule::apply", "a part of a net"
    "NetModule::apply", "the parameters and the point are its caller's"
    "BoundModule::toTensor", "makes one tensor of a number"
    "MixtureModule::aggregate", "makes one tensor of numbers"
    "TensorModule::ofArray", "what it makes on the way is disposed of"
    "TensorModule::scalar", "makes one tensor of a number"
    "DataModule::gather", "what it makes on the way is disposed of"
    "Truncated::Create", "what it makes on the way is disposed of"
]

let rec private isPublic (t: TypeDefinition) =
    (t.IsPublic || t.IsNestedPublic) && (isNull t.DeclaringType || isPublic t.DeclaringType)

/// Public members that make tensors where nothing keeps what they compute with alive: outside of a computation that
/// `Tensor.scoped` or one of its kind runs, and without a scope of their own.
let loose (path: string) : string list =
    use assembly = AssemblyDefinition.ReadAssembly path

    [
        for m in methods assembly do
            let isFormula = formulas |> List.contains m.Name
            let isOpen = open' |> List.exists (fun (name, _) -> m.FullName.Contains name)

            if m.IsPublic && isPublic m.DeclaringType && not isFormula && not isOpen then
                let called = references m |> Seq.map snd |> Seq.toList
                let owner (called: MethodReference) = called.DeclaringType.FullName

                let makes =
                    called
                    |> List.filter (fun c ->
                        let isOperation =
                            (owner c).StartsWith "TorchSharp.torch"
                            || owner c = "Vae.Core.Held"
                            || owner c = "Vae.Core.TensorOperators"

                        isOperation && c.ReturnType.FullName = "TorchSharp.torch/Tensor")

                if not makes.IsEmpty && called |> List.forall (fun c -> c.Name <> "NewDisposeScope") then
                    let names = makes |> List.map _.Name |> List.distinct |> String.concat ", "
                    $"%s{m.FullName} computes (%s{names}) outside of a scope"
    ]

/// The library's assemblies beside a program.
let assemblies (folder: string) : string list =
    Directory.GetFiles(folder, "*.dll")
    |> Array.filter (fun file ->
        let name = string (Path.GetFileNameWithoutExtension file)
        name = "vae" || name.StartsWith "Vae." && not (name.EndsWith ".Tests" || name.EndsWith ".Platform"))
    |> Array.sort
    |> Array.toList
