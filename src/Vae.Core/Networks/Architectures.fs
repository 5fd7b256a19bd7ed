namespace Vae.Core

/// The architectures of the study: encoders end in a code that a posterior's heads read, decoders end in the data's shape.
[<AutoOpen>]
module Architectures =
    let private image (shape: int list) =
        match shape with
        | [ channels; height; width ] -> channels, height, width
        | _ -> Check.refuse (nameof shape) $"%A{shape}" "[channels; height; width]"

    /// The image that as many doublings as there are channels make one of a shape of, and the channels of that shape.
    let private start (shape: int list) (channels: int list) =
        let out, height, width = image shape
        let scale = pown 2 channels.Length

        if channels.IsEmpty then
            Check.refuse (nameof channels) "empty" "at least one number of channels"

        if height % scale <> 0 || width % scale <> 0 then
            Check.refuse
                (nameof shape)
                $"%A{shape}"
                $"height and width divisible by %d{scale}, as %d{channels.Length} layers double them"

        [ channels.Head; height / scale; width / scale ], out

    /// Groups of at least two channels, where there are two, and at most eight groups: group normalisation refuses groups of
    /// one number, which images of one pixel would have.
    let private groupsOf (channels: int) =
        [ 8; 7; 6; 5; 4; 3; 2; 1 ]
        |> List.find (fun groups -> channels % groups = 0 && (groups = 1 || channels / groups > 1))

    let private normalised channels = Net.groupNorm (groupsOf channels) --> Net.silu

    /// x + conv(silu(norm(conv(silu(norm x))))): the form of He et al. (2016) that leaves a path without layers from end to end.
    let private block channels =
        let half = normalised channels --> Net.conv2d channels 3 1
        Net.residual (half --> half)

    [<RequireQualifiedAccess>]
    module Net =
        /// Convolutions 3x3 of stride 2 with the channels given, then a dense code, each with ReLU.
        let convEncoder (channels: int list) (code: int) =
            let halve c = Net.conv2d c 3 2 --> Net.relu
            Net.chain (List.map halve channels) --> Net.flatten --> Net.dense code --> Net.relu

        /// The mirror image of `convEncoder` for data of a shape [channels; height; width]: a dense layer onto an image of
        /// the first number of channels, halved as often as there are channels, then transposed convolutions 3x3 of
        /// stride 2 with ReLU, and one of stride 1 onto the data's own channels.
        let convDecoderTo (shape: int list) (channels: int list) =
            let first, out = start shape channels
            let double c = Net.convTranspose2d c 3 2 --> Net.relu

            Net.dense (List.reduce (*) first)
            --> Net.relu
            --> Net.reshape first
            --> Net.chain (List.map double channels)
            --> Net.convTranspose2d out 3 1

        /// `convDecoderTo` grey images of 28x28 pixels.
        let convDecoder (channels: int list) = convDecoderTo [ 1; 28; 28 ] channels

        /// Dense layers of the widths given, each with ReLU, on the flattened data.
        let denseEncoder (widths: int list) =
            Net.flatten --> Net.chain (widths |> List.map (fun w -> Net.dense w --> Net.relu))

        /// Dense layers of the widths given, each with ReLU, then one onto data of a shape.
        let denseDecoderTo (shape: int list) (widths: int list) =
            Net.chain (widths |> List.map (fun w -> Net.dense w --> Net.relu))
            --> Net.dense (List.reduce (*) shape)
            --> Net.reshape shape

        /// `denseDecoderTo` grey images of 28x28 pixels.
        let denseDecoder (widths: int list) = denseDecoderTo [ 1; 28; 28 ] widths

        /// For images whose sides may be of any size: for each of the channels given a convolution 3x3 of stride 2 and a
        /// residual block x + conv(silu(norm(conv(silu(norm x))))) of 3x3 convolutions with group normalisation, then a
        /// normalisation and a dense code, each with SiLU (K. He et al., "Identity Mappings in Deep Residual Networks", 2016;
        /// Y. Wu and K. He, "Group Normalization", 2018).
        let residualEncoder (channels: int list) (code: int) =
            let halve c = Net.conv2d c 3 2 --> block c

            match List.tryLast channels with
            | None -> Check.refuse (nameof channels) "empty" "at least one number of channels"
            | Some last ->
                Net.chain (List.map halve channels)
                --> normalised last
                --> Net.flatten
                --> Net.dense code
                --> Net.silu

        /// The mirror image of `residualEncoder` for data of a shape [channels; height; width]: a dense layer onto an image of
        /// the first number of channels, halved as often as there are channels; for each of them a residual block and a
        /// transposed convolution 3x3 of stride 2 onto the next; then a normalisation with SiLU and a convolution onto the data's
        /// own channels.
        let residualDecoderTo (shape: int list) (channels: int list) =
            let first, out = start shape channels
            let next = channels.Tail @ [ List.last channels ]
            let double c next = block c --> Net.convTranspose2d next 3 2

            Net.dense (List.reduce (*) first)
            --> Net.reshape first
            --> Net.chain (List.map2 double channels next)
            --> normalised (List.last channels)
            --> Net.conv2d out 3 1

        /// `residualDecoderTo` grey images of 28x28 pixels.
        let residualDecoder (channels: int list) = residualDecoderTo [ 1; 28; 28 ] channels
