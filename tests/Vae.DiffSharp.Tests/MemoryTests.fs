module Vae.DiffSharp.Tests.MemoryTests

open System
open System.Diagnostics
open DiffSharp
open DiffSharp.Optim
open Expecto
open TorchSharp
open Vae.Core
open Vae.DiffSharp
open Vae.DiffSharp.Tests.Support

/// Bytes resident once all that can be collected is.
let private resident () =
    GC.Collect()
    GC.WaitForPendingFinalizers()
    GC.Collect()
    use self = Process.GetCurrentProcess()
    self.WorkingSet64

let tests =
    testList "Memory" [
        testCase "is flat over 1,000 steps of DiffSharp's Adam"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let options = { options with Epochs = 1_000 }
            let steps = Training.steps (start options)

            let stream =
                DiffSharpBridge.minibatches vae Objective.elbo (fun step -> steps.Batch step, steps.Noise step)

            let mutable step = 0
            let mutable measured = []

            let loss (parameters: DiffSharp.Tensor) =
                step <- step + 1

                if step = 200 || step = 1_200 then
                    measured <- (resident (), torch.Tensor.TotalCount) :: measured

                stream parameters

            use first = (Training.untrained options vae).Params

            optim.adam (loss, DiffSharpBridge.toVector first, lr = dsharp.tensor 1e-3, iters = 1_200, print = false)
            |> ignore

            match measured with
            | [ later, laterCount; earlier, earlierCount ] ->
                Expect.equal laterCount earlierCount "torch tensors alive"
                // One vector of the parameters kept for each step would be 200 MB.
                Expect.isLessThan (later - earlier) 20_000_000L "growth in bytes"
            | other -> failtest $"measured %d{other.Length} times"
    ]
