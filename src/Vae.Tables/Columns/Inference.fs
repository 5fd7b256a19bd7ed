namespace Vae.Tables

open System

/// What was taken a column for, and why, in words.
type Inferred = {
    Schema: Schema
    /// A line for each column: what it was taken for.
    Notes: (string * string) list
    /// Rows that were looked at.
    Rows: int64
}

/// The schema of a table by a look at all of its values. What cannot be told is refused, and what is left out is said.
[<RequireQualifiedAccess>]
module internal Inference =
    /// Levels of a category that each have a number of their own; what is rarer is "other".
    let private mostLevels = 64

    /// The share of a column's values that are numbers, from which on another text is an error.
    let private nearlyAll = 0.9

    let private refuse (where: string) (name: string) found expected =
        TableException.refuse $"%s{where}, column '%s{name}'" found expected

    let private checkTexts (look: Look) =
        let present = look.Seen - look.Missing

        match look.Infinite, look.FirstComma, look.NotNumber with
        | Some(where, text), _, _ ->
            refuse where look.Name (TableException.quoted text) "a finite number, or none where it is missing"
        | _, Some(where, text), _ when float look.Commas >= nearlyAll * float (present - look.Numbers) ->
            refuse
                where
                look.Name
                $"%s{TableException.quoted text}, with a decimal comma"
                "a number with a decimal point; a schema that says category takes it as a text"
        | _, _, Some(where, text) when look.Numbers < present && float look.Numbers >= nearlyAll * float present ->
            refuse
                where
                look.Name
                $"%s{TableException.quoted text}, where %d{look.Numbers} of %d{present} values are numbers"
                "a number; where it says that the value is missing, state it so (--missing), and where the column is a category, by a schema"
        | _ -> ()

    let private ofLevels (levels: Map<string, int64>) (present: int64) =
        let byCount = levels |> Map.toList |> List.sortBy (fun (text, count) -> -count, text)

        if levels.Count > 20 && float levels.Count > 0.5 * float present then
            ColumnKind.Ignored, $"ignored: %d{levels.Count} texts in %d{present} values, an identifier or free text"
        elif levels.Count > mostLevels then
            let kept = byCount |> List.truncate mostLevels |> List.map fst
            let rest = byCount |> List.skip mostLevels |> List.sumBy snd

            ColumnKind.Category(List.sort kept),
            $"category: the %d{mostLevels} most frequent of %d{levels.Count} levels; %d{rest} values are other"
        else
            ColumnKind.Category(byCount |> List.map fst |> List.sort), $"category of %d{levels.Count} levels"

    let private ofNumbers (look: Look) (present: int64) =
        let skewness = Look.skewness present look.Moments
        let logSkewness = Look.skewness present look.LogMoments

        if look.IsWhole && look.IsRunning && present > 20L then
            ColumnKind.Ignored, "ignored: whole numbers in a row, an identifier"
        elif look.IsWhole && look.Least >= 0.0 && look.Least <= 1.0 && look.Greatest <= 10_000.0 then
            ColumnKind.Count, "count: whole numbers from 0 or 1 on"
        elif look.Least > 0.0 && skewness > 1.0 && abs logSkewness < skewness then
            let at (value: float) = value.ToString("0.0", Globalization.CultureInfo.InvariantCulture)
            ColumnKind.Positive, $"positive: above 0, of skewness %s{at skewness}, its logarithm of %s{at logSkewness}"
        else
            ColumnKind.Real, "real"

    let private ofDates (look: Look) (formats: string list) =
        match formats with
        | [ format ] -> ColumnKind.Date format, $"date, %s{format}"
        | several ->
            let which = String.concat " or " several

            TableException.refuse
                $"column '%s{look.Name}'"
                $"dates that are %s{which}"
                "dates that tell day from month, or a schema that says the format"

    let private kindOf (isCategory: bool) (look: Look) : ColumnKind * string =
        let present = look.Seen - look.Missing

        if not isCategory then
            checkTexts look

        match look.Levels with
        | _ when present = 0L -> ColumnKind.Ignored, "ignored: every value is missing"
        | Some levels when levels.Count = 1 ->
            let only = levels |> Map.toList |> List.head |> fst
            ColumnKind.Ignored, $"ignored: every value is %s{TableException.quoted only}"
        | Some levels when levels.Count = 2 ->
            let both = levels |> Map.toList |> List.map fst
            // Numbers by their size: the second is what 1 stands for.
            let both =
                if look.Numbers = present then
                    both |> List.sortBy (Look.tryNumber >> Option.defaultValue 0.0)
                else
                    List.sort both

            ColumnKind.Binary both, $"""binary: %s{String.concat " or " both}"""
        | Some levels when isCategory -> ofLevels levels present
        | _ when not look.Dates.IsEmpty && look.Numbers < present -> ofDates look look.Dates
        | _ when look.Numbers = present -> ofNumbers look present
        | Some levels -> ofLevels levels present
        | None -> ColumnKind.Ignored, $"ignored: more than %d{Look.most} texts"

    /// Refuses a column of dates in several formats: no one fits all, and each value fits one.
    let private checkDates (source: TableSource) (look: Look) =
        let isDate text = Dates.formats |> List.tryFind (fun format -> (Dates.tryDays format text).IsSome)

        match look.Levels with
        | Some levels when look.Dates.IsEmpty && look.Numbers = 0L && levels.Count > 1 ->
            let found = levels |> Map.toList |> List.map (fun (text, _) -> text, isDate text)

            if found |> List.forall (fun (_, format) -> format.IsSome) then
                let examples =
                    found
                    |> List.distinctBy snd
                    |> List.truncate 3
                    |> List.map (fun (text, format) -> $"'%s{text}' (%s{format.Value})")
                    |> String.concat ", "

                TableException.refuse
                    $"%s{source.Path}, column '%s{look.Name}'"
                    $"dates as %s{examples}"
                    "dates in one format"
        | _ -> ()

    /// The schema of a source, of which some columns are known to be categories, whatever their texts look like.
    let ofSourceWith (categories: Set<string>) (missing: string list) (source: TableSource) : Inferred =
        let looks = Look.columns missing source
        let rows = looks.Head.Seen

        if rows = 0L then
            TableSource.refuseNone source

        let kinds = [
            for look in looks do
                let isCategory = categories.Contains look.Name

                if not isCategory then
                    checkDates source look

                let kind, note = kindOf isCategory look

                let holes =
                    if look.Missing > 0L && look.Missing < rows then
                        $"; %d{look.Missing} missing"
                    else
                        ""

                Column.create look.Name kind, note + holes
        ]

        let schema = Schema.create (List.map fst kinds) |> Schema.withMissing missing

        if (Schema.modelled schema).Length < 2 then
            let said = kinds |> List.map (fun (column, note) -> $"%s{column.Name} %s{note}") |> String.concat "; "

            TableException.refuse
                source.Path
                $"fewer than two columns to model (%s{said})"
                "at least two; another separator than the file's gives one column (--separator)"

        {
            Schema = schema
            Notes = kinds |> List.map (fun (column, note) -> column.Name, note)
            Rows = rows
        }

    /// The schema of a source. Refuses a table without rows.
    let ofSource (missing: string list) (source: TableSource) : Inferred = ofSourceWith Set.empty missing source
