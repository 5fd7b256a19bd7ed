namespace Vae.Core

open System

/// Divergences that are infinite whatever the parameters: of the Cauchy laws, whose E|x| is infinite, against laws whose
/// log-density falls at least as fast as a multiple of |x| where the first has its tails. The entropy of the first is finite.
[<RequireQualifiedAccess>]
module internal HeavyTailRules =
    let private infinite<'q, 'p when 'q :> Distribution and 'p :> Distribution> =
        KlRule.create @"+\infty" "kl-location-scale" (fun (q: 'q) (p: 'p) ->
            let batch = Shape.broadcast "q" q.BatchShape "p" p.BatchShape
            filled q.Placement batch Double.PositiveInfinity)
        |> KlRule.where "the mean of |x| under the first law is infinite"
        |> KlRule.infinite

    let all = [
        infinite<Cauchy, Normal>
        infinite<Cauchy, Laplace>
        infinite<Cauchy, Logistic>
        infinite<Cauchy, Gumbel>
        infinite<HalfCauchy, Normal>
        infinite<HalfCauchy, Laplace>
        infinite<HalfCauchy, Logistic>
        infinite<HalfCauchy, Gumbel>
        infinite<HalfCauchy, HalfNormal>
    ]
