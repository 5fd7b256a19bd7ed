namespace Vae.Core

open TorchSharp

/// Normal(loc, factor factor' + diag diagonal) on R^k: a covariance of few directions and noise of each coordinate's own.
/// loc and diagonal are [batch..., k], factor is [batch..., k, r]; diagonal holds variances. Nothing of k by k is made:
/// the inverse is Woodbury's, by the capacitance I + factor' inv(diag diagonal) factor, of r by r.
[<Sealed>]
type LowRankMultivariateNormal private (loc: Tensor, factor: Tensor, diagonal: Tensor, capacitance: Tensor) =
    inherit Distribution()

    let dimensions = loc.shape[loc.shape.Length - 1]
    let rank = factor.shape[factor.shape.Length - 1]
    let noiseShape = Array.append (fst (Shape.splitLast 1 loc.shape)) [| rank + dimensions |]

    /// From its mean, the factor and the variances, whose batches broadcast. Refuses variances that are not positive, and
    /// a factor that has not one row for each coordinate.
    new(loc: Tensor, factor: Tensor, diagonal: Tensor) =
        Check.finite (nameof loc) loc
        Check.finite (nameof factor) factor
        Check.positive (nameof diagonal) diagonal
        Check.together (nameof loc) loc (nameof factor) factor

        if loc.dim () < 1L then
            Check.refuse (nameof loc) "a single number" "a vector for each law of the batch, of shape [batch..., k]"

        let loc, diagonal = together (nameof loc) loc (nameof diagonal) diagonal
        let k = loc.shape[loc.shape.Length - 1]
        let batch, rows = Shape.splitLast (min 2 factor.shape.Length) factor.shape

        if rows.Length < 2 || rows[0] <> k then
            Check.refuse
                (nameof factor)
                $"of shape %s{Check.shape factor.shape}"
                $"[batch..., %d{k}, r], as %s{nameof loc} has %d{k} dimensions"

        let batch = Shape.broadcast (nameof loc) (fst (Shape.splitLast 1 loc.shape)) (nameof factor) batch
        let vector = Array.append batch [| k |]

        let all =
            Tensor.scopedAll (fun () ->
                let factor = factor.expand (Array.append batch rows)
                let diagonal = diagonal.expand vector
                let white = factor / diagonal.sqrt().unsqueeze -1L
                let identity = torch.eye (rows[1], dtype = loc.dtype, device = loc.device)
                let capacitance = torch.linalg.cholesky (identity .+. white.transpose(-1L, -2L).matmul white)
                [| loc.expand vector; factor; diagonal; capacitance |])

        LowRankMultivariateNormal(all[0], all[1], all[2], all[3])

    /// The mean, [batch..., k].
    member _.Loc = loc
    /// The covariance's directions, [batch..., k, r].
    member _.Factor = factor
    /// The variances of the coordinates' own noise, [batch..., k].
    member _.Diagonal = diagonal

    /// Half the log-determinant of the covariance: that of the variances and that of the capacitance.
    member internal _.LogDet =
        Tensor.scoped (fun () ->
            0.5 .* diagonal.log().sum(-1L) .+. capacitance.diagonal(dim1 = -2L, dim2 = -1L).log().sum(-1L))

    /// inv(capacitance's factor) factor' inv(diag diagonal), [..., r, k]: its columns' squares are what Woodbury's
    /// identity takes from the inverse variances.
    member internal _.Explaining =
        let scaled = (factor / diagonal.unsqueeze -1L).transpose(-1L, -2L)
        torch.linalg.solve_triangular (capacitance, scaled, upper = false)

    /// y' inv(covariance) y for the columns of y, [..., k, m], summed over them: with c what of y the factor explains,
    /// (y - factor c)' inv(diag diagonal) (y - factor c) + c'c, in which nothing cancels.
    member internal this.SquaredLength(y: Tensor) =
        let half = this.Explaining.matmul y
        let explained = torch.linalg.solve_triangular (capacitance.transpose (-1L, -2L), half, upper = true)
        let rest = (y - factor.matmul explained).squared() / diagonal.unsqueeze -1L
        rest.sum ([| -2L; -1L |]) .+. explained.squared().sum([| -2L; -1L |])

    override _.BatchShape = fst (Shape.splitLast 1 (Shape.ofTensor loc))
    override _.EventShape = [| dimensions |]
    override _.Support = Support.reals
    override _.Placement = Placement.like loc

    override this.LogDensity x =
        let distance = this.SquaredLength((x - loc).unsqueeze -1L)
        -0.5 .* distance - (float dimensions * halfLogTwoPi .+ this.LogDet)

    member internal _.Noise key draws = Key.normal (Placement.like loc) (Array.append draws noiseShape) key

    /// loc + factor e + sqrt(diagonal) f, where e are the first r numbers of the noise and f the k others.
    member internal _.Push(noise: Tensor) =
        let shared = noise.narrow(-1L, 0L, rank).unsqueeze -1L
        let own = noise.narrow (-1L, rank, dimensions)
        finite (loc .+. factor.matmul(shared).squeeze -1L .+. diagonal.sqrt () * own)

    override this.Sample(key, draws) = withoutGradient (fun () -> this.Push(this.Noise key draws))

    override _.Mean = loc
    override _.Mode = Some loc
    override _.Variance = Tensor.scoped (fun () -> diagonal .+. factor.squared().sum(-1L))
    override this.Entropy = known (fun () -> float dimensions * (0.5 + halfLogTwoPi) .+ this.LogDet)

[<RequireQualifiedAccess>]
module LowRankMultivariateNormal =
    /// Normal(loc, factor factor' + diag diagonal).
    let create (loc: Tensor) (factor: Tensor) (diagonal: Tensor) = LowRankMultivariateNormal(loc, factor, diagonal)

    /// The law with its sample path z = loc + factor e + sqrt(diagonal) f, e and f standard normal.
    let pathwise (normal: LowRankMultivariateNormal) = Reparameterized(normal, normal.Noise, normal.Push)

    /// LowRankMultivariateNormal as a kind of law.
    let info =
        LawInfo.of3
            "LowRankMultivariateNormal"
            (LawParameter.vector (LawParameter.real "loc"))
            (LawParameter.columns "factor")
            (LawParameter.vector (LawParameter.positive "diagonal"))
            create
        |> LawInfo.withPath pathwise
