namespace Vae.Core

open System
open TorchSharp

/// The angle from the axis under a von Mises-Fisher law on the sphere of R^d: on (0, pi), with density proportional to
/// exp(-k s) sin(angle)^(d-2), s = 1 - cos(angle). Everything about it is an integral of an entire function over the stretch
/// where the density is within e^-40 of its peak, by the rule of Gauss and Legendre; nothing overflows, and what is
/// computed in tensors can be differentiated in k to any order.
[<RequireQualifiedAccess>]
module internal Colatitude =
    let private size = 80

    /// Of the recurrence P_(j+1) = (2j + 1)/(j + 1) x P_j - j/(j + 1) P_(j-1).
    let private ahead = Array.init size (fun j -> float (2 * j + 1) / float (j + 1))
    let private behind = Array.init size (fun j -> float j / float (j + 1))

    /// P_0(x) .. P_n(x), Legendre's polynomials.
    let private legendre n (x: float) =
        let p = Array.create (n + 1) 1.0
        p[1] <- x

        for j in 1 .. n - 1 do
            p[j + 1] <- ahead[j] * x * p[j] - behind[j] * p[j - 1]

        p

    /// The nodes on [-1, 1] in order, and their weights.
    let nodes, weights =
        let slope (p: float[]) x = float size * (p[size - 1] - x * p[size]) / (1.0 - x * x)

        let rec root left x =
            let p = legendre size x
            let next = x - p[size] / slope p x
            if left = 0 then next else root (left - 1) next

        let half =
            Array.init (size / 2) (fun i -> root 6 (cos (Math.PI * (float i + 0.75) / (float size + 0.5))))

        let x = Array.append (Array.map (~-) half) (Array.rev half)
        x, x |> Array.map (fun x -> 2.0 / ((1.0 - x * x) * slope (legendre size x) x ** 2.0))

    /// P_j at node i.
    let private table = nodes |> Array.map (legendre (size - 1))

    let private versine (angle: float) =
        let half = sin (0.5 * angle)
        2.0 * half * half

    let private logSines (d: int64) angle = if d = 2L then 0.0 else float (d - 2L) * log (sin angle)

    /// The middle of the stretch and half its length.
    let stretch (d: int64) (k: float) =
        let density angle = logSines d angle - k * versine angle
        // The peak's cosine c solves k (1 - c^2) = (d - 2) c.
        let m = float (d - 2L)
        let peak = if m = 0.0 then 0.0 else acos (2.0 * k / (m + sqrt (m * m + 4.0 * k * k)))
        let floor = (if m = 0.0 then 0.0 else density peak) - 40.0

        let rec outermost left inside outside =
            let middle = 0.5 * (inside + outside)

            if left = 0 then outside
            elif density middle > floor then outermost (left - 1) middle outside
            else outermost (left - 1) inside middle

        let low, high = outermost 30 peak 0.0, outermost 30 peak Math.PI
        struct (0.5 * (low + high), 0.5 * (high - low))

    /// s at the nodes, and the logs of the nodes' weights under k = 0: [batch..., nodes], in float64.
    let private rule (d: int64) (k: Tensor) =
        let laws = Tensor.toArray k
        let s = Array.zeroCreate<float>(laws.Length * size)
        let logs = Array.zeroCreate<float>(laws.Length * size)

        laws
        |> Array.iteri (fun law k ->
            let struct (middle, half) = stretch d k

            for i in 0 .. size - 1 do
                let angle = middle + half * nodes[i]
                s[law * size + i] <- versine angle
                logs[law * size + i] <- log (half * weights[i]) + logSines d angle)

        let shape = Array.append k.shape [| int64 size |]
        let place = { Placement.like k with DType = torch.ScalarType.Float64 }
        Tensor.ofArray place shape s, Tensor.ofArray place shape logs

    let private wide (k: Tensor) = k.to_type torch.ScalarType.Float64

    let private logits (k: Tensor) (s: Tensor, logs: Tensor) = logs - (wide k).unsqueeze -1L * s

    /// log E[exp(-k s)] under the uniform law.
    let logNormaliser (d: int64) (k: Tensor) : Tensor =
        let uniform = LogGamma.logBeta (0.5 * float (d - 1L)) 0.5
        (-uniform .+ (logits k (rule d k)).logsumexp(-1L)).to_type k.dtype

    /// E[f(s)].
    let expectation (d: int64) (k: Tensor) (f: Tensor -> Tensor) : Tensor =
        let s, logs = rule d k
        ((logits k (s, logs)).softmax(-1L) * f s).sum(-1L).to_type k.dtype

    /// E[s] = 1 - E[cos].
    let meanVersine d k = expectation d k id

    /// KL of the angle under j from that under k: log E_j exp y - E_j y with y = (j - k) s, and near j = k, where that
    /// cancels, log(1 + E_j[exp z - 1 - z]) with z = y - E_j y.
    let divergence (d: int64) (j: Tensor) (k: Tensor) : Tensor =
        let s, logs = rule d j
        let chance = (logits j (s, logs)).softmax -1L
        let y = (wide j - wide k).unsqueeze -1L * s
        let mean = (chance * y).sum(-1L, keepdim = true)
        let z = y - mean
        let isNear = z.detach().abs().amax([| -1L |], keepdim = true).le(1.0.AsScalar())
        let small = torch.where (isNear, z, torch.zeros_like z)
        let near = (chance * (small.expm1 () - small)).sum(-1L).log1p()
        let far = wide (logNormaliser d (wide k) - logNormaliser d (wide j)) - mean.squeeze -1L
        torch.where(isNear.squeeze -1L, near, far).to_type j.dtype

    /// For a law: the angle below which the probability is u, and its derivative in k, -(dF/dk) / density. The density and
    /// its product with E[s] - s are expanded in Legendre's polynomials at the nodes, which integrates them.
    let private inverse (d: int64) (withSlope: bool) (k: float) : float -> struct (float * float) =
        let struct (middle, half) = stretch d k
        let density x = exp (logSines d (middle + half * x) - k * versine (middle + half * x))
        let mass = nodes |> Array.map density |> Array.map2 (*) weights
        let total = Array.sum mass
        let s = nodes |> Array.map (fun x -> versine (middle + half * x))
        let mean = Array.fold2 (fun sum m s -> sum + m * s) 0.0 mass s / total

        let integral (values: float[]) =
            let a =
                Array.init size (fun j ->
                    let mutable sum = 0.0

                    for i in 0 .. size - 1 do
                        sum <- sum + values[i] * table[i][j]

                    (float j + 0.5) * sum / total)

            // P_j is the derivative of (P_(j+1) - P_(j-1)) / (2j + 1).
            let c = Array.zeroCreate<float>(size + 1)
            c[0] <- a[0]
            c[1] <- a[0]

            for j in 1 .. size - 1 do
                let part = a[j] / float (2 * j + 1)
                c[j + 1] <- c[j + 1] + part
                c[j - 1] <- c[j - 1] - part

            c

        let distribution = integral mass
        let slope = integral (Array.map2 (fun m s -> m * (mean - s)) mass s)

        let sum (c: float[]) (x: float) =
            let mutable before, now, sum = 1.0, x, c[0] + c[1] * x

            for j in 1 .. size - 1 do
                let next = ahead[j] * x * now - behind[j] * before
                before <- now
                now <- next
                sum <- sum + c[j + 1] * next

            sum

        let below = nodes |> Array.map (sum distribution)

        fun u ->
            // Newton's steps, kept between the neighbouring nodes and halved where they leave.
            let found = below |> Array.tryFindIndex (fun f -> f >= u) |> Option.defaultValue size

            let rec solve left low high x =
                let off = sum distribution x - u
                let low, high = if off < 0.0 then x, high else low, x
                let step = x - off * total / density x
                let next = if step >= low && step <= high then step else 0.5 * (low + high)
                // The steps' errors square: the next would be below rounding.
                if left = 0 || abs (next - x) <= 1e-9 then
                    next
                else
                    solve (left - 1) low high next

            let low = if found = 0 then -1.0 else nodes[found - 1]
            let high = if found = size then 1.0 else nodes[found]
            let x = solve 50 low high (0.5 * (low + high))
            let byK = if withSlope then -half * sum slope x * total / density x else 0.0
            struct (middle + half * x, byK)

    /// The angles below which the probability is u, of shape draws + batch of k: differentiable in k once.
    let quantile (d: int64) (k: Tensor) (u: Tensor) : Tensor =
        let laws = Tensor.toArray k |> Array.map (inverse d k.requires_grad)
        let solved = Tensor.toArray u |> Array.mapi (fun i u -> laws[i % laws.Length] u)
        let tensor (values: float[]) = Tensor.ofArray (Placement.like k) u.shape values
        let angle = tensor (solved |> Array.map (fun (struct (angle, _)) -> angle))

        if k.requires_grad then
            let slope = tensor (solved |> Array.map (fun (struct (_, slope)) -> slope))
            Elementwise.implicitly angle [ k, slope ]
        else
            angle
