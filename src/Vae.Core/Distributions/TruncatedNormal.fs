namespace Vae.Core

open TorchSharp

/// TruncatedNormal(loc, scale, low, high): Normal(loc, scale), given that the draw lies between two ends, however far
/// out these are; an end may be infinite. Moments and entropy are by quadrature to the last digits; both tails and quantiles have no gradient.
[<Sealed>]
type TruncatedNormal private (loc: Tensor, scale: Tensor, low: Tensor, high: Tensor, _isChecked: bool) =
    inherit Univariate()

    /// So many scales beyond the mean or the other end nothing is left of the law, not in logs that a number holds.
    let beyond = 60.0

    /// The ends, and in place of infinite ones numbers that no draw reaches.
    let from () =
        let far = (torch.minimum (loc, high) - beyond .* scale).detach()
        torch.where (low.isinf (), far, low)

    let upTo () =
        let far = (torch.maximum (loc, low) .+. beyond .* scale).detach()
        torch.where (high.isinf (), far, high)

    /// These in scales from the mean.
    let ends () = (from () - loc) / scale, (upTo () - loc) / scale

    /// Distances from them.
    let above (x: Tensor) = ((x - from ()) / scale).clamp_min(0.0.AsScalar())
    let under (x: Tensor) = ((upTo () - x) / scale).clamp_min(0.0.AsScalar())

    let quantile (p: Tensor) : Tensor =
        let a, b = ends ()
        let offset = Elementwise.map4 NormalInterval.quantile p a b ((upTo () - from ()) / scale)
        let fromLow = torch.minimum (from () .+. scale * offset, upTo ())
        let fromHigh = torch.maximum (upTo () .+. scale * offset, from ())
        torch.where (offset.ge (0.0.AsScalar()), fromLow, fromHigh)

    /// From the mean and the standard deviation of the normal law, and two ends; all broadcast. Refuses a mean that is not
    /// finite, a scale that is not positive and ends that are not in order.
    new(loc: Tensor, scale: Tensor, low: Tensor, high: Tensor) =
        Check.finite (nameof loc) loc
        Check.positive (nameof scale) scale
        Check.end' (nameof low) low
        Check.end' (nameof high) high

        let all =
            Tensor.scopedAll (fun () ->
                let loc, scale, low = together3 (nameof loc) loc (nameof scale) scale (nameof low) low
                let low, high = together (nameof low) low (nameof high) high
                Check.every (nameof low) $"numbers below %s{nameof high}" (fun low -> low.lt (high.detach ())) low
                [| loc.expand low.shape; scale.expand low.shape; low; high |])

        TruncatedNormal(all[0], all[1], all[2], all[3], true)

    /// From four numbers, in float64.
    new(loc: float, scale: float, low: float, high: float) =
        Check.finiteFloat (nameof loc) loc
        Check.positiveFloat (nameof scale) scale

        if not (low < high) then
            Check.refuse (nameof low) (Check.number low) $"a number below %s{nameof high}, %s{Check.number high}"

        TruncatedNormal(ownNumber loc, ownNumber scale, ownNumber low, ownNumber high, true)

    /// The mean of the normal law.
    member _.Loc = loc
    /// The standard deviation of the normal law.
    member _.Scale = scale
    /// The lower end.
    member _.Low = low
    /// The upper end.
    member _.High = high

    /// The ends, finite.
    member internal _.Reached = from (), upTo ()

    member internal _.Over = OverInterval.make loc scale (from ()) (upTo ())

    /// The quantile of uniform numbers u, with its derivatives by the parameters: phi(z) dz = (1 - u) phi(a) da + u phi(b) db.
    member internal _.Push(u: Tensor) : Tensor =
        let x = quantile (u.detach ())
        let a, b = ends ()
        let z = (x - loc) / scale
        let ofLow = (1.0 .+ u.neg ()) * (0.5 .* ((x - from ()) / scale) * (z .+. a)).exp()
        let ofHigh = u * (-0.5 .* ((upTo () - x) / scale) * (z .+. b)).exp()
        let ofLoc = 1.0 .+ (ofLow .+. ofHigh).neg()
        Elementwise.implicitly x [ from (), ofLow; upTo (), ofHigh; loc, ofLoc; scale, z - a * ofLow - b * ofHigh ]

    override _.BatchShape = Shape.ofTensor loc
    override _.Support = Support.Closed(Bound.PerLaw low, Bound.PerLaw high)
    override _.Placement = Placement.like loc

    /// The normal log-density, less the log of the normal law's probability between the ends.
    override this.LogDensity x = OverInterval.logDensity this.Over x

    override _.LowerTail x =
        let a, b = ends ()
        (Elementwise.map4 NormalInterval.logShare (above x) (under x) a b).exp()

    override _.UpperTail x =
        let a, b = ends ()
        (Elementwise.map4 NormalInterval.logShare (under x) (above x) (b.neg ()) (a.neg ())).exp()

    override _.FromLower p = quantile p

    override _.FromUpper q =
        let a, b = ends ()

        let offset =
            Elementwise.map4 NormalInterval.quantile q (b.neg ()) (a.neg ()) ((upTo () - from ()) / scale)

        let fromHigh = torch.maximum (upTo () - scale * offset, from ())
        let fromLow = torch.minimum (from () - scale * offset, upTo ())
        torch.where (offset.ge (0.0.AsScalar()), fromHigh, fromLow)

    override this.Mean =
        Tensor.scoped (fun () ->
            let over = this.Over
            over.Near .+. scale * OverInterval.expectation over over.Offsets)

    override this.Variance =
        Tensor.scoped (fun () ->
            let over = this.Over
            let mean = OverInterval.expectation over over.Offsets
            let squares = (over.Offsets - mean).squared()
            scale.squared () * OverInterval.expectation over squares)

    /// The point of the interval nearest to loc.
    override _.Mode = known (fun () -> torch.maximum (low, torch.minimum (high, loc)))

    override this.Entropy =
        known (fun () ->
            let over = this.Over
            over.Total.log () .+. scale.log () .+. OverInterval.expectation over over.Falls)

[<RequireQualifiedAccess>]
module TruncatedNormal =
    /// TruncatedNormal(loc, scale, low, high), from four tensors that broadcast.
    let create (loc: Tensor) (scale: Tensor) (low: Tensor) (high: Tensor) = TruncatedNormal(loc, scale, low, high)

    /// The law with its sample path, the quantile of uniform numbers, whose gradient is implicit.
    let pathwise (law: TruncatedNormal) = Draws.uniformPath PathOrder.Once law law.Push

    /// TruncatedNormal as a kind of law.
    let info =
        LawInfo.of4
            "TruncatedNormal"
            (LawParameter.real "loc")
            (LawParameter.positive "scale")
            (LawParameter.lowEnd "low")
            (LawParameter.highEnd "low" "high")
            create
        |> LawInfo.withPath pathwise
