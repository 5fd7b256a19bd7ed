namespace Vae.Core

open TorchSharp

/// LogNormal(loc, scale), the law of e^x for x of Normal(loc, scale). Draws that would underflow to 0 or overflow
/// are about the least and the largest normal number.
[<Sealed>]
type LogNormal private (normal: Normal) =
    inherit Univariate()

    /// From the mean and standard deviation of the logarithm, which broadcast. Refuses what Normal refuses.
    new(loc: Tensor, scale: Tensor) = LogNormal(Normal(loc, scale))

    /// From two numbers, in float64.
    new(loc: float, scale: float) = LogNormal(Normal(loc, scale))

    /// The mean of the logarithm.
    member _.Loc = normal.Loc
    /// The standard deviation of the logarithm.
    member _.Scale = normal.Scale
    /// The law of the logarithm.
    member _.OfLog = normal

    override _.BatchShape = normal.BatchShape
    override _.Support = Support.positive
    override _.Placement = normal.Placement

    /// The log-density of log x under the normal law, and -log x.
    override _.LogDensity x =
        let log = x.log ()
        normal.LogDensity log - log

    override _.LogDensityAt x =
        let log = Position.log x
        normal.LogDensity log - log

    override _.SampleAt(key, draws) = positionsWithoutGradient (fun () -> Draws.ofLog (normal.Sample(key, draws)))
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    override _.LowerTail x = normal.LowerTail(x.log ())
    override _.UpperTail x = normal.UpperTail(x.log ())
    override _.FromLower p = Draws.exp (normal.FromLower p)
    override _.FromUpper q = Draws.exp (normal.FromUpper q)
    override _.FromLowerAt p = Position.ofLog (normal.FromLower p)
    override _.FromUpperAt q = Position.ofLog (normal.FromUpper q)

    override _.Mean = Tensor.scoped (fun () -> (normal.Loc .+. 0.5 .* normal.Scale.squared ()).exp())

    override _.Variance =
        Tensor.scoped (fun () ->
            let square = normal.Scale.squared ()
            square.expm1 () * (2.0 .* normal.Loc .+. square).exp())

    override _.Mode = known (fun () -> (normal.Loc - normal.Scale.squared ()).exp())
    override _.Entropy = known (fun () -> (0.5 + halfLogTwoPi) .+ (normal.Loc .+. normal.LogScale))

[<RequireQualifiedAccess>]
module LogNormal =
    /// LogNormal(loc, scale), from two tensors that broadcast.
    let create (loc: Tensor) (scale: Tensor) = LogNormal(loc, scale)

    /// The law with its sample path z = e^(loc + scale * noise), noise standard normal.
    let pathwise (law: LogNormal) =
        let normal = Normal.pathwise law.OfLog

        Reparameterized(
            law,
            normal.Order,
            (fun key draws -> normal.Noise(key, draws)),
            (fun noise -> Draws.ofLog (normal.Push noise)),
            normal.Standard
        )

    /// LogNormal as a kind of law.
    let info =
        LawInfo.of2 "LogNormal" (LawParameter.real "loc") (LawParameter.positive "scale") create
        |> LawInfo.withPath pathwise
