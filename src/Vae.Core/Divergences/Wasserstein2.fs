namespace Vae.Core

open System
open TorchSharp

/// The squared Wasserstein-2 distance, the least E|x - y|^2 over all ways to draw x of q and y of p together.
[<RequireQualifiedAccess>]
module Wasserstein2 =
    let private normal (q: Normal) (p: Normal) = (q.Loc - p.Loc).squared() .+. (q.Scale - p.Scale).squared()

    /// |m_q - m_p|^2 + |L_q - L_p R|^2 with R the rotation that makes the second term least, V U' of the singular vectors
    /// U, V of L_q' L_p: what the traces of Bures' formula (Dowson and Landau, 1982) leave when they cancel. R does not
    /// change to first order where the term is least, so that it carries no gradient.
    let private multivariate (q: MultivariateNormal) (p: MultivariateNormal) =
        let product = q.ScaleTril.detach().transpose(-1L, -2L).matmul(p.ScaleTril.detach ())
        let struct (u, _, vt) = torch.linalg.svd product
        let rotation = vt.transpose(-1L, -2L).matmul(u.transpose (-1L, -2L))
        let spread = (q.ScaleTril - p.ScaleTril.matmul rotation).squared().sum([| -2L; -1L |])
        (q.Loc - p.Loc).squared().sum(-1L) .+. spread

    let rec private between (q: Distribution) (p: Distribution) : Tensor option =
        match q, p with
        | (:? Normal as q), (:? Normal as p) -> Some(normal q p)
        | (:? Independent as q), (:? Independent as p) when q.Dimensions = p.Dimensions ->
            between q.Base p.Base |> Option.map (Shape.sumLast q.Dimensions)
        | _ ->
            match NormalVector.tryOf q, NormalVector.tryOf p with
            | Some q, Some p -> Some(multivariate q p)
            | _ -> None

    /// On the line the best way is to draw both by their quantiles of one uniform number.
    let private sampled key n (q: Distribution) (p: Distribution) : Estimate =
        match q, p with
        | (:? Univariate as q), (:? Univariate as p) ->
            Check.atLeast 2 (nameof n) n
            let batch = KlLookup.batch q p

            Estimate.scoped (fun () ->
                let u = Key.uniform q.Placement (Array.append [| int64 n |] batch) key
                Estimate.mean ((q.Quantile u - p.Quantile u).squared()))
        | _ ->
            raise (
                NotSupportedException
                    $"the Wasserstein-2 distance of %s{q.Name} and %s{p.Name} is estimated for laws on the line only; Mmd.estimate compares draws of any laws"
            )

    /// Squared, in the squared unit of x: in closed form for normal laws and their products, from draws for laws on the line.
    /// The closed form for full covariances differentiates once.
    let squared: Discrepancy = {
        Name = "squared Wasserstein-2 distance"
        TryExact = fun q p -> KlLookup.expanded q p (fun () -> between q p)
        Estimate = sampled
    }
