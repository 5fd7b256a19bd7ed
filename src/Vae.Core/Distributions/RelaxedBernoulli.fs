namespace Vae.Core

open TorchSharp

/// RelaxedBernoulli on (0, 1): sigma((logits + L) / temperature) with L standard logistic, which tends to the Bernoulli law of
/// these logits as the temperature tends to 0 (Maddison, Mnih and Teh, "The concrete distribution", 2017).
[<Sealed>]
type RelaxedBernoulli private (temperature: Tensor, logits: Tensor, _isChecked: bool) =
    inherit Univariate()

    /// temperature log x / (1 - x) - logits, which has the standard logistic law.
    let standard (x: Tensor) = temperature * Logistic.logit x - logits

    /// The sum over a grid of the logistic density times f of its nodes, of shape [n, batch...]. The functions it is used for
    /// are analytic within pi of the real line, so that the trapezoidal rule is exact to rounding.
    let overLogistic (f: Tensor -> Tensor) =
        let step = 0.5
        let reach = 40.0 + 2.0 * Tensor.toFloat (logits.detach().abs().amax [||])
        let count = int64 (reach / step)

        let size = 2L * count + 1L
        let nodes = Tensor.range { Placement.like logits with DType = torch.ScalarType.Float64 } size

        let t =
            (step .* (float -count .+ nodes)).reshape(Array.append [| -1L |] (Array.create logits.shape.Length 1L))

        let density = (t.sigmoid () * t.neg().sigmoid())
        (step .* (density * f t).sum [| 0L |]).to_type logits.dtype

    /// E[sigma((l + L) / temperature)], which is E[sigma(l + temperature L)]: the smoother of these.
    let mean (l: Tensor) (t: Tensor) =
        (l .+. t * temperature.clamp_max (1.0.AsScalar())) / temperature.clamp_min (1.0.AsScalar())
        |> _.sigmoid()

    /// E[X (1 - X)] for X = sigma((l + L) / temperature): by parts E[(1 - 2 sigma(L)) sigma(l - temperature L)] where the
    /// temperature is below 1.
    let spread (t: Tensor) =
        let hot = (logits .+. t) / temperature.clamp_min (1.0.AsScalar())
        let cold = logits - t * temperature.clamp_max (1.0.AsScalar())

        torch.where (
            temperature.lt (1.0.AsScalar()),
            (0.5 .* t).tanh().neg() * cold.sigmoid (),
            hot.sigmoid () * hot.neg().sigmoid()
        )

    static let outcomes = Outcomes.both "Bernoulli"

    static member internal Outcomes = outcomes

    /// From the temperature and the logits, which broadcast. Refuses a temperature that is not positive and logits that are
    /// not finite.
    static member OfLogits(temperature: Tensor, logits: Tensor) =
        Check.positive (nameof temperature) temperature
        LogOdds.check outcomes (nameof logits) logits
        let temperature, logits = together (nameof temperature) temperature (nameof logits) logits
        RelaxedBernoulli(temperature, logits, true)

    /// From two numbers, in float64.
    static member OfLogits(temperature: float, logits: float) =
        RelaxedBernoulli.OfLogits(ownNumber temperature, ownNumber logits)

    /// From the temperature and the probabilities of 1, which broadcast. Refuses a temperature that is not positive and
    /// probabilities that are not between 0 and 1.
    static member OfProbs(temperature: Tensor, probs: Tensor) =
        RelaxedBernoulli.OfLogits(temperature, LogOdds.ofProbs outcomes probs)

    /// From two numbers, in float64.
    static member OfProbs(temperature: float, probs: float) =
        RelaxedBernoulli.OfLogits(temperature, LogOdds.ofProb outcomes probs)

    /// How far the law is from a Bernoulli law.
    member _.Temperature = temperature
    /// Those of the Bernoulli law it tends to.
    member _.Logits = logits

    override _.BatchShape = Shape.ofTensor logits
    override _.Support = Support.unit
    override _.Placement = Placement.like logits

    /// log temperature + log sigma(s) + log sigma(-s) - log x - log(1 - x), s = temperature log x / (1 - x) - logits
    override this.LogDensity x = this.LogDensityAt(Position.at x)

    override _.LogDensityAt x =
        let left, right = Position.log x, Position.logRest x
        let s = temperature * (left - right) - logits
        let logistic = torch.nn.functional.logsigmoid s .+. torch.nn.functional.logsigmoid (s.neg ())
        temperature.log () .+. logistic - left - right

    override _.LowerTail x = (standard x).sigmoid()
    override _.UpperTail x = (standard x).neg().sigmoid()

    /// Quantiles too near an end for their precision are the number next to it.
    override this.FromLower p = this.FromLowerAt(p).X

    override this.FromUpper q = this.FromUpperAt(q).X

    override _.FromLowerAt p = Draws.ofLogOdds ((logits .+. Logistic.logit p) / temperature)
    override _.FromUpperAt q = Draws.ofLogOdds ((logits - Logistic.logit q) / temperature)

    override this.SampleAt(key, draws) =
        positionsWithoutGradient (fun () -> this.FromLowerAt(Draws.uniform this key draws))

    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    /// By quadrature.
    override _.Mean = Tensor.scoped (fun () -> overLogistic (mean logits))

    /// E[X] E[1 - X] - E[X (1 - X)], by quadrature.
    override _.Variance =
        Tensor.scoped (fun () -> overLogistic (mean logits) * overLogistic (mean (logits.neg ())) - overLogistic spread)

[<RequireQualifiedAccess>]
module RelaxedBernoulli =
    /// RelaxedBernoulli by its temperature and logits, which broadcast.
    let ofLogits (temperature: Tensor) (logits: Tensor) = RelaxedBernoulli.OfLogits(temperature, logits)

    /// RelaxedBernoulli by its temperature and the probabilities of 1, which broadcast.
    let ofProbs (temperature: Tensor) (probs: Tensor) = RelaxedBernoulli.OfProbs(temperature, probs)

    /// The law with its sample path: the quantiles of uniform noise.
    let pathwise (relaxed: RelaxedBernoulli) = Draws.uniformPositions PathOrder.Smooth relaxed relaxed.FromLowerAt

    /// Draws of the Bernoulli law, 1 where the relaxed draw is above a half, with the relaxed draws' gradients.
    let straightThrough (relaxed: RelaxedBernoulli) =
        StraightThrough(
            Bernoulli.OfLogits relaxed.Logits,
            pathwise relaxed,
            (fun x -> x.gt(0.5.AsScalar()).to_type x.dtype)
        )

    /// RelaxedBernoulli as a kind of law.
    let info =
        LawInfo.of2
            "RelaxedBernoulli"
            (LawParameter.shape "temperature")
            (LawParameter.trials RelaxedBernoulli.Outcomes)
            ofLogits
        |> LawInfo.withPath pathwise
