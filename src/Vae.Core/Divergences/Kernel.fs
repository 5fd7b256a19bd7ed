namespace Vae.Core

open TorchSharp

/// A positive definite function of the distance of two points, by its name: what MMD compares laws by.
type Kernel = {
    Name: string
    /// From squared distances, element by element.
    OfSquared: Tensor -> Tensor
}

[<RequireQualifiedAccess>]
module Kernel =
    let private named name (lengthName: string) (length: float) ofSquared : Kernel =
        Check.positiveFloat lengthName length
        { Name = $"%s{name}(%s{Check.number length})"; OfSquared = ofSquared }

    /// exp(-d^2 / 2 length^2)
    let gaussian (length: float) =
        named "gaussian" (nameof length) length (fun d2 -> (-0.5 / (length * length) .* d2).exp())

    /// exp(-d / length). Its gradient at equal points is 0.
    let laplacian (length: float) =
        named "laplacian" (nameof length) length (fun d2 ->
            let apart = d2.gt (0.0.AsScalar())
            let safe = torch.where (apart, d2, torch.ones_like d2)
            let d = safe.sqrt ()
            torch.where (apart, (-1.0 / length .* d).exp(), torch.ones_like d2))

    /// (1 + d^2 / length^2)^(-1/2)
    let inverseMultiquadric (length: float) =
        named "inverse multiquadric" (nameof length) length (fun d2 -> (1.0 .+ (1.0 / (length * length) .* d2)).rsqrt())

    /// (1 + d^2 / (2 power length^2))^-power: gaussian kernels of many lengths, mixed.
    let rationalQuadratic (power: float) (length: float) =
        Check.positiveFloat (nameof power) power

        named $"rational quadratic of power %s{Check.number power}" (nameof length) length (fun d2 ->
            (-power .* (0.5 / (power * length * length) .* d2).log1p()).exp())

    /// The sum of kernels, such as one kind at several lengths. Refuses none.
    let sum (kernels: Kernel list) : Kernel =
        if kernels.IsEmpty then
            Check.refuse (nameof kernels) "empty" "at least one kernel"

        {
            Name = kernels |> List.map _.Name |> String.concat " + "
            OfSquared = fun d2 -> kernels |> List.map _.OfSquared(d2) |> List.reduce (.+.)
        }
