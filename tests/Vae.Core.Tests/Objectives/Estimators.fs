/// Gradients of objectives over many keys, on models whose evidence is known.
module Vae.Core.Tests.Estimators

open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.LinearGaussian
open Vae.Testing

/// A model whose posterior is a product of normals and not the true one, in float64.
type Setting = { Vae: Vae; Params: Params; X: Tensor }

let private wrong (truth: LinearGaussian) vae =
    let covariance, map = truth.Posterior
    let noise = Key.ofSeed 5
    let locWeight = map + 0.15 .* Key.normal f64 [| 2L; 4L |] noise
    let logVariance = covariance.diagonal().log() + vector [ 0.5; -0.4 ]
    parameters truth vae locWeight logVariance

/// n examples of a linear model with correlated columns, and a posterior that is not the true one.
let setting (n: int64) : Setting =
    let vae = model correlated (Prior.gaussian correlated.Covariance)
    { Vae = vae; Params = wrong correlated vae; X = data correlated n }

/// The same with a posterior whose draws pass no gradient.
let settingScored (n: int64) : Setting =
    let normal = Posterior.diagonalNormalBy LogScale.Free Net.flatten

    let scored =
        Posterior.scored<Distribution> "scored" (fun data latent ->
            let learned = normal.Wire "posterior" (Evidence.ofData data) latent

            {
                Declared = learned.Declared
                Apply = fun parameters mode x -> (learned.Apply parameters mode x).Law
            })

    let prior = Prior.gaussian correlated.Covariance
    let vae = Vae.create prior scored (Likelihood.gaussian correlated.Scale (Net.dense 4))
    { Vae = vae; Params = wrong correlated vae; X = data correlated n }

/// The values of terms on a pass of so many draws, by name.
let termsOf (objective: Objective) key (setting: Setting) =
    Objective.terms key setting.Vae setting.Params (Batch.ofX setting.X) objective |> TermValues.byName

/// The total of each example.
let totals (objective: Objective) key (setting: Setting) : float[] =
    let terms = Objective.terms key setting.Vae setting.Params (Batch.ofX setting.X) objective

    terms
    |> List.map (fun t -> Tensor.toArray t.Nats.Values |> Array.map (fun v -> t.Weight.Factor Progress.ended * v))
    |> List.reduce (Array.map2 (+))

/// The gradient of an objective by the trained parameters.
let gradient (objective: Objective) key (setting: Setting) : float[] =
    use _ = torch.NewDisposeScope()

    Diff.grad
        (fun flat ->
            Objective.terms key setting.Vae (setting.Params.With flat) (Batch.ofX setting.X) objective
            |> Objective.loss)
        setting.Params.Trained
    |> Tensor.toArray

/// Gradients of an objective under keys 1 to n.
let gradients (objective: Objective) n (setting: Setting) : float[][] =
    Array.init n (fun i -> gradient objective (Key.fold i (Key.ofSeed 9)) setting)

/// Two estimators have the same mean, number by number, to within the suite's error rate.
let sameMean (a: float[][]) (b: float[][]) message =
    for i in 0 .. a[0].Length - 1 do
        let a, b = a |> Array.map (fun g -> g[i]), b |> Array.map (fun g -> g[i])
        let a, b = Statistic.ofValues a, Statistic.ofValues b
        let error = sqrt (a.StandardError ** 2.0 + b.StandardError ** 2.0)

        if not (abs (a.Mean - b.Mean) <= threshold * error + 1e-12) then
            failtest
                $"%s{message}: number %d{i} is %g{a.Mean} +- %g{a.StandardError} and %g{b.Mean} +- %g{b.StandardError}"

/// The sum of the variances of an estimator's numbers that a parameter's path begins with.
let variance (prefix: string) (setting: Setting) (gradients: float[][]) =
    let places =
        setting.Params.Declared
        |> List.filter _.Trained
        |> List.collect (fun p ->
            let size = p.Shape |> Array.fold (*) 1L |> int
            List.replicate size (p.Path.StartsWith(prefix, System.StringComparison.Ordinal)))
        |> List.toArray

    [
        for i in 0 .. places.Length - 1 do
            if places[i] then
                let values = gradients |> Array.map (fun g -> g[i])
                let mean = Array.average values
                values |> Array.averageBy (fun v -> (v - mean) ** 2.0)
    ]
    |> List.sum
