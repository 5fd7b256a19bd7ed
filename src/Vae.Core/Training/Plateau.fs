namespace Vae.Core

open System

/// A learning rate that is multiplied by a factor, below 1, each time so many epochs have passed without a better validation
/// total.
type Plateau = { Factor: float; Patience: int }

[<RequireQualifiedAccess>]
module internal Plateau =
    /// The factor of the learning rate after epochs with these validation totals: a function of them alone, so that a run that
    /// goes on has the rate it would have had.
    let factor (plateau: Plateau) (totals: float list) : float =
        let look (best, waited, factor) total =
            if total < best then total, 0, factor
            elif waited + 1 = plateau.Patience then best, 0, factor * plateau.Factor
            else best, waited + 1, factor

        let _, _, factor = List.fold look (Double.PositiveInfinity, 0, 1.0) totals
        factor
