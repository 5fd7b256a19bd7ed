namespace Vae.Core

open TorchSharp

/// Several things that a network is given, as its one input: vectors end to end, or where one of them is an image all as
/// channels of it, each number of a vector a channel of its own. A network that begins by making a vector of it is given vectors: as many
/// copies of a number as an image has places would weigh as much more.
[<RequireQualifiedAccess>]
module internal Join =
    let private isImage (shape: int64[]) = shape.Length = 3

    let private ofImages argument (shapes: int64[] list) =
        let sides = shapes |> List.filter isImage |> List.map Array.tail |> List.distinct

        match sides with
        | [ [| height; width |] ] ->
            let channels shape = if isImage shape then shape[0] else Shape.size shape
            [| List.sumBy channels shapes; height; width |]
        | _ ->
            let found = shapes |> List.map Check.shape |> String.concat " beside "
            Check.refuse argument $"a network of %s{found}" "images of one height and width"

    /// The shape that shapes of one example are joined to; of one alone its own.
    let shape argument isFlat (shapes: int64[] list) : int64[] =
        match shapes with
        | [] ->
            Check.refuse
                argument
                "a network that is given nothing"
                "the data, another latent, or what the model is given"
        | [ one ] -> one
        | _ when not isFlat && List.exists isImage shapes -> ofImages argument shapes
        | _ -> [| List.sumBy Shape.size shapes |]

    /// Tensors of leading + shape as one of leading + joined shape; leading dimensions are broadcast, from the right.
    let apply isFlat (shapes: int64[] list) (tensors: Tensor list) : Tensor =
        match tensors with
        | [ one ] -> one
        | _ ->
            let leading (shape: int64[]) (t: Tensor) = fst (Shape.splitLast shape.Length t.shape)

            let common =
                List.map2 leading shapes tensors
                |> List.reduce (fun a b -> Shape.broadcast "one input" a "another" b)

            let rank = int64 common.Length
            let spread (t: Tensor) shape = t.expand (Array.append common shape)

            match List.tryFind (fun shape -> not isFlat && isImage shape) shapes with
            | Some image ->
                let plane (shape: int64[]) (t: Tensor) =
                    let t = spread t shape

                    if isImage shape then
                        t
                    else
                        let numbers = t.reshape (Array.append common [| Shape.size shape; 1L; 1L |])
                        numbers.expand (Array.append common [| Shape.size shape; image[1]; image[2] |])

                torch.cat (List.map2 plane shapes tensors |> List.toArray, rank)
            | None ->
                let vector shape t = (spread t shape).reshape(Array.append common [| Shape.size shape |])
                torch.cat (List.map2 vector shapes tensors |> List.toArray, rank)
