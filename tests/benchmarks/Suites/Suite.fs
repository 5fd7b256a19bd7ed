namespace Vae.Benchmarks.Suites

open BenchmarkDotNet.Attributes
open TorchSharp
open Vae.Core

/// What the suites share: each benchmark runs in a process that has loaded nothing yet, and in a scope of its own, as
/// native memory is invisible to the garbage collector.
[<AbstractClass; MemoryDiagnoser>]
type Suite() =
    /// Tensors that benchmarks read, made once the native libraries are there.
    abstract Prepare: unit -> unit
    default _.Prepare() = ()

    [<GlobalSetup>]
    member this.Setup() =
        Native.load ()
        this.Prepare()

    /// Runs work and disposes of the tensors that it made.
    member _.Scoped(work: unit -> Tensor) : unit =
        use _ = torch.NewDisposeScope()
        work () |> ignore
