namespace Vae.Benchmarks

open System
open TorchSharp
open Vae.Core

/// A VAE's training as TorchSharp's examples write theirs: modules, a loss, `backward`, `step`.
[<Sealed>]
type PlainLoop(workload: Workload) =
    let encoder, decoder = workload.Modules()
    let loc = torch.nn.Linear(workload.Code, int64 workload.Latent)
    let logVariance = torch.nn.Linear(workload.Code, int64 workload.Latent)

    let parameters =
        [ encoder.parameters (); loc.parameters (); logVariance.parameters (); decoder.parameters () ]
        |> List.collect Seq.toList

    let optimizer = torch.optim.Adam(parameters, 1e-3)
    let images = Data.tensor Placement.float32 Workload.data.Value
    let count = images.shape[0]
    let mutable order = torch.randperm count
    let mutable next = 0L

    /// Sets the modules' parameters to the library's first ones, which stand in the same order.
    member _.BeginAt(first: Params) =
        use _ = torch.no_grad ()
        let declared = first.Declared |> List.filter _.Trained

        for target, source in List.zip parameters declared do
            target.copy_ first[source.Path] |> ignore

    /// One step on a batch with noise [batch, latent]: its loss in nats per image.
    member _.Step(x: Tensor, noise: Tensor) : float =
        use _ = torch.NewDisposeScope()
        optimizer.zero_grad ()
        let code: Tensor = encoder.call x
        let mean: Tensor = loc.call code
        let logVar: Tensor = logVariance.call code
        let z = mean + logVar.mul(0.5.ToScalar()).exp() * noise
        let logits = decoder.call z

        let reconstruction =
            torch.nn.functional.binary_cross_entropy_with_logits (logits, x, reduction = torch.nn.Reduction.Sum)

        let inside = logVar - mean.pow (2.0.ToScalar()) - logVar.exp () + 1.0.ToScalar()
        let loss = (reconstruction - inside.sum().mul(0.5.ToScalar())) / (float x.shape[0]).ToScalar()
        loss.backward ()
        optimizer.step () |> ignore
        float (loss.item<float32>())

    /// One step on the next batch of a random order.
    member this.Next() =
        use _ = torch.NewDisposeScope()

        if next + int64 Workload.batchSize > count then
            order <- torch.randperm(count).DetachFromDisposeScope()
            next <- 0L

        let x = images.index_select (0L, order.narrow (0L, next, int64 Workload.batchSize))
        next <- next + int64 Workload.batchSize
        this.Step(x, torch.randn [| int64 Workload.batchSize; int64 workload.Latent |]) |> ignore

    interface IDisposable with
        member _.Dispose() =
            let held: IDisposable list = [ encoder; decoder; loc; logVariance; optimizer; images; order ]

            for one in held do
                one.Dispose()
