namespace Vae.Benchmarks.Anomalies

/// The area under the curve of true against false alarms.
[<RequireQualifiedAccess>]
module Auroc =
    /// The probability that an anomaly's score is above another row's, half of it where they are equal (Mann and Whitney, 1947).
    let ofScores (isAnomaly: bool[]) (scores: float[]) : float =
        let order = Array.init scores.Length id |> Array.sortBy (fun i -> scores[i])
        let anomalies = isAnomaly |> Array.sumBy (fun is -> if is then 1 else 0)
        let mutable ranks = 0.0
        let mutable start = 0

        while start < order.Length do
            let mutable next = start

            while next < order.Length && scores[order[next]] = scores[order[start]] do
                next <- next + 1

            // Equal scores have the mean of their ranks, which begin at 1.
            let rank = float (start + 1 + next) / 2.0

            for i in start .. next - 1 do
                if isAnomaly[order[i]] then
                    ranks <- ranks + rank

            start <- next

        let a, n = float anomalies, float (isAnomaly.Length - anomalies)
        (ranks - a * (a + 1.0) / 2.0) / (a * n)
