module Vae.Core.Tests.ImportanceTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.LinearGaussian
open Vae.Core.Tests.Estimators
open Vae.Testing

let private key = Key.ofSeed 41

let private same tolerance (expected: float[]) (actual: float[]) message =
    Array.iter2 (fun a b -> isClose tolerance a b message) expected actual

let private bounds = [
    Objective.iwae 4
    Objective.dreg 4
    Objective.renyi 0.0 4
    Objective.renyi 0.5 4
    Objective.renyi 1.0 4
    Objective.renyi 3.0 4
    Objective.vrMax 4
    Objective.ciwae 0.3 4
    Objective.vimco 4
    Objective.stickTheLanding 4
]

/// The mean total over many copies of one example.
let private meanTotal (objective: Objective) (copies: int) =
    use _ = torch.NewDisposeScope()
    let one = setting 1L
    totals objective key { one with X = one.X.expand (int64 copies, 4L) }

let tests =
    scoped
    <| testList "Importance" [
        testCase "with the true posterior every bound is -log p(x), whatever the draws"
        <| fun () ->
            let covariance, map = orthogonal.Posterior
            let vae = model orthogonal (Prior.standard 2)
            let x = data orthogonal 20L

            let exact = {
                Vae = vae
                Params = parameters orthogonal vae map (covariance.diagonal().log())
                X = x
            }

            let evidence = Tensor.toArray (orthogonal.Evidence x) |> Array.map (~-)

            for objective in bounds do
                same 1e-10 evidence (totals objective key exact) objective.Name

        testCase "published identities hold draw by draw"
        <| fun () ->
            let one = setting 6L
            let sampled = { one with Vae = Vae.sampled one.Vae }
            let total objective = totals objective key sampled
            same 1e-12 (total (Objective.elboOf 1)) (total (Objective.iwae 1)) "IWAE of one draw is the ELBO"
            same 1e-12 (total (Objective.elboOf 5)) (total (Objective.renyi 1.0 5)) "Renyi of order 1 is the ELBO"
            same 1e-6 (total (Objective.elboOf 5)) (total (Objective.renyi 0.9999999 5)) "towards order 1"
            same 1e-12 (total (Objective.iwae 5)) (total (Objective.renyi 0.0 5)) "Renyi of order 0 is IWAE"
            same 1e-12 (total (Objective.elboOf 5)) (total (Objective.ciwae 1.0 5)) "CIWAE of 1 is the ELBO"
            same 1e-12 (total (Objective.iwae 5)) (total (Objective.ciwae 0.0 5)) "CIWAE of 0 is IWAE"
            same 1e-12 (total (Objective.iwae 5)) (total (Objective.vimco 5)) "VIMCO reports IWAE"
            same 1e-12 (total (Objective.iwae 5)) (total (Objective.dreg 5)) "DReG reports IWAE"

            same
                1e-12
                (total (Objective.elboOf 5))
                (total (Objective.stickTheLanding 5))
                "sticking the landing is the ELBO"

            let orders = [ 0.0; 0.5; 1.0; 2.0; 5.0 ] |> List.map (fun alpha -> total (Objective.renyi alpha 5))

            for lower, higher in List.pairwise (total (Objective.vrMax 5) :: orders) do
                Array.iter2 (fun a b -> Expect.isLessThanOrEqual a (b + 1e-12) "falls with the order") lower higher

        testCase "the importance-weighted bound falls with its draws, towards -log p(x)"
        <| fun () ->
            let n = drawsToDetect 0.05
            let values = [ 1; 3; 10 ] |> List.map (fun k -> Statistic.ofValues (meanTotal (Objective.iwae k) n))
            let one = setting 1L
            let evidence = -number((correlated.Evidence one.X)[0L])

            for a, b in List.pairwise values do
                let error = sqrt (a.StandardError ** 2.0 + b.StandardError ** 2.0)
                Expect.isGreaterThan (a.Mean - b.Mean) (threshold * error) "more draws are tighter"

            for bound in values do
                Expect.isGreaterThan bound.Mean (evidence - threshold * bound.StandardError) "a bound"

            let many = Statistic.ofValues (meanTotal (Objective.iwae 2000) 50)
            isWithin (0.002 + threshold * many.StandardError) evidence many.Mean "2000 draws"

        testCase "DReG has the gradient of the importance-weighted bound, and less noise in the encoder"
        <| fun () ->
            let one = setting 3L
            let plain, better = gradients (Objective.iwae 8) 1500 one, gradients (Objective.dreg 8) 1500 one
            sameMean plain better "DReG"
            let noise g = variance "posterior" one g
            // Tucker et al., figure 1: several times less, and more so with more draws.
            Expect.isLessThan (noise better) (0.5 * noise plain) "variance of the encoder's gradient"

        testCase "sticking the landing has the ELBO's gradient, and none at all at the true posterior"
        <| fun () ->
            let one = setting 3L
            let sampled = { one with Vae = Vae.sampled one.Vae }

            sameMean
                (gradients (Objective.elboOf 1) 1500 sampled)
                (gradients (Objective.stickTheLanding 1) 1500 one)
                "gradient"

            let covariance, map = orthogonal.Posterior
            let vae = Vae.sampled (model orthogonal (Prior.standard 2))

            let exact = {
                Vae = vae
                Params = parameters orthogonal vae map (covariance.diagonal().log())
                X = data orthogonal 5L
            }

            let noise objective = variance "posterior" exact (gradients objective 20 exact)
            Expect.isLessThan (noise (Objective.stickTheLanding 1)) 1e-20 "at the optimum"
            Expect.isGreaterThan (noise (Objective.elboOf 1)) 1e-3 "where the plain gradient is noise"

        testCase "the score function has the pathwise gradient, and its baseline less noise"
        <| fun () ->
            let path, scored = setting 2L, settingScored 2L
            let sampled = { scored with Vae = Vae.sampled scored.Vae }
            let pathwise = gradients (Objective.elboOf 4) 3000 path
            let byScore = gradients (Objective.scored 4) 3000 sampled
            sameMean pathwise byScore "leave-one-out"
            sameMean pathwise (gradients (Objective.scored 4) 3000 scored) "with the exact KL"

            let without = {
                Objective.scored 4 with
                    Terms =
                        fun pass ->
                            let score = pass.Site.Drawn.LogQ.Value
                            let perDraw = Pass.logWeight(pass).neg()
                            let value = perDraw.mean [| 0L |]
                            let surrogate = value + (perDraw.detach () * score).mean [| 0L |]
                            [ Term.each "elbo" surrogate ]
            }

            let plain = gradients without 3000 sampled
            sameMean pathwise plain "without a baseline"
            let noise = variance "posterior" path
            Expect.isLessThan (noise byScore) (0.5 * noise plain) "variance"

        testCase "VIMCO has the gradient of the importance-weighted bound"
        <| fun () ->
            sameMean
                (gradients (Objective.iwae 4) 3000 (setting 2L))
                (gradients (Objective.vimco 4) 3000 (settingScored 2L))
                "VIMCO"

        testCase "what has no path is refused by the objectives that need one, by name"
        <| fun () ->
            let one = settingScored 2L

            for objective in [ Objective.elbo; Objective.iwae 3; Objective.dreg 3; Objective.stickTheLanding 1 ] do
                refused [ "posterior"; "scored"; objective.Name; "Objective.scored" ] (fun () ->
                    Objective.check one.Vae objective)

            for objective in [ Objective.scored 2; Objective.vimco 2 ] do
                Objective.check one.Vae objective

        testCase "draws and orders out of range are refused"
        <| fun () ->
            refused [ "draws"; "0" ] (fun () -> Objective.iwae 0)
            refused [ "draws"; "1"; "2" ] (fun () -> Objective.vimco 1)
            refused [ "alpha"; "-1" ] (fun () -> Objective.renyi -1.0 2)
            refused [ "beta"; "1.5" ] (fun () -> Objective.ciwae 1.5 2)
    ]
