module Vae.Cli.Tests.NativeArgumentsTests

open System
open System.IO
open Expecto
open Vae.Core.Tests.Threads

/// Beside the command lie all assemblies of the library.
let tests =
    testCase "no assembly beside the command hands native code a scalar that nothing holds"
    <| fun () ->
        let assemblies = NativeArguments.assemblies AppContext.BaseDirectory
        let names = assemblies |> List.map (fun file -> string (Path.GetFileName file))

        for name in [ "Vae.CSharp.dll"; "Vae.Core.dll"; "Vae.Plots.dll"; "vae.dll" ] do
            Expect.contains names name "what is looked at"

        let findings = assemblies |> List.collect NativeArguments.findings
        Expect.isEmpty findings (String.concat "\n" findings)
