namespace Vae.Core

open System.Text

/// What the files of saved runs and of checkpoints share: texts about a model, and its parameters by path.
[<RequireQualifiedAccess>]
module internal StoredParams =
    /// A text of a file's metadata.
    let text file name (metadata: (string * string) list) =
        match metadata |> List.tryFind (fun (key, _) -> key = name) with
        | Some(_, text) -> text
        | None -> raise (StorageException(file, $"metadata '%s{name}'", "nothing", "a text"))

    /// A text of a file's metadata that is JSON.
    let json file name metadata =
        text file name metadata |> Encoding.UTF8.GetBytes |> JsonAt.parse file $"metadata '%s{name}'"

    /// A text of a file's metadata that is known: the kind of the file, or the description of the model it is about.
    let expect file name expected metadata =
        let found = text file name metadata

        if found <> expected then
            raise (StorageException(file, $"metadata '%s{name}'", $"\"%s{found}\"", $"\"%s{expected}\""))

    /// The parameters as tensors, each called by its path.
    let tensors (parameters: Params) = parameters.Declared |> List.map (fun p -> p.Path, parameters[p.Path])

    /// Refuses tensors other than those of a list of names and shapes, or of more than one dtype.
    let check file (expected: (string * int64[]) list) (tensors: (string * Tensor) list) =
        let refuse name found expected = raise (StorageException(file, $"tensor '%s{name}'", found, expected))
        let known, present = Map.ofList expected, Map.ofList tensors

        for name, shape in expected do
            match present.TryFind name with
            | None -> refuse name "nothing" $"a tensor of shape %s{Check.shape shape}, which the model declares"
            | Some t when t.shape <> shape ->
                refuse name $"the shape %s{Check.shape t.shape}" $"%s{Check.shape shape}, which the model declares"
            | Some _ -> ()

        for name, t in tensors do
            if not (known.ContainsKey name) then
                refuse name $"a tensor of shape %s{Check.shape t.shape}" "none: the model declares no such parameter"

            let first = snd tensors.Head

            if t.dtype <> first.dtype || not (t.is_floating_point ()) then
                refuse name $"%A{t.dtype}" "numbers of one floating-point precision throughout the file"

    /// Parameters as they are declared, from tensors that `check` let pass, called by a prefix and their paths.
    let create (declared: Parameter list) prefix (tensors: (string * Tensor) list) : Params =
        let present = Map.ofList tensors
        let place = Placement.like (snd tensors.Head)
        Params.Create(place, declared, (fun p -> present[prefix + p.Path]))
