namespace Vae.Core

open TorchSharp

/// The wrapped normal law on the Poincare ball of curvature -c, the vectors of R^d shorter than 1 / sqrt c: a normal law
/// of the tangent space at loc, Normal(0, scale) in each coordinate of an orthonormal frame, sent to the ball by the
/// exponential map. loc and scale are [batch..., d], curvature c is [batch...]. The density is with respect to the
/// ball's coordinates. Sources: Y. Nagano et al., "A wrapped normal distribution on hyperbolic space", 2019;
/// E. Mathieu et al., "Continuous hierarchical representations with Poincare variational auto-encoders", 2019, appendix B.
[<Sealed>]
type WrappedNormal private (loc: Tensor, scale: Tensor, curvature: Tensor, _isChecked: bool) =
    inherit Distribution()

    let d = loc.shape[loc.shape.Length - 1]
    let c = curvature.unsqueeze -1L
    let dot (x: Tensor) (y: Tensor) = (x * y).sum(-1L, keepdim = true)

    let isDouble = loc.dtype = torch.ScalarType.Float64

    /// |v|, with gradient 0 at 0.
    let length (v: Tensor) =
        let least = if isDouble then 1e-200 else 1e-30
        (dot v v).clamp_min(least.AsScalar()).sqrt()

    /// 1 - c |x|^2, as a product.
    let margin (x: Tensor) =
        let length = c.sqrt () * length x
        (1.0 .+ length.neg ()) * (1.0 .+ length)

    /// Moebius's sum of loc and y.
    let added (y: Tensor) =
        let twice, square = 2.0 .* (c * dot loc y), c * dot y y

        ((1.0 .+ (twice .+. square)) * loc .+. margin loc * y)
        / (1.0 .+ (twice .+. c * dot loc loc * square))

    /// Points that rounding left on the boundary or beyond brought back within.
    let within (x: Tensor) =
        let most = if isDouble then 1.0 - 1e-15 else 1.0 - 5e-7
        let ratio = most .* (c.sqrt () * length x).reciprocal()
        x * ratio.clamp_max (1.0.AsScalar())

    /// From the centre, the scales and the curvature's size, whose batches broadcast. Refuses a centre outside the ball,
    /// and scales or a curvature that are not positive.
    new(loc: Tensor, scale: Tensor, curvature: Tensor) =
        Check.finite (nameof loc) loc
        Check.positive (nameof scale) scale
        Check.positive (nameof curvature) curvature
        Check.together (nameof loc) loc (nameof curvature) curvature

        if loc.dim () < 1L then
            Check.refuse (nameof loc) "a single number" "a vector for each law of the batch, of shape [batch..., d]"


        let all =
            Tensor.scopedAll (fun () ->
                let loc, scale = together (nameof loc) loc (nameof scale) scale
                let batch, event = Shape.splitLast 1 loc.shape
                let batch = Shape.broadcast (nameof loc) batch (nameof curvature) curvature.shape
                let vector = Array.append batch event
                let loc, curvature = loc.expand vector, curvature.expand batch
                let squares = (curvature * loc.squared().sum(-1L)).detach()

                Check.every
                    $"curvature |%s{nameof loc}|^2"
                    "below 1 (a point of the ball)"
                    _.lt(1.0.AsScalar())
                    squares

                [| loc; scale.expand vector; curvature |])

        WrappedNormal(all[0], all[1], all[2], true)

    /// Where the tangent space is, [batch..., d].
    member _.Loc = loc
    /// The standard deviations in the tangent space, [batch..., d].
    member _.Scale = scale
    /// c, where -c is the space's curvature, [batch...].
    member _.Curvature = curvature

    override _.BatchShape = Shape.ofTensor curvature
    override _.EventShape = [| d |]
    override _.Support = Support.Ball(Bound.PerLaw(Tensor.scoped (fun () -> curvature.rsqrt ())))
    override _.Placement = Placement.like loc

    /// The tangent vector v that the exponential map sends to x has |v| = the distance r of x from loc,
    /// sinh(sqrt c r / 2)^2 = c |x - loc|^2 / ((1 - c |loc|^2) (1 - c |x|^2)), and the direction of Moebius's sum of -loc
    /// and x, which is that of (1 - c |loc|^2) (x - loc) - c |x - loc|^2 loc; then log Normal(v) - (d - 1) log(sinh(sqrt c r) / (sqrt c r)) + d log(2 / (1 - c |x|^2)).
    override _.LogDensity x =
        let off = x - loc
        let half = (c.sqrt () * length off / (margin loc * margin x).sqrt()).asinh()
        let direction = margin loc * off - c * dot off off * loc
        let v = direction / length direction * (2.0 .* half) / c.sqrt ()
        let normal = -0.5 .* (v / scale).squared() - (halfLogTwoPi .+ scale.log ())
        // log(sinh a / a) = a + log((1 - exp(-2 a)) / (2 a)).
        let a = 2.0 .* half
        let stretch = a .+. ((-2.0 .* a).expm1().neg() / (2.0 .* a)).log()
        let volume = (float d * log 2.0) .+ (float -d .* (margin x).log() - float (d - 1L) .* stretch)
        normal.sum (-1L) .+. volume.squeeze -1L

    member internal _.Noise key draws = Key.normal (Placement.like loc) (Array.append draws loc.shape) key

    /// loc + tanh(sqrt c |v| / 2) v / (sqrt c |v|) for v = scale noise, the sum being Moebius's.
    member internal _.Push(noise: Tensor) =
        let v = scale * noise
        let r = c.sqrt () * length v
        within (added ((0.5 .* r).tanh() / r * v))

    override this.Sample(key, draws) = withoutGradient (fun () -> this.Push(this.Noise key draws))

    override this.Mean = unknown this "mean"
    override this.Variance = unknown this "variance"

[<RequireQualifiedAccess>]
module WrappedNormal =
    /// WrappedNormal(loc, scale, curvature), from tensors [batch..., d], [batch..., d] and [batch...].
    let create (loc: Tensor) (scale: Tensor) (curvature: Tensor) = WrappedNormal(loc, scale, curvature)

    /// The law with its sample path: the exponential map at loc of scale * noise, noise standard normal.
    let pathwise (law: WrappedNormal) = Reparameterized(law, law.Noise, law.Push)

    /// WrappedNormal as a kind of law. The domain of the curvature is narrower than what the constructor takes, so that
    /// every loc of the unit ball is in the law's.
    let info =
        LawInfo.of3
            "WrappedNormal"
            (LawParameter.insideBall "loc")
            (LawParameter.vector (LawParameter.positive "scale"))
            (LawParameter.positive "curvature")
            create
        |> LawInfo.withPath pathwise
