namespace Vae.Tables

open Vae.Core

/// An encoding as JSON: what it learned of the rows that a model is trained on.
[<RequireQualifiedAccess>]
module internal EncodingJson =
    let private cycles = [ "year", Cycle.Year; "week", Cycle.Week; "day", Cycle.Day ]

    /// A column of no number has no grid.
    let private grid (grid: Grid) =
        if grid.Greatest < grid.Least then
            []
        else
            [
                "least", Json.Number grid.Least
                "greatest", Json.Number grid.Greatest
                "decimals", Json.ofInt grid.Decimals
            ]

    let private ofPiece (piece: Piece) =
        let form name fields =
            Json.Object(
                [ "column", Json.Text piece.Column; "law", Json.Text piece.Law; "form", Json.Text name ]
                @ fields
                @ grid piece.Grid
            )

        let moments center scale = [ "center", Json.Number center; "scale", Json.Number scale ]

        match piece.Form with
        | Form.Standardized(center, scale) -> form "standardized" (moments center scale)
        | Form.Logarithmic(center, scale) -> form "logarithmic" (moments center scale)
        | Form.Whole -> form "whole" []
        | Form.OneOf levels -> form "oneOf" [ "levels", Json.ofInt levels ]
        | Form.Around cycle ->
            let name, _ = cycles |> List.find (fun (_, known) -> known = cycle)
            form "around" [ "cycle", Json.Text name ]

    let ofEncoding (encoding: Encoding) = Json.List(Encoding.pieces encoding |> List.map ofPiece)

    let private toPiece at : Piece =
        JsonAt.only
            [ "column"; "law"; "form"; "center"; "scale"; "levels"; "cycle"; "least"; "greatest"; "decimals" ]
            at

        let number name = JsonAt.field name at |> JsonAt.number
        let form = JsonAt.field "form" at

        {
            Column = JsonAt.field "column" at |> JsonAt.text
            Law = JsonAt.field "law" at |> JsonAt.text
            Grid =
                match JsonAt.tryField "least" at with
                | None -> Grid.none
                | Some least -> {
                    Least = JsonAt.number least
                    Greatest = number "greatest"
                    Decimals = JsonAt.field "decimals" at |> JsonAt.size 0
                  }
            Form =
                match JsonAt.text form with
                | "standardized" -> Form.Standardized(number "center", number "scale")
                | "logarithmic" -> Form.Logarithmic(number "center", number "scale")
                | "whole" -> Form.Whole
                | "oneOf" -> Form.OneOf(JsonAt.field "levels" at |> JsonAt.size 1)
                | "around" ->
                    let cycle = JsonAt.field "cycle" at

                    match cycles |> List.tryFind (fun (name, _) -> name = JsonAt.text cycle) with
                    | Some(_, cycle) -> Form.Around cycle
                    | None -> JsonAt.refuse cycle $"'%s{JsonAt.text cycle}'" "year, week or day"
                | other -> JsonAt.refuse form $"'%s{other}'" "standardized, logarithmic, whole, oneOf or around"
        }

    let toEncoding at : Encoding = JsonAt.items at |> List.map toPiece |> Encoding.ofPieces
