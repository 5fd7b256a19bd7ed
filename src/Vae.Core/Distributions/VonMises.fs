namespace Vae.Core

open System
open TorchSharp

/// The law of von Mises of angles, on [-pi, pi], element by element: with density proportional to
/// exp(concentration cos(x - loc)), 2 pi-periodic in loc. Mean and variance are those of the number x, not of the direction.
/// The distribution function and the quantiles carry no gradient. Source: K. V. Mardia and P. E. Jupp, "Directional
/// Statistics", 2000, section 3.5.4.
[<Sealed>]
type VonMises private (loc: Tensor, concentration: Tensor, _isChecked: bool) =
    inherit Univariate()

    let place = Placement.like loc

    /// 2 sin^2((x - loc) / 2) = 1 - cos(x - loc)
    let versine (x: Tensor) = 2.0 .* (0.5 .* (x - loc)).sin().squared()

    let logDensity (x: Tensor) =
        (concentration * versine x).neg()
        - (log (2.0 * Math.PI) .+ Colatitude.logNormaliser 2L concentration)

    /// E[f(x)], by quadrature over the angles that are likely, cut where x jumps from pi to -pi.
    let expectation (f: Tensor -> Tensor) =
        let both = Array.zip (Tensor.toArray loc) (Tensor.toArray concentration)

        let points =
            both
            |> Array.map (fun (loc, kappa) ->
                let loc = VonMisesArc.centre loc
                let struct (middle, half) = Colatitude.stretch 2L kappa
                let reach = middle + half
                let jump = if loc >= 0.0 then Math.PI - loc else -Math.PI - loc
                let cut = max -reach (min reach jump)

                let between low high =
                    Array.map2
                        (fun node weight ->
                            let angle = 0.5 * (low + high) + 0.5 * (high - low) * node
                            VonMisesArc.centre (loc + angle), 0.5 * (high - low) * weight)
                        Colatitude.nodes
                        Colatitude.weights

                Array.append (between -reach cut) (between cut reach))

        let count = points |> Array.tryHead |> Option.map Array.length |> Option.defaultValue 0
        let shape = Array.append [| int64 count |] loc.shape

        let column part =
            Array.init (count * points.Length) (fun i -> part points[i % points.Length].[i / points.Length])

        let x = Tensor.ofArray place shape (column fst)
        let weights = Tensor.ofArray place shape (column snd)
        (weights * (logDensity x).exp() * f x).sum [| 0L |]

    /// From its direction, in radians, and concentration, which broadcast. Refuses a direction that is not finite and a
    /// concentration that is not positive.
    new(loc: Tensor, concentration: Tensor) =
        Check.finite (nameof loc) loc
        Check.positive (nameof concentration) concentration
        let loc, concentration = together (nameof loc) loc (nameof concentration) concentration
        VonMises(loc, concentration, true)

    /// From two numbers, in float64.
    new(loc: float, concentration: float) =
        Check.finiteFloat (nameof loc) loc
        Check.positiveFloat (nameof concentration) concentration
        VonMises(ownNumber loc, ownNumber concentration, true)

    /// The densest angle, in radians.
    member _.Loc = loc
    /// How close to it the law keeps.
    member _.Concentration = concentration

    /// E[cos(x - loc)]
    member internal _.MeanCosine = 1.0 .+ (Colatitude.meanVersine 2L concentration).neg()

    override _.BatchShape = Shape.ofTensor loc
    override _.Support = Support.Closed(Bound.At -Math.PI, Bound.At Math.PI)
    override _.Placement = place

    /// concentration (cos(x - loc) - 1) - log of the integral of its exponential
    override _.LogDensity x = logDensity x

    override _.LowerTail x = Elementwise.map3 VonMisesArc.lower loc concentration x
    override _.UpperTail x = Elementwise.map3 VonMisesArc.upper loc concentration x
    override _.FromLower p = Elementwise.map3 VonMisesArc.quantile loc concentration p

    override _.FromUpper q =
        Elementwise.map3 (fun loc kappa q -> -(VonMisesArc.quantile -loc kappa q)) loc concentration q

    member internal _.Noise key draws = Key.uniform place (Array.append draws loc.shape) key

    /// The quantile with its implicit gradient; by loc it is 1 - density(-pi) / density(x).
    member internal this.Push(noise: Tensor) =
        let x = this.FromLower noise
        let atEnd = torch.full_like (loc, (-Math.PI).AsScalar())
        let byLoc = 1.0 .+ (logDensity atEnd - logDensity x).exp().neg()

        Elementwise.implicitly x [ loc, byLoc; concentration, Elementwise.map3 VonMisesArc.slope loc concentration x ]

    override _.Mean = Tensor.scoped (fun () -> expectation id)

    override _.Variance =
        Tensor.scoped (fun () ->
            let mean = expectation id
            expectation (fun x -> (x - mean).squared()))

    override _.Mode = known (fun () -> loc - (2.0 * Math.PI) .* ((0.5 / Math.PI) .* loc).round())

    override _.Entropy =
        known (fun () ->
            log (2.0 * Math.PI)
            .+ (Colatitude.divergence 2L concentration (torch.zeros_like concentration)).neg())

[<RequireQualifiedAccess>]
module VonMises =
    /// VonMises(loc, concentration), from two tensors that broadcast.
    let create (loc: Tensor) (concentration: Tensor) = VonMises(loc, concentration)

    /// The law with its sample path, its quantile of uniform noise with the implicit gradient: it can be differentiated
    /// once. The path does not cross from pi to -pi, so that gradients of E[f(x)] are right for every f, periodic or not.
    let pathwise (law: VonMises) = Reparameterized(law, PathOrder.Once, law.Noise, law.Push)

    /// VonMises as a kind of law.
    let info =
        LawInfo.of2 "VonMises" (LawParameter.real "loc") (LawParameter.shape "concentration") create
        |> LawInfo.withPath pathwise
