namespace Vae.Core

/// The transforms, by their makers.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Transform =
    /// y = loc + scale x, element by element. Refuses a scale of 0.
    let affine (loc: Tensor) (scale: Tensor) : Transform = AffineTransform.Create(loc, scale)

    /// y = loc + scaleTril x, for vectors x [..., k]; loc is [batch..., k], scaleTril [batch..., k, k].
    let scaleTril (loc: Tensor) (scaleTril: Tensor) : Transform = ScaleTrilTransform.Create(loc, scaleTril)

    /// y = e^x
    let exp: Transform = ExpTransform()

    /// y = log(1 + e^x)
    let softplus: Transform = SoftplusTransform()

    /// y = 1 / (1 + e^-x)
    let sigmoid: Transform = SigmoidTransform()

    /// y = tanh x
    let tanh: Transform = TanhTransform()

    /// y = x^exponent of positive numbers. Refuses an exponent of 0.
    let power (exponent: Tensor) : Transform = PowerTransform.Create exponent

    /// From vectors of k - 1 numbers to the simplex of k.
    let stickBreaking: Transform = StickBreakingTransform()

    /// y_i = x_order(i)
    let permute (order: int[]) : Transform = PermuteTransform.Create order

    /// Reflections by vectors [batch..., n, k], one after another.
    let householder (vectors: Tensor) : Transform = HouseholderTransform.Create vectors

    /// y = x + u' tanh(w . x + b), with u' made from u so that it is a bijection.
    let planar (u: Tensor) (w: Tensor) (b: Tensor) : Transform = PlanarTransform.Create(u, w, b)

    /// y = x + b (x - centre) / (alpha + |x - centre|), with b made from beta so that it is a bijection.
    let radial (centre: Tensor) (alpha: Tensor) (beta: Tensor) : Transform = RadialTransform.Create(centre, alpha, beta)

    /// y = x + Q R tanh(R' Q' x + b), with Q made from reflections by vectors [batch..., n, k].
    let sylvester (vectors: Tensor) (r: Tensor) (rTilde: Tensor) (b: Tensor) : Transform =
        SylvesterTransform.Create(vectors, r, rTilde, b)

    /// Numbers where the mask is true pass; they decide the elementwise transform of the others, as the conditioner says:
    /// from [..., passing] to a transform of [..., changing].
    let couplingBy (mask: bool[]) (conditioner: Tensor -> Transform) : Transform =
        CouplingTransform.Create(mask, conditioner)

    /// Numbers where the mask is true pass; they decide the shift and the log-scale of the others.
    let coupling (mask: bool[]) (conditioner: Tensor -> Tensor * Tensor) : Transform =
        couplingBy mask (fun passing -> AffineTransform.OfLogScale(conditioner passing) :> Transform)

    /// y_i = shift_i + e^logScale_i x_i by what the network makes of y before i: densities in one pass, draws in k.
    let maskedAutoregressive (made: Made) : Transform = MaskedAutoregressiveTransform made

    /// y_i = shift_i + e^logScale_i x_i by what the network makes of x before i: draws in one pass, densities in k.
    let inverseAutoregressive (made: Made) : Transform = InverseAutoregressiveTransform made

    /// A monotone rational-quadratic spline on [-bound, bound] and the identity outside: widths and heights [..., n],
    /// slopes [..., n - 1].
    let spline (bound: float) (widths: Tensor) (heights: Tensor) (slopes: Tensor) : Transform =
        SplineTransform.Create(bound, widths, heights, slopes)

    /// Transforms one after another, the first of the list first. An empty list is the identity.
    let chain (parts: Transform list) : Transform =
        let flat =
            parts
            |> List.collect (function
                | :? ChainTransform as chain -> chain.Parts
                | part -> [ part ])

        match flat with
        | [ only ] -> only
        | parts -> ChainTransform parts

    /// The transform with its directions exchanged.
    let inverse (transform: Transform) : Transform =
        match transform with
        | :? InverseTransform as inverse -> inverse.Of
        | _ -> InverseTransform transform
