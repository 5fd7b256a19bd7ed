namespace Vae.Core

open TorchSharp

/// DiscretizedLogistic(loc, scale, bins) on the levels 0, 1, ..., bins - 1: Logistic(loc, scale) rounded to the nearest level,
/// where the first and last level take the tails (T. Salimans et al., "PixelCNN++", 2017). loc and scale are in levels: a grey
/// value x in [0, 1] of 256 levels is the level 255 x. No log-mass cancels, so that the scale needs no floor and has none.
[<Sealed>]
type DiscretizedLogistic private (loc: Tensor, scale: Tensor, bins: Tensor, last: Tensor) =
    inherit Univariate()

    /// The upper edge of a level in scales from loc.
    let edge (k: Tensor) : Tensor = ((0.5 .+ k) - loc) / scale

    let lower (k: Tensor) : Tensor =
        torch.where (
            k.lt (0.0.AsScalar()),
            torch.zeros_like k,
            (edge k).sigmoid().masked_fill(k.ge last, 1.0.AsScalar())
        )

    let upper (k: Tensor) : Tensor =
        torch.where (
            k.lt (0.0.AsScalar()),
            torch.ones_like k,
            (edge k).neg().sigmoid().masked_fill(k.ge last, 0.0.AsScalar())
        )

    /// The least level for which a condition holds, from one that is off by at most 1 through rounding.
    let settle (holds: Tensor -> Tensor) (k: Tensor) : Tensor =
        let inside (k: Tensor) = torch.minimum (k.clamp_min (0.0.AsScalar()), last)
        let k = inside k
        let before = inside (-1.0 .+ k)
        let after = inside (1.0 .+ k)
        torch.where (holds before, before, torch.where (holds k, k, after))

    /// Levels in a first dimension, and their probabilities, 0 beyond the last one of each law.
    let levels (law: DiscretizedLogistic) =
        let count = int64 (Tensor.toFloat (bins.max ()))
        let shape = Array.append [| -1L |] (Array.create (int (loc.dim ())) 1L)
        let k = (Tensor.range (Placement.like loc) count).reshape shape
        let isLevel = k.le last
        let logMass = law.LogDensity k
        isLevel, k, logMass

    /// From the mean and scale of the logistic law and the number of levels, which broadcast. Refuses a mean that is not finite,
    /// a scale that is not positive, and fewer than 2 levels.
    new(loc: Tensor, scale: Tensor, bins: Tensor) =
        Check.finite (nameof loc) loc
        Check.positive (nameof scale) scale
        Check.whole 2.0 (nameof bins) bins
        let loc, scale, bins = together3 (nameof loc) loc (nameof scale) scale (nameof bins) bins
        DiscretizedLogistic(loc, scale, bins, Tensor.scoped (fun () -> -1.0 .+ bins))

    /// With 256 levels, as bytes have.
    new(loc: Tensor, scale: Tensor) = DiscretizedLogistic(loc, scale, ownLike loc 256.0)

    /// From three numbers, in float64.
    new(loc: float, scale: float, bins: float) =
        Check.finiteFloat (nameof loc) loc
        Check.positiveFloat (nameof scale) scale
        Check.wholeFloat 2.0 (nameof bins) bins
        DiscretizedLogistic(ownNumber loc, ownNumber scale, ownNumber bins, ownNumber (bins - 1.0))

    /// The mean of the logistic law, in levels.
    member _.Loc = loc
    /// The scale of the logistic law, in levels.
    member _.Scale = scale
    /// The number of levels.
    member _.Bins = bins

    override _.BatchShape = Shape.ofTensor loc
    override _.Support = Support.Integers(Bound.At 0.0, Bound.PerLaw last)
    override _.Placement = Placement.like loc

    /// log(sigma(b) - sigma(a)) = log sigma(b) + log sigma(-a) + log(1 - e^(a - b)) with a and b the edges of the level;
    /// one term alone for the first level and for those that are the last.
    static member internal LogMass(loc: Tensor, scale: Tensor, isLast: Tensor, level: Tensor) : Tensor =
        let edge (k: Tensor) = ((0.5 .+ k) - loc) / scale
        let isFirst = level.le (0.0.AsScalar())
        let below = (Logistic.softplus ((edge level).neg())).neg()
        let above = (Logistic.softplus (edge (-1.0 .+ level))).neg()
        let width = scale.reciprocal().neg().expm1().neg().log()
        let zero = torch.zeros_like level
        let within = torch.where (isFirst.logical_or isLast, zero, width)
        torch.where (isLast, zero, below) .+. torch.where (isFirst, zero, above) .+. within

    override _.LogDensity x = DiscretizedLogistic.LogMass(loc, scale, x.ge last, x)

    override _.LowerTail x = lower x
    override _.UpperTail x = upper x

    override _.FromLower p =
        (loc .+. scale * Logistic.logit p - (0.5).AsScalar()).ceil() |> settle (fun k -> (lower k).ge p)

    override _.FromUpper q =
        (loc - scale * Logistic.logit q - (0.5).AsScalar()).ceil() |> settle (fun k -> (upper k).le q)

    /// By the sum over all levels.
    override this.Mean =
        Tensor.scoped (fun () ->
            let isLevel, k, logMass = levels this
            (logMass.exp () * k * isLevel).sum [| 0L |])

    /// By the sum over all levels.
    override this.Variance =
        Tensor.scoped (fun () ->
            let isLevel, k, logMass = levels this
            let mass = logMass.exp () * isLevel
            (mass * (k - (mass * k).sum [| 0L |]).squared()).sum [| 0L |])

    /// The level of the logistic law's mean, or an end, whichever has the most.
    override this.Mode =
        known (fun () ->
            let nearest = torch.minimum (loc.round().clamp_min(0.0.AsScalar()), last)
            let candidates = torch.stack ([| nearest; torch.zeros_like last; last |], 0L)
            let best = (this.LogDensity candidates).argmax(0L, keepdim = true)
            candidates.gather(0L, best).squeeze 0L)

    /// By the sum over all levels.
    override this.Entropy =
        known (fun () ->
            let isLevel, _, logMass = levels this
            (logMass.exp () * logMass * isLevel).sum([| 0L |]).neg())

[<RequireQualifiedAccess>]
module DiscretizedLogistic =
    /// DiscretizedLogistic(loc, scale, bins), from three tensors that broadcast.
    let create (loc: Tensor) (scale: Tensor) (bins: Tensor) = DiscretizedLogistic(loc, scale, bins)

    /// The levels of grey values in [0, 1], rounded to the nearest.
    let levelsOf (bins: int) (grey: Tensor) : Tensor = Tensor.scoped (fun () -> (float (bins - 1) .* grey).round())

    /// DiscretizedLogistic as a kind of law.
    let info =
        LawInfo.of3
            "DiscretizedLogistic"
            (LawParameter.real "loc")
            (LawParameter.positive "scale")
            (LawParameter.whole 2.0 "bins" |> LawParameter.defaultingTo 256.0)
            create
