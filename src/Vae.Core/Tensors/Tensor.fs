namespace Vae.Core

open System
open TorchSharp

/// A torch tensor. Laws, networks and objectives are functions of these.
type Tensor = torch.Tensor

/// Where tensors are made: their precision and their device.
type Placement = { DType: torch.ScalarType; Device: torch.Device }

/// The scalars that were made last on a thread. TorchSharp does not keep a scalar alive while native code reads it: one
/// that nothing else holds can be finalized in the middle of the operation that it was made for. These are held until
/// far more have been made than any operation takes.
[<AbstractClass; Sealed>]
type internal RecentScalars private () =
    [<ThreadStatic; DefaultValue>]
    static val mutable private recent: Scalar[]

    [<ThreadStatic; DefaultValue>]
    static val mutable private next: int

    static member Make(value: float) : Scalar =
        if isNull (box RecentScalars.recent) then
            RecentScalars.recent <- Array.zeroCreate 256

        let scalar = value.ToScalar()
        RecentScalars.recent[RecentScalars.next] <- scalar
        RecentScalars.next <- (RecentScalars.next + 1) % RecentScalars.recent.Length
        scalar

/// Arithmetic of a number and a tensor, which TorchSharp spells with a Scalar.
[<AutoOpen>]
module internal TensorOperators =
    type Double with
        /// The number as an argument of a tensor's operation.
        member value.AsScalar() : Scalar = RecentScalars.Make value

    type torch.Tensor with
        /// t * t. The power that torch's own square is takes a scalar that nothing holds.
        member t.squared() : Tensor = t.mul t

    /// s * t
    let (.*) (s: float) (t: Tensor) : Tensor = t.mul (s.AsScalar())

    /// s + t
    let (.+) (s: float) (t: Tensor) : Tensor = t.add (s.AsScalar())

[<RequireQualifiedAccess>]
module Placement =
    /// The precision and device of a tensor.
    let like (t: Tensor) = { DType = t.dtype; Device = t.device }

    /// Whether two devices are one: a device without an index is whichever of its kind torch takes.
    let internal isSameDevice (a: torch.Device) (b: torch.Device) =
        a.``type`` = b.``type`` && (a.index = b.index || a.index < 0 || b.index < 0)

    /// Whether tensors on two devices can enter one operation, as torch has it: on one device, or one of them a number,
    /// of no dimensions, on the CPU.
    let internal canMeet (a: torch.Device, aIsNumber: bool) (b: torch.Device, bIsNumber: bool) =
        let isFree (device: torch.Device) isNumber = isNumber && device.``type`` = DeviceType.CPU
        isSameDevice a b || isFree a aIsNumber || isFree b bIsNumber

    // Not torch.CPU: that would load the native libraries.
    let private cpu = torch.Device DeviceType.CPU

    /// 32-bit floats on the CPU: what training uses.
    let float32 = { DType = torch.ScalarType.Float32; Device = cpu }

    /// 64-bit floats on the CPU: what the tests of a formula use.
    let float64 = { DType = torch.ScalarType.Float64; Device = cpu }

/// Tensors from numbers and numbers from tensors.
[<RequireQualifiedAccess>]
module Tensor =
    /// A tensor of a shape from its values, row by row.
    let ofArray (place: Placement) (shape: int64[]) (values: float[]) : Tensor =
        let expected = Array.fold (*) 1L shape

        if expected <> int64 values.Length then
            invalidArg
                (nameof values)
                $"%d{values.Length} values do not fill a tensor of shape %A{shape}: it takes %d{expected}"

        Native.load ()
        use flat = torch.tensor (values, dtype = place.DType, device = place.Device)
        flat.reshape shape

    /// A tensor of no dimensions.
    let scalar (place: Placement) (value: float) : Tensor =
        Native.load ()
        torch.tensor (value, dtype = place.DType, device = place.Device)

    /// What a computation returns, and nothing else that it made: its intermediate tensors live until it ends, whatever
    /// the garbage collector thinks of them (TorchSharp does not keep a tensor alive while native code reads it), and are
    /// disposed there.
    let scoped (compute: unit -> Tensor) : Tensor =
        use scope = torch.NewDisposeScope()
        scope.MoveToOuter(compute ())

    /// The values, row by row.
    let toArray (t: Tensor) : float[] =
        use _ = torch.NewDisposeScope()
        let flat = t.detach().cpu().to_type(torch.ScalarType.Float64).contiguous()
        if flat.numel () = 0L then [||] else flat.data<float>().ToArray()

    /// The value of a tensor of one element.
    let toFloat (t: Tensor) : float =
        if t.numel () <> 1L then
            invalidArg (nameof t) $"a tensor of shape %A{t.shape} is not one number"

        (toArray t)[0]
