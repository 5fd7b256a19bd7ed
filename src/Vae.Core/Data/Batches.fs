namespace Vae.Core

/// Batches of a data set, with what a model reads of its items.
[<RequireQualifiedAccess>]
module internal Batches =
    let private checkLabels argument classes what (data: Data) =
        match Array.max data.Labels with
        | most when most >= classes ->
            Check.refuse argument $"%O{data}, with the label %d{most}" $"labels from 0 to %d{classes - 1}, as %s{what}"
        | _ -> ()

    let private checkFactors argument (names: string list) (data: Data) =
        for name in names do
            if not (Array.contains name data.FactorNames) then
                let known = String.concat ", " data.FactorNames
                Check.refuse argument $"%O{data}, with the factors [%s{known}]" $"data with the factor '%s{name}'"

    let private checkGiven argument (given: Given) (data: Data) =
        let what = $"the model is given %O{given}"

        match given with
        | Given.Label classes ->
            if not data.HasLabels then
                Check.refuse argument $"%O{data}" $"labelled data, as %s{what}"

            match System.Array.IndexOf(data.Labels, -1) with
            | -1 -> checkLabels argument classes what data
            | i ->
                Check.refuse argument $"%O{data}, of which item %d{i} has no label" $"labels of all items, as %s{what}"
        | Given.Factors names -> checkFactors argument names data

    /// What is known of some items need not be of others.
    let private checkKnown argument (latent: string, from: Given) (data: Data) =
        match from with
        | Given.Label classes when data.HasLabels ->
            checkLabels argument classes $"the latent %s{latent} is %O{from}" data
        | Given.Label _ -> ()
        | Given.Factors names when data.FactorNames.Length > 0 -> checkFactors argument names data
        | Given.Factors _ -> ()

    /// Refuses data that does not have what a model reads of it, and missing values where a model has no place for them.
    let check argument (reading: Reads) (data: Data) : unit =
        reading.Given |> Option.iter (fun given -> checkGiven argument given data)

        for known in reading.Known do
            checkKnown argument known data

        if reading.Missing.IsNone && not (Data.isComplete data) then
            Check.refuse
                argument
                $"%O{data}, of which values are missing"
                "data without missing values, or a model of data with them: Vae.forMissing model (in C#: ForMissing)"

    /// What is said of every item, row by row; None of data that says nothing. What is not known is NaN.
    let private rows (from: Given) (data: Data) : (int64 * float[][]) option =
        match from with
        | Given.Label _ when not data.HasLabels -> None
        | Given.Label classes ->
            let oneHot label =
                if label < 0 then
                    Array.create classes nan
                else
                    Array.init classes (fun c -> if c = label then 1.0 else 0.0)

            Some(int64 classes, Array.map oneHot data.Labels)
        | Given.Factors _ when data.FactorNames.Length = 0 -> None
        | Given.Factors names ->
            let columns = names |> List.map (fun name -> Data.factor name data)
            Some(int64 names.Length, Array.init data.Count (fun i -> [| for column in columns -> column[i] |]))

    /// A function from indices to batches of these items, in their order.
    let reader (place: Placement) (reading: Reads) (data: Data) : int[] -> Batch =
        let given = reading.Given |> Option.bind (fun from -> rows from data)

        let known =
            reading.Known
            |> List.choose (fun (name, from) -> rows from data |> Option.map (fun rows -> name, rows))

        let take (indices: int[]) (size: int64, rows: float[][]) =
            let values = indices |> Array.collect (fun i -> rows[i])
            Tensor.ofArray place [| int64 indices.Length; size |] values

        fun indices ->
            let x = Data.gather place indices data

            let x, observed =
                match reading.Missing with
                | None -> x, None
                | Some missing ->
                    let x, there = Missing.fill missing x
                    x, Some there

            {
                X = x
                Observed = observed
                Given = given |> Option.map (take indices)
                Known = known |> List.map (fun (name, rows) -> name, take indices rows)
            }

    /// A function from a start and a count to batches of consecutive items.
    let ranges place reading (data: Data) : int -> int -> Batch =
        let read = reader place reading data
        fun start count -> read [| start .. start + count - 1 |]
