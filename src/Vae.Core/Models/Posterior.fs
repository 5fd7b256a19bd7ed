namespace Vae.Core

open TorchSharp

/// q(z|x): an encoder, waiting for the shapes of the data and of the latent.
type Posterior = {
    Spec: PosteriorSpec
    /// The encoder for data of one shape and latents of another.
    Wire: int64[] -> int64[] -> Learned<Tensor, Encoded>
    /// An encoding of one example, of these shapes, as to its law: its numbers mean nothing, and none of the encoder's are made.
    Example: int64[] -> int64[] -> Encoded
}

[<RequireQualifiedAccess>]
module Posterior =
    let private logScale bounded (halfLogVariance: Tensor) =
        match bounded with
        | LogScale.Free -> halfLogVariance
        | LogScale.SoftClamp bound -> bound .* (1.0 / bound .* halfLogVariance).tanh()

    /// Independent normals by a stated policy for their log-scale. The encoder gives a code; two linear heads make the
    /// mean and the log-variance of it.
    let diagonalNormalBy (policy: LogScale) (encoder: Net) : Posterior =
        match policy with
        | LogScale.SoftClamp bound -> Check.positiveFloat "bound" bound
        | LogScale.Free -> ()

        let encoding (latent: int64[]) (loc: Tensor) (logVariance: Tensor) =
            Normal.OfLogScale(loc, logScale policy (0.5 .* logVariance))
            |> Normal.pathwise
            |> Independent.pathwise latent.Length
            |> Encoded.Of

        let wire (data: int64[]) (latent: int64[]) =
            let body = Net.wire "posterior" data encoder

            let head name =
                Net.wire $"posterior.%s{name}" body.Output (Net.flatten --> Net.dense (int (Shape.size latent)))

            let loc, logVariance = head "loc", head "logVariance"

            {
                Declared = body.Declared @ loc.Declared @ logVariance.Declared
                Apply =
                    fun parameters mode x ->
                        let code = Net.apply body parameters mode x

                        let read (head: Wired) =
                            let flat = Net.apply head parameters mode code
                            flat.reshape (Array.append (fst (Shape.splitLast 1 flat.shape)) latent)

                        encoding latent (read loc) (read logVariance)
            }

        {
            Spec = PosteriorSpec.DiagonalNormal(policy, encoder)
            Wire = wire
            Example =
                fun _ latent ->
                    let zero = (Tensor.scalar Placement.float32 0.0).expand(Array.append [| 1L |] latent)
                    encoding latent zero zero
        }

    /// Independent normals, their log-scale softly clamped within +-10.
    let diagonalNormal (encoder: Net) = diagonalNormalBy (LogScale.SoftClamp 10.0) encoder

    /// A posterior of one's own, which gives an encoding for data of one shape and latents of another.
    let custom name (wire: int64[] -> int64[] -> Learned<Tensor, Encoded>) : Posterior =
        let example (data: int64[]) (latent: int64[]) =
            Learned.example (wire data latent) (fun place ->
                torch.zeros (Array.append [| 1L |] data, dtype = place.DType))

        { Spec = PosteriorSpec.Custom name; Wire = wire; Example = example }

    /// A posterior of one's own whose draws pass gradients.
    let pathwise name (wire: int64[] -> int64[] -> Learned<Tensor, Reparameterized<'law>>) : Posterior =
        custom name (fun data latent -> wire data latent |> Learned.map Encoded.Of)

    /// A posterior of one's own whose draws pass no gradient: for objectives that score instead.
    let scored<'law when 'law :> Distribution> name (wire: int64[] -> int64[] -> Learned<Tensor, 'law>) : Posterior =
        custom name (fun data latent -> wire data latent |> Learned.map (fun law -> Encoded.Scored law))
