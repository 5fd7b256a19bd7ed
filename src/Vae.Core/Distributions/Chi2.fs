namespace Vae.Core

open TorchSharp

/// Chi2(df) on the positive numbers, element by element: the law of a sum of df squares of standard normal numbers, which is
/// Gamma(df / 2, 1 / 2). The distribution function and quantiles carry no gradient; draws do, once.
[<Sealed>]
type Chi2 private (df: Tensor, _isChecked: bool) =
    inherit Univariate()

    /// From its degrees of freedom. Refuses those that are not positive.
    new(df: Tensor) =
        Check.positive (nameof df) df
        Chi2(df, true)

    /// From a number, in float64.
    new(df: float) =
        Check.positiveFloat (nameof df) df
        Chi2(ownNumber df, true)

    /// The degrees of freedom, which need not be whole.
    member _.Df = df

    override _.BatchShape = Shape.ofTensor df
    override _.Support = Support.positive
    override _.Placement = Placement.like df

    member private _.Density(ratio: Tensor) = StandardGamma.logDensity -1.0 (0.5 .* df) ratio - df.log ()
    override this.LogDensity x = this.Density(Stable.logRatio x df)
    override this.LogDensityAt x = this.Density(StandardGamma.logRatio x (torch.ones_like df) df)

    override _.LowerTail x = Elementwise.map2 IncompleteGamma.lower (0.5 .* df) (0.5 .* x)
    override _.UpperTail x = Elementwise.map2 IncompleteGamma.upper (0.5 .* df) (0.5 .* x)
    override _.FromLower p = 2.0 .* Elementwise.map2 IncompleteGamma.inverseLower (0.5 .* df) p
    override _.FromUpper q = 2.0 .* Elementwise.map2 IncompleteGamma.inverseUpper (0.5 .* df) q

    override _.FromLowerAt p = Position.ofLog (log 2.0 .+ Elementwise.map2 StandardGamma.logLower (0.5 .* df) p)
    override _.FromUpperAt q = Position.ofLog (log 2.0 .+ Elementwise.map2 StandardGamma.logUpper (0.5 .* df) q)

    member internal _.Push(noise: Tensor) = Draws.ofLog (log 2.0 .+ StandardGamma.logDraw (0.5 .* df) noise)
    member internal _.Noise key draws = StandardGamma.noise (Placement.like df) (Array.append draws df.shape) key
    override this.SampleAt(key, draws) = positionsWithoutGradient (fun () -> this.Push(this.Noise key draws))
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    override _.Mean = df
    override _.Variance = Tensor.scoped (fun () -> 2.0 .* df)

    /// df - 2, and 0, the end that the density grows towards, where df is at most 2.
    override _.Mode = known (fun () -> (-2.0 .+ df).clamp_min(0.0.AsScalar()))

    override _.Entropy =
        known (fun () ->
            let a = 0.5 .* df
            log 2.0 .+ (StandardGamma.logEntropy a .+. Stirling.digamma a))

[<RequireQualifiedAccess>]
module Chi2 =
    /// Chi2(df).
    let create (df: Tensor) = Chi2 df

    /// The law with its sample path, two uniform numbers for a draw, which differentiates once.
    let pathwise (law: Chi2) = Reparameterized.ofPositions PathOrder.Once law law.Noise law.Push

    /// Chi2 as a kind of law.
    let info = LawInfo.of1 "Chi2" (LawParameter.shape "df") create |> LawInfo.withPath pathwise
