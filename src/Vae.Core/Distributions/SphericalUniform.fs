namespace Vae.Core

open TorchSharp

/// The uniform law on the unit sphere of R^d. Its density is with respect to the sphere's area, as that of every law there.
[<Sealed>]
type SphericalUniform private (dimensions: int, batch: int64[], placement: Placement) =
    inherit Distribution()

    do Check.atLeast 2 (nameof dimensions) dimensions

    let d = int64 dimensions
    let logArea = Sphere.logArea d
    let point = Array.append batch [| d |]

    /// On the sphere of R^d, d at least 2.
    new(dimensions: int, placement: Placement) = SphericalUniform(dimensions, [||], placement)

    /// On the sphere of R^d, in float64.
    new(dimensions: int) = SphericalUniform(dimensions, Placement.float64)

    /// As many laws side by side as there are numbers, which are equal.
    static member internal OfTensor(dimensions: Tensor) =
        let d = Sphere.dimension (nameof dimensions) dimensions
        SphericalUniform(d, dimensions.shape, Placement.like dimensions)

    /// d, of the space about the sphere.
    member _.Dimensions = dimensions

    override _.BatchShape = batch
    override _.EventShape = [| d |]
    override _.Support = Support.Sphere
    override _.Placement = placement
    override _.LogDensity x = filled placement (fst (Shape.splitLast 1 x.shape)) -logArea

    member internal _.Noise key draws = Key.normal placement (Array.append draws point) key
    member internal _.Push(noise: Tensor) = noise / noise.squared().sum(-1L, keepdim = true).sqrt()

    override this.Sample(key, draws) = withoutGradient (fun () -> this.Push(this.Noise key draws))

    override _.Mean = Tensor.scoped (fun () -> filled placement point 0.0)
    override _.Variance = Tensor.scoped (fun () -> filled placement point (1.0 / float d))

    /// The first coordinate vector: every point is as dense.
    override _.Mode = known (fun () -> (Support.anchor placement [| d |] Support.Sphere).expand point)
    override _.Entropy = known (fun () -> filled placement batch logArea)

[<RequireQualifiedAccess>]
module SphericalUniform =
    /// The uniform law on the unit sphere of R^d, in float64.
    let create (dimensions: int) = SphericalUniform dimensions

    /// The law with its sample path, noise by its length; it has no parameter to differentiate in.
    let pathwise (law: SphericalUniform) = Reparameterized(law, law.Noise, law.Push)

    /// SphericalUniform as a kind of law: without a path, as there is nothing to differentiate in.
    let info =
        LawInfo.of1 "SphericalUniform" (LawParameter.whole 2.0 "dimensions") SphericalUniform.OfTensor
