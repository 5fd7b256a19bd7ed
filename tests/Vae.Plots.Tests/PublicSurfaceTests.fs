module Vae.Plots.Tests.PublicSurfaceTests

open System
open System.Reflection
open Expecto
open Vae.Plots

/// Everything a type is made of.
let rec private parts (t: Type) : Type list = [
    t

    if t.HasElementType then
        yield! parts (nonNull (t.GetElementType()))

    for argument in t.GetGenericArguments() do
        yield! parts argument
]

let tests =
    testList "Public surface" [
        testCase "no F# type and nothing of Plotly.NET stands in a public signature"
        <| fun () ->
            let signatures = [
                for t in typeof<Figure>.Assembly.GetExportedTypes() do
                    let flags =
                        BindingFlags.Public
                        ||| BindingFlags.Static
                        ||| BindingFlags.Instance
                        ||| BindingFlags.DeclaredOnly

                    for m in t.GetMethods flags do
                        t.Name + "." + m.Name, m.ReturnType
                        yield! m.GetParameters() |> Array.map (fun p -> t.Name + "." + m.Name, p.ParameterType)

                    for c in t.GetConstructors() do
                        yield! c.GetParameters() |> Array.map (fun p -> t.Name, p.ParameterType)
            ]

            Expect.isGreaterThan signatures.Length 50 "signatures were found"

            for name, t in signatures do
                for part in parts t do
                    let space = string part.Namespace
                    Expect.isFalse (space.StartsWith "Microsoft.FSharp" || space.StartsWith "Plotly") $"%s{name}: %O{t}"
    ]
