namespace Vae.Core

open TorchSharp

/// BetaBinomial(totalCount, concentration1, concentration0) on 0 .. totalCount: a binomial law whose probability of success is
/// Beta(concentration1, concentration0), element by element. Tails, quantiles and the entropy are sums over all counts;
/// tails and quantiles carry no gradient.
[<Sealed>]
type BetaBinomial
    private (totalCount: Tensor, concentration1: Tensor, concentration0: Tensor, sum: Tensor, _isChecked: bool) =
    inherit Univariate()

    /// P(X <= k), or P(X > k) counted from its own end, for the counts up to the largest total: [n + 1, batch...].
    let lowerSums (masses: Tensor) = masses.cumsum 0L

    let upperSums (masses: Tensor) =
        let above = masses.narrow(0L, 1L, masses.shape[0] - 1L).flip(0L).cumsum(0L).flip 0L
        torch.cat ([| above; masses.narrow(0L, 0L, 1L).zeros_like() |], 0L)

    /// x and a table as matrices, one column for each law.
    let columns (table: Tensor) (x: Tensor) =
        let shape = Shape.broadcast "x" x.shape "the batch" totalCount.shape
        table.reshape (table.shape[0], -1L), x.expand(shape).reshape(-1L, totalCount.numel ()), shape

    let entry (table: Tensor) (k: Tensor) =
        let table, k, shape = columns table k
        table.gather(0L, k.to_type torch.ScalarType.Int64).reshape shape

    /// How many entries of each law's ascending table are below p, or with `right` not above it.
    let counted right (table: Tensor) (p: Tensor) =
        let table, p, shape = columns table p
        let found = torch.searchsorted (table.t().contiguous(), p.t().contiguous(), right = right)
        found.t().reshape(shape).to_type totalCount.dtype

    /// From the number of trials and the concentrations of successes and of failures, which broadcast. Refuses counts that are
    /// not whole and concentrations that are not positive.
    new(totalCount: Tensor, concentration1: Tensor, concentration0: Tensor) =
        Check.whole 0.0 (nameof totalCount) totalCount
        Check.positive (nameof concentration1) concentration1
        Check.positive (nameof concentration0) concentration0

        let n, a, b =
            together3
                (nameof totalCount)
                totalCount
                (nameof concentration1)
                concentration1
                (nameof concentration0)
                concentration0

        BetaBinomial(n, a, b, Tensor.scoped (fun () -> a .+. b), true)

    /// From three numbers, in float64.
    new(totalCount: float, concentration1: float, concentration0: float) =
        Check.wholeFloat 0.0 (nameof totalCount) totalCount
        Check.positiveFloat (nameof concentration1) concentration1
        Check.positiveFloat (nameof concentration0) concentration0

        BetaBinomial(
            ownNumber totalCount,
            ownNumber concentration1,
            ownNumber concentration0,
            ownNumber (concentration1 + concentration0),
            true
        )

    /// The number of trials.
    member _.TotalCount = totalCount
    /// The concentration of successes.
    member _.Concentration1 = concentration1
    /// The concentration of failures.
    member _.Concentration0 = concentration0

    override _.BatchShape = Shape.ofTensor totalCount
    override _.Support = Support.Integers(Bound.At 0.0, Bound.PerLaw totalCount)
    override _.Placement = Placement.like totalCount

    /// log [C(n, k) B(k + a, n - k + b) / B(a, b)]
    override _.LogDensity k =
        Counting.urn totalCount sum
        .+. Counting.urnPart totalCount sum k concentration1
        .+. Counting.urnPart totalCount sum (totalCount - k) concentration0

    /// What a function makes of the counts 0, 1, ... and their log-masses, all of shape [n + 1, batch...]: 0 beyond a total.
    member internal this.Table(f: Tensor -> Tensor -> Tensor) =
        let count = 1L + int64 (Tensor.toFloat (totalCount.amax [||]))
        let k = Tensor.range (Placement.like totalCount) count
        let k = k.reshape (Array.append [| -1L |] (Array.create totalCount.shape.Length 1L))
        let isCounted = k.le totalCount
        let k = torch.where (isCounted, k, torch.zeros_like k)
        (f k (this.LogDensity k)).masked_fill(isCounted.logical_not (), 0.0.AsScalar())

    member private this.Masses() = this.Table(fun _ logMass -> logMass.detach().exp())

    /// The sum of p(k) f(k) over all counts, f a function of these and their log-masses.
    member internal this.Sum(f: Tensor -> Tensor -> Tensor) =
        this.Table(fun k logMass -> logMass.exp () * f k logMass).sum [| 0L |]

    override this.LowerTail k = entry (lowerSums (this.Masses())) k
    override this.UpperTail k = entry (upperSums (this.Masses())) k
    override this.FromLower p = (counted false (lowerSums (this.Masses())) p).minimum totalCount

    override this.FromUpper q =
        let sums = upperSums (this.Masses())
        (float sums.shape[0] .+ (counted true (sums.flip 0L) q).neg()).minimum totalCount

    /// n a / (a + b)
    override _.Mean = Tensor.scoped (fun () -> totalCount * (concentration1 / sum))

    /// n a b (a + b + n) / ((a + b)^2 (a + b + 1))
    override _.Variance =
        Tensor.scoped (fun () ->
            totalCount * (concentration1 / sum) * (concentration0 / sum) * ((sum .+. totalCount) / (1.0 .+ sum)))

    /// The sum of -p log p over all counts.
    override this.Entropy = known (fun () -> this.Sum(fun _ logMass -> logMass.neg ()))

[<RequireQualifiedAccess>]
module BetaBinomial =
    /// BetaBinomial(totalCount, concentration1, concentration0), from three tensors that broadcast.
    let create (totalCount: Tensor) (concentration1: Tensor) (concentration0: Tensor) =
        BetaBinomial(totalCount, concentration1, concentration0)

    /// BetaBinomial as a kind of law.
    let info =
        LawInfo.of3
            "BetaBinomial"
            (LawParameter.whole 0.0 "totalCount")
            (LawParameter.shape "concentration1")
            (LawParameter.shape "concentration0")
            create
