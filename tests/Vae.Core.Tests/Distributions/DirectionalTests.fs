module Vae.Core.Tests.DirectionalTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private scalar (x: float) = Tensor.scalar f64 x

/// A unit vector that is none of the coordinates'.
let private axis (d: int) =
    Tensor.ofArray
        f64
        [| int64 d |]
        (Array.init d (fun i ->
            if i = 0 then -0.6
            elif i = 1 then 0.8
            else 0.0))

let private relative tolerance expected actual message =
    let error = abs (actual - expected) / abs expected

    if not (error <= tolerance) then
        failtest $"%s{message}: expected %.17g{expected}, found %.17g{actual}, relative error %.3g{error}"

/// d, concentration; then in 50-digit arithmetic, by Bessel functions: log of the integral of exp(k (t - 1)) over the
/// sphere, 1 - E[t], KL from the uniform law and KL of the uniform law.
let private fisher = [
    2, 1e-4, 1.83777706890934548, 0.9999500000000625, 2.49999999531250001e-9, 2.4999999984375e-9
    2, 0.7, 1.25681767031994735, 0.669822710467328939, 0.112183498762267878, 0.118940603910601865
    2, 25.0, -0.685394928591410757, 0.0202085465094840688, 2.01805833226365452, 22.4767280049992438
    2, 1e5, -4.8375229492741914, 5.00001250012500195e-6, 6.17539876567103669, 99993.3245999843165
    3, 1e-4, 2.53092424863595746, 0.999966666666688889, 1.666666665e-9, 1.66666666611111111e-9
    3, 0.7, 1.91139705642515065, 0.773949792768799167, 0.0778623356059807303, 0.080372809455859853
    3, 1e3, -5.06987821257279157, 0.001, 6.60090245954208236, 992.399097540457918
    10, 1e-4, 3.23864277995900056, 0.999990000000000833, 4.999999999375e-10, 4.99999999979166667e-10
    10, 25.0, -6.53531843861293073, 0.166955841962982363, 5.60016516899737221, 15.2259387819280687
    10, 1e5, -43.5377965439177168, 0.000044999212492125192, 42.2766180741641982, 99953.2234606766233
    100, 1e-4, -86.636202473264932, 0.999999000000000001, 4.99999999999264706e-11, 4.99999999999754902e-11
    100, 25.0, -108.59992624978936, 0.763711877410774787, 2.87102684120505795, 3.03617622352557237
    100, 1e5, -478.926899538542898, 0.000494879961306811782, 342.802800934546788, 99607.709202934772
]

/// loc, concentration, x; then in 50-digit arithmetic the probabilities of [-pi, x] and of [x, pi].
let private circular = [
    1.0, 30.0, -2.9, 7.54700617842247098e-22, 1.0
    1.0, 30.0, -1.5, 7.58829479472653429e-22, 1.0
    1.0, 30.0, 0.9, 0.292816345414419733, 0.707183654585580267
    1.0, 30.0, 2.5, 0.999999999999943266, 5.67340823102216132e-14
    1.0, 30.0, 3.1, 1.0, 1.37594526033300419e-21
    2.5, 3.0, -3.14, 0.000573623107985717357, 0.999426376892014111
    2.5, 3.0, -2.0, 0.14443785546684633, 0.855562144533153498
    2.5, 3.0, 0.1, 0.152819591112243417, 0.847180408887756411
    2.5, 3.0, 3.0, 0.942357277645102869, 0.0576427223548969587
    2.5, 3.0, 3.14, 0.999424734284060961, 0.000575265715938866588
    -0.5, 1000.0, -1.7, 1.60965386895900764e-279, 1.0
    -0.5, 1000.0, -0.5, 0.5, 0.5
    -0.5, 1000.0, 0.4, 1.0, 7.4777642012484557e-167
    0.3, 0.001, -3.0, 0.0225132482669212283, 0.977486751733078696
    0.3, 0.001, 3.0, 0.97748581125186341, 0.0225141887481365142
]

/// d, concentration; then in 50-digit arithmetic the log-density at loc and the entropy.
let private power = [
    2, 0.3, -1.52574661139234346, 1.7644919147441451
    3, 2.5, -1.2782612784739228, 1.99254699275963708
    10, 1e3, 19.7233235532536511, -15.25126677872098
    100, 1e-4, 86.6361722955828468, -86.6361024733662082
]

let private draws = drawsToDetectDistance 0.02

/// Cosines of draws with the axis.
let private cosines (law: Distribution) (axis: Tensor) =
    Tensor.toArray (law.Sample(Key.ofSeed 21, [| int64 draws |]).matmul axis)

/// The gradient of weighted coordinates of a push, against central differences at the same noise.
let private pathIsRight (name: string) (start: float[]) (make: Tensor -> Reparameterized<'law>) =
    let noise =
        use parameters = Tensor.ofArray f64 [| int64 start.Length |] start
        Reparameterized.noise (Key.ofSeed 5) [| 20L |] (make parameters)

    let f (parameters: Tensor) =
        let z = Reparameterized.push noise (make parameters)
        (z * (torch.arange (z.numel (), dtype = torch.ScalarType.Float64)).reshape(z.shape).sin()).sum()

    let found = Diff.grad f (Tensor.ofArray f64 [| int64 start.Length |] start)
    let expected = centralDifferences 1e-5 (f >> number) start

    for found, expected in Array.zip (Tensor.toArray found) expected do
        // Differences: h^2 / 6 times the third derivative, and rounding / h.
        isClose 1e-7 expected found name

let tests =
    scoped
    <| testList "Directional laws" [
        testCase "von Mises-Fisher: normaliser, mean and divergences from and to the uniform law, by Bessel functions"
        <| fun () ->
            for d, k, logNormaliser, gap, fromUniform, ofUniform in fisher do
                let law, uniform = VonMisesFisher(axis d, scalar k), SphericalUniform d
                let what = $"d = %d{d}, k = %g{k}: "
                isClose 1e-14 -logNormaliser (number (law.LogProb(axis d))) (what + "log-density")
                isClose 1e-14 (1.0 - gap) (number (law.Mean.dot (axis d))) (what + "mean")
                let klFrom, klOf = number (Kl.exact law uniform), number (Kl.exact uniform law)
                // The concentration's power series starts at k^2: its digits are kept, up to those of k (s - E[s]).
                relative 1e-11 fromUniform klFrom (what + "KL from uniform")
                relative 1e-11 ofUniform klOf (what + "KL of uniform")
                isClose 1e-14 (number uniform.Entropy.Value - fromUniform) (number law.Entropy.Value) (what + "entropy")

        testCase "von Mises-Fisher: close, far and turned"
        <| fun () ->
            let turned (law: VonMisesFisher) (gap: float) =
                // A direction with loc'x = 1 - gap, in the plane of the first two coordinates.
                let angle = acos (1.0 - gap)
                let loc = Tensor.toArray law.Loc
                let moved = Array.copy loc
                moved[0] <- loc[0] * cos angle - loc[1] * sin angle
                moved[1] <- loc[0] * sin angle + loc[1] * cos angle
                Tensor.ofArray f64 law.Loc.shape moved

            // d, k of q, k of p, 1 - mu_q'mu_p, and KL in 50-digit arithmetic.
            for d, first, second, gap, expected in
                [
                    3, 5.0, 5.00001, 0.0, 1.99091658326042608e-12
                    10, 1000.0, 1000.5, 0.0, 5.60341862662418406e-7
                    2, 0.001, 0.002, 0.0, 2.49999828125098969e-7
                    3, 1e5, 1.0, 0.3, 10.6675190071013694
                    100, 2.0, 7.0, 0.1, 0.138452803761353208
                ] do
                let q = VonMisesFisher(axis d, scalar first)
                let p = VonMisesFisher(turned q gap, scalar second)
                // 5.00001 - 5 itself has 11 digits.
                relative 2e-10 expected (number (Kl.exact q p)) $"d = %d{d}, %g{first} || %g{second}"

        testCase "von Mises-Fisher on the circle is von Mises"
        <| fun () ->
            for k in [ 1e-3; 2.0; 1e4 ] do
                let circle = VonMises(2.0, k)
                let law = VonMisesFisher(vector [ cos 2.0; sin 2.0 ], scalar k)

                for x in [ -3.0; -1.0; 1.9; 2.0; 3.1 ] do
                    let expected = number (circle.LogProb(scalar x))
                    isClose 1e-13 expected (number (law.LogProb(vector [ cos x; sin x ]))) $"k = %g{k}, x = %g{x}"

                isClose 1e-15 (number circle.Entropy.Value) (number law.Entropy.Value) "entropy"

        testCase "von Mises: both tails and quantiles"
        <| fun () ->
            for loc, k, x, lower, upper in circular do
                let law = VonMises(loc, k)
                let what = $"VonMises(%g{loc}, %g{k}) at %g{x}"
                relative 1e-12 lower (number (law.Cdf(scalar x))) what
                relative 1e-12 upper (number (law.Survival(scalar x))) what
                // How far the quantile of a rounded probability may be off: its spacing by the density, and x's own.
                let density = exp (number (law.LogProb(scalar x)))
                let small = min lower upper
                let allowed = 1e-15 * (10.0 + 1.0 / k) + 4e-12 * small / density

                let found =
                    if lower < upper then
                        law.Quantile(scalar lower)
                    else
                        law.UpperQuantile(scalar upper)

                Expect.isLessThan (abs (number found - x)) allowed what

        testCase "von Mises: mean and variance of the angle as a number"
        <| fun () ->
            // 50-digit arithmetic.
            for loc, k, mean, variance in
                [
                    2.5, 3.0, 1.549983556051914, 3.5659031022074662
                    -1.0, 0.3, -0.239624436666401029, 2.9074875248947245
                    1.0, 1e4, 1.0, 0.000100005000541754185
                    1.0 + 4.0 * Math.PI, 1e4, 1.0, 0.000100005000541754185
                ] do
                let law = VonMises(loc, k)
                isClose 1e-13 mean (number law.Mean) $"mean, %g{loc}"
                relative 1e-12 variance (number law.Variance) $"variance, %g{loc}"

        testCase "power spherical: normaliser and entropy"
        <| fun () ->
            for d, k, atLoc, entropy in power do
                let law = PowerSpherical(axis d, scalar k)
                isClose 1e-12 atLoc (number (law.LogProb(axis d))) $"d = %d{d}, k = %g{k}"
                isClose 1e-12 entropy (number law.Entropy.Value) $"d = %d{d}, k = %g{k}: entropy"

        testCase "draws' cosines with the axis follow their law"
        <| fun () ->
            let k = 2.5
            let three = VonMisesFisher(axis 3, scalar k)
            let cdf t = (exp (k * t) - exp -k) / (exp k - exp -k)
            follows cdf (cosines three (axis 3)) "von Mises-Fisher, d = 3"

            let k = 60.0
            let ten = VonMisesFisher(axis 10, scalar k)
            let mass angle = Quadrature.integral angle (fun a -> sin a ** 8.0 * exp (k * (cos a - 1.0)))
            let total = mass 2.0
            follows (fun t -> 1.0 - mass (acos t) / total) (cosines ten (axis 10)) "von Mises-Fisher, d = 10"

            let power = PowerSpherical(axis 5, scalar 3.0)
            let cdf t = IncompleteBeta.lower 5.0 2.0 (0.5 * (1.0 + t))
            follows cdf (cosines power (axis 5)) "power spherical"
            let uniform t = IncompleteBeta.lower 1.5 1.5 (0.5 * (1.0 + t))
            follows uniform (cosines (SphericalUniform 4) (axis 4)) "uniform"

        testCase "draws' direction about the axis is uniform"
        <| fun () ->
            for law in [ VonMisesFisher(axis 3, scalar 2.5) :> Distribution; PowerSpherical(axis 3, scalar 2.5) ] do
                let z = law.Sample(Key.ofSeed 22, [| int64 draws |])
                let across = z.matmul (vector [ 0.8; 0.6; 0.0 ])
                let angles = torch.atan2 (z.select (-1L, 2L), across)
                follows (fun a -> 0.5 + a / (2.0 * Math.PI)) (Tensor.toArray angles) law.Name

        testCase "paths' gradients are those of the pushes"
        <| fun () ->
            let direction (t: Tensor) = t / t.squared().sum().sqrt()
            let split (t: Tensor) = direction (t.narrow (0L, 1L, t.shape[0] - 1L)), t.select (0L, 0L)

            for start in [ [| 3.0; 0.2; -1.0 |]; [| 0.05; -0.5; 0.3; 0.6 |]; [| 400.0; 0.2; -1.0; 0.3; 0.4; 0.1 |] ] do
                pathIsRight $"von Mises-Fisher %A{start}" start (fun t ->
                    VonMisesFisher.pathwise (VonMisesFisher(split t)))

                pathIsRight $"power spherical %A{start}" start (fun t ->
                    PowerSpherical.pathwise (PowerSpherical(split t)))

            for start in [ [| 0.5; 3.0 |]; [| -2.8; 0.4 |] ] do
                pathIsRight $"von Mises %A{start}" start (fun t ->
                    VonMises.pathwise (VonMises(t.select (0L, 0L), t.select (0L, 1L))))

        testCase "the wrapped normal's density integrates to 1 over the disk"
        <| fun () ->
            // In polar coordinates with radius tanh(e^s) / sqrt c: trapezoidal rules in s, where the integrand dies out
            // at both ends, and in the angle, where it is periodic.
            for loc, c in [ [ 0.3; -0.2 ], 0.7; [ 0.0; 0.0 ], 1.0; [ 0.1; 0.4 ], 4.0 ] do
                let law = WrappedNormal(vector loc, vector [ 0.5; 0.8 ], scalar c)
                let step, angles = 0.03, 512
                let s = -18.0 .+ step .* (torch.arange (680, dtype = torch.ScalarType.Float64))
                let t = s.exp ()
                let radius = t.tanh () / scalar (sqrt c)
                // dr = sech(t)^2 t ds / sqrt c
                let weight = radius * t / t.cosh().squared() / scalar (sqrt c)

                let angle = (2.0 * Math.PI / float angles) .* (torch.arange (angles, dtype = torch.ScalarType.Float64))

                let circle = torch.stack ([| angle.cos (); angle.sin () |], -1L)
                let x = radius.reshape (-1L, 1L, 1L) * circle
                let sum = ((law.LogProb x).exp() * weight.unsqueeze -1L).sum()
                isClose 1e-10 1.0 (number sum * step * 2.0 * Math.PI / float angles) $"%O{loc}, c = %g{c}"

        testCase "the wrapped normal's tangent vectors come back from its draws"
        <| fun () ->
            // The density of a draw is the normal density of its tangent vector by the exponential map's volume: with
            // loc = 0, r = |v| and d = 3, log p = log N(v) - 2 log(sinh(sqrt c r) / (sqrt c r)) + 3 log(2 / (1 - c |x|^2)).
            let c = 0.5
            let law = WrappedNormal(vector [ 0.0; 0.0; 0.0 ], vector [ 0.4; 1.0; 0.7 ], scalar c)
            let path = WrappedNormal.pathwise law
            let noise = Reparameterized.noise (Key.ofSeed 8) [| 50L |] path
            let x = Reparameterized.push noise path
            let v = noise * law.Scale
            let r = v.squared().sum(-1L).sqrt()
            let a = sqrt c .* r
            let normal = (Independent.create 1 (Normal(torch.zeros_like law.Scale, law.Scale))).LogProb v
            let lambda = (2.0 .* (1.0 .+ (-c .* x.squared().sum -1L)).reciprocal()).log()
            let expected = normal - 2.0 .* (a.sinh () / a).log() + 3.0 .* lambda
            let off = (law.LogProb x - expected).abs().max()
            Expect.isLessThan (number off) 1e-12 "log-density"
            // And |x| = tanh(sqrt c r / 2) / sqrt c.
            let length = x.squared().sum(-1L).sqrt() - (0.5 .* a).tanh() / scalar (sqrt c)
            Expect.isLessThan (number (length.abs().max())) 1e-14 "length"

        testCase "what is no direction, no point of the ball, or no dimension is refused"
        <| fun () ->
            refused [ "length of loc"; "1" ] (fun () -> VonMisesFisher(vector [ 0.6; 0.7 ], scalar 1.0))
            refused [ "loc"; "at least 2" ] (fun () -> PowerSpherical(vector [ 1.0 ], scalar 1.0))
            refused [ "concentration"; "positive" ] (fun () -> VonMisesFisher(axis 2, scalar 0.0))
            refused [ "point of the ball" ] (fun () -> WrappedNormal(vector [ 0.6 ], vector [ 1.0 ], scalar 4.0))
            refused [ "dimensions"; "2" ] (fun () -> SphericalUniform 1)
    ]
