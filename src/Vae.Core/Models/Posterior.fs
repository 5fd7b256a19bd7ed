namespace Vae.Core

open TorchSharp

/// q(z|x): an encoder, waiting for the shapes of the data and of the latent. The type says what objectives may do with
/// it: `Reparameterized<'law>` passes gradients through its draws, a plain law does not.
type Posterior<'q> = {
    Spec: PosteriorSpec
    /// The law that an encoding scores with and is compared by.
    Law: 'q -> Distribution
    /// Draws of an encoding, of shape draws + batch + latent.
    Draw: Key -> int64[] -> 'q -> Tensor
    /// Draws of the encoding of some rows of a batch: those that the rows have among the draws of the whole batch. Refuses,
    /// by its name, a law that these cannot be told of.
    DrawRows: Rows -> Key -> int64[] -> 'q -> Tensor
    /// The encoder for data of one shape and latents of another.
    Wire: int64[] -> int64[] -> Learned<Tensor, 'q>
    /// An encoding of one example, of these shapes, as to its law: its numbers mean nothing, and none of the encoder's are made.
    Example: int64[] -> int64[] -> 'q
}

[<RequireQualifiedAccess>]
module Posterior =
    /// What an encoder of one's own makes of one example.
    let private example (wire: int64[] -> int64[] -> Learned<Tensor, 'q>) (data: int64[]) (latent: int64[]) : 'q =
        Learned.example (wire data latent) (fun place -> torch.zeros (Array.append [| 1L |] data, dtype = place.DType))

    let private logScale bounded (halfLogVariance: Tensor) =
        match bounded with
        | LogScale.Free -> halfLogVariance
        | LogScale.SoftClamp bound -> bound .* (1.0 / bound .* halfLogVariance).tanh()

    /// Independent normals by a stated policy for their log-scale. The encoder gives a code; two linear heads make the
    /// mean and the log-variance of it.
    let diagonalNormalBy (policy: LogScale) (encoder: Net) : Posterior<Reparameterized<Independent>> =
        match policy with
        | LogScale.SoftClamp bound -> Check.positiveFloat "bound" bound
        | LogScale.Free -> ()

        let encoding (latent: int64[]) (loc: Tensor) (logVariance: Tensor) =
            Normal.OfLogScale(loc, logScale policy (0.5 .* logVariance))
            |> Normal.pathwise
            |> Independent.pathwise latent.Length

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
            Law = fun q -> q.Law
            Draw = fun key draws q -> q.Draw(key, draws)
            DrawRows = fun rows key draws q -> q.DrawRows(rows, key, draws)
            Wire = wire
            Example =
                fun _ latent ->
                    let zero = (Tensor.scalar Placement.float32 0.0).expand(Array.append [| 1L |] latent)
                    encoding latent zero zero
        }

    /// Independent normals, their log-scale softly clamped within +-10.
    let diagonalNormal (encoder: Net) = diagonalNormalBy (LogScale.SoftClamp 10.0) encoder

    /// A posterior of one's own whose draws pass gradients.
    let pathwise
        name
        (wire: int64[] -> int64[] -> Learned<Tensor, Reparameterized<'law>>)
        : Posterior<Reparameterized<'law>> = {
        Spec = PosteriorSpec.Custom name
        Law = fun q -> q.Law
        Draw = fun key draws q -> q.Draw(key, draws)
        DrawRows = fun rows key draws q -> q.DrawRows(rows, key, draws)
        Wire = wire
        Example = example wire
    }

    /// A posterior of one's own whose draws pass no gradient: for objectives that score instead.
    let scored<'law when 'law :> Distribution>
        name
        (wire: int64[] -> int64[] -> Learned<Tensor, 'law>)
        : Posterior<'law> = {
        Spec = PosteriorSpec.Custom name
        Law = fun q -> q
        Draw = fun key draws q -> q.Sample(key, draws)
        DrawRows =
            fun rows key draws q ->
                if rows.AreAll then
                    q.Sample(key, draws)
                else
                    Check.refuse
                        "posterior"
                        $"%s{name}, whose draws cannot be told for some rows of a batch alone"
                        "one with a sample path, where several processes share a batch"
        Wire = wire
        Example = example wire
    }
