namespace Vae.Core

/// Names that the paths of parameters are made of: those of latents and of parts of the data.
[<RequireQualifiedAccess>]
module internal PartNames =
    /// Refuses what is no word, and what would be read as several.
    let checkOne argument (name: string) =
        if System.String.IsNullOrWhiteSpace name || name.Contains '.' then
            Check.refuse argument $"'%s{name}'" "a word without a full stop, which the parameters' paths are made of"

    /// Refuses none, names that are there twice, and those that are no words.
    let check argument (names: string list) =
        if names.IsEmpty || (List.distinct names).Length <> names.Length then
            let found = String.concat ", " names
            Check.refuse argument $"named [%s{found}]" "at least one, by names that differ"

        for name in names do
            checkOne argument name
