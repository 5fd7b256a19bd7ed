namespace Vae.Core

open TorchSharp

/// The distribution function of the root of twice a Gamma(a, 1) number with a = df / 2. Where the square underflows it is
/// (x^2 / 2)^a / Gamma(a + 1).
[<RequireQualifiedAccess>]
module private ChiTails =
    let private least = 1e-145

    let private logPower df (x: float) = df * log x - 0.5 * df * log 2.0 - LogGamma.at (0.5 * df + 1.0)

    let lower (df: float) (x: float) =
        if x < least then
            exp (logPower df x)
        else
            IncompleteGamma.lower (0.5 * df) (0.5 * x * x)

    let upper (df: float) (x: float) =
        if x < least then
            -(Elementary.expm1 (logPower df x))
        else
            IncompleteGamma.upper (0.5 * df) (0.5 * x * x)

    let private root (df: float) (logP: float) (z: float) =
        if z > least * least then
            sqrt (2.0 * z)
        else
            exp ((logP + 0.5 * df * log 2.0 + LogGamma.at (0.5 * df + 1.0)) / df)

    let inverseLower (df: float) (p: float) = root df (log p) (IncompleteGamma.inverseLower (0.5 * df) p)

    let inverseUpper (df: float) (q: float) = root df (Elementary.log1p -q) (IncompleteGamma.inverseUpper (0.5 * df) q)

/// Chi(df) on the positive numbers, element by element: the law of the length of a vector of df standard normal numbers, the
/// root of Chi2(df). The distribution function and quantiles carry no gradient; draws do, once.
[<Sealed>]
type Chi private (df: Tensor, _isChecked: bool) =
    inherit Univariate()

    /// From its degrees of freedom. Refuses those that are not positive.
    new(df: Tensor) =
        Check.positive (nameof df) df
        Chi(df, true)

    /// From a number, in float64.
    new(df: float) =
        Check.positiveFloat (nameof df) df
        Chi(ownNumber df, true)

    /// The degrees of freedom, which need not be whole.
    member _.Df = df

    override _.BatchShape = Shape.ofTensor df
    override _.Support = Support.positive
    override _.Placement = Placement.like df

    member private _.Density(ratio: Tensor) =
        log 2.0 .+ (StandardGamma.logDensity -0.5 (0.5 .* df) (2.0 .* ratio) - 0.5 .* df.log ())

    override this.LogDensity x = this.Density(Stable.logRatio x (df.sqrt ()))
    override this.LogDensityAt x = this.Density(StandardGamma.logRatio x (torch.ones_like df) (df.sqrt ()))

    override _.LowerTail x = Elementwise.map2 ChiTails.lower df x
    override _.UpperTail x = Elementwise.map2 ChiTails.upper df x
    override _.FromLower p = Elementwise.map2 ChiTails.inverseLower df p
    override _.FromUpper q = Elementwise.map2 ChiTails.inverseUpper df q

    override _.FromLowerAt p =
        Position.ofLog (0.5 .* (log 2.0 .+ Elementwise.map2 StandardGamma.logLower (0.5 .* df) p))

    override _.FromUpperAt q =
        Position.ofLog (0.5 .* (log 2.0 .+ Elementwise.map2 StandardGamma.logUpper (0.5 .* df) q))

    member internal _.Push(noise: Tensor) = Draws.ofLog (0.5 .* (log 2.0 .+ StandardGamma.logDraw (0.5 .* df) noise))

    member internal _.Noise key draws = StandardGamma.noise (Placement.like df) (Array.append draws df.shape) key
    override this.SampleAt(key, draws) = positionsWithoutGradient (fun () -> this.Push(this.Noise key draws))
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    /// log (mean^2 / df), negative: by Stirling's formula, with a (log(1 + 1 / (2 a)) - 1 / (2 a)) in one piece, a = df / 2.
    member private _.LogMeanSquare =
        let a = 0.5 .* df
        let logs = a * Bregman.exponential (df.reciprocal().log1p())
        2.0 .* (Stirling.error (0.5 .+ a) - Stirling.error a - logs)

    /// sqrt 2 Gamma((df + 1) / 2) / Gamma(df / 2)
    override this.Mean = Tensor.scoped (fun () -> df.sqrt () * (0.5 .* this.LogMeanSquare).exp())

    /// df - mean^2
    override this.Variance = Tensor.scoped (fun () -> df * this.LogMeanSquare.expm1().neg())

    /// sqrt(df - 1), and 0, the end that the density grows towards, where df is at most 1.
    override _.Mode = known (fun () -> (-1.0 .+ df).clamp_min(0.0.AsScalar()).sqrt())

    override _.Entropy =
        known (fun () ->
            let a = 0.5 .* df
            -0.5 * log 2.0 .+ (StandardGamma.logEntropy a .+. 0.5 .* Stirling.digamma a))

[<RequireQualifiedAccess>]
module Chi =
    /// Chi(df).
    let create (df: Tensor) = Chi df

    /// The law with its sample path, two uniform numbers for a draw, which differentiates once.
    let pathwise (law: Chi) = Reparameterized.ofPositions PathOrder.Once law law.Noise law.Push

    /// Chi as a kind of law.
    let info = LawInfo.of1 "Chi" (LawParameter.shape "df") create |> LawInfo.withPath pathwise
