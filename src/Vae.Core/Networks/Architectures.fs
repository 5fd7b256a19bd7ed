namespace Vae.Core

/// The architectures of the study: encoders end in a code that a posterior's heads read, decoders end in the data's shape.
[<AutoOpen>]
module Architectures =
    let private image (shape: int list) =
        match shape with
        | [ channels; height; width ] -> channels, height, width
        | _ -> Check.refuse (nameof shape) $"%A{shape}" "[channels; height; width]"

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
            let out, height, width = image shape
            let scale = pown 2 channels.Length

            if channels.IsEmpty then
                Check.refuse (nameof channels) "empty" "at least one number of channels"

            if height % scale <> 0 || width % scale <> 0 then
                Check.refuse
                    (nameof shape)
                    $"%A{shape}"
                    $"height and width divisible by %d{scale}, as %d{channels.Length} layers double them"

            let first = [ channels.Head; height / scale; width / scale ]
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
