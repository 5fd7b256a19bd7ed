namespace Vae.Core

open System
open System.Globalization

/// What a text of laws is made of, before anything is known of its names.
[<RequireQualifiedAccess>]
type internal Syntax =
    | Number of float
    | List of Syntax list
    /// A name without brackets.
    | Word of string
    /// A name with what is between its brackets: what goes by place, and what goes by name.
    | Call of name: string * positional: Syntax list * named: (string * Syntax) list

[<RequireQualifiedAccess>]
module internal Syntax =
    let fail message : 'a = raise (FormatException message)

    /// Deeper texts are refused: the reader calls itself for each level.
    let private deepest = 64

    let private isNamePart (c: char) = Char.IsLetterOrDigit c || c = '_'

    let number (x: float) =
        if Double.IsPositiveInfinity x then "inf"
        elif Double.IsNegativeInfinity x then "-inf"
        else Check.number x

    /// A value as a text says it.
    let rec write value : string =
        match value with
        | Syntax.Number x -> number x
        | Syntax.List items -> "[" + (items |> List.map write |> String.concat ", ") + "]"
        | Syntax.Word name -> name
        | Syntax.Call(name, positional, named) ->
            let byName = named |> List.map (fun (word, value) -> $"%s{word}=%s{write value}")
            $"%s{name}(" + String.concat ", " (List.map write positional @ byName) + ")"

    /// The beginning of a value, for a message.
    let describe value = Spelling.shown (write value)

    /// A reader of one text: where it stands is its only state.
    type private Reader(text: string) =
        let mutable at = 0
        let mutable depth = 0

        member private _.Skip() =
            while at < text.Length && Char.IsWhiteSpace text[at] do
                at <- at + 1

        member this.Peek =
            this.Skip()
            if at < text.Length then text[at] else '\000'

        member this.Fail(expected: string) : 'a =
            let found = if this.Peek = '\000' then "the end" else $"'%c{this.Peek}'"
            fail $"'%s{Spelling.shown text}' has %s{found} at place %d{at + 1}; expected %s{expected}"

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

            match word.ToLowerInvariant() with
            | "-inf"
            | "-infinity" -> Syntax.Number Double.NegativeInfinity
            | "+inf"
            | "+infinity" -> Syntax.Number Double.PositiveInfinity
            | _ ->
                match Double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture) with
                | true, value when Double.IsFinite value -> Syntax.Number value
                | _ ->
                    at <- start
                    this.Fail $"a number where '%s{Spelling.shown word}' is"

        /// Items between commas, up to and with a closing character.
        member private this.Items(close: char, item: unit -> 'item) : 'item list =
            depth <- depth + 1

            if depth > deepest then
                this.Fail $"brackets no more than %d{deepest} deep"

            let items = ResizeArray()

            if this.Peek <> close then
                items.Add(item ())

                while this.Peek = ',' do
                    this.Take(',', "a comma")
                    items.Add(item ())

            this.Take(close, $"a comma or '%c{close}'")
            depth <- depth - 1
            List.ofSeq items

        /// What a name begins: a number, a law or transform with its brackets, or the word itself.
        member private this.Named(name: string) : Syntax =
            if this.Peek = '(' then
                this.Call name
            elif Spelling.isSame name "inf" || Spelling.isSame name "infinity" then
                Syntax.Number Double.PositiveInfinity
            else
                Syntax.Word name

        member this.Value() : Syntax =
            match this.Peek with
            | '[' ->
                this.Take('[', "a list")

                match this.Items(']', this.Value) with
                | [] -> fail $"'%s{Spelling.shown text}' has an empty list; expected numbers in it"
                | items -> Syntax.List items
            | c when Char.IsLetter c -> this.Named(this.Name())
            | _ -> this.Number()

        /// What is between the brackets after a name.
        member this.Call(name: string) : Syntax =
            this.Take('(', $"'(' after %s{name}")

            let argument () =
                if Char.IsLetter this.Peek then
                    let word = this.Name()

                    if this.Peek = '=' then
                        this.Take('=', "its value")
                        Some word, this.Value()
                    else
                        None, this.Named word
                else
                    None, this.Value()

            let arguments = this.Items(')', argument)
            let positional = arguments |> List.takeWhile (fst >> Option.isNone)
            let named = arguments |> List.skip positional.Length

            match named |> List.tryFind (fst >> Option.isNone) with
            | Some(_, value) ->
                fail $"%s{name} has %s{describe value} after a parameter by name; expected names from there on"
            | None -> Syntax.Call(name, List.map snd positional, [ for word, value in named -> Option.get word, value ])

    /// The law that a text is of, by its parts. Raises FormatException with the place where it cannot be read.
    let read (text: string) : Syntax =
        let reader = Reader text
        let law = reader.Call(reader.Name())

        if reader.Peek <> '\000' then
            reader.Fail "nothing after the law"

        law
