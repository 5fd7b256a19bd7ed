namespace Vae.Core

open System
open TorchSharp

/// The law of Lewandowski, Kurowicka and Joe on correlation matrices C of some dimension, with density proportional to
/// |C|^(concentration - 1), by the lower Cholesky factor L of C = L L'. The density is with respect to the numbers below
/// L's diagonal: proportional to the product over rows k of L_kk^(dimension - k + 2 (concentration - 1)). The rows are
/// independent. concentration is [batch...], events are [dimension, dimension].
/// Source: D. Lewandowski, D. Kurowicka, H. Joe, "Generating random correlation matrices based on vines and extended onion
/// method", 2009, section 3.2.
[<Sealed>]
type LkjCholesky private (dimension: int, concentration: Tensor, _isChecked: bool) =
    inherit Distribution()

    let d = int64 dimension
    let place = Placement.like concentration

    /// One number for each row but the first, whose number below the diagonal is m.
    let perRow (f: float -> float) =
        Tensor.ofArray place [| d - 1L |] (Array.init (dimension - 1) (fun i -> f (float (i + 1))))

    /// A row's L_kk^2 is Beta(b, m/2), with b = concentration + (dimension - k) / 2, [batch..., rows but the first].
    let ownShape () = concentration.unsqueeze -1L .+. perRow (fun m -> 0.5 * (float dimension - 1.0 - m))

    /// b + m/2, the same in every row.
    let total () = (0.5 * float (dimension - 1) .+ concentration).unsqueeze -1L

    let lowerOnes () = torch.ones(d, d, dtype = place.DType, device = place.Device).tril -1L

    /// A matrix with this diagonal and these numbers below it.
    let withDiagonal (first: float) (rest: Tensor) (below: Tensor) =
        let corner = filled place (Array.append concentration.shape [| 1L |]) first
        below .+. torch.diag_embed (torch.cat ([| corner; rest |], -1L))

    /// From the matrices' dimension, at least 2, and the concentration: 1 for the uniform law on correlation matrices.
    new(dimension: int, concentration: Tensor) =
        Check.atLeast 2 (nameof dimension) dimension
        Check.positive (nameof concentration) concentration
        LkjCholesky(dimension, concentration, true)

    /// From two numbers, in float64.
    new(dimension: int, concentration: float) =
        Check.atLeast 2 (nameof dimension) dimension
        Check.positiveFloat (nameof concentration) concentration
        LkjCholesky(dimension, ownNumber concentration, true)

    /// How many rows and columns the matrices have.
    member _.Dimension = dimension
    /// How close to the identity the law keeps, [batch...].
    member _.Concentration = concentration

    /// The integral of L_kk^(2 (b - 1)) over a row's ball of m dimensions is pi^(m/2) Gamma(b) / Gamma(b + m/2).
    member internal _.LogNormaliser =
        let halfLogPi = perRow (fun m -> 0.5 * m * log Math.PI)
        (halfLogPi .+. ownShape().lgamma() - total().lgamma()).sum(-1L)

    /// E[log L_kk] of each row but the first.
    member internal _.MeanLogDiagonal = 0.5 .* (ownShape().digamma() - total().digamma())

    override _.BatchShape = Shape.ofTensor concentration
    override _.EventShape = [| d; d |]
    override _.Support = Support.CorrelationFactors
    override _.Placement = place

    /// sum of (dimension - k + 2 concentration - 2) log L_kk - log normaliser
    override this.LogDensity x =
        let own = x.diagonal(dim1 = -2L, dim2 = -1L).narrow(-1L, 1L, d - 1L)
        (2.0 .* (-1.0 .+ ownShape ()) * own.log ()).sum(-1L) - this.LogNormaliser

    /// Standard normal numbers: those below the diagonal for a row's direction, those on it for its length.
    member internal _.Noise key draws = Key.normal place (Array.concat [ draws; concentration.shape; [| d; d |] ]) key

    /// With n a row's numbers below the diagonal and g a Gamma(b) draw, the row is (n, sqrt(2 g)) by its length:
    /// |n|^2 / 2 is a Gamma(m/2) draw.
    member internal _.Push(noise: Tensor) =
        let own = noise.diagonal(dim1 = -2L, dim2 = -1L).narrow(-1L, 1L, d - 1L)
        let roots = StandardGamma.rootOfNormal (ownShape ()) own
        let ones = torch.ones_like (own.narrow (-1L, 0L, 1L))
        let diagonal = torch.cat ([| ones; roots |], -1L)
        let rows = noise.tril -1L .+. torch.diag_embed diagonal
        rows / rows.squared().sum(-1L, keepdim = true).sqrt()

    override this.Sample(key, draws) = withoutGradient (fun () -> this.Push(this.Noise key draws))

    /// 0 below the diagonal, by symmetry; the mean of the root of a Beta on it.
    override _.Mean =
        Tensor.scoped (fun () ->
            let b, n = ownShape (), total ()
            let logs = (0.5 .+ b).lgamma() - b.lgamma () .+. n.lgamma () - (0.5 .+ n).lgamma()
            withDiagonal 1.0 (logs.exp ()) (torch.zeros (d, d, dtype = place.DType, device = place.Device)))

    override this.Variance =
        Tensor.scoped (fun () ->
            let b, n = ownShape (), total ()
            let mean = this.Mean.diagonal(dim1 = -2L, dim2 = -1L).narrow(-1L, 1L, d - 1L)
            let below = lowerOnes () * (0.5 .* n.reciprocal ()).unsqueeze -1L
            withDiagonal 0.0 (b / n - mean.squared ()) below)

    /// The identity where no concentration is below 1.
    override _.Mode =
        if Tensor.holds (fun () -> concentration.detach().ge(1.0.AsScalar()).all()) then
            known (fun () ->
                torch
                    .eye(d, dtype = place.DType, device = place.Device)
                    .expand(Array.append concentration.shape [| d; d |]))
        else
            None

    override this.Entropy =
        known (fun () -> this.LogNormaliser - (2.0 .* (-1.0 .+ ownShape ()) * this.MeanLogDiagonal).sum(-1L))

[<RequireQualifiedAccess>]
module LkjCholesky =
    /// LkjCholesky(dimension, concentration).
    let create (dimension: int) (concentration: Tensor) = LkjCholesky(dimension, concentration)

    /// The law with its sample path: rows of normal numbers and the root of a gamma draw, by their lengths. The gamma
    /// draw's gradient is implicit: the path can be differentiated once.
    let pathwise (law: LkjCholesky) = Reparameterized(law, PathOrder.Once, law.Noise, law.Push)

    /// LkjCholesky as a kind of law.
    let info =
        LawInfo.of2
            "LkjCholesky"
            (LawParameter.whole 2.0 "dimension")
            (LawParameter.shape "concentration")
            (fun dimension concentration ->
                Check.together "dimension" dimension "concentration" concentration
                let shape = Shape.broadcast "dimension" dimension.shape "concentration" concentration.shape
                LkjCholesky(Sphere.dimension (nameof dimension) dimension, concentration.expand shape))
        |> LawInfo.withPath pathwise
