namespace Vae.Core

open TorchSharp

/// p(x|z): a decoder, waiting for the shape of the latent. Its output has the shape of the data.
type Likelihood = {
    Spec: LikelihoodSpec
    /// What the negative score is called in reports.
    ScoreName: string
    /// Whether the score is a log-density, so that its expectation bounds log p(x).
    IsDensity: bool
    /// The shape of the data, for a latent of a shape.
    DataShape: int64[] -> int64[]
    /// The decoder for latents of a shape.
    Wire: int64[] -> Learned<Tensor, Observation>
    /// What is said of the data at one latent of a shape, as to its law and support: its numbers mean nothing, and of the
    /// library's decoders none are made, and one place stands for all of the data's. A decoder of one's own is given a latent, [1, latent...].
    Example: int64[] -> (unit -> Tensor) -> Observation
}

[<RequireQualifiedAccess>]
module Likelihood =
    /// A shape of one number. What is said at one place is said at all: an example need not have them.
    let private onePlace (rank: int) : int64[] = Array.create rank 1L

    let private ofDecoder spec scoreName isDensity (decoder: Net) (observe: int -> Tensor -> Observation) : Likelihood =
        let wired latent = Net.wire "likelihood" latent decoder

        {
            Spec = spec
            ScoreName = scoreName
            IsDensity = isDensity
            DataShape = fun latent -> (wired latent).Output
            Wire =
                fun latent ->
                    let net = wired latent

                    {
                        Declared = net.Declared
                        Apply = fun parameters mode z -> observe net.Output.Length (Net.apply net parameters mode z)
                    }
            Example =
                fun latent _ ->
                    let rank = (wired latent).Output.Length
                    observe rank (torch.zeros (onePlace (rank + 1), dtype = Placement.float32.DType))
        }

    let private cost (law: Distribution) (x: Tensor) = (law.LogProb x).neg()

    /// The score of a law whose last dimensions are independent values, apart.
    let private apart (cut: (int64 * int64[]) option) (law: Distribution) : Apart =
        let values, dimensions =
            match law with
            | :? Independent as law -> law.Base, law.Dimensions
            | law -> law, 0

        {
            Cut = cut
            EventRank = values.EventShape.Length
            Dimensions = dimensions
            Cost = cost values
        }

    let private density (law: Distribution) = Observation(law, law.Support, cost law, [ apart None law ])

    /// Bernoulli pixels by logits, for data in {0, 1}.
    let bernoulli (decoder: Net) =
        ofDecoder (LikelihoodSpec.Bernoulli decoder) "reconstruction" true decoder (fun rank logits ->
            density (Independent.create rank (Bernoulli.OfNetwork logits)))

    /// The cross-entropy of grey levels in [0, 1] against Bernoulli logits: what the study and most code bases report.
    /// It is a score, not a log-density, so nothing that it enters is called a likelihood.
    let bernoulliCrossEntropy (decoder: Net) =
        let grey = Support.Closed(Bound.At 0.0, Bound.At 1.0)

        ofDecoder (LikelihoodSpec.BernoulliCrossEntropy decoder) "cross-entropy" false decoder (fun rank logits ->
            let pixels = Bernoulli.OfNetwork logits
            let cost = pixels.CrossEntropy
            let apart = { Cut = None; EventRank = 0; Dimensions = rank; Cost = cost }
            Observation(Independent.create rank pixels, grey, (fun x -> Shape.sumLast rank (cost x)), [ apart ]))

    /// Normal pixels of one fixed standard deviation around the decoder's output.
    let gaussian (scale: float) (decoder: Net) =
        Check.positiveFloat (nameof scale) scale

        ofDecoder (LikelihoodSpec.Gaussian(scale, decoder)) "reconstruction" true decoder (fun rank loc ->
            let logScale = (Tensor.scalar (Placement.like loc) (log scale)).expand loc.shape
            density (Independent.create rank (Normal.OfLogScale(loc, logScale))))

    /// The learned numbers of values laid out so, beside the decoder's, below a path.
    let private learnedOf path (layout: Layout) : Parameter list =
        layout.Head.Law.Parameters |> List.choose (Head.learned layout path)

    /// The law of values laid out so, of as many of a decoder's numbers as they take, [..., numbers], those of one parameter after
    /// those of another; its learned numbers are below a path.
    let private lawOf path (layout: Layout) (parameters: Params) (numbers: Tensor) : Distribution =
        let leading = numbers.shape[.. numbers.shape.Length - 2]
        let counts = Head.numbersOf layout
        let starts = counts |> List.map snd |> Shape.starts
        let size = Shape.size layout.Places

        let ofNetwork =
            Map [
                for (name, count), start in List.zip counts starts ->
                    let part = numbers.narrow (-1L, start * size, count * size)
                    let apart = part.reshape (Array.concat [ leading; [| count |]; layout.Places ])
                    name, apart.movedim ([| int64 leading.Length |], [| -1L |])
            ]

        Head.joint layout parameters.Placement (fun name ->
            ofNetwork.TryFind name |> Option.defaultWith (fun () -> parameters[$"%s{path}.%s{name}"]))

    /// The law of values laid out so, of one example, as to its kind.
    let private exampleOf (layout: Layout) : Distribution =
        let ofParameters = Head.exampleNumbers [| 1L |] 0.17 layout

        Head.joint layout Placement.float32 (fun name ->
            match layout.Head.Law.Parameters |> List.tryFind (fun p -> p.Name = name) with
            | Some p -> ofParameters p
            | None ->
                torch.zeros (Array.concat [ [| 1L |]; layout.Places; [| 1L |] ], dtype = torch.ScalarType.Float32))

    /// A law by its head, for each value of the data or, of a law of vectors, for the vectors of its last dimension. The decoder's
    /// output is cut along its first dimension into the real numbers of each parameter that is the network's, in the law's order:
    /// for data of shape [c; h; w] and a law of two such numbers it has shape [2 c; h; w]. Refuses a law of matrices, a count
    /// that is not stated, and an output that cannot be cut so.
    let ofHead (head: Head) (decoder: Net) : Likelihood =
        let path = "likelihood"
        let wired latent = Net.wire path latent decoder
        let laidOut (data: int64[]) = Head.layout path head data

        /// The shape of the data that a decoder's output is cut to.
        let dataOf (output: int64[]) : int64[] =
            let size = Shape.size output

            let refuse () =
                let numbers = Head.numbersOf (laidOut output) |> List.map fst |> String.concat ", "

                Check.refuse
                    "decoder"
                    $"a net whose output is %s{Check.shape output}"
                    $"one whose first dimension is that of the data times the numbers of %s{head.Law.Name}'s %s{numbers} at each place"

            /// The numbers of data like the output but for its first dimension.
            let sizeOf first =
                let layout = laidOut (Array.append [| first |] output[1..])
                Head.outputs layout

            /// The least first dimension with so many numbers or more: they grow with it.
            let rec least low high =
                if low >= high then
                    low
                else
                    let middle = (low + high) / 2L
                    if sizeOf middle < size then least (middle + 1L) high else least low middle

            if output.Length = 0 then
                refuse ()

            let first = least 1L output[0]
            let isWhole = output.Length = 1 || output[0] % first = 0L

            if isWhole && sizeOf first = size then
                Array.append [| first |] output[1..]
            else
                refuse ()

        let observed latent : Learned<Tensor, Observation> =
            let net = wired latent
            let layout = laidOut (dataOf net.Output)

            {
                Declared = net.Declared @ learnedOf path layout
                Apply =
                    fun parameters mode z ->
                        let output = Net.apply net parameters mode z
                        let leading = output.shape[.. output.shape.Length - net.Output.Length - 1]
                        density (lawOf path layout parameters (output.reshape (Array.append leading [| -1L |])))
            }

        {
            Spec = LikelihoodSpec.OfLaw(head, decoder)
            ScoreName = "reconstruction"
            IsDensity = true
            DataShape = fun latent -> dataOf (wired latent).Output
            Wire = observed
            Example =
                fun latent _ ->
                    let layout = laidOut (dataOf (wired latent).Output)
                    let layout = { layout with Places = onePlace layout.Places.Length }
                    density (exampleOf layout)
        }

    /// Numbers of a pixel and component that `discretizedLogisticMixture` takes of a decoder, for images of so many channels.
    let internal mixtureNumbers (channels: int64) = if channels = 1L then 3L else 10L

    /// Images [channels; height; width] of 256 levels, grey or of red, green and blue, by a mixture of so many discretized logistic
    /// laws of each pixel (`DiscretizedLogisticMixture`; T. Salimans et al., "PixelCNN++", 2017): a density of data that is levels
    /// divided by 255. The decoder's output has the height and width of the images and, for k components, 3 k channels of grey
    /// ones and 10 k of colours. In this order they are the k logits; the means of each component's channels, from -1 to 1 over
    /// the range of levels; their log-scales in half ranges, softly clamped to [-7, 7]; and of colours the three coefficients of
    /// each, through a tanh.
    let discretizedLogisticMixture (components: int) (decoder: Net) : Likelihood =
        Check.atLeast 1 (nameof components) components
        let k, bins = int64 components, 256
        let half = float (bins - 1) / 2.0
        let wired latent = Net.wire "likelihood" latent decoder

        let channelsOf (output: int64[]) : int64 =
            [ 1L; 3L ]
            |> List.tryFind (fun channels -> output.Length = 3 && output[0] = k * mixtureNumbers channels)
            |> Option.defaultWith (fun () ->
                Check.refuse
                    (nameof decoder)
                    $"a net whose output is %s{Check.shape output}"
                    $"[%d{3L * k}, height, width] for grey images by %d{components} components, or [%d{10L * k}, height, width] for colours")

        let observe (channels: int64) (output: Tensor) =
            let leading, image = Shape.splitLast 3 output.shape
            let size = k * channels

            /// Some of the output's channels, a component's after another's.
            let part (first: int64) =
                let shape = Array.concat [ leading; [| k; channels |]; image[1..] ]
                output.narrow(-3L, first, size).reshape shape

            let loc = half .* (1.0 .+ part k)
            let scale = half .* (LogScale.apply (LogScale.SoftClamp 7.0) (part (k + size))).exp()
            let coefficients = if channels = 1L then None else Some((part (k + 2L * size)).tanh())
            density (DiscretizedLogisticMixture.OfNetwork(output.narrow (-3L, 0L, k), loc, scale, coefficients, bins))

        {
            Spec = LikelihoodSpec.DiscretizedLogisticMixture(components, decoder)
            ScoreName = "reconstruction"
            IsDensity = true
            DataShape =
                fun latent ->
                    let output = (wired latent).Output
                    Array.append [| channelsOf output |] output[1..]
            Wire =
                fun latent ->
                    let net = wired latent
                    let channels = channelsOf net.Output

                    {
                        Declared = net.Declared
                        Apply = fun parameters mode z -> observe channels (Net.apply net parameters mode z)
                    }
            Example =
                fun latent _ ->
                    let output = (wired latent).Output
                    let onePixel = [| 1L; output[0]; 1L; 1L |]
                    observe (channelsOf output) (torch.zeros (onePixel, dtype = Placement.float32.DType))
        }

    /// A law of counts by its head with zeros of another cause, for each value of the data (`ZeroInflated`): `ofHead` of
    /// `Head.zeroInflated`. The decoder has one more number of each place, the last: the logit of the probability of such a zero. For
    /// data of shape [c; h; w] and a law of two numbers its output has shape [3 c; h; w]. Refuses a law that is not of counts.
    let zeroInflated (head: Head) (decoder: Net) : Likelihood = ofHead (Head.zeroInflated head) decoder

    /// A law whose parameters are all the decoder's.
    let ofLaw (law: LawInfo) (decoder: Net) : Likelihood = ofHead (Head.ofLaw law) decoder

    /// A law for each of several named parts of data that is a vector, each of so many numbers, one part after the other: a row of a
    /// table, or an image beside its caption. The decoder's output is a vector of the parts' numbers in their order, those of each as
    /// in `ofHead`. Refuses names that are there twice, and a decoder of another number of outputs.
    let product (parts: (string * int * Head) list) (decoder: Net) : Likelihood =
        let names = parts |> List.map (fun (name, _, _) -> name)
        PartNames.check (nameof parts) names

        let layouts = [
            for name, numbers, head in parts do
                let argument = $"the part %s{name}"
                Check.atLeast 1 $"the numbers of the part %s{name}" numbers
                let layout = Head.layout argument head [| int64 numbers |]

                if (Head.numbersOf layout).IsEmpty then
                    Check.refuse
                        argument
                        $"%O{head}, of which nothing is the decoder's"
                        "a law with a parameter that the decoder gives"

                layout
        ]

        let sizes = parts |> List.map (fun (_, numbers, _) -> int64 numbers)
        let reals = layouts |> List.map Head.outputs
        let path name = $"likelihood.%s{name}"

        let wired latent =
            let net = Net.wire "likelihood" latent decoder
            let expected = List.sum reals

            if net.Output <> [| expected |] then
                let ofParts = String.concat ", " names

                Check.refuse
                    "decoder"
                    $"a net whose output is %s{Check.shape net.Output}"
                    $"a vector of %d{expected} numbers, those of the laws of the parts %s{ofParts}"

            net

        let observation (laws: Distribution list) =
            let law = List.zip names laws |> Product.create :> Distribution
            let cuts = List.map2 (fun start size -> Some(start, [| size |])) (Shape.starts sizes) sizes
            Observation(law, law.Support, cost law, List.map2 apart cuts laws)

        {
            Spec = LikelihoodSpec.Product(parts, decoder)
            ScoreName = "reconstruction"
            IsDensity = true
            DataShape =
                fun latent ->
                    wired latent |> ignore
                    [| List.sum sizes |]
            Wire =
                fun latent ->
                    let net = wired latent

                    {
                        Declared =
                            net.Declared @ List.concat (List.map2 (fun name -> learnedOf (path name)) names layouts)
                        Apply =
                            fun parameters mode z ->
                                let output = Net.apply net parameters mode z

                                let cut =
                                    List.map2
                                        (fun start count -> output.narrow (-1L, start, count))
                                        (Shape.starts reals)
                                        reals

                                observation [
                                    for name, layout, numbers in List.zip3 names layouts cut ->
                                        lawOf (path name) layout parameters numbers
                                ]
                    }
            Example = fun _ _ -> observation (List.map exampleOf layouts)
        }

    /// A likelihood of one's own, with a density.
    let custom name (dataShape: int64[] -> int64[]) (wire: int64[] -> Learned<Tensor, Distribution>) : Likelihood =
        let observed latent : Learned<Tensor, Observation> =
            let learned = wire latent

            {
                Declared = learned.Declared
                Apply = fun parameters mode z -> density (learned.Apply parameters mode z)
            }

        {
            Spec = LikelihoodSpec.Custom name
            ScoreName = "reconstruction"
            IsDensity = true
            DataShape = dataShape
            Wire = observed
            Example = fun latent draw -> Learned.example (observed latent) (fun _ -> draw ())
        }
