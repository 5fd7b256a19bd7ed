namespace Vae.Core

/// Every kind of law that the library knows by its parameters.
[<RequireQualifiedAccess>]
module Laws =
    /// In the order that tables show them.
    let all: LawInfo list = [ Normal.info; MultivariateNormal.info; Bernoulli.info; Categorical.info ]

    /// The kind of law with a name, whatever its case.
    let tryFind (name: string) =
        all
        |> List.tryFind (fun info -> System.String.Equals(info.Name, name, System.StringComparison.OrdinalIgnoreCase))
