/// What a call leaves alive beside what it returns.
module Vae.Core.Tests.Memory.LeftBehind

open System
open System.Collections
open System.Reflection
open Expecto
open Microsoft.FSharp.Reflection
open TorchSharp
open Vae.Core

/// The tensors that a value holds: tuples, options, records, and lists of them.
let rec private tensorsOf (value: objnull) : Tensor list =
    let ofFields (fields: objnull[]) = fields |> List.ofArray |> List.collect tensorsOf

    match value with
    | null -> []
    | :? Tensor as t -> [ t ]
    | :? string -> []
    | :? (int64[])
    | :? (float[]) -> []
    | value ->
        let kind = value.GetType()

        if FSharpType.IsTuple kind then
            ofFields (FSharpValue.GetTupleFields value)
        elif FSharpType.IsRecord kind then
            ofFields (FSharpValue.GetRecordFields value)
        else
            match value with
            | :? IEnumerable as items -> items |> Seq.cast<objnull> |> List.ofSeq |> List.collect tensorsOf
            | value when FSharpType.IsUnion kind -> ofFields (snd (FSharpValue.GetUnionFields(value, kind)))
            | _ -> []

/// How many tensors a call leaves alive that it does not return.
let count (call: unit -> objnull) : int =
    use scope = torch.NewDisposeScope()

    for result in tensorsOf (call ()) do
        scope.Detach result |> ignore

    scope.DisposablesCount

let nothing (what: string) (call: unit -> objnull) = Expect.equal (count call) 0 $"tensors that %s{what} leaves behind"

/// The arguments that each public member of a value is given, by its name and their types; None where there are none.
type Arguments = string -> ParameterInfo -> obj option

/// Every public property and method of a value, but for some, whose arguments are known: by its name, with its call.
let calls (without: string list) (arguments: Arguments) (value: obj) : (string * (unit -> objnull)) list =
    let flags = BindingFlags.Public ||| BindingFlags.Instance

    let invoke (m: MethodInfo) given () =
        try
            m.Invoke(value, given)
        with :? TargetInvocationException as error ->
            match error.InnerException with
            | :? NotSupportedException -> null
            | _ -> raise error

    [
        for m in value.GetType().GetMethods flags do
            let name = if m.Name.StartsWith "get_" then m.Name.Substring 4 else m.Name

            if
                m.DeclaringType <> typeof<obj>
                && m.ReturnType <> typeof<Void>
                && not m.IsGenericMethod
                && not (List.contains name without)
            then
                let given = m.GetParameters() |> Array.map (arguments name)

                if given |> Array.forall _.IsSome then
                    let types = m.GetParameters() |> Array.map _.ParameterType.Name |> String.concat ", "
                    $"%s{name}(%s{types})", invoke m (given |> Array.choose id)
    ]

/// All members together, so that one run says all that leave something.
let checkAll (calls: (string * (unit -> objnull)) list) =
    Expect.isNonEmpty calls "members"

    let left = [
        for name, call in calls do
            match count call with
            | 0 -> ()
            | n -> $"%s{name}: %d{n}"
    ]

    Expect.equal left [] "members, with how many tensors each leaves behind"
