namespace Vae.Core

#nowarn "9" // Memory by address: what vector instructions read and write.

open System
open System.Runtime.InteropServices
open FSharp.NativeInterop

/// The address of numbers in memory.
type internal Floats = nativeptr<float32>

/// Numbers at an address that a vector may begin at. The garbage collector frees them, and does not move them.
[<Sealed>]
type internal Buffer(count: int) =
    static let alignment = 64n

    let memory: float32[] =
        GC.AllocateUninitializedArray(count + int alignment / sizeof<float32>, pinned = true)

    let start: Floats =
        let address = Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0)
        NativePtr.ofNativeInt ((address + alignment - 1n) / alignment * alignment)

    /// How many numbers there are.
    member _.Count = count

    /// The first of them, for as long as the buffer is alive: whoever computes keeps it so.
    member _.Start = start

    /// All of them.
    member _.Span = Span<float32>(NativePtr.toVoidPtr start, count)

    member _.KeepAlive() = GC.KeepAlive memory
