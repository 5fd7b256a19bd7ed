/// A device beside the CPU, on which a CPU tensor that enters a computation is an error.
module Vae.Core.Tests.Devices.SecondDevice

open System
open System.Diagnostics
open System.Runtime.InteropServices
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

type private Initialize = delegate of unit -> unit

/// libtorch's lazy device: it records operations and carries them out on the CPU when a value is read, so that values can
/// be compared, while most of its operations refuse a CPU tensor of one dimension or more. TorchSharp has no name for it,
/// and its backend is off until libtorch is told.
let private recorder =
    lazy
        (Native.load ()

         let libtorch =
             Process.GetCurrentProcess().Modules
             |> Seq.cast<ProcessModule>
             |> Seq.tryFind (fun m -> m.ModuleName.Contains "torch_cpu")

         let mutable start = 0n

         match libtorch with
         | Some m when
             NativeLibrary.TryGetExport(
                 NativeLibrary.Load m.FileName,
                 "_ZN5torch4lazy22InitTorchScriptBackendEv",
                 &start
             )
             ->
             Marshal.GetDelegateForFunctionPointer<Initialize>(start).Invoke()
             Some(torch.Device(enum<DeviceType> 17, 0))
         | _ -> None)

/// Whether the device is that of a graphics card, whose arithmetic may round otherwise than the CPU's.
let isCuda =
    lazy
        (Native.load ()
         torch.TryInitializeDeviceType DeviceType.CUDA)

/// A CUDA device where there is one, else the lazy one. Skips the test where there is neither.
let device () : torch.Device =
    if isCuda.Value then
        torch.Device(DeviceType.CUDA, 0)
    else
        recorder.Value
        |> Option.defaultWith (fun () -> skiptest "this libtorch has neither a CUDA device nor the lazy one")

/// float64 there.
let placement () = { f64 with Device = device () }

/// A copy there.
let moved (t: Tensor) : Tensor = t.detach().``to``(device ())

/// Skips the test where libtorch says that its lazy device lacks what an operation takes: so the gradient of a clamp.
let whereItCan (compute: unit -> 'a) : 'a =
    try
        compute ()
    with :? ExternalException as e when not isCuda.Value && e.Message.Contains "no fake impl or Meta kernel" ->
        let operation = (e.Message.Split ": attempted")[0]
        skiptest $"the lazy device has no %s{operation}"

/// A result is on the device, and equal to the CPU's.
let agrees (message: string) (onCpu: Tensor) (there: Tensor) =
    Expect.equal (string there.device) (string (device ())) $"%s{message}: device"
    Expect.equal there.shape onCpu.shape $"%s{message}: shape"

    Array.iter2
        (fun expected actual ->
            if not (Double.IsNaN expected && Double.IsNaN actual) then
                isClose 1e-9 expected actual message)
        (Tensor.toArray onCpu)
        (Tensor.toArray there)

/// What a law does not know on the CPU it does not know elsewhere.
let agreesWhereKnown message (onCpu: unit -> Tensor) (there: unit -> Tensor) =
    match
        (try
            Some(onCpu ())
         with :? NotSupportedException ->
             None)
    with
    | Some expected -> agrees message expected (there ())
    | None -> Expect.throwsT<NotSupportedException> (there >> ignore) message
