namespace Vae.Core

/// Likelihoods by name, for data of a shape and a decoder to any shape.
[<RequireQualifiedAccess>]
module LikelihoodRecipes =
    let private plain name arguments example says (make: RecipeWords -> Net -> Likelihood) =
        Recipe.create name arguments example says (fun words ->
            let make = make words
            fun (shape: int list) (decoder: int list -> Net) -> make (decoder shape))

    /// A decoder to as many numbers of each place as a head takes.
    let private ofHead (head: Head) (shape: int list) (decoder: int list -> Net) : Likelihood =
        let layout = Head.layout "likelihood" head (shape |> List.map int64 |> List.toArray)
        let numbers = Head.outputs layout
        let rest = shape.Tail |> List.fold (*) 1
        Likelihood.ofHead head (decoder (int (numbers / int64 rest) :: shape.Tail))

    let private zeroInflated (words: RecipeWords) =
        HeadText.read "likelihood" (words.Word()) words |> Head.zeroInflated |> ofHead

    let private logisticMixture (words: RecipeWords) =
        let components = words.Whole()

        fun (shape: int list) (decoder: int list -> Net) ->
            match shape with
            | [ 1 | 3 as channels; height; width ] ->
                let numbers = int (Likelihood.mixtureNumbers (int64 channels))
                Likelihood.discretizedLogisticMixture components (decoder [ components * numbers; height; width ])
            | _ ->
                Check.refuse "likelihood" $"'logistic-mixture' of data of shape %A{shape}" "images of 1 or 3 channels"

    /// Every likelihood that has a name of its own; a law's name makes that law, its parameters the decoder's.
    let all: Recipe<int list -> (int list -> Net) -> Likelihood> list = [
        plain "cross-entropy" "" "" "grey levels in [0, 1] against Bernoulli pixels: a score, no density" (fun _ ->
            Likelihood.bernoulliCrossEntropy)
        plain "gaussian" "[SCALE]" "0.3" "normals of one standard deviation, 0.3 where none is given" (fun words ->
            Likelihood.gaussian (words.NumberOr 0.3))
        plain "bernoulli" "" "" "pixels of 0 and 1" (fun _ -> Likelihood.bernoulli)
        Recipe.create
            "logistic-mixture"
            "COMPONENTS"
            "5"
            "256 levels, grey or of three colours, by a mixture of discretized logistics a pixel"
            logisticMixture
        Recipe.create
            "zero-inflated"
            "LAW [NAME=VALUE ...]"
            "NegativeBinomial"
            "a law of counts with zeros of another cause, all of it the decoder's but what is given"
            zeroInflated
    ]

    /// The likelihood that a text names, such as `gaussian 0.1`, `Normal scale=shared` or `StudentT df=4`.
    let read (text: string) : int list -> (int list -> Net) -> Likelihood =
        let law name words = HeadText.tryRead "likelihood" name words |> Option.map ofHead
        Recipe.readOr "likelihood" law all text
