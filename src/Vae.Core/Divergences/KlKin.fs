namespace Vae.Core

open TorchSharp

/// KL(p || q): the divergence with the expectation under the second law.
[<RequireQualifiedAccess>]
module ReverseKl =
    /// The reverse KL, in nats.
    let discrepancy: Discrepancy = {
        Name = "reverse KL"
        TryExact = fun q p -> Kl.tryExact p q
        Estimate = fun key n q p -> Kl.estimate key n p q
    }

/// KL(q || p) + KL(p || q), the symmetric divergence (Jeffreys, 1946; Kullback and Leibler, 1951).
[<RequireQualifiedAccess>]
module Jeffreys =
    let private exact q p =
        Option.map2
            (fun (there: Tensor) (back: Tensor) -> Tensor.scoped (fun () -> there .+. back))
            (Kl.tryExact q p)
            (Kl.tryExact p q)

    /// The sum of the two divergences, in nats: the draws of either law are half of the work.
    let discrepancy: Discrepancy = {
        Name = "Jeffreys divergence"
        TryExact = exact
        Estimate =
            fun key n q p ->
                let there, back = Key.split key
                Estimate.scoped (fun () -> Estimate.sum (Kl.estimate there n q p) (Kl.estimate back n p q))
    }

/// KL(q || m) / 2 + KL(p || m) / 2 with m the even mixture of the two: symmetric, and at most log 2 (Lin, 1991).
[<RequireQualifiedAccess>]
module JensenShannon =
    /// sum q log(q / m) + p log(p / m), halved, of laws on finitely many values.
    let private finite (logQ: Tensor) (logP: Tensor) =
        let part (mine: Tensor) (other: Tensor) =
            let none = LogOdds.isNone mine
            let mine, other = LogOdds.orZero none mine, LogOdds.orZero none other
            (LogOdds.orZero none (mine.exp () * (log 2.0 .+ Logistic.softplus(other - mine).neg()))).sum -1L

        0.5 .* (part logQ logP .+. part logP logQ)

    /// log(q / m) = log 2 - log(1 + e^-d) for d = log q - log p: never above log 2.
    let private fromDraws = Estimate.ofLogRatio (fun d -> log 2.0 .+ (Logistic.softplus (d.neg ())).neg())

    /// In nats.
    let discrepancy: Discrepancy = {
        Name = "Jensen-Shannon divergence"
        TryExact = FiniteLaw.compare finite
        Estimate =
            fun key n q p ->
                let first, second = Key.split key

                Estimate.scoped (fun () ->
                    Estimate.sum (fromDraws first n q p) (fromDraws second n p q) |> Estimate.scale 0.5)
    }
