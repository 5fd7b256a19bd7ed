namespace Vae.Core

/// Priors by name, for latents of so many dimensions.
[<RequireQualifiedAccess>]
module PriorRecipes =
    /// Every prior that has a name of its own; a law's name makes that law, its parameters learned.
    let all: Recipe<int -> Prior> list = [
        Recipe.create "standard" "" "" "N(0, I)" (fun _ -> Prior.standard)
        Recipe.create "mixture" "COMPONENTS" "10" "a learned mixture of normals" (fun words ->
            let components = words.Whole()
            fun dimensions -> Prior.mixture dimensions components)
        Recipe.create "vamp" "INPUTS" "20" "the mixture of the posteriors of learned inputs" (fun words ->
            let inputs = words.Whole()
            fun dimensions -> Prior.vamp dimensions inputs)
        Recipe.create "sphere" "" "" "uniform on the unit sphere" (fun _ -> Prior.uniformOnSphere)
        Recipe.create
            "categories"
            ""
            ""
            "one of as many categories as there are dimensions, all equally likely"
            (fun _ ->
                fun dimensions ->
                    Prior.ofHead (Head.ofLaw OneHotCategorical.info |> Head.fix "logits" 0.0) [ dimensions ])
        for flow in FlowRecipes.all do
            Recipe.create flow.Name flow.Arguments flow.Example $"a flow of N(0, I): %s{flow.Says}" (fun words ->
                let flow = flow.Make words
                fun dimensions -> Prior.flow dimensions flow)
    ]

    /// The prior that a text names, such as `vamp 500` or `StudentT df=5`.
    let read (text: string) : int -> Prior =
        let law name words =
            HeadText.tryRead "prior" name words
            |> Option.map (fun head -> fun dimensions -> Prior.ofHead head [ dimensions ])

        Recipe.readOr "prior" law all text
