namespace Vae.Core

/// Consecutive rows of a batch: what one of several processes computes of it.
type Rows = {
    /// The first of them, from 0.
    Start: int
    Count: int
    /// Rows of the whole batch.
    Of: int
} with

    /// Whether they are the whole batch.
    member this.AreAll = this.Count = this.Of
    /// The weight of their mean in the mean over the batch.
    member this.Share = float this.Count / float this.Of

/// Which rows of a batch are whose.
[<RequireQualifiedAccess>]
module Rows =
    /// A whole batch.
    let all (count: int) : Rows = { Start = 0; Count = count; Of = count }

    /// The rows of one rank among so many: consecutive, as many as another's or one fewer. There are none where the batch
    /// has fewer rows than there are ranks.
    let ofRank (rank: int) (size: int) (count: int) : Rows =
        let first rank = int (int64 count * int64 rank / int64 size)
        let start = first rank
        { Start = start; Count = first (rank + 1) - start; Of = count }

    /// Rows in at most so many consecutive parts, each as many as another or one fewer, and none empty.
    let parts (most: int) (rows: Rows) : Rows list =
        let parts = max 1 (min most rows.Count)

        [
            for part in 0 .. parts - 1 do
                let share = ofRank part parts rows.Count
                { share with Start = rows.Start + share.Start; Of = rows.Of }
        ]

    /// The rows that a process passes through the model: a process that has none takes the first row, whose share is then
    /// not counted, as it has to know the terms that it sums with the others.
    let passed (rows: Rows) : Rows = if rows.Count = 0 then { rows with Start = 0; Count = 1 } else rows
