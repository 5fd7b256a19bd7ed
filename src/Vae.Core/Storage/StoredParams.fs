namespace Vae.Core

open System.Text
open TorchSharp

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

    /// A text of a file's metadata that is known, such as the description of the model it is about.
    let expect file name expected metadata =
        let found = text file name metadata

        if found <> expected then
            raise (StorageException(file, $"metadata '%s{name}'", $"\"%s{found}\"", $"\"%s{expected}\""))

    /// A kind of file as it is written now. Version 1 stated no checksum.
    let kind name = $"%s{name} 2"

    /// Refuses a file of another kind, and one without the checksum that its version states.
    let expectKind file name (header: StoredHeader) =
        let found = text file "format" header.Metadata

        if found <> kind name && found <> $"%s{name} 1" then
            let expected = $"\"%s{kind name}\" or \"%s{name} 1\", the versions that this library reads"
            raise (StorageException(file, "metadata 'format'", $"\"%s{found}\"", expected))

        if found = kind name && header.Checksum.IsNone then
            let place = $"metadata '%s{SafetensorsHeader.checksum}'"
            raise (StorageException(file, place, "nothing", "the SHA-256 of the file, which this version of it states"))

    /// The parameters as tensors, each called by its path.
    let tensors (parameters: Params) = parameters.Declared |> List.map (fun p -> p.Path, parameters[p.Path])

    let private refuse file name found expected = raise (StorageException(file, $"tensor '%s{name}'", found, expected))

    let private isFloating (t: StoredTensor) = t.DType <> torch.ScalarType.Int64 && t.DType <> torch.ScalarType.Byte

    /// Refuses a file whose tensors are other than those of a list of names and shapes, or of more than one dtype.
    let check file (expected: (string * int64[]) list) (tensors: StoredTensor list) =
        let known, present = Map.ofList expected, Map.ofList [ for t in tensors -> t.Name, t ]

        for name, shape in expected do
            match present.TryFind name with
            | None -> refuse file name "nothing" $"a tensor of shape %s{Check.shape shape}, which the model declares"
            | Some t when t.Shape <> shape ->
                refuse file name $"the shape %s{Check.shape t.Shape}" $"%s{Check.shape shape}, which the model declares"
            | Some _ -> ()

        for t in tensors do
            if not (known.ContainsKey t.Name) then
                let found = $"a tensor of shape %s{Check.shape t.Shape}"
                refuse file t.Name found "none: the model declares no such parameter"

            if t.DType <> tensors.Head.DType || not (isFloating t) then
                refuse file t.Name $"%A{t.DType}" "numbers of one floating-point precision throughout the file"

    /// Refuses tensors with an infinite number, or one that is none.
    let checkFinite file (tensors: (string * Tensor) list) =
        for name, t in tensors do
            use _ = torch.NewDisposeScope()
            let finite = t.isfinite ()

            if not (finite.all().isTrue()) then
                let position = finite.logical_not().flatten().nonzero().flatten()[0L]
                let at = position.whole ()
                let value = t.flatten()[at]
                let value = Tensor.toFloat value
                let count = t.numel ()
                refuse file name $"%s{Check.number value} as number %d{at} of %d{count}" "finite numbers"

    /// Parameters as they are declared, from tensors that `check` let pass, called by a prefix and their paths.
    let create (declared: Parameter list) prefix (tensors: (string * Tensor) list) : Params =
        let present = Map.ofList tensors
        let place = Placement.like (snd tensors.Head)
        Params.Create(place, declared, (fun p -> present[prefix + p.Path]))
