namespace Vae.Core

open TorchSharp

/// What a decoder says of data: a law to draw and to take means of, and the score that the reconstruction is reported by.
[<Sealed>]
type Observation internal (law: Distribution, support: Support, cost: Tensor -> Tensor) =
    /// p(x|z), with the shape of the data as its event.
    member _.Law = law
    /// The set that x must lie in for the score to be meant.
    member _.Support = support
    /// Nats of x, summed over the event: log p(x|z), or a score of the same use that is no density.
    member _.Score(x: Tensor) : Tensor = Tensor.scoped (fun () -> (cost x).neg())
    /// The negative score, which losses are sums of: kept apart, as a loss that negates it again pays for both, and for
    /// their gradients, in every step.
    member internal _.Cost(x: Tensor) : Tensor = cost x

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

    let private density (law: Distribution) = Observation(law, law.Support, (fun x -> (law.LogProb x).neg()))

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
            Observation(Independent.create rank pixels, grey, (fun x -> Shape.sumLast rank (pixels.CrossEntropy x))))

    /// Normal pixels of one fixed standard deviation around the decoder's output.
    let gaussian (scale: float) (decoder: Net) =
        Check.positiveFloat (nameof scale) scale

        ofDecoder (LikelihoodSpec.Gaussian(scale, decoder)) "reconstruction" true decoder (fun rank loc ->
            let logScale = (Tensor.scalar (Placement.like loc) (log scale)).expand loc.shape
            density (Independent.create rank (Normal.OfLogScale(loc, logScale))))

    /// What is called in a decoder's output beside the parameters of a head: no parameter's name has a space.
    let private extraName = "extra numbers"

    /// A likelihood of what is made of a head's laws, and of so many more real numbers of each place, [..., places..., numbers]:
    /// the parts of the decoder's output in this order. `observe` is given the layout, the placement, the numbers of each
    /// parameter and those beside them.
    let private ofPlaces
        spec
        (head: Head)
        (decoder: Net)
        (extra: int64, extraSays: string)
        (observe: Layout -> Placement -> (LawParameter -> Tensor) -> (unit -> Tensor) -> Distribution)
        : Likelihood =
        let shared (p: LawParameter) = Learned.number $"likelihood.%s{p.Name}"
        let network = head.Law.Parameters |> List.filter (fun p -> Head.source head p = Source.Network)
        let wired latent = Net.wire "likelihood" latent decoder

        let laidOut (data: int64[]) = Head.layout "likelihood" head data
        let perPlace layout = extra + (network |> List.sumBy (Head.reals layout))

        /// The shape of the data that a decoder's output is cut to.
        let dataOf (output: int64[]) : int64[] =
            let size = Shape.size output

            let refuse () =
                let numbers = network |> List.map _.Name |> String.concat ", "

                Check.refuse
                    "decoder"
                    $"a net whose output is %s{Check.shape output}"
                    $"one whose first dimension is that of the data times the numbers of %s{head.Law.Name}'s %s{numbers}%s{extraSays} at each place"

            /// The numbers of data like the output but for its first dimension.
            let sizeOf first =
                let layout = laidOut (Array.append [| first |] output[1..])
                Shape.size layout.Places * perPlace layout

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

        /// The part of an output, [..., first, rest...], that a parameter's numbers are, as [..., places..., numbers].
        let cut (output: Tensor) (layout: Layout) (rank: int) =
            let leading = output.shape[.. output.shape.Length - rank - 1]

            let counts = [
                for p in network do
                    p.Name, Head.reals layout p
                if extra > 0L then
                    extraName, extra
            ]

            let starts = counts |> List.scan (fun start (_, count) -> start + count) 0L
            let size = Shape.size layout.Places
            let flat = output.reshape (Array.append leading [| -1L |])

            Map [
                for (name, count), start in Seq.zip counts starts ->
                    let part = flat.narrow (-1L, start * size, count * size)
                    let apart = part.reshape (Array.concat [ leading; [| count |]; layout.Places ])
                    name, apart.movedim ([| int64 leading.Length |], [| -1L |])
            ]

        let observed latent : Learned<Tensor, Observation> =
            let net = wired latent
            let layout = laidOut (dataOf net.Output)

            {
                Declared = [
                    yield! net.Declared
                    for p in head.Law.Parameters do
                        if Head.source head p = Source.Shared then
                            shared p
                ]
                Apply =
                    fun parameters mode z ->
                        let numbers = cut (Net.apply net parameters mode z) layout net.Output.Length

                        let of' (p: LawParameter) =
                            numbers.TryFind p.Name |> Option.defaultWith (fun () -> parameters[(shared p).Path])

                        density (observe layout parameters.Placement of' (fun () -> numbers[extraName]))
            }

        {
            Spec = spec
            ScoreName = "reconstruction"
            IsDensity = true
            DataShape = fun latent -> dataOf (wired latent).Output
            Wire = observed
            Example =
                fun latent _ ->
                    let layout = laidOut (dataOf (wired latent).Output)
                    let layout = { layout with Places = onePlace layout.Places.Length }
                    let shape = Array.concat [ [| 1L |]; layout.Places; [| extra |] ]
                    let extra () = torch.zeros (shape, dtype = Placement.float32.DType)
                    let numbers = Head.exampleNumbers [| 1L |] 0.17 layout
                    density (observe layout Placement.float32 numbers extra)
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

    /// A law by its head, for each value of the data or, of a law of vectors, for the vectors of its last dimension. The decoder's
    /// output is cut along its first dimension into the real numbers of each parameter that is the network's, in the law's order:
    /// for data of shape [c; h; w] and a law of two such numbers it has shape [2 c; h; w]. Refuses a law of matrices, a count
    /// that is not stated, and an output that cannot be cut so.
    let ofHead (head: Head) (decoder: Net) : Likelihood =
        ofPlaces (LikelihoodSpec.OfLaw(head, decoder)) head decoder (0L, "") (fun layout place numbers _ ->
            (Head.encoded layout place numbers).Law)

    /// A law of counts by its head with zeros of another cause, for each value of the data (`ZeroInflated`). The decoder's output
    /// is cut as for `ofHead`, and has one more number of each place, the last: the logit of the probability of such a zero. For
    /// data of shape [c; h; w] and a law of two numbers it has shape [3 c; h; w]. Refuses a law that is not of counts.
    let zeroInflated (head: Head) (decoder: Net) : Likelihood =
        ZeroInflated.checkKind (nameof head) head.Law

        ofPlaces
            (LikelihoodSpec.ZeroInflated(head, decoder))
            head
            decoder
            (1L, " and the logit of another zero")
            (fun layout place numbers logit ->
                let law = Head.laws layout place numbers
                Independent.create layout.Places.Length (ZeroInflated.ofLogits (logit().squeeze -1L) law))

    /// A law whose parameters are all the decoder's.
    let ofLaw (law: LawInfo) (decoder: Net) : Likelihood = ofHead (Head.ofLaw law) decoder

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
