namespace Vae.Core

#nowarn "9" // Memory by address.

open System
open System.Collections.Generic
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open FSharp.NativeInterop
open TorchSharp

/// A fused net as an operation of torch's: its output is part of the graph that gradients are taken through, once.
[<Sealed>]
type internal FusedFunction() =
    inherit torch.autograd.SingleTensorFunction<FusedFunction>()

    static let address (t: Tensor) : Floats =
        let bytes = t.bytes
        NativePtr.ofVoidPtr (Unsafe.AsPointer(&MemoryMarshal.GetReference bytes))

    static let addresses (tensors: Tensor seq) = tensors |> Seq.map address |> Seq.toArray

    static let outputOf (net: FusedNet) (x: Tensor) : Tensor =
        torch.empty (Array.append [| x.shape[0] |] net.Output, dtype = torch.ScalarType.Float32)

    override _.Name = "fused net"

    override _.forward(context, arguments) =
        let net, x = arguments[0] :?> FusedNet, arguments[1] :?> Tensor
        let parameters = arguments[2..] |> Seq.cast<Tensor> |> ResizeArray
        let output = outputOf net x
        let work = net.Record(addresses parameters, int x.shape[0], address x, address output)
        context.save_for_backward parameters
        context.save_data ("net", net)
        context.save_data ("work", work)
        context.save_data ("shape", if x.requires_grad then x.shape else null)
        output

    override _.backward(context, by) =
        let net, work = context.get_data "net" :?> FusedNet, context.get_data "work" :?> Workspace
        let parameters = context.get_saved_variables ()
        let gradients = parameters |> Seq.map torch.empty_like |> ResizeArray

        let input: Tensor | null =
            match context.get_data "shape" with
            | null -> null
            | shape -> torch.empty (shape :?> int64[], dtype = torch.ScalarType.Float32)

        let into =
            match input with
            | null -> ValueNone
            | t -> ValueSome(address t)

        let by = by.contiguous ()
        net.Gradients(work, addresses parameters, addresses gradients, int by.shape[0], address by, into)
        // The kernels know addresses only.
        GC.KeepAlive parameters
        GC.KeepAlive by
        let results = List<Tensor | null>()
        results.Add null
        results.Add input
        results.AddRange gradients
        results

    /// A fused net on x [batch, in...].
    static member On(net: FusedNet, parameters: Params, x: Tensor) : Tensor =
        let x = x.contiguous ()
        let tensors = net.Paths |> List.map (fun path -> parameters[path])

        if torch.is_grad_enabled () && (x.requires_grad || tensors |> List.exists _.requires_grad) then
            FusedFunction.apply [|
                box net
                box x
                for t in tensors do
                    box t
            |]
        else
            let output = outputOf net x
            net.Apply(addresses tensors, int x.shape[0], address x, address output)
            GC.KeepAlive tensors
            GC.KeepAlive x
            output
