namespace Vae.Benchmarks.Suites

open BenchmarkDotNet.Attributes
open TorchSharp
open Vae.Core

/// KL(q || p) of a batch of 128 laws in float32.
type KlSuite() =
    inherit Suite()

    let key = Key.ofSeed 3
    let normal n shape : Tensor = Key.normal Placement.float32 shape (Key.fold n key)
    let positive n shape : Tensor = (normal n shape).exp()
    let diagonal n (shape: int64[]) = Independent.create 1 (Normal(normal n shape, positive (n + 1) shape))
    let gamma n = Gamma(positive n [| 128L |], positive (n + 1) [| 128L |])

    let pair name : Distribution * Distribution =
        match name with
        | "Normal || Normal" -> diagonal 0 [| 128L; 20L |], diagonal 2 [| 20L |]
        | "Normal || MultivariateNormal" ->
            diagonal 0 [| 128L; 20L |], MultivariateNormal(torch.zeros 20L, torch.eye 20L)
        | "Gamma || Gamma" -> gamma 0, gamma 2
        | "Bernoulli || Bernoulli" -> Bernoulli.OfLogits(normal 0 [| 128L |]), Bernoulli.OfLogits(normal 1 [| 128L |])
        | other -> invalidOp $"there is no pair '%s{other}' among the suites"

    [<Params("Normal || Normal", "Normal || MultivariateNormal", "Gamma || Gamma", "Bernoulli || Bernoulli")>]
    member val Pair = "" with get, set

    member val Made: Distribution * Distribution = Unchecked.defaultof<_> with get, set

    override this.Prepare() = this.Made <- pair this.Pair

    [<Benchmark(Baseline = true)>]
    member this.Exact() = this.Scoped(fun () -> this.Made ||> Kl.exact)

    [<Benchmark>]
    member this.EstimateBy100Draws() = this.Scoped(fun () -> (this.Made ||> Kl.estimate key 100).Mean)
