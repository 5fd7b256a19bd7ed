namespace Vae.Core

/// A network as JSON: the list of its layers, each an object with its kind. A layer of one's own has no description that
/// it could be made again from, and is refused by its name.
[<RequireQualifiedAccess>]
module internal NetJson =
    let private kind name fields = Json.Object(("kind", Json.Text name) :: fields)

    let private optional name value = value |> Option.map (fun n -> name, Json.ofInt n) |> Option.toList

    let private ofConvolution name (c: Convolution) =
        kind name [
            yield! optional "inputs" c.Inputs
            "outputs", Json.ofInt c.Outputs
            "kernel", Json.ofInt c.Kernel
            "stride", Json.ofInt c.Stride
            "padding", Json.ofInt c.Padding
        ]

    let rec private ofLayer layer =
        match layer with
        | Layer.Linear(inputs, outputs) -> kind "linear" (optional "inputs" inputs @ [ "outputs", Json.ofInt outputs ])
        | Layer.Convolution c -> ofConvolution "convolution" c
        | Layer.ConvolutionTransposed c -> ofConvolution "transposedConvolution" c
        | Layer.Activation activation -> kind (Activation.name activation) []
        | Layer.Flatten -> kind "flatten" []
        | Layer.Reshape shape -> kind "reshape" [ "shape", Json.List [ for size in shape -> Json.ofWhole size ] ]
        | Layer.Dropout probability -> kind "dropout" [ "probability", Json.Number probability ]
        | Layer.GroupNorm groups -> kind "groupNorm" [ "groups", Json.ofInt groups ]
        | Layer.Residual layers -> kind "residual" [ "layers", Json.List(List.map ofLayer layers) ]
        | Layer.Custom custom ->
            Check.refuse "net" $"with a layer of one's own, '%s{custom.Name}'" "layers that a file can describe"

    /// Refuses a custom layer by its name.
    let ofNet (net: Net) = Json.List(List.map ofLayer net.Layers)

    let private toConvolution at : Convolution =
        JsonAt.only [ "kind"; "inputs"; "outputs"; "kernel"; "stride"; "padding" ] at
        let size least name = JsonAt.field name at |> JsonAt.size least

        {
            Inputs = JsonAt.tryField "inputs" at |> Option.map (JsonAt.size 1)
            Outputs = size 1 "outputs"
            Kernel = size 1 "kernel"
            Stride = size 1 "stride"
            Padding = size 0 "padding"
        }

    let rec private toLayer at =
        let field name = JsonAt.field name at
        let only names = JsonAt.only ("kind" :: names) at
        let kind = field "kind"

        match JsonAt.text kind with
        | "linear" ->
            only [ "inputs"; "outputs" ]
            let inputs = JsonAt.tryField "inputs" at |> Option.map (JsonAt.size 1)
            Layer.Linear(inputs, field "outputs" |> JsonAt.size 1)
        | "convolution" -> Layer.Convolution(toConvolution at)
        | "transposedConvolution" -> Layer.ConvolutionTransposed(toConvolution at)
        | "flatten" ->
            only []
            Layer.Flatten
        | "reshape" ->
            only [ "shape" ]
            Layer.Reshape [| for size in JsonAt.items (field "shape") -> int64 (JsonAt.size 1 size) |]
        | "dropout" ->
            only [ "probability" ]
            let probability = field "probability"

            match JsonAt.number probability with
            | p when p >= 0.0 && p < 1.0 -> Layer.Dropout p
            | p -> JsonAt.refuse probability (Check.number p) "a probability in [0, 1)"
        | "groupNorm" ->
            only [ "groups" ]
            Layer.GroupNorm(field "groups" |> JsonAt.size 1)
        | "residual" ->
            only [ "layers" ]
            Layer.Residual(JsonAt.items (field "layers") |> List.map toLayer)
        | name ->
            match Activation.names |> List.tryFind (fun (known, _) -> known = name) with
            | Some(_, activation) ->
                only []
                Layer.Activation activation
            | None ->
                let known = Activation.names |> List.map fst |> String.concat ", "

                JsonAt.refuse
                    kind
                    $"'%s{name}'"
                    $"linear, convolution, transposedConvolution, flatten, reshape, dropout, groupNorm, residual or an activation (%s{known})"

    /// Raises StorageException for layers that do not fit one another.
    let toNet at : Net =
        let layers = JsonAt.items at |> List.map toLayer
        JsonAt.build at "layers that fit one another" (fun () -> Net.ofLayers layers)
