namespace Vae.DiffSharp

open System
open DiffSharp
open DiffSharp.Backends
open TorchSharp
open Vae.Core

/// Numbers on their way between the two libraries: the managed arrays of DiffSharp's Reference backend, and torch's memory.
[<RequireQualifiedAccess>]
module internal Values =
    let refuse (argument: string) (found: string) (expected: string) : 'a =
        raise (ArgumentException($"%s{argument} is %s{found}; expected %s{expected}", argument))

    let shape (dimensions: seq<int>) =
        let inside = dimensions |> Seq.map string |> String.concat ", "
        $"[%s{inside}]"

    let private describe (t: DiffSharp.Tensor) = $"a %O{t.dtype} tensor of shape %s{shape t.shape}"

    /// Refuses a tensor whose numbers the bridge cannot read: one of another backend, or of whole numbers.
    let readable (argument: string) (t: DiffSharp.Tensor) =
        if t.backend <> Backend.Reference then
            refuse argument $"on the backend %O{t.backend}" $"one on %O{Backend.Reference}: t.move (Backend.Reference)"

        if t.dtype <> Dtype.Float32 && t.dtype <> Dtype.Float64 then
            refuse argument (describe t) "one of Float32 or Float64"

    /// Refuses what is not a vector of the length and the precision of a model's parameters.
    let parametersOf (like: Params) (t: DiffSharp.Tensor) =
        let argument = "parameters"
        readable argument t

        let dtype =
            if like.Placement.DType = torch.ScalarType.Float64 then
                Dtype.Float64
            else
                Dtype.Float32

        if t.shape <> [| int like.Count |] || t.dtype <> dtype then
            refuse argument (describe t) $"a %O{dtype} vector of %d{like.Count}, as many as training moves"

    /// The numbers in torch's memory, on a device. The caller disposes of them.
    let toTorchOn (device: torch.Device) (a: RawTensor) : Tensor =
        use flat =
            match a.Handle with
            | :? (float[]) as values -> torch.tensor (values, device = device)
            | handle -> torch.tensor (handle :?> float32[], device = device)

        flat.reshape (Array.map int64 a.Shape)

    let toTorch (a: RawTensor) : Tensor = toTorchOn torch.CPU a

    /// A copy of the numbers of a tensor, without its graph.
    let ofTorch (t: Tensor) : RawTensor =
        use _ = torch.NewDisposeScope()
        let flat = t.detach().cpu().contiguous().flatten()

        let values, dtype =
            match t.dtype with
            | torch.ScalarType.Float32 -> flat.data<float32>().ToArray() :> Array, Dtype.Float32
            | torch.ScalarType.Float64 -> flat.data<float>().ToArray() :> Array, Dtype.Float64
            | other -> refuse "f(x)" $"a tensor of %O{other}" "one of Float32 or Float64"

        RawTensor.CreateFromFlatArray(values, Array.map int t.shape, dtype, Device.CPU, Backend.Reference)
