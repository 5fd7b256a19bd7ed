namespace Vae.Core

open TorchSharp

/// Dirichlet(concentration) on the simplex, the vectors of positive numbers whose sum is 1: density proportional to the product
/// of x_i^(concentration_i - 1), by its first k - 1 numbers. concentration is [batch..., k]. Draws carry a gradient once; those
/// that would round to 0 or 1 are the nearest numbers inside.
[<Sealed>]
type Dirichlet private (concentration: Tensor, _isChecked: bool) =
    inherit Distribution()

    let k = concentration.shape[concentration.shape.Length - 1]

    /// From its concentrations. Refuses those that are not positive, and vectors of less than two of them.
    new(concentration: Tensor) =
        Check.positive (nameof concentration) concentration

        if concentration.dim () < 1L || concentration.shape[concentration.shape.Length - 1] < 2L then
            Check.refuse
                (nameof concentration)
                $"a tensor of shape %s{Check.shape concentration.shape}"
                "a vector of at least two numbers for each law, of shape [batch..., k]"

        Dirichlet(concentration, true)

    /// The concentrations, [batch..., k].
    member _.Concentration = concentration
    /// The sum of the concentrations, [batch..., 1].
    member private _.Total = concentration.sum (-1L, keepdim = true)

    override _.BatchShape = fst (Shape.splitLast 1 (Shape.ofTensor concentration))
    override _.EventShape = [| k |]
    override _.Support = Support.Simplex
    override _.Placement = Placement.like concentration

    /// By Stirling's formula about the mean, whose large terms cancel on the simplex. Its derivative by x is that of the density
    /// along the simplex.
    override this.LogDensity x = this.Density(Stable.logRatio (x * this.Total) concentration)
    override this.LogDensityAt x = this.Density(StandardGamma.logRatio x this.Total concentration)

    member private this.Density(w: Tensor) =
        let n = this.Total
        let each = (-1.0 .+ concentration) * w - concentration * w.expm1 ()
        let sizes = 0.5 .* concentration.log () .+. Stirling.error concentration
        let total = ((float k - 0.5) .* n.log () .+. Stirling.error n).squeeze -1L
        (each - sizes).sum(-1L) .+. (-(float (k - 1L) * halfLogTwoPi) .+ total)

    member internal _.Push(noise: Tensor) =
        Draws.ofLogParts ((StandardGamma.logDraw concentration noise).log_softmax -1L)

    member internal _.Noise key draws =
        StandardGamma.noise (Placement.like concentration) (Array.append draws concentration.shape) key

    override this.SampleAt(key, draws) = positionsWithoutGradient (fun () -> this.Push(this.Noise key draws))
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    override this.Mean = Tensor.scoped (fun () -> concentration / this.Total)

    override this.Variance =
        Tensor.scoped (fun () ->
            let n = this.Total
            (concentration / n) * ((n - concentration) / n) / (1.0 .+ n))

    /// (a_i - 1) / (n - k), where every concentration is above 1; NaN where one is not, as the density then grows towards the
    /// edge of the simplex.
    override _.Mode =
        known (fun () ->
            let less = concentration - 1.0.AsScalar()
            let inside = less.gt(0.0.AsScalar()).all(-1L, keepdim = true)
            (less / less.sum (-1L, keepdim = true)).masked_fill(inside.logical_not (), nan.AsScalar()))

    override this.Entropy =
        known (fun () ->
            let n = this.Total.squeeze -1L
            let count = float k

            let each =
                0.5 .* concentration.log ()
                .+. Stirling.error concentration
                .+. (-1.0 .+ concentration) * Stirling.logMinusDigamma concentration

            let total =
                (count - 0.5) .* n.log () .+. Stirling.error n .+. (-count .+ n) * Stirling.logMinusDigamma n

            ((count - 1.0) * halfLogTwoPi) .+ (each.sum (-1L) - total))

[<RequireQualifiedAccess>]
module Dirichlet =
    /// Dirichlet(concentration), from vectors [batch..., k].
    let create (concentration: Tensor) = Dirichlet concentration

    /// The law with its sample path, two uniform numbers for each number of a draw, which differentiates once.
    let pathwise (law: Dirichlet) = Reparameterized.ofPositions PathOrder.Once law law.Noise law.Push

    /// Dirichlet as a kind of law.
    let info =
        LawInfo.of1 "Dirichlet" (LawParameter.vector (LawParameter.shape "concentration")) create
        |> LawInfo.withPath pathwise
