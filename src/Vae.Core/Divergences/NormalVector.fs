namespace Vae.Core

open TorchSharp

/// Normal laws of vectors, by their mean and a factor of their covariance.
[<RequireQualifiedAccess>]
module internal NormalVector =
    /// A multivariate normal law, or a product of normal ones as such.
    let tryOf (law: Distribution) : MultivariateNormal option =
        match law with
        | :? MultivariateNormal as law -> Some law
        | :? Independent as product when product.EventShape.Length = 1 ->
            match product.Base with
            | :? Normal as normal -> Some(MultivariateNormal.OfParts(normal.Loc, torch.diag_embed normal.Scale))
            | _ -> None
        | _ -> None
