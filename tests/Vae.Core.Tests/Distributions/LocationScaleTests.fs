/// Laws by location and scale against 50-digit arithmetic, far in both tails and at extreme parameters.
module Vae.Core.Tests.LocationScaleTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.Special.References

let private at (x: float) = Tensor.scalar f64 x

/// Law, x, log-density, P(X <= x) and P(X > x), 50-digit arithmetic.
let private points: (Univariate * float * float * float * float) list = [
    Laplace(0.5, 2.0), 0.5, -1.3862943611198906, 0.5, 0.5
    Laplace(0.5, 2.0), 0.6, -1.4362943611198906, 0.524385287749643, 0.475614712250357
    Laplace(0.5, 2.0), -40.0, -21.63629436111989, 8.026140275928058e-10, 0.999999999197386
    Laplace(0.5, 2.0), 150.0, -76.1362943611199, 1.0, 1.7197189705204015e-33
    Laplace(0.5, 2.0), -1000.0, -501.6362943611199, 2.7743128423110845e-218, 1.0
    Logistic(0.5, 2.0), 0.5, -2.0794415416798357, 0.5, 0.5
    Logistic(0.5, 2.0), 0.6, -2.0800664765865178, 0.5124973964842103, 0.48750260351578967
    Logistic(0.5, 2.0), -60.0, -30.94314718056009, 7.287724095819161e-14, 0.9999999999999272
    Logistic(0.5, 2.0), 150.0, -75.44314718055995, 1.0, 3.439437941040803e-33
    Logistic(0.5, 2.0), -1000.0, -500.94314718055995, 5.548625684622169e-218, 1.0
    Logistic(0.5, 2.0), 1000.0, -500.44314718055995, 1.0, 9.148137189389631e-218
    Cauchy(0.5, 2.0), 0.5, -1.8378770664093456, 0.5, 0.5
    Cauchy(0.5, 2.0), 0.6, -1.8403739466079327, 0.5159022512561764, 0.4840977487438236
    Cauchy(0.5, 2.0), -10000000000.0, -46.50328456527037, 6.366197723357504e-11, 0.999999999936338
    Cauchy(0.5, 2.0), 1.0e+30, -138.6066882849322, 1.0, 6.3661977236758135e-31
    Cauchy(0.5, 2.0), -1.0e+150, -691.2271106035032, 6.366197723675813e-151, 1.0
    Cauchy(0.5, 2.0), 1.0e+200, -921.4856199029077, 1.0, 6.3661977236758134e-201
    StudentT(2.5, 0.5, 2.0), 0.5, -1.7097867740203954, 0.5, 0.5
    StudentT(2.5, 0.5, 2.0), 0.6, -1.7115358996032914, 0.5180798921452837, 0.48192010785471623
    StudentT(2.5, 0.5, 2.0), -1000.0, -21.859173382789866, 1.2851744402251274e-07, 0.999999871482556
    StudentT(2.5, 0.5, 2.0), 1000000000000000.0, -118.5659802434682, 1.0, 1.2867940086284622e-37
    StudentT(2.5, 0.5, 2.0), -1.0e+120, -964.76600191878, 4.069199946724298e-300, 1.0
    StudentT(0.1, 0.0, 1.0), 0.25, -2.1769500400482173, 0.5336843685925401, 0.4663156314074599
    StudentT(0.1, 0.0, 1.0), 1.0e+30, -79.16165061131852, 0.9995826196862827, 0.0004173803137173216
    StudentT(0.1, 0.0, 1.0), -1.0e+150, -383.10288288653254, 4.17380313717321e-16, 0.9999999999999996
    StudentT(1000000.0, 0.0, 1.0), 0.0, -0.9189387832046727, 0.5, 0.5
    StudentT(1000000.0, 0.0, 1.0), -7.0, -25.418363052211888, 1.2806120556870395e-12, 0.9999999999987194
    StudentT(1000000.0, 0.0, 1.0), 12.0, -72.91382727563143, 1.0, 1.785842562382545e-33
    Gumbel(0.5, 2.0), 0.5, -1.6931471805599454, 0.36787944117144233, 0.6321205588285577
    Gumbel(0.5, 2.0), 0.6, -1.6943766050606592, 0.38626584672164566, 0.6137341532783543
    Gumbel(0.5, 2.0), -8.0, -66.5485595272478, 3.577719320634454e-31, 1.0
    Gumbel(0.5, 2.0), -10.0, -186.00941563918994, 1.7302990587089753e-83, 1.0
    Gumbel(0.5, 2.0), 80.0, -40.44314718055995, 1.0, 5.454994842887922e-18
    Gumbel(0.5, 2.0), 1000.0, -500.44314718055995, 1.0, 9.148137189389631e-218
    HalfNormal(2.0), 0.0, -0.9189385332046728, 0.0, 1.0
    HalfNormal(2.0), 1.0e-30, -0.9189385332046728, 3.989422804014327e-31, 1.0
    HalfNormal(2.0), 0.5, -0.9501885332046728, 0.19741265136584746, 0.8025873486341526
    HalfNormal(2.0), 20.0, -50.918938533204674, 1.0, 1.523970604832105e-23
    HalfNormal(2.0), 60.0, -450.91893853320465, 1.0, 9.813427854296374e-198
    HalfCauchy(2.0), 0.0, -1.1447298858494002, 0.0, 1.0
    HalfCauchy(2.0), 1.0e-30, -1.1447298858494002, 3.183098861837907e-31, 1.0
    HalfCauchy(2.0), 0.5, -1.205354507665835, 0.15595826075473865, 0.8440417392452614
    HalfCauchy(2.0), 1000000000000.0, -55.02047775658661, 0.9999999999987268, 1.2732395447351627e-12
    HalfCauchy(2.0), 1.0e+150, -690.5339634229432, 1.0, 1.2732395447351627e-150
    LogNormal(0.5, 2.0), 1.0e-150, -14611.01747797879, 0.0, 1.0
    LogNormal(0.5, 2.0), 1.0e-12, -72.9003582259383, 3.093734669467646e-45, 1.0
    LogNormal(0.5, 2.0), 0.5, -1.0968885575144411, 0.27539605398091577, 0.7246039460190843
    LogNormal(0.5, 2.0), 1000000000000.0, -121.25464517881326, 1.0, 3.206577782000398e-42
    LogNormal(0.5, 2.0), 1.0e+30, -658.549731833678, 1.0, 5.767595711226476e-258
    LogitNormal(0.5, 2.0), 1.0e-150, -14611.01747797879, 0.0, 1.0
    LogitNormal(0.5, 2.0), 1.0e-12, -72.90035822593028, 3.0937346694895126e-45, 1.0
    LogitNormal(0.5, 2.0), 0.5, -0.25704135264472744, 0.4012936743170763, 0.5987063256829237
    LogitNormal(0.5, 2.0), 0.75, 0.017098635788994457, 0.617646766569543, 0.38235323343045696
    LogitNormal(0.5, 2.0), 0.999999999999, -65.99273087291834, 1.0, 3.206094091242565e-42
    TruncatedNormal(0.0, 1.0, 30.0, 31.0), 30.0, 3.4023054231385794, 0.0, 1.0
    TruncatedNormal(0.0, 1.0, 30.0, 31.0),
    30.00000000000091,
    3.4023054231112946,
    2.7315090544130362e-11,
    0.999999999972685
    TruncatedNormal(0.0, 1.0, 30.0, 31.0), 30.02, 2.8021054231385922, 0.4516628657390008, 0.5483371342609992
    TruncatedNormal(0.0, 1.0, 30.0, 31.0), 30.5, -11.722694576861421, 0.9999997344582009, 2.6554179905295914e-07
    TruncatedNormal(0.0, 1.0, 30.0, 31.0), 30.999, -27.066695076861382, 0.9999999999999982, 1.7312893370458933e-15
    TruncatedNormal(0.0, 1.0, -31.0, -30.0), -30.999, -27.066695076861382, 1.7312893370458933e-15, 0.9999999999999982
    TruncatedNormal(0.0, 1.0, -31.0, -30.0), -30.5, -11.722694576861421, 2.6554179905295914e-07, 0.9999997344582009
    TruncatedNormal(0.0, 1.0, -31.0, -30.0), -30.02, 2.8021054231385922, 0.5483371342609992, 0.4516628657390008
    TruncatedNormal(0.0, 1.0, -0.5, 2.0), -0.5, -0.6415372208660977, 0.0, 1.0
    TruncatedNormal(0.0, 1.0, -0.5, 2.0), -0.25, -0.5477872208660977, 0.13870857695206845, 0.8612914230479315
    TruncatedNormal(0.0, 1.0, -0.5, 2.0), 0.0, -0.5165372208660977, 0.28631513563842476, 0.7136848643615752
    TruncatedNormal(0.0, 1.0, -0.5, 2.0), 1.0, -1.0165372208660977, 0.7967659395179817, 0.20323406048201828
    TruncatedNormal(0.0, 1.0, -0.5, 2.0), 2.0, -2.5165372208660974, 1.0, 0.0
    TruncatedNormal(0.0, 1.0, 5.0, 5.000000000931323),
    5.000000000465661,
    20.79441541679836,
    0.5000000005820766,
    0.4999999994179234
    TruncatedNormal(0.0, 1.0, 5.0, 5.000000000931323),
    5.000000000232831,
    20.79441541796251,
    0.25000000043655746,
    0.7499999995634425
    TruncatedNormal(0.0, 1.0, -3.0, 60.0), -2.5, -4.042587723239924, 0.004866336352008867, 0.9951336636479912
    TruncatedNormal(0.0, 1.0, -3.0, 60.0), 0.0, -0.9175877232399245, 0.4993241386402658, 0.5006758613597342
    TruncatedNormal(0.0, 1.0, -3.0, 60.0), 10.0, -50.917587723239926, 1.0, 7.630152952612294e-24
    TruncatedNormal(0.0, 1.0, -3.0, 60.0), 37.0, -685.4175877232399, 1.0, 5.733310607227998e-300
    TruncatedNormal(0.0, 0.001, 40.0, 50.0), 40.0, 17.50439001270321, 0.0, 1.0
    TruncatedNormal(0.0, 0.001, 40.0, 50.0), 40.0000001, 13.504389960958822, 0.9816843621047865, 0.018315637895213555
    TruncatedNormal(0.0, 0.001, 40.0, 50.0), 40.001, -39982.99560989407, 1.0, 0.0
]

/// loc, scale, low, high; mean, variance and entropy of TruncatedNormal, 50-digit arithmetic.
let private truncated = [
    0.0, 1.0, 30.0, 31.0, 30.033259667433622, 0.0011037715118352822, -2.403410411635099
    0.0, 1.0, -0.5, 2.0, 0.4457437782725148, 0.3765938361368359, 0.804177896868844
    0.0, 1.0, 5.0, 5.000000000931323, 5.000000000465661, 7.228014483236696e-20, -20.79441541679836
    0.0, 1.0, -3.0, 60.0, 0.004437839042125664, 0.9866667884582592, 1.410930964676736
    0.0, 0.001, 40.0, 50.0, 40.000000025, 6.249999976562501e-16, -16.50439001332821
    1.0, 3.0, -10.0, -2.0, -3.569863438238797, 1.7532309574965117, 1.4333590532266347
]

/// loc, scale; mean, variance and entropy of LogitNormal, 30-digit quadrature.
let private logitNormal = [
    0.5, 0.1, 0.622172848606836, 0.0005501774681584764, -2.3341481619883426
    0.5, 2.0, 0.5752425317376335, 0.09572508135595345, -0.06108176179744578
    -30.0, 1.5, 2.8823507934365053e-13, 7.051565180548885e-25, -28.175596358687738
    -100.0, 3.9, 7.470700820548246e-41, 2.2508245901755517e-74, -97.22008491365973
    0.3, 4.0, 0.5273338376168286, 0.15828376509944297, -0.7025839852459855
    0.3, 4.1, 0.5267704805591887, 0.16018332624179718, -0.7508114431270297
    -2.0, 10.0, 0.42198502880749184, 0.2054074063522003, -4.543635551524238
    5.0, 100.0, 0.5199355298990198, 0.24561878905697546, -73.87716893238837
    1.0, 1000.0, 0.5003989415576799, 0.24960089942093372, -789.5595783982537
]

/// df; entropy and log-density at 0 of StudentT, 50-digit arithmetic.
let private student = [
    0.1, 12.228957898730014, -1.909920741368282
    1.0, 2.5310242469692907, -1.1447298858494002
    2.5, 1.8477600705759214, -1.01663959346045
    29.0, 1.4537115615454541, -0.9275575168683405
    31.0, 1.4514510242355143, -0.9270016524419953
    1000.0, 1.4199387830378813, -0.9191885331630061
    1000000.0, 1.4189395332049226, -0.9189387832046727
    10000000000.0, 1.4189385333046727, -0.9189385332296728
]

/// loc, scale, bins, level; log-mass of DiscretizedLogistic, 400-digit arithmetic.
let private discretized = [
    127.3, 4.0, 256.0, 127.0, -2.77529006684091
    127.3, 0.01, 256.0, 0.0, -12679.999999999998
    127.3, 0.01, 256.0, 130.0, -220.00000000000028
    3.0, 0.001, 256.0, 255.0, -251500.0
    3.0, 1000000.0, 256.0, 100.0, -15.201804921436436
    -50.0, 2.0, 256.0, 0.0, -1.08159415572272e-11
    -50.0, 2.0, 256.0, 255.0, -152.25
    300.0, 1.0, 256.0, 17.0, -282.9586751453871
    0.7, 0.5, 2.0, 0.0, -0.9130152523999525
    0.7, 0.5, 2.0, 1.0, -0.5130152523999527
]

/// Each law once.
let private laws = points |> List.map (fun (law, _, _, _, _) -> law) |> List.distinctBy string

let tests =
    scoped
    <| testList "Location and scale" [
        testCase "log-densities keep their digits far out"
        <| fun () ->
            for law, x, logDensity, _, _ in points do
                isClose 2e-14 logDensity (number (law.LogProb(at x))) $"%s{law.Name} at %g{x}"

        testCase "both tails keep their digits"
        <| fun () ->
            for law, x, cdf, survival in points |> List.map (fun (law, x, _, cdf, survival) -> law, x, cdf, survival) do
                isNear 2e-12 cdf (number (law.Cdf(at x))) $"%s{law.Name}, below %g{x}"
                isNear 2e-12 survival (number (law.Survival(at x))) $"%s{law.Name}, above %g{x}"

        testCase "quantiles are inverse to both tails, from 1e-300 on"
        <| fun () ->
            for law, _, _, _, _ in points do
                for p in tails do
                    // What rounding x moves the probability by, relatively.
                    let slack (x: float) = 4e-16 * abs x * exp (number (law.LogProb(at x))) / p
                    let low, high = number (law.Quantile(at p)), number (law.UpperQuantile(at p))

                    // The least of the degrees of freedom has quantiles beyond the largest number.
                    if abs low < 1e290 then
                        isNear (2e-12 + slack low) p (number (law.Cdf(at low))) $"%s{law.Name}, lower quantile of %g{p}"

                    if abs high < 1e290 then
                        isNear
                            (2e-12 + slack high)
                            p
                            (number (law.Survival(at high)))
                            $"%s{law.Name}, upper quantile of %g{p}"

        testCase "TruncatedNormal: moments and entropy, wherever and however short the interval is"
        <| fun () ->
            for loc, scale, low, high, mean, variance, entropy in truncated do
                let law = TruncatedNormal(loc, scale, low, high)
                let error = abs (number law.Mean - mean)
                Expect.isLessThan error (3e-16 * abs mean + 1e-15 * sqrt variance) $"mean in [%g{low}, %g{high}]"
                isNear 1e-13 variance (number law.Variance) $"variance in [%g{low}, %g{high}]"
                isClose 1e-14 entropy (number law.Entropy.Value) $"entropy in [%g{low}, %g{high}]"

        testCase "LogitNormal: moments and entropy by quadrature"
        <| fun () ->
            for loc, scale, mean, variance, entropy in logitNormal do
                let law = LogitNormal(loc, scale)
                isNear 1e-12 mean (number law.Mean) $"mean of %g{loc}, %g{scale}"
                isNear 1e-12 variance (number law.Variance) $"variance of %g{loc}, %g{scale}"
                isClose 1e-12 entropy (number law.Entropy.Value) $"entropy of %g{loc}, %g{scale}"

        testCase "StudentT: from heavy tails to the normal law"
        <| fun () ->
            for df, entropy, logPeak in student do
                let law = StudentT(df, 0.0, 1.0)
                isClose 2e-15 entropy (number law.Entropy.Value) $"entropy, df %g{df}"
                isClose 2e-15 logPeak (number (law.LogProb(at 0.0))) $"log-density at 0, df %g{df}"

            let moments = StudentT(vector [ 0.5; 1.0; 1.5; 2.0; 3.0 ])
            let finite = Tensor.toArray moments.Mean |> Array.map Double.IsFinite
            Expect.equal finite [| false; false; true; true; true |] "mean"
            let variance = Tensor.toArray moments.Variance
            Expect.isTrue (Double.IsNaN variance[1]) "no variance without a mean"
            Expect.equal variance[2..] [| infinity; infinity; 3.0 |] "variance"

        testCase "StudentT with one degree of freedom is Cauchy"
        <| fun () ->
            let x = vector [ -1e3; -0.2; 0.7; 5.0; 1e8 ]
            let student, cauchy = StudentT(1.0, 0.7, 2.0), Cauchy(0.7, 2.0)

            for a, b in Array.zip (Tensor.toArray (student.LogProb x)) (Tensor.toArray (cauchy.LogProb x)) do
                isClose 1e-14 b a "log-density"

        testCase "DiscretizedLogistic: log-masses do not cancel, and need no floor for the scale"
        <| fun () ->
            for loc, scale, bins, level, logMass in discretized do
                let law = DiscretizedLogistic(loc, scale, bins)
                isNear 2e-14 logMass (number (law.LogProb(at level))) $"level %g{level} of %g{loc}, %g{scale}"

        testCase "DiscretizedLogistic: masses sum to 1, and quantiles invert the distribution function"
        <| fun () ->
            for loc, scale in [ 127.3, 4.0; 3.0, 0.01; -50.0, 2.0; 300.0, 30.0 ] do
                let law = DiscretizedLogistic(loc, scale, 256.0)
                let levels = torch.arange (256, dtype = torch.ScalarType.Float64)
                isClose 1e-13 1.0 (number ((law.LogProb levels).exp().sum())) "sum"
                let cdf, survival = law.Cdf levels, law.Survival levels
                let lower, upper = Tensor.toArray cdf, Tensor.toArray survival
                let below, above = Tensor.toArray (law.Quantile cdf), Tensor.toArray (law.UpperQuantile survival)

                for k in 0..255 do
                    // Where the probability rounds to that of an end the quantile is the end, and levels that have the
                    // same probability, rounded, have the same quantile.
                    if lower[k] < 1.0 then
                        let x = int below[k]
                        Expect.isTrue (x <= k && lower[x] = lower[k]) $"quantile at %d{k}"

                    if upper[k] > 0.0 then
                        let x = int above[k]
                        Expect.isTrue (x <= k && upper[x] = upper[k]) $"upper quantile at %d{k}"

        testCase "grey values and levels"
        <| fun () ->
            let levels = DiscretizedLogistic.levelsOf 256 (vector [ 0.0; 0.5; 1.0 ])
            Expect.equal (Tensor.toArray levels) [| 0.0; 128.0; 255.0 |] "levels"

        testCase "implicit paths have the derivatives of the quantile"
        <| fun () ->
            let noise = vector [ 0.001; 0.3; 0.5; 0.9; 0.9999 ]

            for parameters in [ [| 0.3; 1.5; -1.0; 2.0 |]; [| 0.0; 1.0; 3.0; 4.0 |]; [| 10.0; 2.0; -1.0; 2.0 |] ] do
                let draws (p: Tensor) =
                    (TruncatedNormal.pathwise (TruncatedNormal(p[0L], p[1L], p[2L], p[3L]))).Push noise

                let theta = (Tensor.ofArray f64 [| 4L |] parameters).requires_grad_()
                let sum = (draws theta).sum()
                sum.backward ()
                let expected = centralDifferences 1e-5 (fun p -> number ((draws p).sum())) parameters

                for e, a in Array.zip expected (Tensor.toArray (nonNull theta.grad)) do
                    isClose 1e-8 e a "derivative"

            let normalAndUniform = matrix [ [ 0.4; 0.3; 0.7 ]; [ -1.5; 0.8; 0.2 ]; [ 0.9; 0.01; 0.5 ] ]

            for parameters in [ [| 0.4; 0.3; 1.5 |]; [| 30.0; -1.0; 0.5 |] ] do
                let draws (p: Tensor) = (StudentT.pathwise (StudentT(p[0L], p[1L], p[2L]))).Push normalAndUniform
                let theta = (Tensor.ofArray f64 [| 3L |] parameters).requires_grad_()
                let sum = (draws theta).sum()
                sum.backward ()
                let expected = centralDifferences 1e-5 (fun p -> number ((draws p).sum())) parameters

                for e, a in Array.zip expected (Tensor.toArray (nonNull theta.grad)) do
                    isClose 1e-7 e a "derivative"

        testCase "gradients of the log-density of TruncatedNormal"
        <| fun () ->
            for parameters in [ [| 0.3; 1.5; -1.0; 2.0 |]; [| 0.0; 1.0; 30.0; 31.0 |] ] do
                let x = vector [ parameters[2] + 0.01; parameters[2] + 0.5 ]
                let value (p: Tensor) = (TruncatedNormal(p[0L], p[1L], p[2L], p[3L]).LogProb x).sum()
                let theta = (Tensor.ofArray f64 [| 4L |] parameters).requires_grad_()
                (value theta).backward()
                let expected = centralDifferences 1e-5 (fun p -> number (value p)) parameters

                for e, a in Array.zip expected (Tensor.toArray (nonNull theta.grad)) do
                    isClose 1e-6 e a "derivative"

        testCase "every sampler draws what its path pushes"
        <| fun () ->
            for law in laws do
                let info = Laws.ofLaw law |> Option.get
                let path = info.Path.Value law
                let key = Key.ofSeed 7
                let drawn, pushed = law.Sample(key, [| 100L |]), path.Draw(key, [| 100L |])
                Expect.equal (Tensor.toArray drawn) (Tensor.toArray pushed) law.Name

        testCase "ends out of order are refused"
        <| fun () ->
            refused [ "low is 2"; "below high" ] (fun () -> Uniform(2.0, 1.0))
            refused [ "low is 1"; "below high" ] (fun () -> Uniform(vector [ 1.0 ], vector [ 1.0 ]))
            refused [ "low is 2"; "below high" ] (fun () -> TruncatedNormal(0.0, 1.0, 2.0, 1.0))
            refused [ "bins is 1" ] (fun () -> DiscretizedLogistic(0.0, 1.0, 1.0))
    ]
