namespace Vae.Core

open TorchSharp

/// The law of von Mises and Fisher on the unit sphere of R^d, d >= 2, with density proportional to
/// exp(concentration loc'x) with respect to the sphere's area. loc is a unit vector, [batch..., d]; concentration [batch...].
/// The normaliser, a Bessel function of order d/2 - 1, and the moments are integrals over the angle from loc by quadrature
/// that rounding limits. Sources: K. V. Mardia and P. E. Jupp, "Directional Statistics", 2000, section 9.3; for the use
/// as a posterior T. R. Davidson et al., "Hyperspherical variational auto-encoders", 2018.
[<Sealed>]
type VonMisesFisher private (loc: Tensor, concentration: Tensor, _isChecked: bool) =
    inherit Distribution()

    let d = loc.shape[loc.shape.Length - 1]

    /// From its direction and concentration, whose batches broadcast. Refuses a direction whose length is not 1, one of
    /// fewer than two dimensions, and a concentration that is not positive.
    new(loc: Tensor, concentration: Tensor) =
        let loc, concentration = Sphere.axial loc concentration
        VonMisesFisher(loc, concentration, true)

    /// The direction that is densest, [batch..., d].
    member _.Loc = loc
    /// How close to it the law keeps, [batch...].
    member _.Concentration = concentration

    /// E[loc'x], the length of the mean.
    member internal _.MeanCosine = 1.0 .+ (Colatitude.meanVersine d concentration).neg()

    /// log of the integral of exp(concentration (loc'x - 1)) over the sphere.
    member internal _.LogNormaliser = Sphere.logArea d .+ Colatitude.logNormaliser d concentration

    override _.BatchShape = Shape.ofTensor concentration
    override _.EventShape = [| d |]
    override _.Support = Support.Sphere
    override _.Placement = Placement.like loc

    /// concentration (loc'x - 1) - log normaliser
    override this.LogDensity x = (concentration * Sphere.gap x loc).neg() - this.LogNormaliser

    /// Standard normal numbers: one for the angle from loc, the others for the direction about it.
    member internal _.Noise key draws = Key.normal (Placement.like loc) (Array.append draws loc.shape) key

    member internal _.Push(noise: Tensor) =
        let first = noise.select (-1L, 0L)
        let u = torch.special.ndtr (first.to_type torch.ScalarType.Float64)
        Sphere.around loc (Colatitude.quantile d concentration u) (noise.narrow (-1L, 1L, d - 1L))

    override this.Sample(key, draws) = withoutGradient (fun () -> this.Push(this.Noise key draws))

    override this.Mean = Tensor.scoped (fun () -> loc * this.MeanCosine.unsqueeze -1L)

    override _.Variance =
        Tensor.scoped (fun () ->
            let mean = Colatitude.meanVersine d concentration
            let square = Colatitude.expectation d concentration _.squared()
            // Var[t], and E[1 - t^2] for t = 1 - s.
            let central =
                Colatitude.expectation d concentration (fun s -> (s - (mean.to_type s.dtype).unsqueeze -1L).squared())

            Sphere.variance loc central ((2.0 .* mean) - square))

    override _.Mode = Some loc

    override _.Entropy =
        known (fun () ->
            let uniform = torch.zeros_like concentration
            Sphere.logArea d .+ (Colatitude.divergence d concentration uniform).neg())

[<RequireQualifiedAccess>]
module VonMisesFisher =
    /// VonMisesFisher(loc, concentration), from a unit vector [batch..., d] and a concentration [batch...].
    let create (loc: Tensor) (concentration: Tensor) = VonMisesFisher(loc, concentration)

    /// The law with its sample path: the angle from loc by its quantile, with the implicit gradient, and the direction
    /// about loc by the noise's. For every d; it can be differentiated once.
    let pathwise (law: VonMisesFisher) = Reparameterized(law, PathOrder.Once, law.Noise, law.Push)

    /// VonMisesFisher as a kind of law.
    let info =
        LawInfo.of2 "VonMisesFisher" (LawParameter.direction "loc") (LawParameter.shape "concentration") create
        |> LawInfo.withPath pathwise
