namespace Vae.Core

/// Flows by name.
[<RequireQualifiedAccess>]
module FlowRecipes =
    let private widths (words: RecipeWords) = if words.HasMore then [ words.Whole() ] else [ 64 ]

    let private networked name example says (make: int list -> int -> Flow) : Recipe<Flow> =
        Recipe.create name "COUNT [WIDTH]" example says (fun words ->
            let count = words.Whole()
            make (widths words) count)

    /// Every flow.
    let all: Recipe<Flow> list = [
        Recipe.create "planar" "COUNT" "4" "x + u tanh(w x + b), by numbers of the encoder" (fun words ->
            Flow.planar (words.Whole()))
        Recipe.create "radial" "COUNT" "4" "towards a centre or away from it, by numbers of the encoder" (fun words ->
            Flow.radial (words.Whole()))
        Recipe.create "householder" "COUNT" "4" "reflections, by numbers of the encoder" (fun words ->
            Flow.householder (words.Whole()))
        Recipe.create
            "sylvester"
            "DIRECTIONS COUNT"
            "2 4"
            "planar flows in several directions at once, by numbers of the encoder"
            (fun words ->
                let directions = words.Whole()
                Flow.sylvester directions (words.Whole()))
        networked "iaf" "2" "inverse autoregressive: fast to draw from" Flow.inverseAutoregressiveBy
        networked "maf" "2" "masked autoregressive: fast to score" Flow.maskedAutoregressiveBy
        networked "coupling" "4" "affine couplings: fast both ways" Flow.coupling
        networked "spline" "2" "couplings by splines of 8 bins" (Flow.spline 8)
    ]

    /// The flow that a text names, such as `iaf 4`.
    let read (text: string) : Flow = Recipe.read "flow" all text
