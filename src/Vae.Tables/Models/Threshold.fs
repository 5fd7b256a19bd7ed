namespace Vae.Tables

open System
open Vae.Core

/// The score above which a row is an alarm, by a share of false ones.
[<NoComparison; ReferenceEquality>]
type Threshold = {
    /// Nats: rows that score higher are alarms, and these are the rows whose p-value is at most `Rate`.
    Score: float
    /// The share of false alarms among rows like those that scores are calibrated by, on average over such rows: what was asked for,
    /// or the next lower one that so many rows can tell.
    Rate: float
    /// With probability 0.95 over the rows that scores are calibrated by, the share of false alarms lies between these.
    Low: float
    High: float
}

/// Thresholds of scores.
[<RequireQualifiedAccess>]
module Threshold =
    /// The threshold of a run's scores of a kind for a rate of false alarms. Of n rows that scores are calibrated by, the rate above the k-th
    /// highest score is Beta(k, n + 1 - k), whose mean is k / (n + 1) (V. Vovk, "Conditional validity of inductive conformal
    /// predictors", 2012, section 2). Refuses a rate below 1 / (n + 1), which these rows cannot tell, and of 1 and more.
    let ofRate (kind: Score) (rate: float) (run: TableRun) : Threshold =
        let known = Calibration.scores kind run.Calibration
        let n = known.Length

        if not (rate > 0.0 && rate < 1.0) then
            Check.refuse (nameof rate) (Check.number rate) "a share of the rows, between 0 and 1"

        // A rate that is k / (n + 1) but for rounding is that one.
        let k = int (floor (rate * float (n + 1) + 1e-9))

        if k < 1 then
            Check.refuse
                (nameof rate)
                (Check.number rate)
                $"at least %.4g{1.0 / float (n + 1)}: scores are calibrated by %d{n} rows, and more of them tell lower rates"

        let quantile p =
            let struct (x, _) = IncompleteBeta.inverseLower (float k) (float (n + 1 - k)) p
            x

        {
            Score = known[n - k]
            Rate = float k / float (n + 1)
            Low = quantile 0.025
            High = quantile 0.975
        }
