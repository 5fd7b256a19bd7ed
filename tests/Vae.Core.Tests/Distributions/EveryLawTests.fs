/// Every kind of law that the library knows, held to the kit.
module Vae.Core.Tests.EveryLawTests

open Expecto
open FsCheck.FSharp
open Vae.Core
open Vae.Testing

let private dimensionOf name = name, (fun (size: int) -> Gen.constant [| float size |])

let private with' generators (options: LawTestOptions) = { options with Generators = generators @ options.Generators }
let private sized sizes (options: LawTestOptions) = { options with Sizes = sizes }

/// A parameter between two numbers.
let private number name low high = name, (fun (_: int) -> Generate.between low high |> Gen.map Array.singleton)

/// A factor whose matrix is far from singular.
let private mildFactor (size: int) =
    Gen.arrayOfLength (size * size) (Generate.between 0.3 1.5)
    |> Gen.map (
        Array.mapi (fun at value ->
            if at % size > at / size then 0.0
            elif at % size = at / size then value
            else value - 0.9)
    )

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
    "Wishart",
    with' [
        "df", (fun size -> Generate.between 1.0 20.0 |> Gen.map (fun more -> [| float size + more |]))
        "scaleTril", mildFactor
    ]

    "WrappedNormal", with' [ "curvature", (fun _ -> Gen.map Array.singleton Generate.unit) ]
    "StudentT", with' [ number "df" 0.5 50.0 ] // The quantiles of fewer degrees of freedom leave the range of numbers.
    "TruncatedNormal", with' [ number "loc" -5.0 5.0; number "scale" 0.5 20.0; number "low" -20.0 20.0 ]
    "LogNormal", with' [ number "loc" -5.0 5.0; number "scale" 0.01 5.0 ] // So that x is in the range of numbers.
    "LogitNormal", with' [ number "loc" -3.0 3.0; number "scale" 0.01 2.0 ] // So that x can say how near to 1 it is.
    "RelaxedBernoulli", with' [ number "temperature" 0.7 10.0; number "logits" -3.0 3.0 ]
    "DiscretizedLogistic", with' [ number "loc" 0.0 20.0; "bins", (fun _ -> Gen.constant [| 20.0 |]) ]
    "Dirichlet", with' [ "concentration", (fun size -> Gen.arrayOfLength size (Generate.between 0.7 30.0)) ]
    "LowRankMultivariateNormal", with' [ "diagonal", (fun size -> Gen.arrayOfLength size (Generate.between 0.1 10.0)) ]

    "Delta",
    fun options -> {
        options with
            Skip = [ LawProperty.Gradients, "the density at a point does not depend on the point" ]
    }

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
