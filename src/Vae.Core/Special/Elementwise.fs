namespace Vae.Core

open System.Threading.Tasks
open TorchSharp

/// Functions of numbers over tensors that broadcast against each other: computed in float64 on the CPU, with the dtype and
/// device of the first tensor, and without gradient.
[<RequireQualifiedAccess>]
module Elementwise =
    /// From this many elements on all processors are used.
    let private parallelFrom = 10_000

    let private over (ts: Tensor list) (compute: float[][] -> int -> float) : Tensor =
        Tensor.scoped (fun () ->
            let first = List.head ts

            let shape =
                ts
                |> List.map _.shape
                |> List.reduce (fun a b -> Shape.broadcast "the first tensor" a "a later tensor" b)

            let values = ts |> List.map (fun t -> Tensor.toArray (t.detach().expand shape)) |> List.toArray
            let result = Array.zeroCreate<float> values[0].Length

            if result.Length < parallelFrom then
                for i in 0 .. result.Length - 1 do
                    result[i] <- compute values i
            else
                Parallel.For(0, result.Length, (fun i -> result[i] <- compute values i)) |> ignore

            Tensor.ofArray (Placement.like first) shape result)

    /// f of each element.
    let map1 (f: float -> float) (a: Tensor) : Tensor = over [ a ] (fun v i -> f (v[0][i]))

    /// f of each two elements.
    let map2 (f: float -> float -> float) (a: Tensor) (b: Tensor) : Tensor =
        over [ a; b ] (fun v i -> f (v[0][i]) (v[1][i]))

    /// f of each three elements.
    let map3 (f: float -> float -> float -> float) (a: Tensor) (b: Tensor) (c: Tensor) : Tensor =
        over [ a; b; c ] (fun v i -> f (v[0][i]) (v[1][i]) (v[2][i]))

    /// f of each four elements.
    let map4 (f: float -> float -> float -> float -> float) (a: Tensor) (b: Tensor) (c: Tensor) (d: Tensor) : Tensor =
        over [ a; b; c; d ] (fun v i -> f (v[0][i]) (v[1][i]) (v[2][i]) (v[3][i]))

    /// A tensor with a value, whose first derivative by each parameter is the tensor beside it: value + sum of
    /// (parameter - parameter detached) * derivative. It can be differentiated once only: its second derivatives are zero,
    /// not those of the function that the value came from. Parameters are finite.
    let implicitly (value: Tensor) (derivatives: (Tensor * Tensor) list) : Tensor =
        Tensor.scoped (fun () ->
            (value.detach (), derivatives)
            ||> List.fold (fun sum (parameter, derivative) ->
                sum .+. (parameter - parameter.detach ()) * derivative.detach ()))
