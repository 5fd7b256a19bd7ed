namespace Vae.Core

open System
open System.Numerics
open System.Runtime.InteropServices
open TorchSharp

/// The update of Adam (Kingma and Ba, 2015).
[<RequireQualifiedAccess>]
module internal Adam =
    /// The numbers of one update.
    type Coefficients = {
        Beta1: float
        Beta2: float
        Epsilon: float
        /// The learning rate over 1 - beta1^t.
        StepSize: float
        /// 1 / sqrt (1 - beta2^t)
        RootScale: float
    }

    /// The coefficients of step t, from 1.
    let coefficients beta1 beta2 epsilon (t: int) rate = {
        Beta1 = beta1
        Beta2 = beta2
        Epsilon = epsilon
        StepSize = rate / (1.0 - beta1 ** float t)
        RootScale = 1.0 / sqrt (1.0 - beta2 ** float t)
    }

    /// In any precision and on any device: several passes over each vector.
    let byTensors by (parameters: Tensor) (gradient: Tensor) (mean: Tensor) (square: Tensor) =
        let newMean, newSquare = (1.0 - by.Beta1).AsScalar(), (1.0 - by.Beta2).AsScalar()
        mean.mul_(by.Beta1.AsScalar()).add_(gradient, newMean) |> ignore
        square.mul_(by.Beta2.AsScalar()).addcmul_(gradient, gradient, newSquare) |> ignore
        let scale = by.Epsilon .+ (by.RootScale .* square.sqrt ())
        parameters.addcdiv_ (mean, scale, (-by.StepSize).AsScalar()) |> ignore

    let private floats (t: Tensor) : Span<float32> = MemoryMarshal.Cast<byte, float32> t.bytes

    let private wide (values: Span<float32>) : Span<Vector<float32>> =
        MemoryMarshal.Cast<float32, Vector<float32>> values

    /// One pass over `count` numbers from `start` on.
    let private passOver by (parameters: Tensor) (gradient: Tensor) (mean: Tensor) (square: Tensor) start count =
        let p = (floats parameters).Slice(start, count)
        let g = (floats gradient).Slice(start, count)
        let m = (floats mean).Slice(start, count)
        let v = (floats square).Slice(start, count)
        let kept, fresh = float32 by.Beta1, float32 (1.0 - by.Beta1)
        let keptSquare, freshSquare = float32 by.Beta2, float32 (1.0 - by.Beta2)
        let size, root, epsilon = float32 by.StepSize, float32 by.RootScale, float32 by.Epsilon
        let ps = wide p
        let gs = wide g
        let ms = wide m
        let vs = wide v
        let epsilons = Vector<float32> epsilon

        for i in 0 .. ps.Length - 1 do
            let gradient = gs[i]
            let mean = ms[i] * kept + gradient * fresh
            let square = vs[i] * keptSquare + gradient * gradient * freshSquare
            ms[i] <- mean
            vs[i] <- square
            ps[i] <- ps[i] - mean * size / (Vector.SquareRoot square * root + epsilons)

        for i in ps.Length * Vector<float32>.Count .. count - 1 do
            m[i] <- m[i] * kept + g[i] * fresh
            v[i] <- v[i] * keptSquare + g[i] * g[i] * freshSquare
            p[i] <- p[i] - m[i] * size / (MathF.Sqrt v[i] * root + epsilon)

    /// The same in float32 in the processor's memory, in a single pass: the time of an update is that of moving memory.
    let inOnePass by (parameters: Tensor) (gradient: Tensor) (mean: Tensor) (square: Tensor) =
        passOver by parameters gradient mean square 0 (int (parameters.numel ()))

    let private isPlain (t: Tensor) =
        t.dtype = torch.ScalarType.Float32
        && t.device.``type`` = DeviceType.CPU
        && t.is_contiguous ()
        // A span's length in bytes is an Int32.
        && t.numel () < int64 Int32.MaxValue / 4L

    /// Changes parameters and moments in place.
    let update by parameters gradient mean square =
        if [ parameters; gradient; mean; square ] |> List.forall isPlain then
            inOnePass by parameters gradient mean square
        else
            byTensors by parameters gradient mean square
