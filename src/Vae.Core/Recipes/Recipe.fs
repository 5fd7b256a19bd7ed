namespace Vae.Core

open System
open System.Globalization

/// The words that follow a recipe's name, taken one after the other. Refuses, by the argument that the text was given for, a
/// word that is missing, that is no number, or that nothing takes.
[<Sealed>]
type RecipeWords internal (argument: string, text: string, usage: string, words: string list) =
    let mutable rest = words

    let refuse () = Check.refuse argument $"'%s{text}'" $"'%s{usage}'"

    let take () =
        match rest with
        | word :: others ->
            rest <- others
            word
        | [] -> refuse ()

    /// Whether there is another word.
    member _.HasMore = not rest.IsEmpty

    /// The next word.
    member _.Word() : string = take ()

    /// A number.
    member _.Number() : float =
        match Double.TryParse(take (), NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, value when Double.IsFinite value -> value
        | _ -> refuse ()

    /// A whole number of at least 1.
    member _.Whole() : int =
        match Int32.TryParse(take (), NumberStyles.Integer, CultureInfo.InvariantCulture) with
        | true, value when value >= 1 -> value
        | _ -> refuse ()

    /// A whole number of at least 1, or another where no word is left.
    member this.WholeOr(other: int) : int = if rest.IsEmpty then other else this.Whole()

    /// A number, or another where no word is left.
    member this.NumberOr(other: float) : float = if rest.IsEmpty then other else this.Number()

    /// One of some words.
    member _.OneOf(choices: (string * 'choice) list) : 'choice =
        let word = take ()

        match choices |> List.tryFind (fun (known, _) -> known = word) with
        | Some(_, choice) -> choice
        | None -> refuse ()

    /// What is of the form NAME=VALUE, to the end.
    member _.Named() : (string * string) list =
        let pairs = rest
        rest <- []

        [
            for pair in pairs do
                match pair.Split '=' with
                | [| name; value |] when name <> "" && value <> "" -> name, value
                | _ -> refuse ()
        ]

    member internal _.End() =
        if not rest.IsEmpty then
            refuse ()

/// A way to make something that a text can name: `NAME` and words after it.
[<NoEquality; NoComparison>]
type Recipe<'made> = {
    Name: string
    /// The words after the name.
    Arguments: string
    /// The arguments of an example.
    Example: string
    /// What is made, in words.
    Says: string
    Make: RecipeWords -> 'made
} with

    /// Name and arguments.
    member this.Usage = $"%s{this.Name} %s{this.Arguments}".TrimEnd()

    /// A text that it reads.
    member this.Text = $"%s{this.Name} %s{this.Example}".TrimEnd()

[<RequireQualifiedAccess>]
module Recipe =
    let internal create name arguments example says (make: RecipeWords -> 'made) : Recipe<'made> = {
        Name = name
        Arguments = arguments
        Example = example
        Says = says
        Make = make
    }

    let private split (text: string) =
        text.Split([| ' '; '\t' |], StringSplitOptions.RemoveEmptyEntries) |> Array.toList

    /// What a text makes by one of some recipes; another reading for a name that none of them has. The argument is what errors
    /// name.
    let internal readOr
        argument
        (other: string -> RecipeWords -> 'made option)
        (recipes: Recipe<'made> list)
        (text: string)
        =
        let name, words =
            match split text with
            | name :: words -> name, words
            | [] -> "", []

        let known () = recipes |> List.map _.Usage |> String.concat ", "

        match recipes |> List.tryFind (fun r -> r.Name = name) with
        | Some recipe ->
            let words = RecipeWords(argument, text.Trim(), recipe.Usage, words)
            let made = recipe.Make words
            words.End()
            made
        | None ->
            match other name (RecipeWords(argument, text.Trim(), $"%s{name} NAME=VALUE ...", words)) with
            | Some made -> made
            | None -> Check.refuse argument $"'%s{text.Trim()}'" $"one of: %s{known ()}"

    /// What a text makes by one of some recipes. The argument is what errors name.
    let read argument (recipes: Recipe<'made> list) (text: string) : 'made =
        readOr argument (fun _ _ -> None) recipes text

    /// The parts of a text between commas.
    let internal parts (text: string) : string list = text.Split ',' |> Array.map _.Trim() |> Array.toList
