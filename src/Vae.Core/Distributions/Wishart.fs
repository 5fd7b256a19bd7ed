namespace Vae.Core

open TorchSharp

/// Wishart(df, V) on the symmetric positive definite p by p matrices: the law of a sum of df outer products of
/// Normal(0, V) vectors, for every df above p - 1, by the Cholesky factor of V = scaleTril scaleTril'. df is [batch...],
/// scaleTril [batch..., p, p]. The density is with respect to the p (p + 1) / 2 numbers on and below the diagonal.
/// Draws that round to a matrix without a Cholesky factor have a diagonal that is larger by some units of the last digit.
/// Sources: M. L. Eaton, "Multivariate statistics", 1983, chapter 8; the sampler is M. S. Bartlett's decomposition, 1933.
[<Sealed>]
type Wishart private (df: Tensor, scaleTril: Tensor, _isChecked: bool) =
    inherit Distribution()

    let p = scaleTril.shape[scaleTril.shape.Length - 1]
    let size = float p
    let place = Placement.like scaleTril

    /// (df - i) / 2 for i = 0 .. p - 1: [batch..., p].
    let shapes () = 0.5 .* (df.unsqueeze -1L - Tensor.range place p)

    let logDiagonal (factor: Tensor) = factor.diagonal(dim1 = -2L, dim2 = -1L).log().sum(-1L)

    /// From its degrees of freedom and the factor of its scale, whose batches broadcast. Refuses a factor that is not
    /// square, lower triangular and positive on its diagonal, and degrees of freedom of p - 1 or fewer.
    new(df: Tensor, scaleTril: Tensor) =
        Check.finite (nameof df) df
        Check.finite (nameof scaleTril) scaleTril
        Check.together (nameof df) df (nameof scaleTril) scaleTril
        let batch, square = Shape.splitLast (min 2 scaleTril.shape.Length) scaleTril.shape

        if square.Length < 2 || square[0] <> square[1] then
            Check.refuse (nameof scaleTril) $"of shape %s{Check.shape scaleTril.shape}" "[batch..., p, p]"

        Check.choleskyFactor (nameof scaleTril) square[0] scaleTril
        let least = float (square[0] - 1L)

        Check.every
            (nameof df)
            $"numbers above %g{least}, the dimension of %s{nameof scaleTril} less 1"
            _.gt(least.AsScalar())
            df

        let batch = Shape.broadcast (nameof df) df.shape (nameof scaleTril) batch

        let df, scaleTril =
            Tensor.scopedPair (fun () -> df.expand batch, scaleTril.expand (Array.append batch square))

        Wishart(df, scaleTril, true)

    /// From its degrees of freedom and the factor of its scale, by the name that tells the factor from a covariance.
    static member OfScaleTril(df: Tensor, scaleTril: Tensor) = Wishart(df, scaleTril)

    /// From its degrees of freedom and its scale V [batch..., p, p], as PyTorch's `covariance_matrix`, whose batches broadcast.
    /// Refuses one that is not square, symmetric and positive definite, and degrees of freedom of p - 1 or fewer.
    static member OfCovariance(df: Tensor, covariance: Tensor) = Wishart(df, Covariance.factor covariance)

    /// The degrees of freedom, [batch...].
    member _.Df = df
    /// The Cholesky factor of the scale V, [batch..., p, p].
    member _.ScaleTril = scaleTril

    /// log |V|
    member internal _.LogDet = 2.0 .* logDiagonal scaleTril

    /// log Gamma_p(df / 2), the multivariate gamma function.
    member internal _.LogGamma =
        (0.25 * size * (size - 1.0) * log System.Math.PI) .+ shapes().lgamma().sum(-1L)

    /// psi_p(df / 2), its logarithmic derivative: E[log |X|] = psi_p(df / 2) + p log 2 + log |V|.
    member internal _.Digamma = shapes().digamma().sum(-1L)

    /// tr(inv(V) factor factor')
    member internal _.Trace(factor: Tensor) =
        torch.linalg.solve_triangular(scaleTril, factor, upper = false).squared().sum([| -2L; -1L |])

    override _.BatchShape = Shape.ofTensor df
    override _.EventShape = [| p; p |]
    override _.Support = Support.PositiveDefinite
    override _.Placement = place

    /// (df - p - 1)/2 log |X| - tr(inv(V) X)/2 - df p/2 log 2 - df/2 log |V| - log Gamma_p(df/2)
    override this.LogDensity x = this.Density(torch.linalg.cholesky x)

    override this.LogDensityAt x =
        match x.Factor with
        | Some factor -> this.Density factor
        | None -> this.LogDensity x.X

    member private this.Density(factor: Tensor) =
        (-size - 1.0 .+ df) * logDiagonal factor
        - 0.5 .* (this.Trace factor .+. df * (size * log 2.0 .+ this.LogDet))
        - this.LogGamma

    /// Standard normal numbers, [..., p, p]; those above the diagonal are not used.
    member internal _.Noise key draws = Key.normal place (Array.append draws scaleTril.shape) key

    /// M M' with M = scaleTril A, where A has the noise below its diagonal and roots of chi-square draws of df - i degrees
    /// of freedom on it.
    member internal _.Push(noise: Tensor) : Position =
        let roots = StandardGamma.rootOfNormal (shapes ()) (noise.diagonal (dim1 = -2L, dim2 = -1L))
        let bartlett = noise.tril -1L .+. torch.diag_embed roots
        let factor = scaleTril.matmul bartlett
        let x = factor.matmul (factor.transpose (-1L, -2L))

        {
            Position.at (x .+. (Support.positiveDefinite (x.detach ()) - x.detach ())) with
                Factor = Some factor
        }

    override this.SampleAt(key, draws) = positionsWithoutGradient (fun () -> this.Push(this.Noise key draws))
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    member private _.Scale = scaleTril.matmul (scaleTril.transpose (-1L, -2L))
    member private _.OverMatrices(numbers: Tensor) = numbers.unsqueeze(-1L).unsqueeze -1L

    override this.Mean = Tensor.scoped (fun () -> this.OverMatrices df * this.Scale)

    /// df (V_ij^2 + V_ii V_jj)
    override this.Variance =
        Tensor.scoped (fun () ->
            let scale = this.Scale
            let diagonal = scale.diagonal (dim1 = -2L, dim2 = -1L)
            this.OverMatrices df * (scale.squared () .+. diagonal.unsqueeze -1L * diagonal.unsqueeze -2L))

    /// (df - p - 1) V where every df is above p + 1: below that the density has no highest point.
    override this.Mode =
        if Tensor.holds (fun () -> df.detach().gt((size + 1.0).AsScalar()).all()) then
            known (fun () -> this.OverMatrices(-size - 1.0 .+ df) * this.Scale)
        else
            None

    override this.Entropy =
        known (fun () ->
            (0.5 * (size + 1.0)) .* (size * log 2.0 .+ this.LogDet) .+. this.LogGamma
            - 0.5 .* ((-size - 1.0 .+ df) * this.Digamma - size .* df))

[<RequireQualifiedAccess>]
module Wishart =
    /// Wishart(df, scaleTril scaleTril').
    let create (df: Tensor) (scaleTril: Tensor) = Wishart(df, scaleTril)

    /// Wishart(df, scaleTril scaleTril').
    let ofScaleTril (df: Tensor) (scaleTril: Tensor) = Wishart.OfScaleTril(df, scaleTril)

    /// Wishart(df, covariance).
    let ofCovariance (df: Tensor) (covariance: Tensor) = Wishart.OfCovariance(df, covariance)

    /// The law with its sample path, by Bartlett's decomposition. The chi-square draws' gradients in df are implicit: the
    /// path can be differentiated once.
    let pathwise (law: Wishart) = Reparameterized.ofPositions PathOrder.Once law law.Noise law.Push

    /// Wishart as a kind of law.
    let info =
        LawInfo.of2 "Wishart" (LawParameter.shape "df") LawParameter.factorOfCovariance create
        |> LawInfo.withPath pathwise
