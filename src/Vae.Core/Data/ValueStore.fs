namespace Vae.Core

open System

/// A place for numbers that are written once, in any order, and then read: in memory where they are few, else in a file.
[<Sealed>]
type internal ValueStore private (inMemory: float32[], file: ValueFile option) =
    /// Bytes that are held in memory where nothing else is said.
    static member Usual = 256L <<< 20

    /// A place for so many numbers, in memory where they are no more than so many bytes.
    static member Create(most: int64, length: int) : ValueStore =
        if int64 length * int64 sizeof<float32> <= most then
            new ValueStore(Array.zeroCreate length, None)
        else
            new ValueStore([||], Some(ValueFile.Create length))

    /// Whether the numbers are in a file.
    member _.IsFile = file.IsSome

    /// Writes numbers from a place on.
    member _.Write(start: int, numbers: ReadOnlySpan<float32>) : unit =
        match file with
        | Some file -> file.Write(start, numbers)
        | None -> numbers.CopyTo(inMemory.AsSpan(start, numbers.Length))

    /// All numbers.
    member _.Values: StoredValues =
        match file with
        | Some file -> Filed(file, 0, file.Length)
        | None -> Floats(ReadOnlyMemory inMemory)

    interface IDisposable with
        member _.Dispose() = file |> Option.iter (fun file -> (file :> IDisposable).Dispose())
