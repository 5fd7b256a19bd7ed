namespace Vae.Core

/// The epochs of a run as JSON. Every number comes back with the same bits.
[<RequireQualifiedAccess>]
module internal HistoryJson =
    /// Named numbers: a list, as names may repeat and their order matters.
    let ofNamed (values: (string * float) list) =
        Json.List [ for name, value in values -> Json.Object [ "name", Json.Text name; "value", Json.ofFloat value ] ]

    let toNamed at : (string * float) list = [
        for item in JsonAt.items at -> JsonAt.text (JsonAt.field "name" item), JsonAt.float (JsonAt.field "value" item)
    ]

    let private ofStatistic (s: Statistic) = [
        "mean", Json.ofFloat s.Mean
        "standardError", Json.ofFloat s.StandardError
    ]

    let private toStatistic at : Statistic = {
        Mean = JsonAt.field "mean" at |> JsonAt.float
        StandardError = JsonAt.field "standardError" at |> JsonAt.float
    }

    let private ofMeasurement (m: Measurement) =
        Json.Object [
            "terms", Json.List [ for name, s in m.Terms -> Json.Object(("name", Json.Text name) :: ofStatistic s) ]
            "total", Json.Object(ofStatistic m.Total)
            "count", Json.ofInt m.Count
            "scoreName", Json.Text m.ScoreName
        ]

    let private toMeasurement at : Measurement = {
        Terms = [
            for term in JsonAt.items (JsonAt.field "terms" at) ->
                JsonAt.text (JsonAt.field "name" term), toStatistic term
        ]
        Total = JsonAt.field "total" at |> toStatistic
        Count = JsonAt.field "count" at |> JsonAt.integer 1
        ScoreName = JsonAt.field "scoreName" at |> JsonAt.text
    }

    let private ofEpoch (epoch: Epoch) =
        Json.Object [
            "number", Json.ofInt epoch.Number
            "terms", ofNamed epoch.Terms
            "total", Json.ofFloat epoch.Total
            match epoch.Validation with
            | Some measured -> "validation", ofMeasurement measured
            | None -> ()
            "rate", Json.ofFloat epoch.Rate
            "examples", Json.ofInt epoch.Examples
        ]

    let private toEpoch at : Epoch =
        let number name = JsonAt.field name at |> JsonAt.float

        {
            Number = JsonAt.field "number" at |> JsonAt.integer 1
            Terms = JsonAt.field "terms" at |> toNamed
            Total = number "total"
            Validation = JsonAt.tryField "validation" at |> Option.map toMeasurement
            Rate = number "rate"
            Examples = JsonAt.field "examples" at |> JsonAt.integer 0
        }

    let ofHistory (history: Epoch list) = Json.List(List.map ofEpoch history)

    /// Raises StorageException for epochs that are not 1, 2, 3 and so on.
    let toHistory at : Epoch list =
        let epochs = JsonAt.items at

        [
            for i, item in List.indexed epochs do
                let epoch = toEpoch item

                if epoch.Number <> i + 1 then
                    JsonAt.refuse item $"epoch %d{epoch.Number}" $"epoch %d{i + 1}"

                epoch
        ]
