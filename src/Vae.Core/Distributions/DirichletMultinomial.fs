namespace Vae.Core

open TorchSharp

/// DirichletMultinomial(totalCount, concentration): a multinomial law whose probabilities are Dirichlet(concentration), with
/// concentrations [batch..., n]. An event is the vector of the n counts.
[<Sealed>]
type DirichletMultinomial private (totalCount: Tensor, concentration: Tensor, sum: Tensor) =
    inherit Distribution()

    /// A number for each law of the batch beside each of its categories.
    let beside (perLaw: Tensor) = perLaw.unsqueeze(-1L).expand concentration.shape

    /// From the number of draws and the concentrations, whose batches broadcast. Refuses counts that are not whole and
    /// concentrations that are not positive, and a tensor without categories.
    static member Create(totalCount: Tensor, concentration: Tensor) =
        Check.whole 0.0 (nameof totalCount) totalCount
        Check.positive (nameof concentration) concentration
        Check.together (nameof totalCount) totalCount (nameof concentration) concentration

        if concentration.dim () < 1L || concentration.shape[concentration.shape.Length - 1] < 1L then
            Check.refuse (nameof concentration) $"of shape %s{Check.shape concentration.shape}" "[batch..., categories]"

        let batch, event = Shape.splitLast 1 concentration.shape
        let batch = Shape.broadcast (nameof totalCount) totalCount.shape (nameof concentration) batch

        let all =
            Tensor.scopedAll (fun () ->
                let concentration = concentration.expand (Array.append batch event)
                [| totalCount.expand batch; concentration; concentration.sum -1L |])

        DirichletMultinomial(all[0], all[1], all[2])

    /// The number of draws.
    member _.TotalCount = totalCount
    /// The concentrations, [batch..., n].
    member _.Concentration = concentration

    override _.BatchShape = Shape.ofTensor totalCount
    override _.EventShape = snd (Shape.splitLast 1 (Shape.ofTensor concentration))
    override _.Support = Support.Counts(Bound.PerLaw totalCount)
    override _.Placement = Placement.like concentration

    /// log [n! Gamma(s) / Gamma(n + s)] + sum log [Gamma(x + a) / (Gamma(a) x!)], s the sum of the concentrations
    override _.LogDensity x =
        let parts = Counting.urnPart (beside totalCount) (beside sum) x concentration
        Counting.urn totalCount sum .+. parts.sum (-1L)

    /// Multinomial draws at probabilities in proportion to gamma draws, whose logs do not underflow: Gamma(a) is
    /// Gamma(a + 1) U^(1/a).
    override _.Sample(key, draws) =
        withoutGradient (fun () ->
            let shape = Array.append draws concentration.shape
            let noise n = Key.uniform (Placement.like concentration) shape (Key.fold n key)

            let more =
                Elementwise.map2 (fun p a -> log (IncompleteGamma.inverseLower (a + 1.0) p)) (noise 0) concentration

            Multinomial.Draw(Key.fold 2 key, totalCount, more .+. (noise 1).log() / concentration))

    override _.Mean = Tensor.scoped (fun () -> beside totalCount * concentration / beside sum)

    /// n p (1 - p) (n + s) / (1 + s), p = a / s
    override _.Variance =
        Tensor.scoped (fun () ->
            let p = concentration / beside sum
            beside (totalCount * (totalCount .+. sum) / (1.0 .+ sum)) * p * Counting.others p)

    /// The sum of -p log p, by the sums over each count, which is beta-binomial by itself.
    override _.Entropy =
        known (fun () ->
            if concentration.shape[concentration.shape.Length - 1] = 1L then
                torch.zeros_like totalCount
            else
                let n, s = beside totalCount, beside sum
                let marginals = BetaBinomial(n, concentration, Counting.others concentration)
                let parts = marginals.Sum(fun k _ -> Counting.urnPart n s k concentration)
                (Counting.urn totalCount sum .+. parts.sum (-1L)).neg())

[<RequireQualifiedAccess>]
module DirichletMultinomial =
    /// DirichletMultinomial(totalCount, concentration).
    let create (totalCount: Tensor) (concentration: Tensor) = DirichletMultinomial.Create(totalCount, concentration)

    /// DirichletMultinomial as a kind of law.
    let info =
        LawInfo.of2
            "DirichletMultinomial"
            (LawParameter.whole 0.0 "totalCount")
            (LawParameter.vector (LawParameter.shape "concentration"))
            create
