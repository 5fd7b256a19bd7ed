namespace Vae.Benchmarks

open TorchSharp
open Vae.Core

/// A model to train on both sides.
type Workload = {
    Name: string
    Latent: int
    Encoder: Net
    Decoder: Net
    /// The same encoder and decoder as TorchSharp's modules.
    Modules: unit -> torch.nn.Module<Tensor, Tensor> * torch.nn.Module<Tensor, Tensor>
    /// Numbers that the encoder ends in.
    Code: int64
    /// Steps that are timed together.
    Steps: int
}

[<RequireQualifiedAccess>]
module Workload =
    let batchSize = 128

    /// 10,000 drawn digits: both sides train on the same ones.
    let data = lazy (Digits.draw (Key.ofSeed 7) 10_000)

    let private sequence (modules: torch.nn.Module<Tensor, Tensor> list) : torch.nn.Module<Tensor, Tensor> =
        torch.nn.Sequential(modules |> List.mapi (fun i m -> struct ($"%d{i}", m)))

    let private linear (inputs: int) (outputs: int) : torch.nn.Module<Tensor, Tensor> =
        torch.nn.Linear(int64 inputs, int64 outputs)

    let private relu () : torch.nn.Module<Tensor, Tensor> = torch.nn.ReLU()

    /// 784-512-256-20-256-512-784, with ReLU.
    let dense = {
        Name = "dense"
        Latent = 20
        Encoder = Net.denseEncoder [ 512; 256 ]
        Decoder = Net.denseDecoder [ 256; 512 ]
        Modules =
            fun () ->
                sequence [ torch.nn.Flatten(); linear 784 512; relu (); linear 512 256; relu () ],
                sequence [
                    linear 20 256
                    relu ()
                    linear 256 512
                    relu ()
                    linear 512 784
                    torch.nn.Unflatten(1L, [| 1L; 28L; 28L |])
                ]
        Code = 256L
        Steps = 25
    }

    let private halve (inputs: int) (outputs: int) : torch.nn.Module<Tensor, Tensor> =
        torch.nn.Conv2d(int64 inputs, int64 outputs, 3L, stride = 2L, padding = 1L)

    let private double (inputs: int) (outputs: int) : torch.nn.Module<Tensor, Tensor> =
        torch.nn.ConvTranspose2d(int64 inputs, int64 outputs, 3L, stride = 2L, padding = 1L, output_padding = 1L)

    /// The study's net, on a latent space of two dimensions.
    let convolutional = {
        Name = "convolutional"
        Latent = 2
        Encoder = Net.convEncoder [ 32; 64 ] 16
        Decoder = Net.convDecoder [ 64; 32 ]
        Modules =
            fun () ->
                sequence [ halve 1 32; relu (); halve 32 64; relu (); torch.nn.Flatten(); linear 3136 16; relu () ],
                sequence [
                    linear 2 3136
                    relu ()
                    torch.nn.Unflatten(1L, [| 64L; 7L; 7L |])
                    double 64 64
                    relu ()
                    double 64 32
                    relu ()
                    torch.nn.ConvTranspose2d(32L, 1L, 3L, stride = 1L, padding = 1L)
                ]
        Code = 16L
        Steps = 5
    }

    let all = [ dense; convolutional ]

    /// The library's model of a workload. Its log-variance is not clamped, as nobody's is who writes the loop by hand.
    let vae workload =
        Vae.create
            (Prior.standard workload.Latent)
            (Posterior.diagonalNormalBy LogScale.Free workload.Encoder)
            (Likelihood.bernoulliCrossEntropy workload.Decoder)

    let private options precision = {
        TrainingOptions.defaults with
            Epochs = 1000
            BatchSize = batchSize
            Precision = precision
    }

    let start precision workload = vae workload |> Training.start (options precision) data.Value

    /// The first parameters of the library's run, in declared order.
    let firstParameters workload = (Training.untrained (options Precision.Full) (vae workload)).Params
