namespace Vae.Core

open TorchSharp

/// The power spherical law on the unit sphere of R^d, d >= 2, with density proportional to (1 + loc'x)^concentration with
/// respect to the sphere's area. loc is a unit vector, [batch..., d]; concentration [batch...]. (1 + loc'x) / 2 is
/// Beta(concentration + (d - 1)/2, (d - 1)/2). Source: N. De Cao and W. Aziz, "The power spherical distribution", 2020.
[<Sealed>]
type PowerSpherical private (loc: Tensor, concentration: Tensor, _isChecked: bool) =
    inherit Distribution()

    let d = loc.shape[loc.shape.Length - 1]
    /// The Beta law's second parameter.
    let half = 0.5 * float (d - 1L)
    let logUniform = LogGamma.at (2.0 * half) - LogGamma.at half

    /// From its direction and concentration, whose batches broadcast. Refuses a direction whose length is not 1, one of
    /// fewer than two dimensions, and a concentration that is not positive.
    new(loc: Tensor, concentration: Tensor) =
        let loc, concentration = Sphere.axial loc concentration
        PowerSpherical(loc, concentration, true)

    /// The direction that is densest, [batch..., d].
    member _.Loc = loc
    /// How close to it the law keeps, [batch...].
    member _.Concentration = concentration

    /// log E[((1 + loc'x) / 2)^concentration] under the uniform law: by Beta functions of the concentration.
    member internal _.LogMoment =
        logUniform .+ ((half .+ concentration).lgamma() - (2.0 * half .+ concentration).lgamma())

    /// E[log((1 + loc'x) / 2)]
    member internal _.MeanLog = (half .+ concentration).digamma() - (2.0 * half .+ concentration).digamma()

    /// The same under the uniform law.
    member internal _.UniformMeanLog = LogGamma.digamma half - LogGamma.digamma (2.0 * half)

    /// E[loc'x], the length of the mean: k / (k + d - 1).
    member internal _.MeanCosine = concentration / (2.0 * half .+ concentration)

    /// KL from the uniform law: k E[log((1 + loc'x) / 2)] - log E_uniform[((1 + loc'x) / 2)^k].
    member internal this.FromUniform = concentration * this.MeanLog - this.LogMoment

    override _.BatchShape = Shape.ofTensor concentration
    override _.EventShape = [| d |]
    override _.Support = Support.Sphere
    override _.Placement = Placement.like loc

    /// concentration log((1 + loc'x) / 2) - the log of its mean under the uniform law - the log of the area
    override this.LogDensity x =
        // (1 + loc'x) / 2 = |x + loc|^2 / 4, which does not cancel.
        let share = 0.5 .* Sphere.gap x (loc.neg ())
        concentration * share.log () - (Sphere.logArea d .+ this.LogMoment)

    /// Standard normal numbers: one for the angle from loc, the others for the direction about it and the angle.
    member internal _.Noise key draws = Key.normal (Placement.like loc) (Array.append draws loc.shape) key

    /// With g a Gamma(concentration + (d - 1)/2) draw and n the other normal numbers, |n|^2 / 2 is a Gamma((d - 1)/2) draw,
    /// independent of n's direction: tan(angle / 2)^2 = |n|^2 / (2 g) is the ratio of the two.
    member internal _.Push(noise: Tensor) =
        let others = noise.narrow (-1L, 1L, d - 1L)
        let gamma = StandardGamma.drawOfNormal (half .+ concentration) (noise.select (-1L, 0L))
        let angle = 2.0 .* (others.squared().sum(-1L) / (2.0 .* gamma)).sqrt().atan()
        Sphere.around loc angle others

    override this.Sample(key, draws) = withoutGradient (fun () -> this.Push(this.Noise key draws))

    override this.Mean = Tensor.scoped (fun () -> loc * this.MeanCosine.unsqueeze -1L)

    override _.Variance =
        Tensor.scoped (fun () ->
            let a, n = half .+ concentration, 2.0 * half .+ concentration
            let product = (4.0 * half) .* a / (n * (1.0 .+ n))
            Sphere.variance loc (product / n) product)

    override _.Mode = Some loc
    override this.Entropy = known (fun () -> Sphere.logArea d .+ this.FromUniform.neg ())

[<RequireQualifiedAccess>]
module PowerSpherical =
    /// PowerSpherical(loc, concentration), from a unit vector [batch..., d] and a concentration [batch...].
    let create (loc: Tensor) (concentration: Tensor) = PowerSpherical(loc, concentration)

    /// The law with its sample path: the angle from loc by a gamma draw with its implicit gradient, and the direction about
    /// loc by the noise's. It can be differentiated once.
    let pathwise (law: PowerSpherical) = Reparameterized(law, PathOrder.Once, law.Noise, law.Push)

    /// PowerSpherical as a kind of law.
    let info =
        LawInfo.of2 "PowerSpherical" (LawParameter.direction "loc") (LawParameter.shape "concentration") create
        |> LawInfo.withPath pathwise
