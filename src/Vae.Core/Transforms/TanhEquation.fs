namespace Vae.Core

open TorchSharp

/// g(a) = a + (s - 1) tanh a for s > 0: increasing, with slope s at 0 and 1 far away. Planar and Sylvester flows are
/// this function along a direction.
module internal TanhEquation =
    /// tanh^2 a + s (1 - tanh^2 a): no difference of like numbers is taken.
    let private slope (s: Tensor) (a: Tensor) = a.tanh().square() + s * (Logistic.logTanhSlope a).exp()

    /// log g'(a)
    let logSlope s a : Tensor = (slope s a).log()

    let private value (s: Tensor) (a: Tensor) = a + (-1.0 .+ s) * a.tanh ()

    /// A Newton step towards g(a) = c.
    let private newton s c a = a - (value s a - c) / slope s a

    /// The root to rounding, without gradient: Newton's steps while they stay in a bracket that halves where they do not.
    let private root (s: Tensor) (c: Tensor) =
        use _ = torch.no_grad ()
        let reach = (-1.0 .+ s).abs()

        let rec narrow (count: int) (low: Tensor) (high: Tensor) (a: Tensor) =
            let below = (value s a).lt c
            let low, high = torch.where (below, a, low), torch.where (below, high, a)
            let next = newton s c a
            let inside = next.gt(low).logical_and(next.lt high)
            let next = torch.where (inside, next, 0.5 .* (low + high))

            // An end of the bracket that rounding reached is the root. Halving alone would take some 60 rounds.
            if count = 0 || next.eq(a).all().ToBoolean() then
                next
            else
                narrow (count - 1) low high next

        narrow 80 (c - reach) (c + reach) c

    /// The a with g(a) = c. Each of two Newton steps from the root carries the derivatives by s and c further: they are
    /// right to the third.
    let solve (s: Tensor) (c: Tensor) : Tensor = root (s.detach ()) (c.detach ()) |> newton s c |> newton s c
