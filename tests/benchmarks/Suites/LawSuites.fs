namespace Vae.Benchmarks.Suites

open BenchmarkDotNet.Attributes
open TorchSharp
open Vae.Core

/// Laws by name, 10,000 numbers or so of each in float32.
[<RequireQualifiedAccess>]
module private Laws =
    let private count = 10_000L
    let private key = Key.ofSeed 1

    let private between low high (shape: int64[]) n : Tensor =
        low + (high - low) * Key.uniform Placement.float32 shape (Key.fold n key)

    let private line low high n = between low high [| count |] n

    let make name : Distribution =
        match name with
        | "Normal" -> Normal(line -1.0 1.0 0, line 0.5 2.0 1)
        | "MultivariateNormal" ->
            let factor = (between 0.1 0.3 [| count / 8L; 8L; 8L |] 1).tril(-1L)
            MultivariateNormal(between -1.0 1.0 [| count / 8L; 8L |] 0, factor + torch.eye 8L)
        | "Gamma" -> Gamma(line 0.5 4.0 0, line 0.5 2.0 1)
        | "Bernoulli" -> Bernoulli.OfLogits(line -2.0 2.0 0)
        | "Categorical" -> Categorical.ofLogits (between -1.0 1.0 [| count / 10L; 10L |] 0)
        | "VonMises" -> VonMises(line -3.0 3.0 0, line 0.5 5.0 1)
        | other -> invalidOp $"there is no law '%s{other}' among the suites"

/// A benchmark for each law.
[<AbstractClass>]
type LawSuite() =
    inherit Suite()

    [<Params("Normal", "MultivariateNormal", "Gamma", "Bernoulli", "Categorical", "VonMises")>]
    member val Law = "" with get, set

    member val Made: Distribution = Unchecked.defaultof<_> with get, set

    override this.Prepare() = this.Made <- Laws.make this.Law

/// Draws of 10,000 numbers.
type SamplingSuite() =
    inherit LawSuite()

    [<Benchmark>]
    member this.Sample() = this.Scoped(fun () -> this.Made.Sample(Key.ofSeed 2))

/// log p(x) of 10,000 numbers.
type LogDensitySuite() =
    inherit LawSuite()

    member val X: Tensor = Unchecked.defaultof<_> with get, set

    override this.Prepare() =
        base.Prepare()
        this.X <- this.Made.Sample(Key.ofSeed 2)

    [<Benchmark>]
    member this.LogProb() = this.Scoped(fun () -> this.Made.LogProb this.X)
