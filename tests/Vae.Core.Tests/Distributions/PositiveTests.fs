/// What is particular to laws of positive numbers.
module Vae.Core.Tests.PositiveTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.KnownLaw

let private laws = [
    known (Gamma(0.01, 2.0)) 0.005 0.0025 (-95.6389439058079) [
        [ 1.0e-300; 679.2752242129951; 0.0010127017706017382; 0.9989872982293982 ]
        [ 1.0e-20; 40.99863643504568; 0.6389716199292627; 0.36102838007073734 ]
        [ 0.1; -2.512989164172317; 0.9877844094567542; 0.01221559054324581 ]
        [ 5.0; -16.18589193954618; 0.9999999571829502; 4.281704977409939e-08 ]
        [ 40.0; -88.24453906580922; 1.0; 2.341942493774538e-39 ]
    ]
    known (Gamma(2.5, 3.0)) 0.8333333333333334 0.2777777777777778 (0.6313356208369447) [
        [ 1.0e-100; -342.9259160979095; 4.6905841142680314e-250; 1.0 ]
        [ 0.001; -7.90278506727585; 1.4801181561069414e-07; 0.9999998519881844 ]
        [ 0.8; -0.2728674757739596; 0.5592270319133371; 0.44077296808666294 ]
        [ 10.0; -24.084274509311577; 0.9999999999878454; 1.215456977718304e-11 ]
        [ 150.0; -440.0221992076583; 1.0; 2.661414733018511e-192 ]
    ]
    known (Gamma(1000000.0, 1.0)) 1000000.0 1000000.0 (8.326693478853393) [
        [ 950000.0; -1301.069788151666; 0.0; 1.0 ]
        [ 999000.0; -8.32602697872006; 0.15865521357430365; 0.8413447864256963 ]
        [ 1000000.0; -7.826693895520143; 0.5001329807608725; 0.4998670192391274 ]
        [ 1010000.0; -57.50579105829046; 1.0; 1.0606997477586902e-23 ]
    ]
    known (Gamma(1.0, 0.5)) 2.0 4.0 (1.6931471805599454) [
        [ 1.0e-150; -0.6931471805599453; 5.0e-151; 1.0 ]
        [ 1.0; -1.1931471805599454; 0.3934693402873666; 0.6065306597126334 ]
        [ 1000.0; -500.69314718055995; 1.0; 7.124576406741286e-218 ]
    ]
    known (InverseGamma(0.5, 2.0)) infinity infinity (4.710777162516781) [
        [ 0.005; -392.27831530282265; 5.395865611607946e-176; 1.0 ]
        [ 1.0; -2.2257913526447273; 0.04550026389635842; 0.9544997361036416 ]
        [ 10000000000.0; -34.764567747755414; 0.999984042308785; 1.5957691214993462e-05 ]
        [ 1.0e+200; -691.0013192508584; 1.0; 1.5957691216057308e-100 ]
    ]
    known (InverseGamma(3.0, 0.1)) 0.05 0.0025000000000000005 (-2.300575252827969) [
        [ 0.001; -79.96988134361354; 1.897610755368222e-40; 1.0 ]
        [ 0.03; 3.091995796404511; 0.35277615643394034; 0.6472238435660597 ]
        [ 1.0; -7.700902459542082; 0.9998453469297354; 0.00015465307026467167 ]
        [ 1.0e+30; -283.9111136188276; 1.0; 1.666666666666667e-94 ]
    ]
    known (InverseGamma(20000.0, 10000.0)) 0.5000250012500626 1.250250034379063e-05 (-4.225919090081671) [
        [ 0.45; -110.18060029308165; 2.8422655403695993e-52; 1.0 ]
        [ 0.5; 4.72594825695667; 0.49905968376625065; 0.5009403162337493 ]
        [ 0.55; -83.39113982752681; 1.0; 1.82834492205221e-40 ]
    ]
    known (Chi2 1000.0) 1000.0 2000.0 (5.218722762886959) [
        [ 300.0; -255.50198578826223; 9.32013053236425e-112; 1.0 ]
        [ 990.0; -4.734674020517377; 0.4170538536448513; 0.5829461463551487 ]
        [ 1800.0; -111.41401064346277; 1.0; 1.837837827970671e-48 ]
    ]
    known (Chi2 0.3) 0.3 0.6 (-3.2968833861717246) [
        [ 1.0e-200; 389.50767995568896; 9.659281094357617e-31; 1.0 ]
        [ 1.0e-05; 7.854195791925868; 0.17176889483562788; 0.8282311051643722 ]
        [ 0.2; -0.663763627729841; 0.7491130665019831; 0.2508869334980169 ]
        [ 60.0; -35.41197873118761; 0.9999999999999992; 8.128955193867331e-16 ]
    ]
    known (Chi2 2.0) 2.0 4.0 (1.6931471805599454) [
        [ 1.0e-150; -0.6931471805599453; 5.0e-151; 1.0 ]
        [ 1.0; -1.1931471805599454; 0.3934693402873666; 0.6065306597126334 ]
        [ 1300.0; -650.6931471805599; 1.0; 5.111951948651156e-283 ]
    ]
    known (Chi 3.0) 1.5957691216057308 0.45352091052967464 (0.9961541981062056) [
        [ 1.0e-50; -230.48430065204928; 2.6596152026762178e-151; 1.0 ]
        [ 0.001; -14.041302410609001; 2.6596144047917997e-10; 0.9999999997340385 ]
        [ 1.5; -0.5398611364283986; 0.4778328104646087; 0.5221671895353913 ]
        [ 30.0; -443.4233965893204; 1.0; 8.851690237125581e-195 ]
    ]
    known (Chi 0.2) 0.22137322446763583 0.15099389548880174 (-2.163362914710197) [
        [ 1.0e-150; 274.6813309700552; 9.807455053275117e-31; 1.0 ]
        [ 0.1; 0.20818788516498135; 0.6185276709481867; 0.38147232905181333 ]
        [ 5.0; -15.416430519177535; 0.9999999622000806; 3.779991938848036e-08 ]
    ]
    known (Chi 1000000.0) 999.9997500000312 0.4999998749999375 (1.0723647762578667) [
        [ 950.0; -2543.8154593657373; 0.0; 1.0 ]
        [ 1000.0; -0.5723651095913668; 0.5001880631966055; 0.4998119368033945 ]
        [ 1003.0; -9.566380820092354; 0.9999888734338206; 1.1126566179361822e-05 ]
    ]
    known (Exponential 0.7) 1.4285714285714286 2.0408163265306123 (1.3566749439387324) [
        [ 1.0e-200; -0.35667494393873245; 6.999999999999999e-201; 1.0 ]
        [ 0.5; -0.7066749439387324; 0.29531191028128656; 0.7046880897187134 ]
        [ 900.0; -630.3566749439387; 1.0; 2.4801411660928953e-274 ]
    ]
    known (Weibull(2.0, 0.3)) 18.5210565362511 10031.235164679132 (1.5502834334489712) [
        [ 1.0e-300; 482.13095257025566; 8.122523963562418e-91; 1.0 ]
        [ 1.0e-05; 6.621445190911085; 0.025358605423828822; 0.9746413945761712 ]
        [ 1.0; -2.2241693548501553; 0.5561428028643772; 0.44385719713562277 ]
        [ 100000000.0; -218.3349708160975; 1.0; 2.463285282399033e-89 ]
    ]
    known (Weibull(0.5, 50.0)) 0.49442210163195666 0.00015633564640032594 (-3.039498834384589) [
        [ 1.0e-05; -525.5639657501158; 1.1258999068426286e-235; 1.0 ]
        [ 0.3; -20.425285378553536; 8.082812774614959e-12; 0.9999999999919171 ]
        [ 0.5; 3.6051701859880914; 0.6321205588285577; 0.36787944117144233 ]
        [ 0.56; -278.8439140639695; 1.0; 3.075698061142836e-126 ]
    ]
    known (Weibull(3.0, 10000.0)) 2.9998268649694873 1.4800534886540139e-07 (-6.53457013997303) [
        [ 2.99; -25.27394567057203; 3.1574468424274566e-15; 0.9999999999999969 ]
        [ 3.0; 7.111728083308073; 0.6321205588285577; 0.36787944117144233 ]
        [ 3.0015; -135.11784166686104; 1.0; 4.221585434937457e-65 ]
    ]
    known (Weibull(1.5, 2.0)) 1.329340388179137 0.4828541323557413 (1.0009257599989856) [
        [ 1.0e-150; -345.5055469847632; 4.4444444444444446e-301; 1.0 ]
        [ 0.001; -7.0255387590829645; 4.44444345679027e-07; 0.9999995555556543 ]
        [ 1.0; -0.5622274801008279; 0.35881961157004544; 0.6411803884299546 ]
        [ 38.0; -638.2579746537077; 1.0; 1.9030600962558488e-279 ]
    ]
    known (Pareto(2.0, 1.5)) 6.0 infinity (1.9543487391184475) [
        [ 2.0000000001; -0.2876820725767809; 7.500000620084032e-11; 0.999999999925 ]
        [ 2.5; -0.8455409507373053; 0.2844582472000673; 0.7155417527999327 ]
        [ 10000000000.0; -56.11944144590306; 0.9999999999999972; 2.82842712474619e-15 ]
        [ 1.0e+200; -1149.8473606180748; 1.0; 2.8284271247461904e-300 ]
    ]
    known (Pareto(0.001, 3.0)) 0.0015 7.5e-07 (-6.673034234316914) [
        [ 0.0011; 7.625126848432947; 0.24868519909842232; 0.7513148009015777 ]
        [ 1.0; -19.624653548278303; 0.999999999; 1.0e-09 ]
        [ 1.0e+90; -848.5552870261347; 1.0; 1.0000000000000003e-279 ]
    ]
    known (Pareto(5.0, 0.4)) infinity infinity (6.025728644308256) [
        [ 5.5; -2.65916289603431; 0.03740649734383224; 0.9625935026561677 ]
        [ 1.0e+300; -967.3582546243997; 1.0; 1.9036539387158492e-120 ]
    ]
]

let private single (x: float) = Tensor.scalar Placement.float32 x

/// Laws whose draws would leave the numbers of their precision.
let private extreme (number: float -> Tensor) : Distribution list =
    let one = number 1.0

    [
        Gamma(number 0.01, one)
        Gamma(number 1e-4, number 1e-3)
        InverseGamma(number 0.01, one)
        Chi2(number 0.01)
        Chi(number 0.01)
        Weibull(one, number 1e-3)
        Pareto(one, number 1e-3)
    ]

let tests =
    scoped
    <| testList "Positive" [
        KnownLaw.tests laws

        testCase "draws of the extremest laws are positive and finite, in either precision"
        <| fun () ->
            for law in extreme single @ extreme (Tensor.scalar f64) do
                let draws = law.Sample(Key.ofSeed 1, [| 1000L |])
                let limits = torch.finfo draws.dtype
                let lowest, highest = number (draws.min ()), number (draws.max ())
                Expect.isGreaterThanOrEqual lowest limits.tiny $"least draw of %O{law}"
                Expect.isLessThanOrEqual highest limits.max $"largest draw of %O{law}"
                Expect.isTrue (law.LogProb(draws).isfinite().all().ToBoolean()) $"log-densities of %O{law}"

        testCase "the log of a gamma draw keeps what the draw itself would lose"
        <| fun () ->
            // -log of Gamma(a, 1) tends to 1/a times an exponential number: E = -digamma(a), sd = sqrt(trigamma(a)).
            let a = 1e-3
            let noise = StandardGamma.noise f64 [| int64 (drawsToDetect 0.05) |] (Key.ofSeed 2)
            let logs = StandardGamma.logDraw (Tensor.scalar f64 a) noise
            meanIs (number ((Tensor.scalar f64 a).digamma())) (Tensor.toArray logs) "mean of the log"
            Expect.isLessThan (number (logs.min ())) -750.0 "a draw below every positive number"

        testCase "draws of Gamma follow its distribution function"
        <| fun () ->
            for a in [ 0.3; 1.0; 50.0 ] do
                let law = Gamma(a, 2.0)
                let draws = Tensor.toArray (law.Sample(Key.ofSeed 3, [| int64 (drawsToDetectDistance 0.03) |]))
                follows (fun x -> IncompleteGamma.lower a (2.0 * x)) draws $"Gamma(%g{a}, 2)"

        testCase "the path of Gamma moves its draws as their moments move"
        <| fun () ->
            // d E[x] / da = 1 / b, d E[log x] / da = trigamma(a), d E[x] / db = -a / b^2.
            let n = int64 (drawsToDetect 0.05)

            for a in [ 0.2; 1.0; 30.0 ] do
                let each (value: float) = torch.full ([| n |], value.AsScalar(), dtype = torch.ScalarType.Float64)
                let draws (a: Tensor) (b: Tensor) = (Gamma.pathwise (Gamma(a, b))).Draw(Key.ofSeed 4, [||])
                let byConcentration (f: Tensor -> Tensor) = Diff.grad (fun a -> (f (draws a (each 2.0))).sum()) (each a)
                let byRate = Diff.grad (fun b -> (draws (each a) b).sum()) (each 2.0)
                meanIs 0.5 (Tensor.toArray (byConcentration id)) $"E[x] by the concentration %g{a}"

                meanIs
                    (LogGamma.trigamma a)
                    (Tensor.toArray (byConcentration _.log()))
                    $"E[log x] by the concentration %g{a}"

                meanIs (-a / 4.0) (Tensor.toArray byRate) $"E[x] by the rate, concentration %g{a}"

        testCase "the path of Gamma differentiates once and says so"
        <| fun () ->
            let draw (a: Tensor) = (Gamma.pathwise (Gamma(a, Tensor.scalar f64 1.0))).Draw(Key.ofSeed 5, [||])

            let nested () = Diff.diff (fun a -> Diff.diff draw a) (Tensor.scalar f64 2.0) |> ignore

            Expect.throwsT<InvalidOperationException> nested "a derivative of a derivative"

        testCase "special cases are the same law"
        <| fun () ->
            let x = vector [ 1e-200; 0.01; 0.7; 3.0; 80.0 ]

            let same (a: Distribution) (b: Distribution) =
                Array.iter2
                    (fun a b -> isClose 1e-14 a b "log-density")
                    (Tensor.toArray (a.LogProb x))
                    (Tensor.toArray (b.LogProb x))

            same (Exponential 1.7) (Gamma(1.0, 1.7))
            same (Exponential 2.0) (Weibull(0.5, 1.0))
            same (Chi2 5.0) (Gamma(2.5, 0.5))
            same (Chi 2.0) (Weibull(sqrt 2.0, 2.0))

        testCase "moments are infinite where their integrals are"
        <| fun () ->
            let moments (law: Distribution) = Tensor.toArray law.Mean, Tensor.toArray law.Variance
            let alphas = vector [ 0.5; 1.0; 1.5; 2.0; 3.0 ]
            let infinities = [| infinity; infinity; infinity; infinity |]
            let mean, variance = moments (Pareto(Tensor.scalar f64 2.0, alphas))
            Expect.equal mean [| infinity; infinity; 6.0; 4.0; 3.0 |] "mean of Pareto"
            Expect.equal variance (Array.append infinities [| 3.0 |]) "variance of Pareto"
            let mean, variance = moments (InverseGamma(alphas, Tensor.scalar f64 2.0))
            Expect.equal mean [| infinity; infinity; 4.0; 2.0; 1.0 |] "mean of InverseGamma"
            Expect.equal variance (Array.append infinities [| 1.0 |]) "variance of InverseGamma"

        testCase "parameters that are not positive are refused"
        <| fun () ->
            refused [ "rate"; "0" ] (fun () -> Exponential 0.0)
            refused [ "concentration"; "-1" ] (fun () -> Gamma(-1.0, 1.0))
            refused [ "rate" ] (fun () -> InverseGamma(1.0, nan))
            refused [ "df" ] (fun () -> Chi infinity)
            refused [ "scale" ] (fun () -> Weibull(vector [ 1.0; 0.0 ], vector [ 1.0 ]))
            refused [ "alpha" ] (fun () -> Pareto(vector [ 1.0 ], vector [ -2.0 ]))
    ]
