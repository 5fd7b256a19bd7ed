/// Every kind of law that the library knows, held to the kit.
module Vae.Core.Tests.EveryLawTests

open Expecto
open Vae.Core
open Vae.Testing

/// What is different for some laws, by name, and why.
let private options: (string * (LawTestOptions -> LawTestOptions)) list = [
    // One number that is 1 is no law.
    for name in [ "Dirichlet"; "DirichletMultinomial"; "RelaxedOneHotCategorical" ] do
        name, (fun options -> { options with Sizes = [ 2; 3; 6 ] })
]

let optionsOf (info: LawInfo) =
    options
    |> List.filter (fun (name, _) -> name = info.Name)
    |> List.fold (fun known (_, change) -> change known) LawTests.defaults

/// A function, so that a child process makes no laws.
let tests () = testList "Every law" [ for info in Laws.all -> LawTests.ofInfoWith (optionsOf info) info ]
