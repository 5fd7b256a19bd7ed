namespace Vae.Core

open System
open TorchSharp

/// log Gamma(a + 1/2) - log Gamma(a) - 1/2 log a and its slope: by their series in 1 / a where the difference cancels.
[<RequireQualifiedAccess>]
module internal HalfStep =
    let private series = [| -1.0 / 8.0; 1.0 / 192.0; -1.0 / 640.0; 17.0 / 14336.0; -31.0 / 18432.0; 691.0 / 180224.0 |]

    /// sum of c_k w^k
    let private polynomial (c: float[]) (w: Tensor) : Tensor =
        (c, torch.zeros_like w) ||> Array.foldBack (fun c sum -> c .+ (sum * w))

    /// A formula for a < 15 and one for its reciprocal.
    let private either (direct: Tensor -> Tensor) (far: Tensor -> Tensor) (a: Tensor) : Tensor =
        let isLarge = a.detach().ge(15.0.ToScalar())
        let one = torch.ones_like a
        let near = direct (torch.where (isLarge, one, a))
        torch.where (isLarge, far (torch.where(isLarge, a, one).reciprocal()), near)

    let value (a: Tensor) : Tensor =
        a
        |> either (fun a -> (0.5 .+ a).lgamma() - a.lgamma () - 0.5 .* a.log ()) (fun w ->
            w * polynomial series (w.square ()))

    let slope (a: Tensor) : Tensor =
        let derivative = series |> Array.mapi (fun k c -> -float(2 * k + 1) * c)

        a
        |> either (fun a -> (0.5 .+ a).digamma() - a.digamma () - 0.5 .* a.reciprocal ()) (fun w ->
            w.square () * polynomial derivative (w.square ()))

/// StudentT(df, loc, scale) on the real line, element by element: loc + scale * n / sqrt(chi2 / df).
/// Both tails and quantiles have no gradient.
[<Sealed>]
type StudentT private (df: Tensor, loc: Tensor, scale: Tensor, logScale: Tensor) =
    inherit Univariate()

    let place = Placement.like df

    /// From its degrees of freedom, median and scale, which broadcast. Refuses a median that is not finite and others that are
    /// not positive.
    new(df: Tensor, loc: Tensor, scale: Tensor) =
        Check.positive (nameof df) df
        Check.finite (nameof loc) loc
        Check.positive (nameof scale) scale
        let df, loc, scale = together3 (nameof df) df (nameof loc) loc (nameof scale) scale
        StudentT(df, loc, scale, scale.log ())

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

    /// Of a path: a normal and a uniform number for each draw.
    member internal _.Noise(key, draws) : Tensor =
        let shape = Array.append draws df.shape
        let first, second = Key.split key

        withoutGradient (fun () ->
            torch.stack ([| Key.normal place shape first; Key.uniform place shape second |], -1L))

    /// n / sqrt(g / a) with g of Gamma(a), a = df / 2, in logs, as g may underflow.
    member internal _.Push(noise: Tensor) : Tensor =
        let a = 0.5 .* df
        let logG = Elementwise.map2 StudentTail.logGamma a (noise.select (-1L, 1L))
        let slope = Elementwise.map2 StudentTail.logGammaSlope a logG
        let logG = Elementwise.implicitly logG [ a, slope ]
        loc + scale * noise.select (-1L, 0L) * (0.5 .* (a.log () - logG)).exp()

    override _.BatchShape = df.shape
    override _.Support = Support.reals
    override _.Placement = place

    /// log Gamma((df + 1) / 2) - log Gamma(df / 2) - 1/2 log(pi df) - log scale - (df + 1) / 2 log(1 + z^2 / df)
    override _.LogDensity x =
        let square = logOnePlusSquare ((x - loc) / (scale * df.sqrt ()))
        HalfStep.value (0.5 .* df) - (halfLogTwoPi .+ logScale) - (0.5 .* (1.0 .+ df)) * square

    override this.Sample(key, draws) = withoutGradient (fun () -> this.Push(this.Noise(key, draws)))

    override _.LowerTail x = Elementwise.map2 (fun z df -> StudentTail.survival df -z) ((x - loc) / scale) df
    override _.UpperTail x = Elementwise.map2 (fun z df -> StudentTail.survival df z) ((x - loc) / scale) df
    override _.FromLower p = loc - scale * Elementwise.map2 (fun p df -> StudentTail.upperQuantile df p) p df
    override _.FromUpper q = loc + scale * Elementwise.map2 (fun q df -> StudentTail.upperQuantile df q) q df

    /// NaN for df <= 1, where the integral does not exist.
    override _.Mean =
        Tensor.scoped (fun () -> torch.where (df.gt (1.0.ToScalar()), loc, Tensor.scalar place Double.NaN))

    /// Infinite for df <= 2, and NaN where there is no mean.
    override _.Variance =
        Tensor.scoped (fun () ->
            let isFinite = df.gt (2.0.ToScalar())
            let safe = torch.where (isFinite, df, Tensor.scalar place 3.0)
            let finite = scale.square () * safe / (-2.0 .+ safe)
            let hasMean = df.gt (1.0.ToScalar())

            let other =
                torch.where (hasMean, Tensor.scalar place Double.PositiveInfinity, Tensor.scalar place Double.NaN)

            torch.where (isFinite, finite, other))

    override _.Mode = Some loc

    /// (a + 1/2) (digamma(a + 1/2) - digamma(a)) less the log of the normaliser, a = df / 2.
    override _.Entropy =
        known (fun () ->
            let a = 0.5 .* df
            let difference = HalfStep.slope a + 0.5 .* a.reciprocal ()
            (0.5 .+ a) * difference - HalfStep.value a + (halfLogTwoPi .+ logScale))

[<RequireQualifiedAccess>]
module StudentT =
    /// StudentT(df, loc, scale), from three tensors that broadcast.
    let create (df: Tensor) (loc: Tensor) (scale: Tensor) = StudentT(df, loc, scale)

    /// The law with its sample path loc + scale * n / sqrt(g / a), n normal and g of Gamma(a) by its quantile, a = df / 2.
    let pathwise (law: StudentT) =
        Reparameterized(law, PathOrder.Once, (fun key draws -> law.Noise(key, draws)), law.Push)

    /// StudentT as a kind of law.
    let info =
        LawInfo.of3
            "StudentT"
            (LawParameter.shape "df")
            (LawParameter.real "loc" |> LawParameter.defaultingTo 0.0)
            (LawParameter.positive "scale" |> LawParameter.defaultingTo 1.0)
            create
        |> LawInfo.withPath pathwise
