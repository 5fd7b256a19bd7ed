/// What is made on a thread that has no scope: nothing but what is returned, as the rest could be freed while native code
/// reads it.
module Vae.Core.Tests.Threads.LifetimeTests

open System
open System.Collections.Generic
open System.Reflection
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests
open Vae.Testing

let private key = Key.ofSeed 23

/// The tensors that a value holds, directly or by others that it holds.
let private heldBy (value: obj | null) : HashSet<obj> =
    let seen = HashSet<obj>(ReferenceEqualityComparer.Instance)
    let found = HashSet<obj>(ReferenceEqualityComparer.Instance)

    let flags =
        BindingFlags.Instance
        ||| BindingFlags.Public
        ||| BindingFlags.NonPublic
        ||| BindingFlags.DeclaredOnly

    let rec look (value: obj | null) =
        match value with
        | null -> ()
        | :? torch.Tensor as t -> found.Add t |> ignore
        | :? Type -> ()
        | value when value.GetType().IsPrimitive || not (seen.Add value) -> ()
        | :? Array as items ->
            if not (nonNull (items.GetType().GetElementType())).IsPrimitive then
                for item in items do
                    look item
        | value ->
            let mutable t: Type | null = value.GetType()

            while not (isNull t) do
                let known = nonNull t

                for field in known.GetFields flags do
                    if not field.FieldType.IsPrimitive then
                        look (field.GetValue value)

                t <- known.BaseType

    look value
    found

/// How many tensors a computation makes that belong to no scope.
let private loose (compute: unit -> 'a) : 'a * int64 =
    let counted () = DisposeScopeManager.Statistics.CreatedOutsideScopeCount
    let before = counted ()
    let result = compute ()
    result, counted () - before

let private casesOf (info: LawInfo) =
    let options = EveryLawTests.optionsOf info
    Generate.cases options.Generators [ 3 ] 4 options.Seed info |> List.head

let private returnsOnly name (compute: unit -> 'a) =
    let result, made = loose compute
    let returned = int64 (heldBy (box result)).Count
    Expect.isLessThanOrEqual made returned $"%s{name}: tensors made without a scope, of which so many are returned"
    result

let private members (info: LawInfo) =
    let parameters = casesOf info |> LawCases.tensors f64
    let law, made = loose (fun () -> info.Make parameters)
    let own = heldBy (box law)
    own.ExceptWith(parameters |> Seq.map box |> Seq.choose Option.ofObj)

    Expect.isLessThanOrEqual
        made
        (int64 own.Count)
        $"making %s{info.Name}: tensors made without a scope, of which so many are the law's"

    let x = law.Sample(key, [| 3L |])

    let known name (compute: unit -> Tensor) =
        try
            returnsOnly $"%s{info.Name}.%s{name}" compute |> ignore
        with :? NotSupportedException ->
            ()

    known "Sample" (fun () -> law.Sample(key, [| 3L |]))
    known "LogProb" (fun () -> law.LogProb x)
    known "Mean" (fun () -> law.Mean)
    known "Variance" (fun () -> law.Variance)
    returnsOnly $"%s{info.Name}.Mode" (fun () -> law.Mode) |> ignore
    returnsOnly $"%s{info.Name}.Entropy" (fun () -> law.Entropy) |> ignore
    returnsOnly $"%s{info.Name}.Support" (fun () -> law.Support) |> ignore

    match law with
    | :? Univariate as law ->
        let p = Key.uniform f64 law.BatchShape key
        known "Cdf" (fun () -> law.Cdf x)
        known "Survival" (fun () -> law.Survival x)
        known "Quantile" (fun () -> law.Quantile p)
        known "UpperQuantile" (fun () -> law.UpperQuantile p)
    | _ -> ()

    for path in Option.toList info.Path do
        let path = returnsOnly $"the path of %s{info.Name}" (fun () -> path law)
        let noise = returnsOnly $"noise of %s{info.Name}" (fun () -> path.Noise(key, [| 2L |]))
        returnsOnly $"push of %s{info.Name}" (fun () -> path.Push noise) |> ignore
        returnsOnly $"draw of %s{info.Name}" (fun () -> path.Draw(key, [| 2L |])) |> ignore

let tests () =
    testList "Lifetimes" [
        for info in Laws.all do
            testCase $"%s{info.Name} leaves no tensor to the garbage collector" <| fun () -> members info
    ]
