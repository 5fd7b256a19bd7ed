namespace Vae.Core

/// Posteriors by name, for an encoder.
[<RequireQualifiedAccess>]
module PosteriorRecipes =
    /// Every posterior that has a name of its own; a law's name makes that law, its parameters the encoder's.
    let all: Recipe<Net -> Posterior> list = [
        Recipe.create "normal" "" "" "independent normals" (fun _ -> Posterior.diagonalNormal)
        Recipe.create "full" "" "" "normals with any covariance" (fun _ -> Posterior.ofLaw MultivariateNormal.info)
        Recipe.create "low-rank" "RANK" "1" "normals with a covariance of that rank beside a diagonal" (fun words ->
            let rank = words.Whole()
            Posterior.ofHead (Head.ofLaw LowRankMultivariateNormal.info |> Head.size rank))
    ]

    /// The posterior that a text names, with flows of it after commas: `normal, iaf 4`, `VonMisesFisher`.
    let read (text: string) : Net -> Posterior =
        let law name words = HeadText.tryRead "posterior" name words |> Option.map Posterior.ofHead

        match Recipe.parts text with
        | first :: flows ->
            let make = Recipe.readOr "posterior" law all first
            let flows = flows |> List.map FlowRecipes.read
            fun encoder -> flows |> List.fold (fun posterior flow -> Posterior.flow flow posterior) (make encoder)
        | [] -> Recipe.read "posterior" all text
