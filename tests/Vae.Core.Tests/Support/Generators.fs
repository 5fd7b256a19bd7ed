/// Laws with generated parameters, the extremes among them.
module Vae.Core.Tests.Generators

open Expecto
open FsCheck
open FsCheck.FSharp
open TorchSharp
open Vae.Core
open Vae.Testing

let private between (low: float) (high: float) =
    Gen.choose (0, 1_000_000) |> Gen.map (fun i -> low + (high - low) * float i / 1e6)

let private oftenExtreme ordinary extremes = Gen.frequency [ 4, ordinary; 1, Gen.elements extremes ]

let loc = oftenExtreme (between -5.0 5.0) [ 0.0; 1e3; -1e3 ]
let scale = oftenExtreme (between -2.0 2.0 |> Gen.map (fun e -> 10.0 ** e)) [ 1.0; 1.0001; 1e-4; 1e4 ]
let logit = oftenExtreme (between -8.0 8.0) [ 0.0; 200.0; -200.0; 40.0; -40.0 ]

let private vectorOf n (element: Gen<float>) = Gen.listOfLength n element |> Gen.map vector

/// The name of a family, two laws of it with the same event shape, and the sum of the absolute terms of their KL: what
/// its rounding errors are relative to.
type Pair = { Family: string; Q: Distribution; P: Distribution; Terms: float }

let private magnitude (q: Distribution) (p: Distribution) =
    // E_q |log q - log p| is at least KL; entropies, quadratic forms and k bound the terms of each formula below.
    let parts =
        match q, p with
        | (:? Normal as q), (:? Normal as p) ->
            let d2 = 2.0 .* (q.LogScale - p.LogScale)
            0.5 .* (((q.Loc - p.Loc) / p.Scale).square() + d2.expm1().abs() + d2.abs ())
        | (:? MultivariateNormal as q), (:? MultivariateNormal as p) ->
            let white = p.Whiten(q.ScaleTril).square().sum()
            let shift = p.Whiten((q.Loc - p.Loc).unsqueeze -1L).square().sum()
            let logs (t: Tensor) = t.diagonal().log().abs().sum()
            // A triangular solve loses up to the factor's condition number.
            let condition = torch.linalg.cond p.ScaleTril
            condition * (float q.EventShape[0] .+ (white + shift)) + logs q.ScaleTril + logs p.ScaleTril
        | (:? Bernoulli as q), (:? Bernoulli as p) -> 2.0 .+ (q.Logits.abs () + p.Logits.abs ())
        | (:? Categorical as q), (:? Categorical as p) ->
            (q.LogProbs.exp () * (q.LogProbs.abs () + p.LogProbs.abs ())).sum()
        | _ -> invalidOp "no magnitude is stated for this pair"

    number (parts.sum ())

let private pair family (q: Distribution) (p: Distribution) = { Family = family; Q = q; P = p; Terms = magnitude q p }

let normal = Gen.zip loc scale |> Gen.map (fun (loc, scale) -> Normal(loc, scale))

let private multivariate k =
    gen {
        let! loc = vectorOf k (between -3.0 3.0)
        let! below = vectorOf (k * k) (between -1.0 1.0)
        let! diagonal = vectorOf k (between -2.0 1.0 |> Gen.map (fun e -> 10.0 ** e))
        let strict = below.reshape([| int64 k; int64 k |]).tril -1L
        return MultivariateNormal(loc, strict + diagonal.diag ())
    }

let private twice one = Gen.zip one one

let private pairs: Gen<Pair> =
    Gen.oneof [
        twice normal |> Gen.map (fun (q, p) -> pair "Normal" q p)
        Gen.choose (1, 4)
        |> Gen.bind (multivariate >> twice)
        |> Gen.map (fun (q, p) -> pair "MultivariateNormal" q p)
        twice logit |> Gen.map (fun (q, p) -> pair "Bernoulli" (Bernoulli q) (Bernoulli p))
        Gen.choose (1, 6)
        |> Gen.bind (fun n -> twice (vectorOf n logit))
        |> Gen.map (fun (q, p) -> pair "Categorical" (Categorical.Create q) (Categorical.Create p))
    ]

type Arbitraries =
    static member Pair() = Arb.fromGen pairs
    static member Normal() = Arb.fromGen normal

let config = {
    FsCheckConfig.defaultConfig with
        maxTest = 500
        arbitrary = [ typeof<Arbitraries> ]
}
