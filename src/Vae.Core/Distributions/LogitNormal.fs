namespace Vae.Core

open TorchSharp

/// LogitNormal(loc, scale) on (0, 1), the law of 1 / (1 + e^-x) for x of Normal(loc, scale).
/// Draws that round to 0 or 1 are the nearest numbers inside. Mean, variance and entropy have no closed form; they are by quadrature.
[<Sealed>]
type LogitNormal private (normal: Normal) =
    inherit Univariate()

    /// From the mean and standard deviation of the log-odds, which broadcast. Refuses what Normal refuses.
    new(loc: Tensor, scale: Tensor) = LogitNormal(Normal(loc, scale))

    /// From two numbers, in float64.
    new(loc: float, scale: float) = LogitNormal(Normal(loc, scale))

    /// The mean of the log-odds.
    member _.Loc = normal.Loc
    /// The standard deviation of the log-odds.
    member _.Scale = normal.Scale
    /// The law of the log-odds, log x / (1 - x).
    member _.OfLogOdds = normal

    member internal _.Push(noise: Tensor) = Draws.ofLogOdds (normal.Loc .+. normal.Scale * noise)

    override _.BatchShape = normal.BatchShape
    override _.Support = Support.unit
    override _.Placement = normal.Placement

    /// The log-density of the log-odds under the normal law, and -log x - log(1 - x).
    override this.LogDensity x = this.LogDensityAt(Position.at x)

    override _.LogDensityAt x =
        let left, right = Position.log x, Position.logRest x
        normal.LogDensity(left - right) - (left .+. right)

    override _.SampleAt(key, draws) = positionsWithoutGradient (fun () -> Draws.ofLogOdds (normal.Sample(key, draws)))
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    override _.LowerTail x = normal.LowerTail(Logistic.logit x)
    override _.UpperTail x = normal.UpperTail(Logistic.logit x)
    override _.FromLower p = (normal.FromLower p).sigmoid() |> Draws.unit
    override _.FromUpper q = (normal.FromUpper q).sigmoid() |> Draws.unit
    override _.FromLowerAt p = Draws.ofLogOdds (normal.FromLower p)
    override _.FromUpperAt q = Draws.ofLogOdds (normal.FromUpper q)

    override _.Mean = Tensor.scoped (fun () -> OverLogOdds.mean normal)
    override _.Variance = Tensor.scoped (fun () -> OverLogOdds.variance normal)

    override _.Entropy =
        known (fun () -> ((0.5 + halfLogTwoPi) .+ normal.LogScale) - OverLogOdds.meanLogSlope normal)

[<RequireQualifiedAccess>]
module LogitNormal =
    /// LogitNormal(loc, scale), from two tensors that broadcast.
    let create (loc: Tensor) (scale: Tensor) = LogitNormal(loc, scale)

    /// The law with its sample path z = 1 / (1 + e^-(loc + scale * noise)), noise standard normal.
    let pathwise (law: LogitNormal) =
        let normal = Normal.pathwise law.OfLogOdds
        Reparameterized.ofPositions PathOrder.Smooth law (fun key draws -> normal.Noise(key, draws)) law.Push

    /// LogitNormal as a kind of law.
    let info =
        LawInfo.of2 "LogitNormal" (LawParameter.real "loc") (LawParameter.positive "scale") create
        |> LawInfo.withPath pathwise
