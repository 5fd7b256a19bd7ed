/// Laws on the line by their kind, and expectations under them by quadrature over their quantiles.
module Vae.Core.Tests.OnTheLine

open System
open TorchSharp
open Vae.Core
open Vae.Testing

/// Values of a parameter that tests of every kind of law take.
let private values (domain: Domain) (before: Map<string, float>) =
    match domain with
    | Domain.Real -> [ 0.3; -0.7; 0.1; 1.2 ]
    | Domain.Positive -> [ 0.8; 1.7; 0.35; 1.1 ]
    | Domain.Shape -> [ 2.6; 4.3; 1.4; 6.1 ]
    | Domain.Unit -> [ 0.3; 0.6; 0.85; 0.45 ]
    | Domain.Logit
    | Domain.LogitOrCertain _ -> [ 0.4; -1.1; 1.3; -0.2 ]
    | Domain.Whole least -> [ least + 3.0; least + 5.0; least + 1.0; least + 8.0 ]
    | Domain.End None -> [ 0.3; -0.7; 0.1; 1.2 ]
    | Domain.Above other
    | Domain.End(Some other) -> [ 0.45; 2.5; 1.3; 6.0 ] |> List.map (fun step -> before[other] + step)
    | other -> invalidOp $"a law on the line with a parameter in %A{other}"

/// Uniform laws within (0, 1), where every moment of the vocabulary is defined.
let private uniforms: Distribution list = [
    Uniform(0.1, 0.7)
    Uniform(0.3, 0.45)
    Uniform(0.2, 0.95)
    Uniform(0.05, 0.5)
]

let private generated (kind: Type) =
    let info = Laws.all |> List.find (fun info -> info.Name = kind.Name)

    [
        for i in 0..3 do
            let parameters =
                (Map.empty, List.indexed info.Parameters)
                ||> List.fold (fun before (j, parameter) ->
                    before.Add(parameter.Name, (values parameter.Domain before)[(i + j) % 4]))

            info.Make [| for parameter in info.Parameters -> Tensor.scalar f64 parameters[parameter.Name] |]
    ]

/// Four laws of a kind on the line, one for each choice of parameters.
let lawsOf (kind: Type) = if kind = typeof<Uniform> then uniforms else generated kind

/// E_q[f] of a law on the line: over its quantiles, from both ends, by the double exponential rule; of a discrete law by
/// its sum. The rule is good to 1e-9 for smooth f, and to the square of its step, 1e-6, for one with a kink.
let expectation (q: Univariate) (f: Tensor -> Tensor) =
    match q.Support with
    | Support.Integers _ ->
        let tail = Tensor.scalar f64 1e-18
        let low, high = number (q.Quantile tail), number (q.UpperQuantile tail)
        let x = torch.arange (low.AsScalar(), (high + 1.0).AsScalar(), dtype = torch.ScalarType.Float64)
        let x = x.reshape (Array.append [| x.numel () |] (Array.create q.BatchShape.Length 1L))
        number ((q.LogProb(x).exp() * f x).sum())
    | _ ->
        let nodes, reach = 4001L, 3.7
        let t = torch.linspace (0.0, reach, nodes, dtype = torch.ScalarType.Float64)
        let sinh = Math.PI .* t.sinh ()
        let weight = Math.PI .* t.cosh () * sinh.sigmoid () * sinh.neg().sigmoid()
        let tail = sinh.neg().sigmoid()
        // Quantiles that round to an end of the support are no points of it: what is beyond them has no weight left.
        let sum (x: Tensor) =
            let terms = (weight * f x).masked_fill((Support.contains q.Support x).logical_not(), 0.0.AsScalar())
            terms.sum () - 0.5 .* terms[0L]

        number (sum (q.Quantile tail) + sum (q.UpperQuantile tail)) * reach / float (nodes - 1L)
