/// What is particular to laws of the unit interval and of the simplex.
module Vae.Core.Tests.UnitIntervalTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.KnownLaw

let private laws = [
    known (Beta(0.05, 0.1)) 0.3333333333333333 0.1932367149758454 (-12.471716423944292) [
        [ 1.0e-300; 652.8429734267319; 6.71631264219197e-16; 0.9999999999999993 ]
        [ 1.0e-05; 7.543510115195615; 0.37768617702651613; 0.6223138229734838 ]
        [ 0.3; -1.9289964629166039; 0.6420088298644081; 0.3579911701355919 ]
        [ 0.999; 2.8241521498297244; 0.8316789493437026; 0.16832105065629738 ]
        [ 0.9999999999999991; 27.79784504862644; 0.989505761496575; 0.010494238503424973 ]
    ]
    known (Beta(2.0, 3.0)) 0.4 0.04 (-0.2349066497880003) [
        [ 1.0e-100; -227.77360264961658; 6.0e-200; 1.0 ]
        [ 0.001; -4.424849629861304; 5.992003e-06; 0.999994007997 ]
        [ 0.4; 0.5469646703818639; 0.5248; 0.47519999999999996 ]
        [ 0.9; -2.225624051857918; 0.9963; 0.0036999999999999976 ]
        [ 0.9999999999990905; -52.96686779500853; 1.0; 3.0092655381030033e-36 ]
    ]
    known (Beta(500000.0, 200000.0)) 0.7142857142857143 2.915447730118403e-07 (-6.105098019225608) [
        [ 0.69; -973.1668784550993; 0.0; 1.0 ]
        [ 0.714; 6.4645529386078415; 0.29825627334761945; 0.7017437266523805 ]
        [ 0.7143; 6.6047764065303785; 0.5104031566679763; 0.48959684333202375 ]
        [ 0.74; -1171.8999356548918; 1.0; 0.0 ]
    ]
    known (Beta(300.0, 0.5)) 0.9983361064891847 5.509535552902071e-06 (-5.6140074992151385) [
        [ 0.7; -103.7647122075884; 2.003860531757615e-48; 1.0 ]
        [ 0.99; 1.576644300726746; 0.014103172217926254; 0.9858968277820738 ]
        [ 0.999999; 9.186565906747886; 0.9804659881085682; 0.01953401189143177 ]
    ]
    known (Kumaraswamy(0.5, 3.0)) 0.1 0.018571428571428572 (-1.5721317747748311) [
        [ 1.0e-300; 345.793229057215; 3.0e-150; 1.0 ]
        [ 1.0e-10; 11.918370572978391; 2.9999700001e-05; 0.999970000299999 ]
        [ 0.2; 0.024616862891797847; 0.8310835055998654; 0.1689164944001346 ]
        [ 0.99; -10.181125602205936; 0.9999998740554136; 1.2594458638060977e-07 ]
        [ 0.9999999999999991; -70.29554730900625; 1.0; 8.758115402030113e-47 ]
    ]
    known (Kumaraswamy(5.0, 0.2)) 0.9501501389884367 0.008959435105576678 (-3.769459385352524) [
        [ 1.0e-50; -460.51701859880916; 2.0e-251; 1.0 ]
        [ 0.001; -27.631021115928547; 2.0000000000000012e-16; 0.9999999999999998 ]
        [ 0.7; -1.279494194702267; 0.03613245499888939; 0.9638675450011106 ]
        [ 0.9999999999999991; 26.43833689245053; 0.9986526077524793; 0.0013473922475207166 ]
    ]
    known (Kumaraswamy(100.0, 1000.0)) 0.9279541916342463 0.00013953225544103903 (-3.103309313025387) [
        [ 0.5; -57.108645410464355; 7.888609052210118e-28; 1.0 ]
        [ 0.93; 3.6237118758277718; 0.5060991146721506; 0.49390088532784937 ]
        [ 0.99; -444.7836377652192; 1.0; 1.1670872265969554e-198 ]
    ]
    known (Kumaraswamy(0.01, 0.02)) 0.9017448085613968 0.07623176063798057 (-43.693015898673714) [
        [ 1.0e-300; 675.3515599181422; 2.0009806472822498e-05; 0.9999799901935271 ]
        [ 0.5; -2.955333578887809; 0.0947127087937192; 0.9052872912062808 ]
    ]
    known (ContinuousBernoulli.OfLogits(-500.0)) 0.002 4.0e-06 (-5.214608098422191) [
        [ 1.0e-300; 6.214608098422191; 5.0e-298; 1.0 ]
        [ 1.0e-05; 6.2096080984221915; 0.004987520807317687; 0.9950124791926823 ]
        [ 0.002; 5.214608098422191; 0.6321205588285577; 0.36787944117144233 ]
        [ 0.5; -243.7853919015778; 1.0; 2.6691902155412764e-109 ]
        [ 1.0; -493.7853919015778; 1.0; 0.0 ]
    ]
    known (ContinuousBernoulli.OfLogits 20.0) 0.9500000020611536 0.002499997938846369 (-1.995732316838217) [
        [ 1.0e-200; -17.004267724384857; 4.122307253373824e-208; 1.0 ]
        [ 0.1; -15.004267724384855; 1.3168826149417046e-08; 0.9999999868311739 ]
        [ 0.9; 0.9957322756151451; 0.13533528145440593; 0.864664718545594 ]
        [ 1.0; 2.9957322756151448; 1.0; 0.0 ]
    ]
    known (ContinuousBernoulli.OfLogits 500.0) 0.998 4.0e-06 (-5.214608098422191) [
        [ 0.0; -493.7853919015778; 0.0; 1.0 ]
        [ 0.25; -368.7853919015778; 1.3790159402541388e-163; 1.0 ]
        [ 0.99; 1.2146080984221872; 0.0067379469990854375; 0.9932620530009145 ]
        [ 0.999999; 6.2141080984221775; 0.9995001249791549; 0.0004998750208451 ]
    ]
    known (ContinuousBernoulli.OfLogits 0.0) 0.5 0.08333333333333333 (0.0) [
        [ 0.25; 0.0; 0.25; 0.75 ]
        [ 0.75; 0.0; 0.75; 0.25 ]
    ]
    known (ContinuousBernoulli.OfLogits 0.001) 0.5000833333319444 0.08333332916666683 (-4.166666562500003e-08) [
        [ 0.2; -0.00030004166666631945; 0.1999200080010665; 0.8000799919989335 ]
        [ 0.9999999999990905; 0.0004999583333327711; 0.9999999999990901; 9.099495249150382e-13 ]
    ]
    known (ContinuousBernoulli.OfLogits(-0.999)) 0.41810262338799664 0.07933410776812896 (-0.04057256166485577) [
        [ 0.2; 0.25845708242946436; 0.28667157742676413; 0.7133284225732358 ]
        [ 0.7; -0.24104291757053556; 0.7963038824191778; 0.20369611758082215 ]
    ]
    known (ContinuousBernoulli.OfLogits 1.001) 0.5820560294214169 0.07931869730348994 (-0.04073121446913242) [
        [ 0.2; -0.3417068709817058; 0.12878958386754724; 0.8712104161324528 ]
        [ 0.7; 0.1587931290182941; 0.5898674961155679; 0.4101325038844321 ]
    ]
    known (ContinuousBernoulli.OfLogits 1.0e-12) 0.5000000000000834 0.08333333333333333 (-4.1666666666666663e-26) [
        [ 0.3; -2.0000000000004168e-13; 0.29999999999989496; 0.700000000000105 ]
    ]
]

let private dirichlet (values: float list) = Dirichlet(vector values)

let tests =
    scoped
    <| testList "Unit interval" [
        KnownLaw.tests laws

        testCase "draws of the extremest laws lie inside of (0, 1), in either precision"
        <| fun () ->
            for place in [ Placement.float32; f64 ] do
                let small = Tensor.scalar place 1e-3
                let laws: Distribution list = [ Beta(small, small); Kumaraswamy(small, small) ]

                for law in laws do
                    let draws = law.Sample(Key.ofSeed 1, [| 1000L |])
                    Expect.isTrue (Support.contains law.Support draws |> _.all().ToBoolean()) $"draws of %O{law}"
                    Expect.isTrue (law.LogProb(draws).isfinite().all().ToBoolean()) $"log-densities of %O{law}"

                let law = Dirichlet(Tensor.ofArray place [| 3L |] [| 1e-3; 1e-3; 2e-3 |])
                let draws = law.Sample(Key.ofSeed 1, [| 1000L |])
                Expect.isTrue (Support.contains law.Support draws |> _.all().ToBoolean()) $"draws of %O{law}"
                Expect.isTrue (draws.lt(1.0.AsScalar()).all().ToBoolean()) $"draws of %O{law} below 1"
                Expect.isTrue (law.LogProb(draws).isfinite().all().ToBoolean()) $"log-densities of %O{law}"

        testCase "draws of Beta follow its distribution function"
        <| fun () ->
            for a, b in [ 0.5, 0.5; 3.0, 0.7; 40.0, 60.0 ] do
                let draws = Beta(a, b).Sample(Key.ofSeed 3, [| int64 (drawsToDetectDistance 0.03) |])
                follows (IncompleteBeta.lower a b) (Tensor.toArray draws) $"Beta(%g{a}, %g{b})"

        testCase "the path of Beta moves its draws as their mean moves"
        <| fun () ->
            // d E[x] / da = b / (a + b)^2
            let n = int64 (drawsToDetect 0.05)

            for a, b in [ 0.3, 0.6; 5.0, 2.0 ] do
                let concentration = torch.full ([| n |], a.AsScalar(), dtype = torch.ScalarType.Float64)
                let draws (a: Tensor) = (Beta.pathwise (Beta(a, Tensor.scalar f64 b))).Draw(Key.ofSeed 4, [||])
                let gradient = Diff.grad (fun a -> (draws a).sum()) concentration
                meanIs (b / (a + b) ** 2.0) (Tensor.toArray gradient) $"Beta(%g{a}, %g{b})"

        testCase "the path of the continuous Bernoulli law is smooth about logit 0"
        <| fun () ->
            // d x / dt at t = 0 is p (1 - p) / 2, the second derivative p (1 - p) (1 - 2 p) / 3.
            let p = 0.3

            let draw (t: Tensor) =
                (ContinuousBernoulli.pathwise (ContinuousBernoulli.OfLogits t)).Push(Tensor.scalar f64 p)

            for t in [ 0.0; 1e-9 ] do
                let at = Tensor.scalar f64 t
                isClose 1e-9 p (number (draw at)) "draw"
                isClose 1e-9 (p * (1.0 - p) / 2.0) (number (Diff.diff draw at)) "first derivative"
                let second = Diff.diff (Diff.diff draw) at
                isClose 1e-8 (p * (1.0 - p) * (1.0 - 2.0 * p) / 3.0) (number second) "second derivative"

        testCase "special cases are the same law"
        <| fun () ->
            let x = vector [ 1e-200; 0.01; 0.7; 1.0 - 1e-12 ]

            let same (a: Distribution) (b: Distribution) =
                Array.iter2
                    (fun a b -> isClose 1e-13 a b "log-density")
                    (Tensor.toArray (a.LogProb x))
                    (Tensor.toArray (b.LogProb x))

            same (Beta(1.0, 1.0)) (ContinuousBernoulli.OfLogits 0.0)
            same (Beta(2.5, 1.0)) (Kumaraswamy(2.5, 1.0))
            same (Beta(1.0, 0.3)) (Kumaraswamy(1.0, 0.3))
            let both = torch.stack ([| x; 1.0 .+ x.neg () |], -1L)

            Array.iter2
                (fun a b -> isClose 1e-13 a b "Dirichlet of two")
                (Tensor.toArray ((Beta(2.5, 0.3)).LogProb x))
                (Tensor.toArray ((dirichlet [ 2.5; 0.3 ]).LogProb both))

        testCase "known numbers of Dirichlet laws"
        <| fun () ->
            // 50-digit arithmetic.
            let law = dirichlet [ 0.5; 2.0; 3.0 ]
            isClose 1e-14 0.9067536349052944 (number (law.LogProb(vector [ 0.2; 0.3; 0.5 ]))) "log-density"
            isClose 1e-14 -1.9146769909858063 (number law.Entropy.Value) "entropy"
            let law = dirichlet [ 2e5; 3e5; 5e5 ]

            isClose
                1e-12
                13.730911662437142
                (number (law.LogProb(vector [ 0.2; 0.3; 0.5 ])))
                "log-density of a narrow law"

            isClose 1e-14 -12.730914551329123 (number law.Entropy.Value) "entropy of a narrow law"

        testCase "draws of Dirichlet have its means and variances"
        <| fun () ->
            let law = dirichlet [ 0.5; 2.0; 3.0 ]
            let draws = law.Sample(Key.ofSeed 6, [| int64 (drawsToDetect 0.03) |])
            let mean, variance = Tensor.toArray law.Mean, Tensor.toArray law.Variance

            for i in 0..2 do
                let x = Tensor.toArray (draws.select (-1L, int64 i))
                meanIs mean[i] x $"mean %d{i}"
                meanIs variance[i] (x |> Array.map (fun x -> (x - mean[i]) ** 2.0)) $"variance %d{i}"

        testCase "bad parameters are refused"
        <| fun () ->
            refused [ "concentration1" ] (fun () -> Beta(0.0, 1.0))
            refused [ "concentration0" ] (fun () -> Kumaraswamy(1.0, -1.0))
            refused [ "logits" ] (fun () -> ContinuousBernoulli.OfLogits infinity)
            refused [ "concentration"; "at least two" ] (fun () -> dirichlet [ 1.0 ])
            refused [ "concentration" ] (fun () -> dirichlet [ 1.0; 0.0 ])
    ]
