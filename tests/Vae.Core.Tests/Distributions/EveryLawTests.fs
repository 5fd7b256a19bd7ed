/// Every kind of law that the library knows, held to the kit.
module Vae.Core.Tests.EveryLawTests

open Expecto
open FsCheck.FSharp
open Vae.Core
open Vae.Testing

let private dimensionOf name = name, (fun (size: int) -> Gen.constant [| float size |])

let private with' generators (options: LawTestOptions) = { options with Generators = generators @ options.Generators }
let private sized sizes (options: LawTestOptions) = { options with Sizes = sizes }

/// Logits by which every category is drawn now and then, as a mean over draws needs.
let private mildLogits name = name, (fun size -> Gen.arrayOfLength size (Generate.between -2.0 2.0))

/// Concentrations that leave no probability so near to 1 that x cannot say where: quadrature over x needs that. Smaller
/// ones are held to known numbers in UnitIntervalTests.
let private fromOne name = name, (fun _ -> Generate.between 1.0 30.0 |> Gen.map Array.singleton)

/// What is different for some laws, by name, and why.
let private options: (string * (LawTestOptions -> LawTestOptions)) list = [
    // One number that is 1 is no law.
    for name in [ "Dirichlet"; "DirichletMultinomial"; "RelaxedOneHotCategorical" ] do
        name, sized [ 2; 3; 6 ]

    "SphericalUniform", sized [ 2; 3; 6 ] >> with' [ dimensionOf "dimensions" ]
    "LkjCholesky", sized [ 2; 3; 5 ] >> with' [ dimensionOf "dimension" ]

    // More degrees of freedom than dimensions less one, and so many that draws do not round to singular matrices.
    "Wishart", with' [ "df", (fun size -> Generate.between 1.0 20.0 |> Gen.map (fun more -> [| float size + more |])) ]

    "OneHotCategorical", with' [ mildLogits "logits" ]
    "Multinomial", with' [ mildLogits "logits" ]
    "Beta", with' [ fromOne "concentration0" ]
    "Kumaraswamy", with' [ fromOne "concentration0" ]
]

let optionsOf (info: LawInfo) =
    options
    |> List.filter (fun (name, _) -> name = info.Name)
    |> List.fold (fun known (_, change) -> change known) LawTests.defaults

/// A function, so that a child process makes no laws.
let tests () = testList "Every law" [ for info in Laws.all -> LawTests.ofInfoWith (optionsOf info) info ]
