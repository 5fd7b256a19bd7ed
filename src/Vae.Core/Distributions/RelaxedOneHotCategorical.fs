namespace Vae.Core

open TorchSharp

/// RelaxedOneHotCategorical on the simplex: softmax((logits + G) / temperature) with G standard Gumbel numbers, for logits
/// [batch..., n]; it tends to the OneHotCategorical law of these logits as the temperature tends to 0 (Maddison, Mnih and
/// Teh, "The concrete distribution", 2017; Jang, Gu and Poole, 2017). A moment has no known form.
[<Sealed>]
type RelaxedOneHotCategorical private (temperature: Tensor, logits: Tensor) =
    inherit Distribution()

    let count = logits.shape[logits.shape.Length - 1]

    static let outcomes = Outcomes.both "OneHotCategorical"

    static member internal Outcomes = outcomes

    /// From the temperature and the logits, whose batches broadcast. Refuses a temperature that is not positive, logits that
    /// are not finite, and a tensor without categories.
    static member OfLogits(temperature: Tensor, logits: Tensor) =
        Check.positive (nameof temperature) temperature
        LogOdds.check outcomes (nameof logits) logits
        Check.together (nameof temperature) temperature (nameof logits) logits

        if logits.dim () < 1L || logits.shape[logits.shape.Length - 1] < 1L then
            Check.refuse (nameof logits) $"of shape %s{Check.shape logits.shape}" "[batch..., categories]"

        let batch, event = Shape.splitLast 1 logits.shape
        let batch = Shape.broadcast (nameof temperature) temperature.shape (nameof logits) batch

        let temperature, logits =
            Tensor.scopedPair (fun () -> temperature.expand batch, logits.expand (Array.append batch event))

        RelaxedOneHotCategorical(temperature, logits)

    /// From the temperature and the probabilities, whose batches broadcast and which are divided by their sum. Refuses a
    /// temperature that is not positive, probabilities that are not positive and finite, and a tensor without categories.
    static member OfProbs(temperature: Tensor, probs: Tensor) =
        RelaxedOneHotCategorical.OfLogits(temperature, LogOdds.ofCategories outcomes probs)

    /// How far the law is from a one-hot law.
    member _.Temperature = temperature
    /// Those of the one-hot law it tends to, as they were given.
    member _.Logits = logits

    override _.BatchShape = Shape.ofTensor temperature
    override _.EventShape = [| count |]
    override _.Support = Support.Simplex
    override _.Placement = Placement.like logits

    /// log (n - 1)! + (n - 1) log temperature + sum (logits - (temperature + 1) log x) - n log sum exp(logits - temperature log x),
    /// against Lebesgue measure of the first n - 1 numbers.
    override this.LogDensity x = this.LogDensityAt(Position.at x)

    override _.LogDensityAt x =
        let logX = Position.log x
        let scores = logits - temperature.unsqueeze -1L * logX
        let n = float count
        let constant = LogGamma.at n .+ (n - 1.0) .* temperature.log ()
        constant .+. (scores - logX).sum(-1L) - n .* (scores.logsumexp -1L)

    member internal _.Noise key draws = Key.uniform (Placement.like logits) (Array.append draws logits.shape) key

    /// The path; numbers that would round to 0 or 1 are the nearest inside.
    member internal _.Push(noise: Tensor) : Position =
        let gumbel = noise.log().neg().log().neg()
        Draws.ofLogParts (((logits .+. gumbel) / temperature.unsqueeze -1L).log_softmax -1L)

    override this.SampleAt(key, draws) = positionsWithoutGradient (fun () -> this.Push(this.Noise key draws))
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    override this.Mean = unknown this "mean"
    override this.Variance = unknown this "variance"

[<RequireQualifiedAccess>]
module RelaxedOneHotCategorical =
    /// RelaxedOneHotCategorical by its temperature and logits, [batch..., n], which need not be normalised.
    let ofLogits (temperature: Tensor) (logits: Tensor) = RelaxedOneHotCategorical.OfLogits(temperature, logits)

    /// RelaxedOneHotCategorical by its temperature and probabilities, [batch..., n], which are divided by their sum.
    let ofProbs (temperature: Tensor) (probs: Tensor) = RelaxedOneHotCategorical.OfProbs(temperature, probs)

    /// The law with its sample path softmax((logits + gumbel noise) / temperature), the noise uniform.
    let pathwise (relaxed: RelaxedOneHotCategorical) =
        Reparameterized.ofPositions PathOrder.Smooth relaxed relaxed.Noise relaxed.Push

    /// Draws of the one-hot law, 1 where the relaxed draw is largest, with the relaxed draws' gradients.
    let straightThrough (relaxed: RelaxedOneHotCategorical) =
        let largest (x: Tensor) = torch.nn.functional.one_hot(x.argmax -1L, x.shape[x.shape.Length - 1]).to_type x.dtype

        StraightThrough(OneHotCategorical.ofLogits relaxed.Logits, pathwise relaxed, largest)

    /// RelaxedOneHotCategorical as a kind of law.
    let info =
        LawInfo.of2
            "RelaxedOneHotCategorical"
            (LawParameter.shape "temperature")
            (LawParameter.categories RelaxedOneHotCategorical.Outcomes)
            ofLogits
        |> LawInfo.withPath pathwise
