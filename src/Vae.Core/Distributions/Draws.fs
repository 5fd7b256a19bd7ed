namespace Vae.Core

open System
open TorchSharp

/// Draws that stay inside of an open support: what would round to one of its ends is the nearest number inside.
[<RequireQualifiedAccess>]
module internal Draws =
    /// The uniform numbers that draws of a law of single numbers are made of.
    let uniform (law: Distribution) key (draws: int64[]) =
        Key.uniform law.Placement (Array.append draws law.BatchShape) key

    /// The path of a law whose draws are a function of them, by their positions.
    let uniformPositions<'law when 'law :> Distribution> order (law: 'law) (push: Tensor -> Position) =
        let uniform = { NoiseShape = law.BatchShape; Numbers = Key.uniform law.Placement }
        Reparameterized.ofStandardPositions order uniform law push

    /// The same of draws that are nothing but their numbers.
    let uniformPath order law (push: Tensor -> Tensor) = uniformPositions order law (push >> Position.at)

    /// From the least normal number of the precision to the largest finite one.
    let positive (x: Tensor) : Tensor =
        let limits = torch.finfo x.dtype
        x.clamp (limits.tiny.AsScalar(), limits.max.AsScalar())

    /// From the least normal number to the largest below 1.
    let unit (x: Tensor) : Tensor =
        let limits = torch.finfo x.dtype
        x.clamp (limits.tiny.AsScalar(), (1.0 - limits.eps / 2.0).AsScalar())

    /// e^y, positive and finite: limited before the exponential, whose gradient would be lost beyond.
    let exp (y: Tensor) : Tensor =
        let limits = torch.finfo y.dtype
        let within limit = (Math.Log limit * 0.99999).AsScalar()
        y.clamp(within limits.tiny, within limits.max).exp()

    /// Positive numbers by their logs, kept positive and finite.
    let ofLog (log: Tensor) : Position = { Position.ofLog log with X = exp log }

    /// Numbers between 0 and 1 by their log-odds, kept inside.
    let ofLogOdds (odds: Tensor) : Position =
        let log (odds: Tensor) = torch.nn.functional.logsigmoid odds

        {
            Position.ofLogs (log odds) (log (odds.neg ())) with
                X = unit (odds.sigmoid ())
        }

    /// Points of a simplex by the logs of their parts, kept inside.
    let ofLogParts (logs: Tensor) : Position = { Position.ofLog logs with X = unit (logs.exp ()) }
