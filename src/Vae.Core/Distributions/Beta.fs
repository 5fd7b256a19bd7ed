namespace Vae.Core

open TorchSharp

/// Beta(concentration1, concentration0) on the numbers between 0 and 1, element by element: density proportional to
/// x^(concentration1 - 1) (1 - x)^(concentration0 - 1). The distribution function and quantiles carry no gradient; draws do,
/// once. Draws that would round to 0 or 1 are the nearest numbers inside.
[<Sealed>]
type Beta private (concentration1: Tensor, concentration0: Tensor, _isChecked: bool) =
    inherit Univariate()

    /// From its parameters, which broadcast. Refuses those that are not positive.
    new(concentration1: Tensor, concentration0: Tensor) =
        Check.positive (nameof concentration1) concentration1
        Check.positive (nameof concentration0) concentration0
        let a, b = together (nameof concentration1) concentration1 (nameof concentration0) concentration0
        Beta(a, b, true)

    /// From two numbers, in float64.
    new(concentration1: float, concentration0: float) =
        Check.positiveFloat (nameof concentration1) concentration1
        Check.positiveFloat (nameof concentration0) concentration0
        Beta(ownNumber concentration1, ownNumber concentration0, true)

    /// What draws the numbers to 1, often called alpha.
    member _.Concentration1 = concentration1
    /// What draws the numbers to 0, often called beta.
    member _.Concentration0 = concentration0
    /// The sum of the concentrations.
    member private _.Total = concentration1 .+. concentration0

    override _.BatchShape = Shape.ofTensor concentration1
    override _.Support = Support.unit
    override _.Placement = Placement.like concentration1

    /// By Stirling's formula about the mean m: x / m and (1 - x) / (1 - m) are near 1 where the concentrations are large.
    override this.LogDensity x =
        let n = this.Total
        let y = 1.0 .+ x.neg ()
        this.Density(Stable.logRatio (x * n) concentration1, Stable.logRatio (y * n) concentration0)

    override this.LogDensityAt x =
        let n = this.Total
        let rest = { Position.ofLog (Position.logRest x) with X = 1.0 .+ x.X.neg () }
        this.Density(StandardGamma.logRatio x n concentration1, StandardGamma.logRatio rest n concentration0)

    member private this.Density(up: Tensor, down: Tensor) =
        let a, b, n = concentration1, concentration0, this.Total
        let one (c: Tensor) (w: Tensor) = (-1.0 .+ c) * w - c * w.expm1 ()
        let size = 1.5 .* n.log () - 0.5 .* (a.log () .+. b.log ())
        let errors = Stirling.error a .+. Stirling.error b - Stirling.error n
        one a up .+. one b down .+. (size - (halfLogTwoPi .+ errors))

    override _.LowerTail x = Elementwise.map3 IncompleteBeta.lower concentration1 concentration0 x
    override _.UpperTail x = Elementwise.map3 IncompleteBeta.upper concentration1 concentration0 x

    member private _.Inverse(inverse: float -> float -> float -> struct (float * float), p: Tensor) =
        let first a b p =
            let struct (x, _) = inverse a b p
            x

        Elementwise.map3 first concentration1 concentration0 p

    override this.FromLower p = this.Inverse(IncompleteBeta.inverseLower, p)
    override this.FromUpper q = this.Inverse(IncompleteBeta.inverseUpper, q)

    member private _.InverseAt(inverse: float -> float -> float -> float, p: Tensor) =
        Draws.ofLogOdds (Elementwise.map3 inverse concentration1 concentration0 p)

    override this.FromLowerAt p = this.InverseAt(IncompleteBeta.logOddsLower, p)
    override this.FromUpperAt q = this.InverseAt((fun a b q -> -(IncompleteBeta.logOddsLower b a q)), q)

    /// The log-odds log x / (1 - x) of a draw: the difference of the logs of two gamma numbers, finite where x rounds.
    member internal _.LogOddsPush(noise: Tensor) =
        let one = StandardGamma.logDraw concentration1 (noise.select (-2L, 0L))
        let other = StandardGamma.logDraw concentration0 (noise.select (-2L, 1L))
        one - other

    member internal this.Push(noise: Tensor) = Draws.ofLogOdds (this.LogOddsPush noise)

    member internal _.Noise key draws =
        let shape = Array.concat [ draws; concentration1.shape; [| 2L |] ]
        StandardGamma.noise (Placement.like concentration1) shape key

    override this.SampleAt(key, draws) = positionsWithoutGradient (fun () -> this.Push(this.Noise key draws))
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    override this.Mean = Tensor.scoped (fun () -> concentration1 / this.Total)

    override this.Variance =
        Tensor.scoped (fun () ->
            let n = this.Total
            (concentration1 / n) * (concentration0 / n) / (1.0 .+ n))

    /// (a - 1) / (a + b - 2) where both concentrations are above 1; else an end that the density grows towards, and 1/2 where
    /// it is as high at both.
    override _.Mode =
        known (fun () ->
            let up, down = concentration1 - 1.0.AsScalar(), concentration0 - 1.0.AsScalar()
            let inside = up.gt(0.0.AsScalar()).logical_and(down.gt (0.0.AsScalar()))
            let ends = 0.5 .+ 0.5 .* (up - down).sign()
            let outside = inside.logical_not ()

            let middle =
                up.masked_fill (outside, 1.0.AsScalar()) / (up .+. down).masked_fill(outside, 1.0.AsScalar())

            torch.where (inside, middle, ends))

    override this.Entropy =
        known (fun () ->
            let a, b, n = concentration1, concentration0, this.Total
            let logs = 0.5 .* (a.log () .+. b.log ()) - 1.5 .* n.log ()
            let errors = Stirling.error a .+. Stirling.error b - Stirling.error n
            let weighted (less: float) (c: Tensor) = (-less .+ c) * Stirling.logMinusDigamma c
            (halfLogTwoPi .+ logs) .+. errors .+. (weighted 1.0 a .+. weighted 1.0 b - weighted 2.0 n))

[<RequireQualifiedAccess>]
module Beta =
    /// Beta(concentration1, concentration0), from two tensors that broadcast.
    let create (concentration1: Tensor) (concentration0: Tensor) = Beta(concentration1, concentration0)

    /// The law with its sample path, four uniform numbers for a draw, which differentiates once.
    let pathwise (law: Beta) = Reparameterized.ofPositions PathOrder.Once law law.Noise law.Push

    /// Beta as a kind of law.
    let info =
        LawInfo.of2 "Beta" (LawParameter.shape "concentration1") (LawParameter.shape "concentration0") create
        |> LawInfo.withPath pathwise
