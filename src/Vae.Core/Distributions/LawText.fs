namespace Vae.Core

open System
open TorchSharp

/// Laws written as text, such as Normal(0, 1), Laplace(loc=0, scale=[1, 2]), Truncated(Normal(0, 1), low=-1, high=inf) or
/// Mixture([0.3, 0.7], Normal([0, 4], 1)), in float64: parameters in their order or by name, lists for vectors, matrices and
/// batches. The order is PyTorch's, so that numbers without a name are probabilities where it has these, and a matrix
/// without a name a covariance; `logits` and `scaleTril` go by name.
[<RequireQualifiedAccess>]
module LawText =
    let private fail = Syntax.fail
    let private written name (parts: string list) = $"%s{name}(" + String.concat ", " parts + ")"

    let private isLaw syntax =
        match syntax with
        | Syntax.Call _ -> true
        | _ -> false

    let private ofInfo (info: LawInfo) positional named : Distribution * string =
        let values = LawArguments.read info.Name info.Parameters positional named
        info.Make [| for value in values -> value.Value |], written info.Name (values |> List.map _.Text)

    let private independentUsage =
        "Independent takes a law and a number of dimensions: Independent(Normal([0, 0], 1), 1)"

    let private truncatedUsage =
        "Truncated takes a law of numbers and its ends: Truncated(Normal(0, 1), low=-1, high=inf)"

    let private mixtureUsage =
        "a mixture takes weights and laws: Mixture([0.3, 0.7], Normal([0, 4], 1)), or Mixture(Normal(0, 1), Laplace(4, 2), logits=[0, 1])"

    let private transformedUsage =
        "Transformed takes a law and transforms, the first first: Transformed(Normal(0, 1), affine(1, 2), exp)"

    let private productUsage = "Product takes laws by name: Product(a=Normal(0, 1), b=Gamma(1, 1))"

    let private maskedUsage =
        "Masked takes a law and a list of true and false: Masked(Normal([0, 1], 1), [true, false])"

    let private zeroInflatedUsage =
        "ZeroInflated takes the probability of another zero and a law of counts: ZeroInflated(0.3, Poisson(2)), or ZeroInflated(Poisson(2), logits=-1)"

    let rec private law (syntax: Syntax) : Distribution * string =
        match syntax with
        | Syntax.Call(name, positional, named) ->
            match Laws.tryFind name with
            | Some info -> ofInfo info positional named
            | None ->
                match combinators () |> List.tryFind (fun (known, _, _) -> Spelling.isSame known name) with
                | Some(_, _, make) -> make positional named
                | None ->
                    let names =
                        (combinators () |> List.map (fun (known, _, _) -> known)) @ (Laws.all |> List.map _.Name)

                    fail $"no law is called '%s{name}'; %s{Spelling.meant name names}"
        | Syntax.Word name -> fail $"%s{name} has no '(' after it; expected a law, as Normal(0, 1)"
        | other -> fail $"%s{Syntax.describe other} is no law; expected one, as Normal(0, 1)"

    /// Laws made of laws: their names, how they are written, and what is made of their arguments.
    and private combinators
        ()
        : (string * string * (Syntax list -> (string * Syntax) list -> Distribution * string)) list = [
        "Independent", "Independent(law, dimensions)", independent
        "Truncated", "Truncated(law, low, high)", truncated
        "Mixture", "Mixture(probs, laws...)", mixture "Mixture"
        "MixtureOf", "MixtureOf(probs, laws...)", mixture "MixtureOf"
        "Transformed", "Transformed(law, transforms...)", transformed
        "Product", "Product(name=law, ...)", product
        "Masked", "Masked(law, mask)", masked
        "ZeroInflated", "ZeroInflated(probs, law)", zeroInflated
    ]

    and private independent positional named =
        match positional, named with
        | [ inner; Syntax.Number n ], []
        | [ inner ], [ "dimensions", Syntax.Number n ] when isLaw inner && n = floor n && abs n < 100.0 ->
            let inner, text = law inner
            Independent.create (int n) inner, written "Independent" [ text; $"dimensions=%s{Syntax.number n}" ]
        | _ -> fail independentUsage

    and private truncated positional named =
        let ends = [
            LawParameter.real "low" |> LawParameter.defaultingTo -infinity
            LawParameter.real "high" |> LawParameter.defaultingTo infinity
        ]

        match positional with
        | inner :: rest when isLaw inner && rest.Length <= ends.Length ->
            match law inner with
            | (:? Univariate as inner), text ->
                match LawArguments.read "Truncated" ends rest named with
                | [ low; high ] ->
                    Truncated.create low.Value high.Value inner, written "Truncated" [ text; low.Text; high.Text ]
                | _ -> fail truncatedUsage
            | other, _ ->
                fail
                    $"Truncated is given %s{other.Name}, which has no distribution function; expected a law of numbers that has one"
        | _ -> fail truncatedUsage

    /// Side by side in the batch of one law, or one law after another.
    and private mixture name positional named =
        let weights, components =
            match positional with
            | first :: rest when not (isLaw first) && named.IsEmpty -> Some([ first ], []), rest
            | _ when named.Length = 1 -> Some([], named), positional
            | _ -> None, positional

        let components =
            match components with
            | [ Syntax.List items ] -> items
            | components -> components

        match weights with
        | Some(byPlace, byName) when not components.IsEmpty && List.forall isLaw components ->
            let weight = LawArguments.read name Categorical.info.Parameters byPlace byName |> List.head
            let weights = Categorical.ofLogits weight.Value
            let laws = components |> List.map law
            let texts = laws |> List.map snd
            // What goes by name is written after what goes by place.
            let text name = written name (texts @ [ weight.Text ])

            match laws with
            | [ inner, _ ] when name = "Mixture" -> Mixture.create weights inner, text name
            | _ -> MixtureOf.create weights (laws |> List.map fst), text "MixtureOf"
        | _ -> fail mixtureUsage

    and private transformed positional named =
        match positional, named with
        | inner :: (_ :: _ as transforms), [] when isLaw inner ->
            let inner, text = law inner
            let transforms = transforms |> List.map TransformText.read
            let transform = Transform.chain (transforms |> List.map fst)
            let text = written "Transformed" (text :: List.map snd transforms)

            match inner with
            | :? Univariate as inner when transform.Direction.IsSome -> Transformed.univariate transform inner, text
            | inner -> Transformed.create transform inner, text
        | _ -> fail transformedUsage

    and private product positional named =
        if not positional.IsEmpty || named.IsEmpty || not (List.forall (snd >> isLaw) named) then
            fail productUsage

        let parts = named |> List.map (fun (name, part) -> name, law part)

        Product.create (parts |> List.map (fun (name, (part, _)) -> name, part)),
        written "Product" (parts |> List.map (fun (name, (_, text)) -> $"%s{name}=%s{text}"))

    and private masked positional named =
        let rec truths syntax =
            match syntax with
            | Syntax.Word word when Spelling.isSame word "true" -> Syntax.Number 1.0
            | Syntax.Word word when Spelling.isSame word "false" -> Syntax.Number 0.0
            | Syntax.List items -> Syntax.List(items |> List.map truths)
            | _ -> fail maskedUsage

        match positional, named with
        | [ inner; mask ], []
        | [ inner ], [ "mask", mask ] when isLaw inner ->
            let inner, text = law inner
            let booleans = (LawArguments.toTensor "mask" (truths mask)).to_type torch.ScalarType.Bool
            Masked.create booleans inner, written "Masked" [ text; $"mask=%s{Syntax.write mask}" ]
        | _ -> fail maskedUsage

    and private zeroInflated positional named =
        let inflated byPlace byName inner : Distribution * string =
            let inner, text = law inner
            let parameters = [ LawParameter.trials ZeroInflated.Outcomes ]
            let zeros = LawArguments.read "ZeroInflated" parameters byPlace byName |> List.head
            ZeroInflated.ofLogits zeros.Value inner, written "ZeroInflated" [ text; zeros.Text ]

        match positional, named with
        | [ probs; inner ], [] when isLaw inner && not (isLaw probs) -> inflated [ probs ] [] inner
        | [ inner ], [ _ ] when isLaw inner -> inflated [] named inner
        | _ -> fail zeroInflatedUsage

    /// How laws that are made of laws are written.
    let combinatorSignatures: string list = combinators () |> List.map (fun (_, signature, _) -> signature)

    /// How the transforms of Transformed are written.
    let transformSignatures: string list = TransformText.signatures

    /// The law that a text says, and the text that says it with every parameter by the name it was read by. Raises
    /// FormatException where it says none, with what would be right, and ArgumentException where the law refuses a parameter.
    let read (text: string) : Distribution * string = law (Syntax.read text)

    /// The law that a text says. Raises as `read` does.
    let parse (text: string) : Distribution = fst (read text)
