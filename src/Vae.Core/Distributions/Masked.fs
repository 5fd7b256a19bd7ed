namespace Vae.Core

open System
open TorchSharp

/// A batch of laws of which some are left out of account: their log-density counts as 0 nats and so does their divergence,
/// as missing pixels or padded steps need it. Where the mask is false it is no density.
[<Sealed>]
type Masked private (law: Distribution, mask: Tensor) =
    inherit Distribution()

    /// The laws that count are those where the mask, booleans that broadcast to the batch, is true.
    static member Create(law: Distribution, mask: Tensor) =
        if mask.dtype <> torch.ScalarType.Bool then
            Check.refuse (nameof mask) $"a tensor of %A{mask.dtype}" "booleans"

        if Shape.broadcast (nameof law) law.BatchShape (nameof mask) mask.shape <> law.BatchShape then
            Check.refuse
                (nameof mask)
                $"of shape %s{Check.shape mask.shape}"
                $"one that broadcasts to the batch %s{Check.shape law.BatchShape}"

        Masked(law, mask)

    /// All the laws.
    member _.Base = law
    /// Which of them count.
    member _.Mask = mask

    override _.BatchShape = law.BatchShape
    override _.EventShape = law.EventShape
    override _.Support = law.Support
    override _.Placement = law.Placement
    override _.IsGuarded = true
    override _.LogDensity x = (law.LogProb x).masked_fill(mask.logical_not (), 0.0.AsScalar())
    override _.LogDensityAt x = (law.LogProbAt x).masked_fill(mask.logical_not (), 0.0.AsScalar())
    override _.Sample(key, draws) = law.Sample(key, draws)
    override _.SampleAt(key, draws) = law.SampleAt(key, draws)
    override _.Mean = law.Mean
    override _.Variance = law.Variance
    override _.Mode = law.Mode

    override _.Entropy =
        law.Entropy
        |> Option.map (fun nats -> Tensor.scoped (fun () -> nats.masked_fill (mask.logical_not (), 0.0.AsScalar())))

    override _.Name = $"Masked(%s{law.Name})"

[<RequireQualifiedAccess>]
module Masked =
    /// The laws of a batch that count.
    let create (mask: Tensor) law = Masked.Create(law, mask)

    /// The same of a law with its sample path.
    let pathwise mask (q: Reparameterized<'law>) = Reparameterized.map (fun law -> create mask (law :> Distribution)) q
