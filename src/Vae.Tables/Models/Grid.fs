namespace Vae.Tables

open System

/// The numbers that a column's values can be: from the least to the greatest that were seen, with no more decimals than these have.
[<Struct>]
type internal Grid = {
    Least: float
    Greatest: float
    /// 0 of whole numbers.
    Decimals: int
}

[<RequireQualifiedAccess>]
module internal Grid =
    /// More are no longer told apart from none at all.
    let private most = 9

    /// Of no number.
    let none: Grid = { Least = infinity; Greatest = -infinity; Decimals = 0 }

    let private hasDecimals (decimals: int) (x: float) =
        let scaled = x * Math.Pow(10.0, float decimals)
        abs (scaled - Math.Round scaled) <= 1e-15 * max 1.0 (abs scaled) * 8.0

    /// With one number more; as it is for NaN, which is missing.
    let add (grid: Grid) (x: float) : Grid =
        if Double.IsNaN x then
            grid
        else
            let mutable decimals = grid.Decimals

            while decimals < most && not (hasDecimals decimals x) do
                decimals <- decimals + 1

            {
                Least = min grid.Least x
                Greatest = max grid.Greatest x
                Decimals = decimals
            }

    let isWhole (grid: Grid) : bool = grid.Decimals = 0

    /// From the least to the greatest.
    let width (grid: Grid) : float = if grid.Greatest < grid.Least then 0.0 else grid.Greatest - grid.Least

    /// The number of the grid that is nearest to another; any where there is no grid.
    let nearest (grid: Grid) (x: float) : float =
        if grid.Greatest < grid.Least then
            x
        else
            let rounded = if grid.Decimals = most then x else Math.Round(x, grid.Decimals)
            Math.Clamp(rounded, grid.Least, grid.Greatest)
