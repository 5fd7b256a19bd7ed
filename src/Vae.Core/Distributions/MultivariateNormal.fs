namespace Vae.Core

open TorchSharp

/// Normal(loc, Sigma) on R^k by the Cholesky factor of its covariance, Sigma = scaleTril scaleTril'.
/// loc is [batch..., k], scaleTril [batch..., k, k], lower triangular with a positive diagonal.
[<Sealed>]
type MultivariateNormal private (loc: Tensor, scaleTril: Tensor, _isChecked: bool) =
    inherit Distribution()

    let dimensions = loc.shape[loc.shape.Length - 1]

    /// From its mean and factor, whose batches broadcast. Refuses a factor that is not square, lower triangular,
    /// and positive on its diagonal.
    new(loc: Tensor, scaleTril: Tensor) =
        Check.finite (nameof loc) loc
        Check.together (nameof loc) loc (nameof scaleTril) scaleTril

        let k = Check.vectors (nameof loc) loc
        Check.choleskyFactor (nameof scaleTril) k scaleTril
        let batch, _ = Shape.splitLast 2 scaleTril.shape
        let batch = Shape.broadcast (nameof loc) (fst (Shape.splitLast 1 loc.shape)) (nameof scaleTril) batch

        let loc, scaleTril =
            Tensor.scopedPair (fun () ->
                loc.expand (Array.append batch [| k |]), scaleTril.expand (Array.append batch [| k; k |]))

        MultivariateNormal(loc, scaleTril, true)

    /// From its mean and factor, by the name that tells the factor from a covariance.
    static member OfScaleTril(loc: Tensor, scaleTril: Tensor) = MultivariateNormal(loc, scaleTril)

    /// From its mean and covariance [batch..., k, k], whose batches broadcast. Refuses a covariance that is not square,
    /// symmetric and positive definite.
    static member OfCovariance(loc: Tensor, covariance: Tensor) = MultivariateNormal(loc, Covariance.factor covariance)

    /// From parts that are known to fit. Nothing is checked.
    static member internal OfParts(loc: Tensor, scaleTril: Tensor) = MultivariateNormal(loc, scaleTril, true)

    /// The mean, [batch..., k].
    member _.Loc = loc
    /// The Cholesky factor of the covariance, [batch..., k, k].
    member _.ScaleTril = scaleTril

    /// log |scaleTril|, of the batch's shape: half the log-determinant of the covariance.
    member internal _.LogDet =
        Tensor.scoped (fun () -> scaleTril.diagonal(dim1 = -2L, dim2 = -1L).log().sum(-1L))

    /// inv(scaleTril) y for y of shape [..., k, m].
    member internal _.Whiten(y: Tensor) = torch.linalg.solve_triangular (scaleTril, y, upper = false)

    override _.BatchShape = fst (Shape.splitLast 1 (Shape.ofTensor loc))
    override _.EventShape = [| dimensions |]
    override _.Support = Support.reals
    override _.Placement = Placement.like loc

    /// -|inv(scaleTril) (x - loc)|^2 / 2 - log |scaleTril| - k/2 log 2 pi
    override this.LogDensity x =
        let white = this.Whiten((x - loc).unsqueeze -1L)
        -0.5 .* white.squared().sum([| -2L; -1L |]) - (float dimensions * halfLogTwoPi .+ this.LogDet)

    /// loc + scaleTril noise
    member internal _.Push(noise: Tensor) = finite (loc .+. scaleTril.matmul(noise.unsqueeze -1L).squeeze -1L)

    member internal _.Noise key draws = Key.normal (Placement.like loc) (Array.append draws loc.shape) key

    override this.Sample(key, draws) = withoutGradient (fun () -> this.Push(this.Noise key draws))

    override _.Mean = loc
    override _.Mode = Some loc
    override this.Entropy = known (fun () -> float dimensions * (0.5 + halfLogTwoPi) .+ this.LogDet)
    override _.Variance = Tensor.scoped (fun () -> scaleTril.squared().sum(-1L))

[<RequireQualifiedAccess>]
module MultivariateNormal =
    /// Normal(loc, scaleTril scaleTril').
    let create (loc: Tensor) (scaleTril: Tensor) = MultivariateNormal(loc, scaleTril)

    /// Normal(loc, scaleTril scaleTril').
    let ofScaleTril (loc: Tensor) (scaleTril: Tensor) = MultivariateNormal.OfScaleTril(loc, scaleTril)

    /// Normal(loc, covariance).
    let ofCovariance (loc: Tensor) (covariance: Tensor) = MultivariateNormal.OfCovariance(loc, covariance)

    /// The law with independent coordinates, Normal(loc, scale) each, from two tensors [batch..., k].
    let diagonal (loc: Tensor) (scale: Tensor) = Independent.create 1 (Normal(loc, scale))

    /// The law with its sample path z = loc + scaleTril noise, noise standard normal.
    let pathwise (normal: MultivariateNormal) =
        let noise = {
            NoiseShape = normal.Loc.shape
            Numbers = Key.normal (Placement.like normal.Loc)
        }

        Reparameterized.ofStandard PathOrder.Smooth noise normal normal.Push

    /// MultivariateNormal as a kind of law.
    let info =
        LawInfo.of2
            "MultivariateNormal"
            (LawParameter.vector (LawParameter.real "loc"))
            LawParameter.factorOfCovariance
            create
        |> LawInfo.withPath pathwise
