namespace Vae.Core

/// Parameters of laws and transforms from the syntax of a text, by place or by name.
[<RequireQualifiedAccess>]
module internal LawArguments =
    /// A value, and the text that says it by the name it was read by.
    type Read = { Value: Tensor; Text: string }

    let rec private depth value =
        match value with
        | Syntax.List(first :: _) -> 1 + depth first
        | Syntax.List [] -> 1
        | _ -> 0

    /// The numbers of nested lists, row by row, with their shape.
    let toTensor (name: string) value : Tensor =
        let rec shape value =
            match value with
            | Syntax.List(first :: _ as items) -> int64 items.Length :: shape first
            | _ -> []

        let shape = shape value

        let rec numbers expected value =
            match expected, value with
            | [], Syntax.Number x -> [ x ]
            | count :: rest, Syntax.List items when int64 items.Length = count -> items |> List.collect (numbers rest)
            | _ ->
                Syntax.fail
                    $"%s{name} is %s{Syntax.describe value} in a list; expected numbers, and rows of equal length"

        Tensor.ofArray Placement.float64 (List.toArray shape) (List.toArray (numbers shape value))

    let private ranks = [| "a number"; "a vector, as [1, 2]"; "a matrix, as [[1, 0], [0, 1]]" |]

    /// The name that a number without one has.
    let private unnamed (parameter: LawParameter) =
        match parameter.Unnamed with
        | Some reading -> reading.Name
        | None -> parameter.Name

    /// The names that a parameter can be given by, that of numbers without one first.
    let private namesOf (parameter: LawParameter) =
        match parameter.Unnamed with
        | Some reading -> [ reading.Name; parameter.Name ]
        | None -> [ parameter.Name ]

    /// A kind as a text would have it: NegativeBinomial(totalCount, probs).
    let signature owner (parameters: LawParameter list) =
        let names = parameters |> List.map unnamed |> String.concat ", "
        $"%s{owner}(%s{names})"

    /// A parameter's value among the arguments, by name or place, or its default.
    let private one owner parameters positional (named: (string * Syntax) list) i (parameter: LawParameter) : Read =
        let byName name = named |> List.tryFind (fst >> (=) name)

        let given =
            namesOf parameter
            |> List.tryPick byName
            |> Option.orElse (List.tryItem i positional |> Option.map (fun value -> unnamed parameter, value))
            |> Option.orElse (parameter.Default |> Option.map (fun x -> parameter.Name, Syntax.Number x))

        match given with
        | None -> Syntax.fail $"%s{owner} has no %s{unnamed parameter}; expected %s{signature owner parameters}"
        | Some(name, (Syntax.Call(other, _, _) | Syntax.Word other)) ->
            Syntax.fail $"%s{name} of %s{owner} is %s{other}; expected numbers"
        | Some(name, value) when depth value < parameter.Rank ->
            Syntax.fail $"%s{name} of %s{owner} is %s{Syntax.describe value}; expected %s{ranks[parameter.Rank]}"
        | Some(name, value) ->
            let numbers = toTensor name value

            {
                Value =
                    match parameter.Unnamed with
                    | Some reading when name = reading.Name -> reading.Read numbers
                    | _ -> numbers
                Text = $"%s{name}=%s{Syntax.write value}"
            }

    /// The values of all parameters. Raises FormatException for too many, unknown and doubled ones, with what would be right.
    let read (owner: string) (parameters: LawParameter list) positional (named: (string * Syntax) list) : Read list =
        let names = parameters |> List.collect namesOf

        if List.length positional > parameters.Length then
            Syntax.fail
                $"%s{owner} is given %d{List.length positional} parameters; expected %s{signature owner parameters}"

        for name, _ in named do
            if not (List.contains name names) then
                Syntax.fail $"%s{owner} has no parameter '%s{name}'; %s{Spelling.meant name names}"

        for i, parameter in List.indexed parameters do
            let byPlace = if i < List.length positional then [ unnamed parameter ] else []
            let byName = named |> List.map fst |> List.filter (fun name -> List.contains name (namesOf parameter))

            match byPlace @ byName with
            | first :: second :: _ when first = second ->
                Syntax.fail $"%s{owner} is given %s{first} twice; expected it once"
            | first :: second :: _ ->
                Syntax.fail $"%s{owner} is given %s{second} beside %s{first}; expected one of the two"
            | _ -> ()

        parameters |> List.mapi (one owner parameters positional named)
