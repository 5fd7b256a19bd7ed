namespace Vae.Core

/// Batches of a data set, with what a conditional model is given of its items.
[<RequireQualifiedAccess>]
module internal Batches =
    /// Refuses data that does not have what a model is conditional on.
    let check argument (given: Given option) (data: Data) : unit =
        match given with
        | None -> ()
        | Some(Given.Label classes) ->
            if not data.HasLabels then
                Check.refuse argument $"%O{data}" $"labelled data, as the model is given %O{given.Value}"

            match Array.max data.Labels with
            | most when most >= classes ->
                Check.refuse argument $"%O{data}, with the label %d{most}" $"labels from 0 to %d{classes - 1}"
            | _ -> ()
        | Some(Given.Factors names) ->
            for name in names do
                if not (Array.contains name data.FactorNames) then
                    let known = String.concat ", " data.FactorNames
                    Check.refuse argument $"%O{data}, with the factors [%s{known}]" $"data with the factor '%s{name}'"

    /// What is given of every item, row by row; None of a model that is given nothing.
    let private rows (given: Given option) (data: Data) : (int64 * float[][]) option =
        match given with
        | None -> None
        | Some(Given.Label classes) ->
            let oneHot label = Array.init classes (fun c -> if c = label then 1.0 else 0.0)
            Some(int64 classes, Array.map oneHot data.Labels)
        | Some(Given.Factors names) ->
            let columns = names |> List.map (fun name -> Data.factor name data)
            Some(int64 names.Length, Array.init data.Count (fun i -> [| for column in columns -> column[i] |]))

    /// A function from indices to batches of these items, in their order.
    let reader (place: Placement) (given: Given option) (data: Data) : int[] -> Batch =
        let rows = rows given data

        fun indices -> {
            X = Data.gather place indices data
            Given =
                rows
                |> Option.map (fun (size, rows) ->
                    let values = indices |> Array.collect (fun i -> rows[i])
                    Tensor.ofArray place [| int64 indices.Length; size |] values)
        }

    /// A function from a start and a count to batches of consecutive items.
    let ranges place given (data: Data) : int -> int -> Batch =
        let read = reader place given data
        fun start count -> read [| start .. start + count - 1 |]
