namespace Vae.Benchmarks.Values

open TorchSharp
open Vae.Benchmarks
open Vae.Core

/// The terms of a step's loss in nats, means over the batch, as a function of the step's key, the parameters and the batch.
type Loss = Key -> Params -> Tensor -> Tensor list

/// A workload's loss by the library, and as one writes it without laws.
[<RequireQualifiedAccess>]
module Loss =
    /// Through laws, their draws, scores and divergence.
    let ofLaws (workload: Workload) : Loss =
        let vae = Workload.vae workload

        fun key parameters x ->
            Objective.terms key vae parameters (Batch.ofX x) Objective.elbo |> List.map (fun t -> t.Nats.Mean())

    let private half (t: Tensor) : Tensor = t.mul (0.5.ToScalar())

    /// The same nets under the same paths, with the formulas on tensors: z = loc + scale noise, the cross-entropy of
    /// logits, and the closed form of the KL to N(0, I).
    let inlined (workload: Workload) : Loss =
        let latent = int64 workload.Latent
        let body = Net.wire "posterior" [| 1L; 28L; 28L |] workload.Encoder

        let head name = Net.wire $"posterior.%s{name}" body.Output (Net.flatten --> Net.dense workload.Latent)

        let loc, logVariance = head "loc", head "logVariance"
        let decoder = Net.wire "likelihood" [| latent |] workload.Decoder

        fun key parameters x ->
            let modeKey, drawKey = Key.split key
            let mode = Mode.Train modeKey
            let batch = (float x.shape[0]).ToScalar()
            let code = Net.apply body parameters mode x
            let mean = Net.apply loc parameters mode code
            let logVar = Net.apply logVariance parameters mode code
            let noise = Key.normal Placement.float32 [| x.shape[0]; latent |] drawKey
            let z = mean + (half logVar).exp() * noise
            let logits = Net.apply decoder parameters mode z

            let reconstruction =
                torch.nn.functional.binary_cross_entropy_with_logits (logits, x, reduction = torch.nn.Reduction.Sum)

            let kl = (half (mean.mul mean + logVar.exp () - 1.0.ToScalar() - logVar)).sum()
            [ reconstruction / batch; kl / batch ]
