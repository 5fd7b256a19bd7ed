namespace Vae.Core

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
    /// library's decoders none are made. A decoder of one's own is given a latent, [1, latent...].
    Example: int64[] -> (unit -> Tensor) -> Observation
}

[<RequireQualifiedAccess>]
module Likelihood =
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
                    let shape = (wired latent).Output
                    let zero = (Tensor.scalar Placement.float32 0.0).expand(Array.append [| 1L |] shape)
                    observe shape.Length zero
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
