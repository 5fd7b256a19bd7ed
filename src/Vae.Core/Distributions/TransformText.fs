namespace Vae.Core

/// Transforms as the text of laws has them: exp, affine(1, 2), inverse(softplus).
[<RequireQualifiedAccess>]
module internal TransformText =
    type private Kind = { Name: string; Parameters: LawParameter list; Make: Tensor list -> Transform }

    let private plain name transform = { Name = name; Parameters = []; Make = fun _ -> transform }
    let private kind name parameters make = { Name = name; Parameters = parameters; Make = make }
    let private number = LawParameter.real
    let private vector name = LawParameter.vector (LawParameter.real name)
    let private matrix = LawParameter.columns

    let private order (t: Tensor) =
        Check.whole 0.0 "order" t
        t |> Tensor.toArray |> Array.map int

    let private kinds = [
        plain "exp" Transform.exp
        plain "log" (Transform.inverse Transform.exp)
        plain "softplus" Transform.softplus
        plain "sigmoid" Transform.sigmoid
        plain "logit" (Transform.inverse Transform.sigmoid)
        plain "tanh" Transform.tanh
        plain "atanh" (Transform.inverse Transform.tanh)
        kind "power" [ number "exponent" ] (fun values -> Transform.power values[0])
        kind "affine" [ number "loc"; number "scale" ] (fun values -> Transform.affine values[0] values[1])
        plain "stickBreaking" Transform.stickBreaking
        kind "scaleTril" [ vector "loc"; LawParameter.factor "scaleTril" ] (fun values ->
            Transform.scaleTril values[0] values[1])
        kind "permute" [ vector "order" ] (fun values -> Transform.permute (order values[0]))
        kind "householder" [ matrix "vectors" ] (fun values -> Transform.householder values[0])
        kind "planar" [ vector "u"; vector "w"; number "b" ] (fun values ->
            Transform.planar values[0] values[1] values[2])
        kind "radial" [ vector "centre"; number "alpha"; number "beta" ] (fun values ->
            Transform.radial values[0] values[1] values[2])
    ]

    let private names = "inverse" :: (kinds |> List.map _.Name)

    /// How each is written.
    let signatures: string list =
        let signature kind =
            if kind.Parameters.IsEmpty then
                kind.Name
            else
                LawArguments.signature kind.Name kind.Parameters

        (kinds |> List.map signature) @ [ "inverse(transform)" ]

    /// The transform that a syntax says, and its text with every parameter's name.
    let rec read (syntax: Syntax) : Transform * string =
        match syntax with
        | Syntax.Word name -> ofName name [] []
        | Syntax.Call(name, positional, named) when Spelling.isSame name "inverse" ->
            match positional, named with
            | [ inner ], [] ->
                let transform, text = read inner
                Transform.inverse transform, $"inverse(%s{text})"
            | _ -> Syntax.fail "inverse takes one transform: inverse(softplus)"
        | Syntax.Call(name, positional, named) -> ofName name positional named
        | other ->
            Syntax.fail $"%s{Syntax.describe other} is no transform; expected one by its name, as exp or affine(1, 2)"

    and private ofName name positional named =
        match kinds |> List.tryFind (fun kind -> Spelling.isSame kind.Name name) with
        | None -> Syntax.fail $"no transform is called '%s{name}'; %s{Spelling.meant name names}"
        | Some kind ->
            let values = LawArguments.read kind.Name kind.Parameters positional named
            let transform = kind.Make(values |> List.map _.Value)

            if values.IsEmpty then
                transform, kind.Name
            else
                let inside = values |> List.map _.Text |> String.concat ", "
                transform, $"%s{kind.Name}(%s{inside})"
