namespace Vae.Core

open System
open TorchSharp

/// StudentT(df, loc, scale) on the real line, element by element: loc + scale * n / sqrt(chi2 / df).
/// Both tails and quantiles have no gradient. Draws that would overflow are the largest finite numbers.
[<Sealed>]
type StudentT private (df: Tensor, loc: Tensor, scale: Tensor, logScale: Tensor) =
    inherit Univariate()

    let place = Placement.like df

    /// The log-density at loc, by Stirling's formula without its cancelling terms.
    let logPeak () : Tensor =
        let a = 0.5 .* df
        let main = a * df.reciprocal().log1p() - (Stirling.error a - Stirling.error (0.5 .+ a))
        main - ((0.5 + halfLogTwoPi) .+ logScale)

    /// From its degrees of freedom, median and scale, which broadcast. Refuses a median that is not finite and others that are
    /// not positive.
    new(df: Tensor, loc: Tensor, scale: Tensor) =
        Check.positive (nameof df) df
        Check.finite (nameof loc) loc
        Check.positive (nameof scale) scale
        let df, loc, scale = together3 (nameof df) df (nameof loc) loc (nameof scale) scale
        StudentT(df, loc, scale, Tensor.scoped (fun () -> scale.log ()))

    /// With median 0 and scale 1.
    new(df: Tensor) = StudentT(df, ownLike df 0.0, ownLike df 1.0)

    /// From three numbers, in float64.
    new(df: float, loc: float, scale: float) =
        Check.positiveFloat (nameof df) df
        Check.finiteFloat (nameof loc) loc
        Check.positiveFloat (nameof scale) scale
        StudentT(ownNumber df, ownNumber loc, ownNumber scale, ownNumber (log scale))

    /// The degrees of freedom: the tails fall like |x|^-(df + 1).
    member _.Df = df
    /// The median.
    member _.Loc = loc
    /// The scale: sqrt((df - 2) / df) times the standard deviation for df above 2.
    member _.Scale = scale
    /// log scale
    member _.LogScale = logScale

    /// Of a path: a normal and two uniform numbers for each draw, in the last dimension.
    member internal _.Noise(key, draws) : Tensor =
        let shape = Array.append draws df.shape
        let ofNormal, ofGamma = Key.split key

        withoutGradient (fun () ->
            let normal = (Key.normal place shape ofNormal).unsqueeze -1L
            torch.cat ([| normal; StandardGamma.noise place shape ofGamma |], -1L))

    /// n / sqrt(g / a) with g of Gamma(a), a = df / 2, in logs, as g may underflow.
    member internal _.Push(noise: Tensor) : Position =
        let a = 0.5 .* df
        let logG = StandardGamma.logDraw a (noise.narrow (-1L, 1L, 2L))
        let normal, logStretch = noise.select (-1L, 0L), 0.5 .* (a.log () - logG)
        // The exponential is limited as it stands, so that no gradient is infinity times 0.
        let most = log (torch.finfo df.dtype).max - 1.0
        let x = loc .+. scale * normal * logStretch.clamp_max(most.AsScalar()).exp()
        let beyond = logScale .+. normal.abs().log() .+. logStretch

        {
            Position.at (finite x) with
                LogSize = Some(torch.where (beyond.gt ((0.5 * most).AsScalar()), beyond, x.abs().log()))
        }

    override _.BatchShape = Shape.ofTensor df
    override _.Support = Support.reals
    override _.Placement = place

    /// log Gamma((df + 1) / 2) - log Gamma(df / 2) - 1/2 log(pi df) - log scale - (df + 1) / 2 log(1 + z^2 / df)
    override this.LogDensity x = this.LogDensityAt(Position.at x)

    /// Of numbers so large that neither the median nor the 1 matters, log(1 + z^2 / df) is that of the square.
    override _.LogDensityAt x =
        let half = 0.5 * log (torch.finfo df.dtype).max
        let known = x.LogSize |> Option.defaultWith (fun () -> x.X.detach().abs().log())
        let size = scale.maximum(loc.abs ()).detach().log()
        let isFar = known.gt(half.AsScalar()).logical_and((known - size).gt(40.0.AsScalar()))
        let near = ((x.X - loc) / (scale * df.sqrt ())).masked_fill(isFar, 1.0.AsScalar())

        let logSize =
            match x.LogSize with
            | Some log -> log
            | None -> torch.where(isFar, x.X, torch.ones_like x.X).abs().log()

        let far = 2.0 .* (logSize - logScale) - df.log ()
        logPeak () - (0.5 .* (1.0 .+ df)) * torch.where (isFar, far, logOnePlusSquare near)

    override this.SampleAt(key, draws) = positionsWithoutGradient (fun () -> this.Push(this.Noise(key, draws)))
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    override _.LowerTail x = Elementwise.map2 (fun z df -> StudentTail.survival df -z) ((x - loc) / scale) df
    override _.UpperTail x = Elementwise.map2 (fun z df -> StudentTail.survival df z) ((x - loc) / scale) df
    override _.FromLower p = loc - scale * Elementwise.map2 (fun p df -> StudentTail.upperQuantile df p) p df
    override _.FromUpper q = loc .+. scale * Elementwise.map2 (fun q df -> StudentTail.upperQuantile df q) q df

    /// NaN for df <= 1, where the integral does not exist.
    override _.Mean =
        Tensor.scoped (fun () -> torch.where (df.gt (1.0.AsScalar()), loc, Tensor.scalar place Double.NaN))

    /// Infinite for df <= 2, and NaN where there is no mean.
    override _.Variance =
        Tensor.scoped (fun () ->
            let isFinite = df.gt (2.0.AsScalar())
            let safe = torch.where (isFinite, df, Tensor.scalar place 3.0)
            let finite = scale.squared () * safe / (-2.0 .+ safe)
            let hasMean = df.gt (1.0.AsScalar())

            let other =
                torch.where (hasMean, Tensor.scalar place Double.PositiveInfinity, Tensor.scalar place Double.NaN)

            torch.where (isFinite, finite, other))

    override _.Mode = Some loc

    /// (a + 1/2) (digamma(a + 1/2) - digamma(a)) less the log of the normaliser, a = df / 2.
    override _.Entropy =
        known (fun () ->
            let a = 0.5 .* df
            let digammas = Stirling.logMinusDigamma a - Stirling.logMinusDigamma (0.5 .+ a)
            (0.5 .+ a) * (digammas .+. df.reciprocal().log1p()) - logPeak ())

[<RequireQualifiedAccess>]
module StudentT =
    /// StudentT(df, loc, scale), from three tensors that broadcast.
    let create (df: Tensor) (loc: Tensor) (scale: Tensor) = StudentT(df, loc, scale)

    /// The law with its sample path loc + scale * n / sqrt(g / a), n normal and g of Gamma(a) by its quantile, a = df / 2.
    let pathwise (law: StudentT) =
        Reparameterized.ofPositions PathOrder.Once law (fun key draws -> law.Noise(key, draws)) law.Push

    /// StudentT as a kind of law.
    let info =
        LawInfo.of3
            "StudentT"
            (LawParameter.shape "df")
            (LawParameter.real "loc" |> LawParameter.defaultingTo 0.0)
            (LawParameter.positive "scale" |> LawParameter.defaultingTo 1.0)
            create
        |> LawInfo.withPath pathwise
