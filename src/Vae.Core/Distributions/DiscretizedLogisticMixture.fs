namespace Vae.Core

open TorchSharp

/// Images [channels, height, width] of so many levels, by a mixture of discretized logistic laws of each pixel (T. Salimans et al.,
/// "PixelCNN++", 2017, 2.1 and 2.2). A pixel's channels are of one component. Grey images have one channel; of the three of colours,
/// the mean of green moves with red, and that of blue with red and green, by factors that are a component's own.
///
/// x is in [0, 1], a level divided by the largest; loc and scale are in levels, as those of `DiscretizedLogistic`, and so
/// are the levels that means move with, counted from the middle of the range.
[<Sealed>]
type DiscretizedLogisticMixture
    private (logits: Tensor, loc: Tensor, scale: Tensor, coefficients: Tensor option, bins: int) =
    inherit Distribution()

    let batch, shape = Shape.splitLast 4 (Shape.ofTensor loc)
    let channels, height, width = shape[1], shape[2], shape[3]
    let last = float (bins - 1)

    /// How far levels are from the middle.
    let centred (level: Tensor) = (-0.5 * last) .+ level

    /// What the means move by, one channel's after another, of levels that `levelOf` gives and coefficients [..., 3, height, width].
    let green (c: Tensor) (red: Tensor) = c.select (-3L, 0L) * centred red

    let blue (c: Tensor) (red: Tensor) (green: Tensor) =
        c.select (-3L, 1L) * centred red .+. c.select (-3L, 2L) * centred green

    /// The means of components, [..., k, channels, height, width], given levels [..., 1, channels, height, width].
    let given (level: Tensor) =
        match coefficients with
        | None -> loc
        | Some c ->
            let red, greens = level.select (-3L, 0L), level.select (-3L, 1L)
            let ofGreen, ofBlue = green c red, blue c red greens
            loc .+. torch.stack ([| torch.zeros_like ofGreen; ofGreen; ofBlue |], -3L)

    let logMass (level: Tensor) = DiscretizedLogistic.LogMass(given level, scale, level.ge (last.AsScalar()), level)

    /// The sum of a function of levels, [n, 1, ...], over all of them, few at a time.
    let overLevels (count: int64) (terms: Tensor -> Tensor) =
        let part (first: int64) =
            Tensor.scoped (fun () ->
                let levels = float first .+ Tensor.range (Placement.like loc) (min 16L (count - first))
                let terms = terms (levels.reshape (Array.append [| -1L |] (Array.create (int (loc.dim ())) 1L)))
                terms.sum [| 0L |])

        [ 0L .. 16L .. count - 1L ] |> List.map part |> List.reduce (.+.)

    /// E[level] of each component, the sum of P(X > k) over k.
    let means () = overLevels (int64 bins - 1L) (fun k -> ((loc - (0.5 .+ k)) / scale).sigmoid())

    /// The sum over components of weight times value, values in levels, of the batch's shape and the event's.
    let expectation (values: Tensor) = ((logits.softmax (-3L)).unsqueeze(-3L) * values).sum([| -4L |])

    static let refuseShape argument (t: Tensor) expected =
        Check.refuse argument $"of shape %s{Check.shape t.shape}" expected

    /// Refuses parameters that do not fit, a scale that is not positive, numbers that are not finite and fewer than 2 levels.
    static member private Create
        (logits: Tensor, loc: Tensor, scale: Tensor, coefficients: Tensor option, bins: int, channels: int64)
        =
        Check.atLeast 2 (nameof bins) bins
        Check.finite (nameof loc) loc
        Check.finite (nameof logits) logits
        Check.positive (nameof scale) scale

        if loc.dim () < 4L || loc.shape[loc.shape.Length - 3] <> channels then
            refuseShape (nameof loc) loc $"[batch..., components, %d{channels}, height, width]"

        let leading, image = Shape.splitLast 3 loc.shape
        let perPixel = Array.append leading image[1..]

        if logits.shape <> perPixel then
            refuseShape (nameof logits) logits $"%s{Check.shape perPixel}: a logit of each component and pixel"

        if scale.shape <> loc.shape then
            refuseShape (nameof scale) scale $"%s{Check.shape loc.shape}, that of loc"

        Check.together (nameof loc) loc (nameof logits) logits
        Check.together (nameof loc) loc (nameof scale) scale

        match coefficients with
        | None -> ()
        | Some coefficients ->
            Check.finite (nameof coefficients) coefficients

            if coefficients.shape <> loc.shape then
                refuseShape
                    (nameof coefficients)
                    coefficients
                    $"%s{Check.shape loc.shape}: three of each component and pixel"

            Check.together (nameof loc) loc (nameof coefficients) coefficients

        DiscretizedLogisticMixture(logits, loc, scale, coefficients, bins)

    /// Of grey images: logits [batch..., k, height, width] of k components, and loc and scale [batch..., k, 1, height, width], in
    /// levels.
    static member Grey(logits: Tensor, loc: Tensor, scale: Tensor, bins: int) =
        DiscretizedLogisticMixture.Create(logits, loc, scale, None, bins, 1L)

    /// Of colours: logits [batch..., k, height, width] of k components, and loc, scale and coefficients [batch..., k, 3, height,
    /// width]. loc and scale are of red, green and blue, in levels; the coefficients what the mean of green moves by with red, that
    /// of blue with red, and that of blue with green.
    static member Colour(logits: Tensor, loc: Tensor, scale: Tensor, coefficients: Tensor, bins: int) =
        DiscretizedLogisticMixture.Create(logits, loc, scale, Some coefficients, bins, 3L)

    /// Of a network's numbers. Nothing is checked.
    static member internal OfNetwork(logits, loc, scale, coefficients, bins) =
        DiscretizedLogisticMixture(logits, loc, scale, coefficients, bins)

    /// The logits of the components, [batch..., k, height, width].
    member _.Logits = logits
    /// The means of the logistic laws, in levels, [batch..., k, channels, height, width].
    member _.Loc = loc
    /// Their scales, in levels.
    member _.Scale = scale
    /// What the means of green and blue move by; None of grey images.
    member _.Coefficients = coefficients
    /// The number of levels.
    member _.Bins = bins

    override _.BatchShape = batch
    override _.EventShape = [| channels; height; width |]
    override _.Support = Support.Levels bins
    override _.Placement = Placement.like loc

    /// The sum over pixels of log sum_k w_k prod_c p_k(x_c | the channels before), by log-sum-exp.
    override _.LogDensity x =
        let level = (last .* x).round().unsqueeze -4L
        let components = logits.log_softmax (-3L) .+. (logMass level).sum([| -3L |])
        (components.logsumexp -3L).sum [| -2L; -1L |]

    /// A component of each pixel, and of it red, then green given red, then blue given both.
    override this.Sample(key, draws) =
        withoutGradient (fun () ->
            let whichKey, noiseKey = Key.split key
            let which = (Categorical.OfLogits(logits.movedim ([| -3L |], [| -1L |]))).Sample(whichKey, draws)
            let index = which.to_type(torch.ScalarType.Int64).unsqueeze(-3L).unsqueeze -3L

            let chosen (t: Tensor) =
                let all = t.expand (Array.append draws t.shape)
                let places = all.shape
                places[places.Length - 4] <- 1L
                all.gather(all.dim () - 4L, index.expand places).squeeze -4L

            let loc, scale = chosen loc, chosen scale
            let noise = scale * Logistic.logit (Key.uniform this.Placement loc.shape noiseKey)

            let level (channel: int64) (mean: Tensor) =
                (mean .+. noise.select (-3L, channel)).round().clamp(0.0.AsScalar(), last.AsScalar())

            let mean (channel: int64) = loc.select (-3L, channel)

            let levels =
                match coefficients |> Option.map chosen with
                | None -> [| level 0L (mean 0L) |]
                | Some c ->
                    let red = level 0L (mean 0L)
                    let greens = level 1L (mean 1L .+. green c red)
                    [| red; greens; level 2L (mean 2L .+. blue c red greens) |]

            (1.0 / last) .* torch.stack (levels, -3L))

    /// Of grey images, by the sum over all levels.
    override this.Mean =
        if coefficients.IsSome then
            unknown this "mean"

        Tensor.scoped (fun () -> (1.0 / last) .* expectation (means ()))

    /// Of grey images, by the sum over all levels.
    override this.Variance =
        if coefficients.IsSome then
            unknown this "variance"

        Tensor.scoped (fun () ->
            let own = means ()
            let mean = expectation own
            let within = overLevels (int64 bins) (fun k -> (logMass k).exp() * (k - own).squared())
            let between = (own - mean.unsqueeze -4L).squared()
            (1.0 / (last * last)) .* expectation (within .+. between))

[<RequireQualifiedAccess>]
module DiscretizedLogisticMixture =
    /// Of grey images of so many levels: logits [batch..., k, height, width], loc and scale [batch..., k, 1, height, width].
    let grey (bins: int) (logits: Tensor) (loc: Tensor) (scale: Tensor) =
        DiscretizedLogisticMixture.Grey(logits, loc, scale, bins)

    /// Of colours of so many levels: logits [batch..., k, height, width], loc, scale and coefficients [batch..., k, 3, height,
    /// width].
    let colour (bins: int) (logits: Tensor) (loc: Tensor) (scale: Tensor) (coefficients: Tensor) =
        DiscretizedLogisticMixture.Colour(logits, loc, scale, coefficients, bins)
