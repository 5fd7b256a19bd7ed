namespace Vae.Core

open TorchSharp

/// Vectors that latents of shape [d, places...] are taken from, one at each place: a codebook is [codes, d].
[<RequireQualifiedAccess>]
module internal Codebook =
    /// The parameter of a posterior's codebook, below its path.
    let path (posterior: string) = $"%s{posterior}.codebook"

    /// The codebook among what a posterior declares; None of one without.
    let tryFind (declared: Parameter list) : Parameter option =
        declared |> List.tryFind (fun p -> p.Path.EndsWith(path "", System.StringComparison.Ordinal))

    /// Latents [..., d, places...] of a shape as vectors, [..., places, d].
    let vectors (latent: int64[]) (z: Tensor) =
        let leading = fst (Shape.splitLast latent.Length z.shape)
        z.reshape(Array.append leading [| latent[0]; -1L |]).transpose(-1L, -2L)

    /// The number of the nearest vector to each place, [..., places].
    let nearest (latent: int64[]) (codebook: Tensor) (z: Tensor) : Tensor =
        let z = vectors latent (z.detach ())
        let codes = codebook.detach ()
        // |z - e|^2 but for |z|^2, which is the same for all e.
        let distances = codes.squared().sum(-1L) - (2.0 .* z.matmul (codes.t ()))
        distances.argmin -1L

    /// The latents of the vectors of these numbers.
    let look (latent: int64[]) (codebook: Tensor) (codes: Tensor) : Tensor =
        let leading = codes.shape[.. codes.shape.Length - 2]
        let found = codebook.index_select (0L, codes.flatten ())

        found.reshape(Array.append codes.shape [| latent[0] |]).transpose(-1L, -2L).reshape(Array.append leading latent)

/// Vectors of a codebook, one at each place independently, by learned probabilities of each place's codes: a law of finitely many
/// latents, whose mass it is. What is not of the codebook counts as the vector next to it.
[<Sealed>]
type internal CodebookLaw(latent: int64[], codebook: Tensor, logits: Tensor) =
    inherit Distribution()

    /// [places, codes].
    let logProbs = logits.log_softmax -1L

    override _.BatchShape = [||]
    override _.EventShape = latent
    override _.Support = Support.reals
    override _.Placement = Placement.like codebook
    override _.IsGuarded = true

    override _.LogDensity z =
        let codes = Codebook.nearest latent codebook z
        let each = logProbs.expand (Array.append codes.shape [| logProbs.shape[1] |])
        each.gather(-1L, codes.unsqueeze -1L).squeeze(-1L).sum -1L

    override this.Sample(key, draws) =
        withoutGradient (fun () ->
            let codes = (Categorical.ofLogits logProbs).Sample(key, draws)
            Codebook.look latent codebook (codes.to_type torch.ScalarType.Int64))

    // A mean of vectors need not be one of them.
    override this.Mean = unknown this "mean"
    override this.Variance = unknown this "variance"
