namespace Vae.Core

open TorchSharp

/// Renyi's divergence of an order, log of the integral of q^a p^(1 - a) over a - 1 (Renyi, 1961).
[<RequireQualifiedAccess>]
module Renyi =
    /// The mean of (q/p)^(a - 1) under q, its logarithm over a - 1, and the error of that to first order. It is consistent,
    /// not unbiased.
    let private sampled (order: float) key n q p : Estimate =
        Estimate.scoped (fun () ->
            let exponents = (order - 1.0) .* Estimate.logRatios key n q p
            // In units of the largest term.
            let largest = exponents.amax ([| 0L |])
            let weights = (exponents - largest).exp()
            let mean = Estimate.mean weights

            {
                Mean = 1.0 / (order - 1.0) .* (mean.Mean.log () .+. largest)
                StandardError = abs (1.0 / (order - 1.0)) .* (mean.StandardError / mean.Mean)
                Doubts = mean.Doubts
            })

    /// The divergence of a positive order, in nats: of order 1 it is KL, of 1/2 it is symmetric.
    /// Refuses an order that is not positive and finite.
    let order (order: float) : Discrepancy =
        Check.positiveFloat (nameof order) order

        if order = 1.0 then
            { Kl.discrepancy with Name = "Renyi divergence of order 1" }
        else
            {
                Name = $"Renyi divergence of order %s{Check.number order}"
                TryExact =
                    fun q p ->
                        whereKnown (fun () ->
                            Chernoff.tryLogIntegral order q p |> Option.map (fun log -> 1.0 / (order - 1.0) .* log))
                Estimate = sampled order
            }

/// Pearson's chi-squared divergence, the integral of (q - p)^2 / p = E_q[q/p] - 1: the variance of the weights q/p.
[<RequireQualifiedAccess>]
module ChiSquared =
    /// At least KL; no unit. +infinity where the integral diverges, which draws do not show.
    let discrepancy: Discrepancy = {
        Name = "chi-squared divergence"
        TryExact = fun q p -> whereKnown (fun () -> Chernoff.tryLogIntegral 2.0 q p |> Option.map _.expm1())
        Estimate = Estimate.ofLogRatio (fun d -> d.expm1 ())
    }

/// Hellinger's distance: symmetric, between 0 and 1.
[<RequireQualifiedAccess>]
module Hellinger =
    /// The squared distance, 1 - the integral of sqrt(q p): half of the integral of (sqrt q - sqrt p)^2.
    let squared: Discrepancy = {
        Name = "squared Hellinger distance"
        TryExact =
            fun q p ->
                whereKnown (fun () -> Chernoff.tryLogIntegral 0.5 q p |> Option.map (fun log -> log.expm1().neg()))
        Estimate = Estimate.ofLogRatio (fun d -> (-0.5 .* d).expm1().neg())
    }
