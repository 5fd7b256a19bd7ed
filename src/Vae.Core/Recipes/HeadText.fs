namespace Vae.Core

open System
open System.Globalization

/// Heads as text: a law's name and what is not the network's, `StudentT df=4 scale=shared`, `Categorical size=256`.
[<RequireQualifiedAccess>]
module internal HeadText =
    let private setting argument (head: Head) (name: string, value: string) : Head =
        let number () =
            match Double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture) with
            | true, number -> number
            | _ ->
                Check.refuse argument $"'%s{name}=%s{value}'" $"'%s{name}=NUMBER', '%s{name}=shared' or '%s{name}=each'"

        match name, value with
        | "size", _ -> Head.size (int (number ())) head
        | _, "shared" -> Head.share name head
        | _, "each" -> Head.each name head
        | _ -> Head.fix name (number ()) head

    let private ofLaw argument law (words: RecipeWords) : Head =
        words.Named() |> List.fold (setting argument) (Head.ofLaw law)

    /// The head of a law by its name. Refuses a name that no law has.
    let read argument (name: string) (words: RecipeWords) : Head = ofLaw argument (Laws.find argument name) words

    /// The head that a whole text names: `Normal scale=each`, `zero-inflated NegativeBinomial`.
    let ofText argument (text: string) : Head =
        let words usage rest = RecipeWords(argument, text, usage, rest)

        match text.Split(' ', StringSplitOptions.RemoveEmptyEntries) |> Array.toList with
        | "zero-inflated" :: name :: rest ->
            read argument name (words "zero-inflated LAW [NAME=VALUE ...]" rest) |> Head.zeroInflated
        | name :: rest -> read argument name (words "LAW [NAME=VALUE ...]" rest)
        | [] -> Check.refuse argument "an empty text" "the name of a law"

    /// The head of a law by its name; None where no law is called so.
    let tryRead argument (name: string) (words: RecipeWords) : Head option =
        Laws.tryFind name |> Option.map (fun law -> ofLaw argument law words)
