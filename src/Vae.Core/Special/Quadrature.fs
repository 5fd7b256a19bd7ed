namespace Vae.Core

open System

/// Gauss and Legendre's quadrature of smooth functions of a number.
[<RequireQualifiedAccess>]
module internal Quadrature =
    /// Nodes and weights on [0, 1], the nodes by Newton's steps on the Legendre polynomial.
    let private nodes n =
        Array.init n (fun i ->
            let rec legendre (x: float) k previous current =
                if k = n then
                    struct (previous, current)
                else
                    let next = (float (2 * k + 1) * x * current - float k * previous) / float (k + 1)
                    legendre x (k + 1) current next

            let slope (x: float) =
                let struct (previous, value) = legendre x 1 1.0 x
                struct (value, float n * (x * value - previous) / (x * x - 1.0))

            let rec polish (x: float) left =
                let struct (value, derivative) = slope x
                if left = 0 then x else polish (x - value / derivative) (left - 1)

            let x = polish (cos (Math.PI * (float i + 0.75) / (float n + 0.5))) 6
            let struct (_, derivative) = slope x
            struct (0.5 * (1.0 + x), 1.0 / ((1.0 - x * x) * derivative * derivative)))

    /// 48 nodes with their weights.
    let rule = nodes 48

    /// The integral over [0, width].
    let integral (width: float) (f: float -> float) =
        let mutable sum = 0.0

        for struct (node, weight) in rule do
            sum <- sum + weight * f (width * node)

        width * sum

    let private few = nodes 12

    /// The integral over [0, 1] of tensors, of functions without a singularity within about their interval's length.
    let ofTensors (f: float -> Tensor) : Tensor =
        few |> Array.map (fun struct (node, weight) -> weight .* f node) |> Array.reduce (.+.)
