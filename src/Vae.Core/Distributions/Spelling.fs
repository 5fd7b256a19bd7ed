namespace Vae.Core

open System

/// Words that are nearly known ones.
[<RequireQualifiedAccess>]
module internal Spelling =
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
    let meant (word: string) (words: string list) =
        match words |> List.filter (fun known -> distance word known <= max 1 (known.Length / 3)) with
        | [] -> "expected one of " + String.concat ", " words
        | near -> "did you mean " + String.concat " or " near + "?"

    /// Whether two words are one but for their case.
    let isSame (a: string) (b: string) = String.Equals(a, b, StringComparison.OrdinalIgnoreCase)

    /// A text as a message shows it: the beginning of a long one.
    let shown (text: string) = if text.Length <= 100 then text else text.Substring(0, 97) + "..."
