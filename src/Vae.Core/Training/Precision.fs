namespace Vae.Core

open System.Runtime.Intrinsics.X86
open TorchSharp

/// What a step of training computes its layers in. Parameters, what the optimizer remembers, draws and every term of the
/// loss are in the placement's precision whichever it is, and so is all evaluation.
[<RequireQualifiedAccess>]
type Precision =
    /// That of the placement.
    | Full
    /// Linear layers multiply in bfloat16 (8 bits of mantissa) and add up in single precision. Those with little to do,
    /// convolutions with the layers next to them, and everything else stay in single precision.
    | BFloat16

[<RequireQualifiedAccess>]
module internal Precision =
    /// Whether the processor multiplies matrices in bfloat16 (AVX512_BF16): leaf 7, subleaf 1, of CPUID.
    let private hasProcessor =
        lazy (X86Base.IsSupported && (let struct (eax, _, _, _) = X86Base.CpuId(7, 1) in eax &&& (1 <<< 5) <> 0))

    let check (place: Placement) precision =
        match precision with
        | Precision.Full -> ()
        | Precision.BFloat16 when place.DType <> torch.ScalarType.Float32 ->
            Check.refuse
                "Precision"
                $"bfloat16 with parameters of %A{place.DType}"
                "parameters in single precision, which gradients in bfloat16 can add to"
        | Precision.BFloat16 when place.Device.``type`` = DeviceType.CPU && not hasProcessor.Value ->
            Check.refuse
                "Precision"
                "bfloat16 on a processor that does not multiply in it"
                "one with AVX512_BF16, or Precision.Full"
        | Precision.BFloat16 -> ()
