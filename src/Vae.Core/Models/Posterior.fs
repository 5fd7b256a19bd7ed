namespace Vae.Core

open TorchSharp

/// What a posterior's network is given of one example.
type Evidence = {
    /// The shape of all of it: the data, which values of it are there, draws of other latents, what the model is conditional on.
    Shape: int64[]
    /// The shape of the data, where it is given data; it comes first.
    Data: int64[] option
    /// Whether values of the data may be missing: then 0 stands for them, and beside the data there is, in its shape, a 1 for each
    /// value that is there and a 0 for each that is not.
    IsIncomplete: bool
}

[<RequireQualifiedAccess>]
module Evidence =
    /// Data of a shape and nothing else.
    let ofData (shape: int64[]) : Evidence = { Shape = shape; Data = Some shape; IsIncomplete = false }

/// q(z|x): an encoder, waiting for the shapes of the data and of the latent.
type Posterior = {
    Spec: PosteriorSpec
    /// The encoder for what it is given and latents of a shape, its parameters below a path.
    Wire: string -> Evidence -> int64[] -> Learned<Tensor, Encoded>
    /// An encoding of one example, of these shapes, as to its law: its numbers, which begin at one, mean nothing, and none of the
    /// encoder's are made.
    Example: float -> int64[] -> int64[] -> Encoded
    /// The shape of what its law's parameters are made of, for data of a shape; None of a posterior of one's own.
    Code: int64[] -> int64[] option
}

[<RequireQualifiedAccess>]
module Posterior =
    /// What a linear layer makes of a code, in a shape.
    let private numbers (layer: Wired) (shape: int64[]) parameters mode (code: Tensor) : Tensor =
        let flat = Net.apply layer parameters mode code
        flat.reshape (Array.append (fst (Shape.splitLast 1 flat.shape)) shape)

    /// Mean and log-scale of normals, each a linear head on an encoder's code; and the code.
    let internal normalHeads policy path (input: int64[]) (latent: int64[]) (encoder: Net) =
        let body = Net.wire path input encoder

        let head name = Net.wire $"%s{path}.%s{name}" body.Output (Net.flatten --> Net.dense (int (Shape.size latent)))

        let loc, logVariance = head "loc", head "logVariance"

        {
            Declared = body.Declared @ loc.Declared @ logVariance.Declared
            Apply =
                fun parameters mode x ->
                    let code = Net.apply body parameters mode x
                    let read layer = numbers layer latent parameters mode code
                    read loc, LogScale.apply policy (0.5 .* read logVariance), code
        }

    let internal normals (latent: int64[]) (loc: Tensor) (logScale: Tensor) =
        Normal.OfLogScale(loc, logScale)
        |> Normal.pathwise
        |> Independent.pathwise latent.Length
        |> Encoded.Of

    /// Independent normals by a stated policy for their log-scale. The encoder gives a code; two linear heads make the
    /// mean and the log-variance of it.
    let diagonalNormalBy (policy: LogScale) (encoder: Net) : Posterior =
        LogScale.check policy

        {
            Spec = PosteriorSpec.DiagonalNormal(policy, encoder)
            Wire =
                fun path evidence latent ->
                    normalHeads policy path evidence.Shape latent encoder
                    |> Learned.map (fun (loc, logScale, code) -> (normals latent loc logScale).OfCode code)
            Example =
                fun first _ latent ->
                    let shape = Array.append [| 1L |] latent
                    let number value = (Tensor.scalar Placement.float32 value).expand shape
                    normals latent (number first) (LogScale.apply policy (0.5 .* number (first + 0.13)))
            Code = fun data -> Some(encoder.OutputFor data)
        }

    /// Independent normals, their log-scale softly clamped within +-10.
    let diagonalNormal (encoder: Net) = diagonalNormalBy (LogScale.SoftClamp 10.0) encoder

    /// A law by its head: each parameter that is the network's is a linear layer on the encoder's code, called by the parameter's
    /// name. Refuses a law of matrices, a count that is not stated, and latents that the law has no values of.
    let ofHead (head: Head) (encoder: Net) : Posterior =
        Head.checkLatent "posterior" head

        let wire path (evidence: Evidence) (latent: int64[]) =
            let layout = Head.layout "posterior" head latent
            let body = Net.wire path evidence.Shape encoder

            let layers =
                Map [
                    for p in head.Law.Parameters do
                        if Head.source head p = Source.Network then
                            let shape = Array.append layout.Places [| Head.reals layout p |]
                            let layer = Net.flatten --> Net.dense (int (Shape.size shape))
                            p.Name, (Net.wire $"%s{path}.%s{p.Name}" body.Output layer, shape)
                ]

            {
                Declared = [
                    yield! body.Declared
                    for p in head.Law.Parameters do
                        match layers.TryFind p.Name with
                        | Some(layer, _) -> yield! layer.Declared
                        | None -> yield! Head.learned layout path p |> Option.toList
                ]
                Apply =
                    fun parameters mode x ->
                        let code = Net.apply body parameters mode x

                        let encoded =
                            Head.encoded layout parameters.Placement (fun p ->
                                match layers.TryFind p.Name with
                                | Some(layer, shape) -> numbers layer shape parameters mode code
                                | None -> parameters[$"%s{path}.%s{p.Name}"])

                        encoded.OfCode code
            }

        {
            Spec = PosteriorSpec.OfLaw(head, encoder)
            Wire = wire
            Example =
                fun first _ latent ->
                    let layout = Head.layout "posterior" head latent
                    Head.exampleNumbers [| 1L |] first layout |> Head.encoded layout Placement.float32
            Code = fun data -> Some(encoder.OutputFor data)
        }

    /// A law whose parameters are all the encoder's.
    let ofLaw (law: LawInfo) (encoder: Net) : Posterior = ofHead (Head.ofLaw law) encoder

    /// What a flow makes of a posterior's draws: richer than the law that it begins with, and scored as it draws. Flows with few
    /// numbers take them from the encoder's code for each example. Its KL is sampled. Refuses, when a model is made, a posterior
    /// that is not of vectors of real numbers, or that has no sample path, or no code.
    let flow (flow: Flow) (posterior: Posterior) : Posterior =
        let size (latent: int64[]) =
            match latent with
            | [| k |] -> k
            | _ ->
                Check.refuse "posterior" $"a flow of latents of shape %s{Check.shape latent}" "latents that are vectors"

        let wire path (evidence: Evidence) (latent: int64[]) =
            let first = posterior.Wire path evidence latent

            match posterior.Code evidence.Shape with
            | None ->
                Check.refuse
                    "posterior"
                    $"a flow of '%O{posterior.Spec}', a posterior of one's own"
                    "one of the library's, whose encoder gives the flow's parameters too"
            | Some code ->
                let steps = Flow.wireOf $"%s{path}.flow" code (size latent) flow

                {
                    Declared = first.Declared @ steps.Declared
                    Apply =
                        fun parameters mode x ->
                            let encoded = first.Apply parameters mode x
                            encoded.Through(steps.Apply parameters mode encoded.Code.Value)
                }

        {
            Spec = PosteriorSpec.Flow(flow, posterior.Spec)
            Wire = wire
            Example = fun first data latent -> (posterior.Example first data latent).Through(Flow.example (size latent))
            Code = posterior.Code
        }

    /// The nearest vectors of a learned codebook to what the encoder gives, one at each place of latents of shape [d; places...], which
    /// is the shape of the encoder's output. Gradients pass as if the encoder's own output had been decoded (van den Oord,
    /// Vinyals and Kavukcuoglu, "Neural discrete representation learning", 2017, section 3.2). It goes with `Prior.codebook` and
    /// `Objective.quantized`. Refuses an encoder with another output.
    let quantized (codes: int) (encoder: Net) : Posterior =
        Check.atLeast 2 (nameof codes) codes

        let wire path (evidence: Evidence) (latent: int64[]) =
            let body = Net.wire path evidence.Shape encoder

            if body.Output <> latent then
                Check.refuse
                    "encoder"
                    $"a net whose output is %s{Check.shape body.Output}"
                    $"one whose output is %s{Check.shape latent}, the shape of the latent"

            let codebook: Parameter = {
                Path = Codebook.path path
                Shape = [| int64 codes; latent[0] |]
                Trained = true
                Initial =
                    fun place key ->
                        let spread = 1.0 / sqrt (float latent[0])
                        spread .* Key.normal place [| int64 codes; latent[0] |] key
            }

            {
                Declared = body.Declared @ [ codebook ]
                Apply =
                    fun parameters mode x ->
                        let code = Net.apply body parameters mode x
                        let vectors = parameters[codebook.Path]
                        let found = Codebook.nearest latent vectors code |> Codebook.look latent vectors
                        (Encoded.OfNearest(latent.Length, found, code)).OfCode code
            }

        {
            Spec = PosteriorSpec.Quantized(codes, encoder)
            Wire = wire
            Example =
                fun _ _ latent ->
                    let zero = torch.zeros (Array.append [| 1L |] latent)
                    Encoded.OfNearest(latent.Length, zero, zero)
            Code = fun _ -> None
        }

    /// A posterior of one's own, which gives an encoding for data of one shape and latents of another.
    let custom name (wire: int64[] -> int64[] -> Learned<Tensor, Encoded>) : Posterior =
        let example _ (data: int64[]) (latent: int64[]) =
            Learned.example (wire data latent) (fun place ->
                torch.zeros (Array.append [| 1L |] data, dtype = place.DType))

        {
            Spec = PosteriorSpec.Custom name
            Wire = fun _ evidence latent -> wire evidence.Shape latent
            Example = example
            Code = fun _ -> None
        }

    /// A posterior of one's own whose draws pass gradients.
    let pathwise name (wire: int64[] -> int64[] -> Learned<Tensor, Reparameterized<'law>>) : Posterior =
        custom name (fun data latent -> wire data latent |> Learned.map Encoded.Of)

    /// A posterior of one's own whose draws pass no gradient: for objectives that score instead.
    let scored<'law when 'law :> Distribution> name (wire: int64[] -> int64[] -> Learned<Tensor, 'law>) : Posterior =
        custom name (fun data latent -> wire data latent |> Learned.map (fun law -> Encoded.Scored law))
