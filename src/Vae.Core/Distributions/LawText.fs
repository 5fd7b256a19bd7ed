namespace Vae.Core

open System
open System.Globalization

/// Laws written as text, such as Normal(0, 1), Laplace(loc=0, scale=[1, 2]) or Independent(Normal([0, 0], 1), 1), in
/// float64: parameters in their order or by name, lists for vectors, matrices and batches.
[<RequireQualifiedAccess>]
module LawText =
    type private Value =
        | Number of float
        | List of Value list
        | Law of Distribution

    let private fail message : 'a = raise (FormatException message)

    let private isNamePart (c: char) = Char.IsLetterOrDigit c || c = '_'

    /// How many letters have to be changed, put in or left out to make one word of another (Levenshtein, 1966).
    let private distance (a: string) (b: string) =
        let next (row: int[]) (letter: char) =
            let best = Array.zeroCreate row.Length
            best[0] <- row[0] + 1

            for j in 1 .. b.Length do
                let change = if Char.ToLowerInvariant b[j - 1] = letter then 0 else 1
                best[j] <- min (row[j - 1] + change) (1 + min row[j] best[j - 1])

            best

        (Array.init (b.Length + 1) id, a.ToLowerInvariant()) ||> Seq.fold next |> Array.last

    /// The words that one was perhaps meant to be, else all of them.
    let private meant (word: string) (words: string list) =
        match words |> List.filter (fun known -> distance word known <= max 1 (known.Length / 3)) with
        | [] -> "expected one of " + String.concat ", " words
        | near -> "did you mean " + String.concat " or " near + "?"

    let rec private depth value =
        match value with
        | List(first :: _) -> 1 + depth first
        | List [] -> 1
        | _ -> 0

    let rec private describe value =
        match value with
        | Number x -> Check.number x
        | List items -> "[" + (items |> List.map describe |> String.concat ", ") + "]"
        | Law law -> law.Name

    /// The numbers of nested lists, row by row, with their shape.
    let private toTensor (name: string) value =
        let rec shape value =
            match value with
            | List(first :: _ as items) -> int64 items.Length :: shape first
            | _ -> []

        let shape = shape value

        let rec numbers expected value =
            match expected, value with
            | [], Number x -> [ x ]
            | count :: rest, List items when int64 items.Length = count -> items |> List.collect (numbers rest)
            | _ -> fail $"%s{name} is %s{describe value} in a list; expected numbers, and rows of equal length"

        Tensor.ofArray Placement.float64 (List.toArray shape) (List.toArray (numbers shape value))

    let private ranks = [| "a number"; "a vector, as [1, 2]"; "a matrix, as [[1, 0], [0, 1]]" |]

    /// The parameter's value among the arguments, by name or place, or its default.
    let private argument (info: LawInfo) positional (named: (string * Value) list) i (parameter: LawParameter) =
        let given =
            named
            |> List.tryFind (fun (name, _) -> name = parameter.Name)
            |> Option.map snd
            |> Option.orElse (List.tryItem i positional)
            |> Option.orElse (parameter.Default |> Option.map Number)

        let names = info.Parameters |> List.map _.Name |> String.concat ", "

        match given with
        | None -> fail $"%s{info.Name} has no %s{parameter.Name}; expected %s{info.Name}(%s{names})"
        | Some(Law law) -> fail $"%s{parameter.Name} of %s{info.Name} is the law %s{law.Name}; expected numbers"
        | Some value when depth value < parameter.Rank ->
            fail $"%s{parameter.Name} of %s{info.Name} is %s{describe value}; expected %s{ranks[parameter.Rank]}"
        | Some value -> toTensor parameter.Name value

    let private ofInfo (info: LawInfo) positional (named: (string * Value) list) =
        let names = info.Parameters |> List.map _.Name

        if List.length positional > names.Length then
            let all = String.concat ", " names
            fail $"%s{info.Name} is given %d{positional.Length} parameters; expected %s{info.Name}(%s{all})"

        for i, (name, _) in List.indexed named do
            if not (List.contains name names) then
                fail $"%s{info.Name} has no parameter '%s{name}'; %s{meant name names}"

            let earlier = List.take positional.Length names @ (named |> List.take i |> List.map fst)

            if List.contains name earlier then
                fail $"%s{info.Name} is given %s{name} twice; expected it once"

        let values = info.Parameters |> List.mapi (argument info positional named)
        info.Make(List.toArray values)

    let private independent positional named =
        match positional, named with
        | [ Law law; Number n ], []
        | [ Law law ], [ "dimensions", Number n ] when n = floor n && abs n < 100.0 -> Independent.create (int n) law
        | _ -> fail "Independent takes a law and a number of dimensions: Independent(Normal([0, 0], 1), 1)"

    let private ofName name positional named : Distribution =
        match Laws.tryFind name with
        | Some info -> ofInfo info positional named
        | None when name = "Independent" -> independent positional named
        | None ->
            let names = "Independent" :: (Laws.all |> List.map _.Name)
            fail $"no law is called '%s{name}'; %s{meant name names}"

    /// A reader of one text: where it stands is its only state.
    type private Reader(text: string) =
        let mutable at = 0

        member private _.Skip() =
            while at < text.Length && Char.IsWhiteSpace text[at] do
                at <- at + 1

        member this.Peek =
            this.Skip()
            if at < text.Length then text[at] else '\000'

        member this.Fail(expected: string) : 'a =
            let found = if this.Peek = '\000' then "the end" else $"'%c{this.Peek}'"
            fail $"'%s{text}' has %s{found} at place %d{at + 1}; expected %s{expected}"

        member this.Take(character: char, expected) = if this.Peek = character then at <- at + 1 else this.Fail expected

        member private _.While(holds: char -> bool) =
            let start = at

            while at < text.Length && holds text[at] do
                at <- at + 1

            text.Substring(start, at - start)

        member this.Name() = if Char.IsLetter this.Peek then this.While isNamePart else this.Fail "a name"

        member private this.Number() =
            let start = at
            let word = this.While(fun c -> isNamePart c || c = '.' || c = '-' || c = '+')

            match Double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture) with
            | true, value when Double.IsFinite value -> Number value
            | _ ->
                at <- start
                this.Fail $"a number where '%s{word}' is"

        /// Items between commas, up to and with a closing character.
        member private this.Items(close: char, item: unit -> 'item) : 'item list =
            let rec more items =
                let items = item () :: items

                if this.Peek = ',' then
                    this.Take(',', "a comma")
                    more items
                else
                    this.Take(close, $"a comma or '%c{close}'")
                    List.rev items

            if this.Peek = close then
                this.Take(close, "its end")
                []
            else
                more []

        member this.Value() : Value =
            match this.Peek with
            | '[' ->
                this.Take('[', "a list")

                match this.Items(']', this.Value) with
                | [] -> fail $"'%s{text}' has an empty list; expected numbers in it"
                | items -> List items
            | c when Char.IsLetter c -> Law(this.Law(this.Name()))
            | _ -> this.Number()

        /// What is between the brackets of a law of this name, and the law.
        member this.Law(name: string) : Distribution =
            this.Take('(', $"'(' after %s{name}")

            let argument () =
                if Char.IsLetter this.Peek then
                    let word = this.Name()

                    if this.Peek = '=' then
                        this.Take('=', "its value")
                        Some word, this.Value()
                    else
                        None, Law(this.Law word)
                else
                    None, this.Value()

            let arguments = this.Items(')', argument)
            let positional = arguments |> List.takeWhile (fst >> Option.isNone)
            let named = arguments |> List.skip positional.Length

            match named |> List.tryFind (fst >> Option.isNone) with
            | Some(_, value) ->
                fail $"%s{name} has %s{describe value} after a parameter by name; expected names from there on"
            | None -> ofName name (List.map snd positional) [ for word, value in named -> Option.get word, value ]

    /// The law that a text says. Raises FormatException where it says none, with what would be right, and ArgumentException
    /// where the law refuses a parameter.
    let parse (text: string) : Distribution =
        let reader = Reader text
        let law = reader.Law(reader.Name())

        if reader.Peek <> '\000' then
            reader.Fail "nothing after the law"

        law
