module Vae.Core.Tests.Special.NormalTailTests

open System
open Expecto
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.Special.References

let private cdfs = [
    [ -0.04243948950676877; 0.48307417430929095 ]
    [ -0.039758122354090916; 0.48414298166698966 ]
    [ -1.931371489513197e-07; 0.49999992294942536 ]
    [ -0.019319356974500997; 0.4922931710886804 ]
    [ -0.06723448376972302; 0.4731975165725372 ]
    [ -3.853966241778304e-05; 0.49998462489919293 ]
    [ -0.08027970733553526; 0.46800739865759694 ]
    [ -0.0028885291470411916; 0.4988476451975383 ]
    [ -1.1163648742252705e-07; 0.49999995546348514 ]
    [ -1.2095138589869352e-06; 0.4999995174737829 ]
    [ -9.984810171428016e-08; 0.4999999601663706 ]
    [ -28.620474631180922; 1.8687218403989156e-180 ]
    [ -0.728173525719608; 0.2332536849045558 ]
    [ -0.0011472964524736472; 0.4995422950373657 ]
]

let private logCdfs = [
    [ 0.5189797065058186; -0.35937493774137746 ]
    [ -10.266837484915467; -55.961105360744064 ]
    [ 1.9365203704138536; -0.02675679160603388 ]
    [ -0.01297206966010974; -0.7035510373098616 ]
    [ 0.009335545100257569; -0.685726205129516 ]
    [ -22.783335665051112; -263.58707721577605 ]
    [ 0.9160901912716141; -0.1982190095162708 ]
    [ -401.10874567541714; -80451.0261059786 ]
    [ -1.1450554088806475; -2.0707347345988594 ]
    [ 0.02103250109522363; -0.6765061431602226 ]
    [ 0.01033321941012131; -0.6849364118572664 ]
    [ 0.47120638474778587; -0.38382105940910216 ]
    [ -247.29999864112293; -30585.07422100255 ]
    [ 0.1391821775020339; -0.5881623079878944 ]
    [ -14.106727208862592; -103.07043010968746 ]
    [ -0.1182779398206687; -0.7920315604337216 ]
]

let private quantiles = [
    [ 2.8925985369361742e-84; -19.414807872132187 ]
    [ 3.144639033326617e-119; -23.186098592043898 ]
    [ 6.220577210073777e-42; -13.516836630146262 ]
    [ 1.3233354264367183e-132; -24.476224130770323 ]
    [ 3.7880493842181336e-48; -14.532188289399363 ]
    [ 7.930298468280202e-118; -23.046735721364374 ]
    [ 1.7504287405887698e-298; -36.90751713125178 ]
    [ 2.5867485710047392e-138; -25.00666580596166 ]
    [ 3.984784132641195e-199; -30.083481636151703 ]
    [ 0.5000007102227902; 1.7802645273178179e-06 ]
    [ 0.5000308861037098; 7.741998092957659e-05 ]
    [ 2.798273051543011e-294; -36.64451035001445 ]
    [ 8.501541844615908e-64; -16.82142106763245 ]
    [ 1.9388820997756256e-147; -25.8319899311649 ]
    [ 7.452359210459429e-76; -18.393155515749243 ]
    [ 7.471646774139584e-138; -24.964280268571855 ]
]

let tests =
    scoped
    <| testList "NormalTail" [
        testCase "cdf, its log and the quantile agree with 50-digit arithmetic"
        <| fun () ->
            agrees 2e-15 (fun v -> NormalTail.cdf v[0]) cdfs
            agrees 2e-15 (fun v -> NormalTail.logCdf v[0]) logCdfs
            agrees 1e-15 (fun v -> NormalTail.quantile v[0]) quantiles

        testCase "the tails mirror each other, and complement at the centre"
        <| fun () ->
            for z in [ 0.0; 1e-9; 0.1; 1.0; 5.0; 20.0; 37.0 ] do
                Expect.equal (NormalTail.survival z) (NormalTail.cdf -z) "mirror"
                isNear 3e-16 1.0 (NormalTail.cdf z + NormalTail.survival z) "sum"

            Expect.equal (NormalTail.quantile 0.5) 0.0 "median"
            Expect.equal (NormalTail.upperQuantile 0.0) infinity "all"
            Expect.equal (NormalTail.quantile 0.0) -infinity "none"
            Expect.isTrue (Double.IsNaN(NormalTail.quantile 1.5)) "not a probability"

        testCase "the quantile of a log inverts the log of the cdf, beyond the least number too"
        <| fun () ->
            for logP in [ -1e10; -1e5; -800.0; -100.0; -2.0; -1.4; -0.7; -0.29; -0.28; -0.1; -1e-10; -1e-300 ] do
                let z = NormalTail.quantileOfLog logP
                // The relative slope of logCdf at z bounds what one rounding of z does.
                let slope = abs (z * NormalTail.density z / NormalTail.cdf z / logP)
                let amplified = if logP > -700.0 && slope > 1.0 then slope else 2.0
                isNear (1e-15 * (2.0 + amplified)) logP (NormalTail.logCdf z) $"log p %g{logP}"

        testCase "the quantile increases"
        <| fun () ->
            let grid =
                [ for i in -3000 .. -1 -> 10.0 ** (float i / 10.0) ] @ [ for i in 800..999 -> float i / 1000.0 ]

            Expect.isTrue
                (grid |> List.map NormalTail.quantile |> List.pairwise |> List.forall (fun (a, b) -> a < b))
                "grid"
    ]
