namespace Vae.Core

open TorchSharp

/// g(a) = a + (s - 1) tanh a for s > 0: odd and increasing, with slope s at 0 and 1 far away. Planar and Sylvester flows
/// are this function along a direction.
module internal TanhEquation =
    /// tanh^2 a + s (1 - tanh^2 a): no difference of like numbers is taken.
    let private slope (s: Tensor) (a: Tensor) = a.tanh().squared() .+. s * (Logistic.logTanhSlope a).exp()

    /// log g'(a)
    let logSlope s a : Tensor = (slope s a).log()

    let private value (s: Tensor) (a: Tensor) = a .+. (-1.0 .+ s) * a.tanh ()

    /// A Newton step towards g(a) = c.
    let private newton s c a = a - (value s a - c) / slope s a

    /// The root for c >= 0, to rounding. For s < 1 the function is convex there, and Newton's steps from above the root
    /// go down to it; otherwise it is concave, and steps from below go up. They end where rounding turns them back.
    let private root (s: Tensor) (c: Tensor) =
        let isConvex = s.lt (1.0.AsScalar())
        // g(a) >= s a, a - (1 - s), and (1 - s) 0.238 a^3 up to a = 1; the first two the other way round where concave.
        let cubic = (c / (0.238 .* (1.0 .+ s.neg ()))).pow((1.0 / 3.0).AsScalar())
        let cubic = torch.where (cubic.le (1.0.AsScalar()), cubic, torch.full_like (cubic, infinity.AsScalar()))
        let steep, far = c / s, c .+. (1.0 .+ s.neg ())
        let above, below = steep.minimum(far).minimum cubic, steep.maximum far

        let rec step (count: int) (a: Tensor) =
            let next = newton s c a
            let next = torch.where (isConvex, next.minimum a, next.maximum a)

            if count = 0 || next.eq(a).all().isTrue() then next else step (count - 1) next

        // Some 10 steps do.
        step 50 (torch.where (isConvex, above, below))

    /// The a with g(a) = c. Each of two Newton steps from the root carries the derivatives by s and c further: they are
    /// right to the third.
    let solve (s: Tensor) (c: Tensor) : Tensor =
        let least = if s.dtype = torch.ScalarType.Float64 then 1e-300 else 1e-37
        let s = s.clamp_min (least.AsScalar())

        let start () =
            use _ = torch.no_grad ()
            c.sign () * root s (c.abs ())

        let a = start ()
        a |> newton s c |> newton s c
