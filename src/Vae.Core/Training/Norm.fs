namespace Vae.Core

#nowarn "9" // Memory by address.

open System
open System.Numerics
open System.Runtime.InteropServices
open TorchSharp

/// The length of a vector, in an order of additions that no number of threads changes: what a gradient is shortened by enters
/// the parameters.
[<RequireQualifiedAccess>]
module internal Norm =
    let private ofFloats (values: ReadOnlySpan<float32>) : float =
        let lanes = MemoryMarshal.Cast<float32, Vector<float32>> values
        let mutable low, high = Vector<float>.Zero, Vector<float>.Zero

        for lane in lanes do
            let mutable a, b = Vector<float>.Zero, Vector<float>.Zero
            Vector.Widen(lane, &a, &b)
            low <- low + a * a
            high <- high + b * b

        let mutable sum = Vector.Sum(low + high)

        for i in lanes.Length * Vector<float32>.Count .. values.Length - 1 do
            sum <- sum + float values[i] * float values[i]

        sum

    let private ofDoubles (values: ReadOnlySpan<float>) : float =
        let mutable sum = 0.0

        for value in values do
            sum <- sum + value * value

        sum

    /// The root of the sum of squares, in float64; infinite or NaN where a number is, and where it is beyond a float64.
    let l2 (vector: Tensor) : float =
        use _ = torch.NewDisposeScope()
        let here = vector.detach().cpu().contiguous()
        let bytes = Span.op_Implicit here.bytes: ReadOnlySpan<byte>

        let sum =
            match here.dtype with
            | torch.ScalarType.Float32 -> ofFloats (MemoryMarshal.Cast<byte, float32> bytes)
            | torch.ScalarType.Float64 -> ofDoubles (MemoryMarshal.Cast<byte, float> bytes)
            | _ -> Array.sumBy (fun x -> x * x) (Tensor.toArray here)

        GC.KeepAlive here
        sqrt sum
