namespace Vae.Core

open System

/// Pictures of bytes, row by row, the channels of a pixel together, made of another size.
[<RequireQualifiedAccess>]
module internal Resize =
    /// What each of so many places of a line has of each of the given ones: the share of it that they cover where the line gets
    /// shorter, and of the two nearest where it gets longer.
    let private weights (given: int) (wanted: int) : (int * float)[][] =
        let scale = float given / float wanted
        let within j = Math.Clamp(j, 0, given - 1)

        Array.init wanted (fun i ->
            if scale >= 1.0 then
                let left, right = float i * scale, float (i + 1) * scale

                [|
                    for j in int left .. within (int (ceil right) - 1) do
                        let share = (min right (float (j + 1)) - max left (float j)) / scale

                        if share > 0.0 then
                            j, share
                |]
            else
                let middle = (float i + 0.5) * scale - 0.5
                let left = int (floor middle)
                let share = middle - float left
                [| within left, 1.0 - share; within (left + 1), share |])

    /// A picture of so many rows and columns as one of others, by means of the pixels that one covers, or between the nearest, rounded.
    let picture
        (channels: int)
        (rows: int, columns: int)
        (wantedRows: int, wantedColumns: int)
        (pixels: byte[])
        : byte[] =
        if (rows, columns) = (wantedRows, wantedColumns) then
            pixels
        else
            let across, down = weights columns wantedColumns, weights rows wantedRows
            let narrowed = Array.zeroCreate<float>(rows * wantedColumns * channels)

            for y in 0 .. rows - 1 do
                for x in 0 .. wantedColumns - 1 do
                    for from, weight in across[x] do
                        for c in 0 .. channels - 1 do
                            let at = (y * wantedColumns + x) * channels + c
                            narrowed[at] <- narrowed[at] + weight * float pixels[(y * columns + from) * channels + c]

            let line = wantedColumns * channels

            Array.init (wantedRows * line) (fun at ->
                let y, x = at / line, at % line
                let mutable sum = 0.0

                for from, weight in down[y] do
                    sum <- sum + weight * narrowed[from * line + x]

                byte (Math.Clamp(Math.Round sum, 0.0, 255.0)))
