namespace Vae.Core

/// The exponential average of parameters over a run's steps (Polyak and Juditsky, 1992; Kingma and Ba, 2015, section 7.2): those
/// after step k of n weigh decay^(n - k). The weights are divided by their sum, so that the first parameters, which are
/// random, are no part of it.
[<RequireQualifiedAccess>]
module internal Average =
    /// Changes the average in place, by the parameters after the n-th step, from 1.
    let update (decay: float) (n: int64) (parameters: Tensor) (average: Tensor) =
        let weight = (1.0 - decay) / (1.0 - decay ** float n)
        // Not average + weight (parameters - average), whose difference can overflow.
        Held.Increase(average.mul_ ((1.0 - weight).AsScalar()), parameters, weight)
