namespace Vae.Benchmarks.Families

open Vae.Core

/// A model and an objective that are compared with others under one setting.
type Candidate = { Group: string; Name: string; Vae: Vae; Objective: Objective }

/// What the library has, each by its own example, with everything else as the base has it.
[<RequireQualifiedAccess>]
module Candidate =
    let private latent = 8
    let private encoder = Net.denseEncoder [ 200 ]
    let private decoderTo (shape: int list) = Net.flatten --> Net.denseDecoderTo shape [ 200 ]
    let private normal = Posterior.diagonalNormal encoder
    let private pixels = Likelihood.bernoulli (decoderTo [ 1; 28; 28 ])
    let private base' = Vae.create (Prior.standard latent) normal pixels

    let private fits (candidate: Candidate) =
        try
            Objective.check candidate.Vae candidate.Objective
            true
        with :? System.ArgumentException ->
            false

    let private objective text = {
        Group = "objective"
        Name = text
        Vae = base'
        Objective = ObjectiveRecipes.read text base'
    }

    let private categories = PriorRecipes.read "categories" 10
    let private ofCategories = Posterior.ofLaw OneHotCategorical.info encoder

    let private ofClass =
        Vae.hierarchy
            [
                Site.create "class" categories ofCategories
                Site.create "z" (Prior.standard latent) normal |> Site.seeing [ "class" ]
            ]
            []
            pixels

    let private ladder =
        let small = Posterior.diagonalNormal (Net.flatten --> Net.dense 50 --> Net.relu)

        Vae.hierarchy
            [
                Site.create "z2" (Prior.standard 4) normal
                Site.below [ "z2" ] "z1" [ latent ] small normal |> Site.seeing [ "z2" ]
            ]
            [ "z1" ]
            pixels

    let private codebook =
        Vae.create
            (Prior.codebook 16 [ 4; 8 ])
            (Posterior.quantized 16 (encoder --> Net.dense 32 --> Net.reshape [ 4; 8 ]))
            pixels

    /// None where the normals do not lie in the prior.
    let private tryCreate prior =
        try
            Some(Vae.create prior normal pixels)
        with :? System.ArgumentException ->
            None

    /// All of them, the base with the ELBO first.
    let all: Candidate list =
        [
            for recipe in ObjectiveRecipes.all do
                objective recipe.Text
            for change in ObjectiveRecipes.changes do
                objective $"elbo, %s{change.Text}"
            for recipe in PriorRecipes.all do
                let prior = PriorRecipes.read recipe.Text latent

                if prior.LatentShape = [| int64 latent |] then
                    match tryCreate prior with
                    | Some vae -> { Group = "prior"; Name = recipe.Text; Vae = vae; Objective = Objective.elbo }
                    | None -> ()
            for text in
                [
                    for recipe in PosteriorRecipes.all do
                        recipe.Text
                    for flow in FlowRecipes.all do
                        $"normal, %s{flow.Text}"
                ] do
                {
                    Group = "posterior"
                    Name = text
                    Vae = Vae.create (Prior.standard latent) (PosteriorRecipes.read text encoder) pixels
                    Objective = Objective.elbo
                }
            for law in [ "VonMisesFisher"; "PowerSpherical" ] do
                {
                    Group = "posterior"
                    Name = $"%s{law} on the sphere"
                    Vae = Vae.create (Prior.uniformOnSphere latent) (PosteriorRecipes.read law encoder) pixels
                    Objective = Objective.elbo
                }
            for name, objective in
                [ "scored 4", Objective.scored 4; "vimco 5", Objective.vimco 5; "summed", Objective.summed ] do
                {
                    Group = "shape"
                    Name = $"one of 10 categories, %s{name}"
                    Vae = Vae.create categories ofCategories pixels
                    Objective = objective
                }
            {
                Group = "shape"
                Name = "categories beside numbers"
                Vae = ofClass
                Objective = Objective.summed
            }
            {
                Group = "shape"
                Name = "a ladder of two latents"
                Vae = ladder
                Objective = Objective.elbo
            }
            {
                Group = "shape"
                Name = "a codebook"
                Vae = codebook
                Objective = Objective.quantized 0.25
            }
        ]
        |> List.filter fits
