namespace Vae.Testing

open Expecto
open FsCheck
open TorchSharp
open Vae.Core

/// A property that laws are held to.
[<RequireQualifiedAccess>]
type LawProperty =
    /// The density integrates to 1; on the line, to the distribution function between quantiles.
    | Density
    /// Both tails add to 1, grow and fall, and end as they should.
    | Tails
    /// Quantiles are inverse to both tails.
    | Quantiles
    /// Draws follow the distribution function.
    | Sampler
    /// Mean and variance are the integrals, or those of draws.
    | Moments
    /// The entropy is -E log p.
    | Entropy
    /// Nothing has a higher density than the mode.
    | Mode
    /// The log-density's gradients are finite, and those of differences.
    | Gradients
    /// The path draws what the sampler does.
    | PathDraws
    /// The path's gradients are right, as often as it says it can be differentiated.
    | PathGradients
    /// Shapes of everything under batches and draws.
    | Shapes
    /// float32 in, float32 out.
    | Precision
    /// Draws inside, -infinity outside.
    | Support
    /// Bad parameters are refused by name.
    | Refusals

/// How a law is tested: `LawTests.defaults with` what is different.
type LawTestOptions = {
    /// How many parameter sets are generated.
    Cases: int
    /// The lengths of vectors among the parameters.
    Sizes: int list
    /// Parameters by name whose values are drawn by generators of one's own, from the length of vectors.
    Generators: (string * (int -> Gen<float[]>)) list
    /// Properties that are not asked for, each with the reason.
    Skip: (LawProperty * string) list
    /// What parameters and draws are made from.
    Seed: int
}

[<RequireQualifiedAccess>]
module LawTests =
    /// 32 parameter sets; vectors of 1, 2, 3 and 6 numbers, but directions of 2, 3 and 6; nothing left out.
    let defaults: LawTestOptions = { Cases = 32; Sizes = []; Generators = []; Skip = []; Seed = 1 }

    /// Every property, in the order of the tests.
    let properties: LawProperty list = [
        LawProperty.Density
        LawProperty.Tails
        LawProperty.Quantiles
        LawProperty.Sampler
        LawProperty.Moments
        LawProperty.Entropy
        LawProperty.Mode
        LawProperty.Gradients
        LawProperty.PathDraws
        LawProperty.PathGradients
        LawProperty.Shapes
        LawProperty.Precision
        LawProperty.Support
        LawProperty.Refusals
    ]

    /// The lengths of vectors that the options ask for.
    let internal sizes (options: LawTestOptions) (info: LawInfo) =
        match options.Sizes with
        | [] when info.Parameters |> List.exists _.Domain.IsDirection -> [ 2; 3; 6 ]
        | [] -> [ 1; 2; 3; 6 ]
        | sizes -> sizes

    /// The generated laws that the options ask for.
    let cases (options: LawTestOptions) (info: LawInfo) : LawCases list =
        Generate.cases options.Generators (sizes options info) options.Cases options.Seed info

    let private checks (seed: int) (info: LawInfo) (isLine: bool) : (LawProperty * string * (LawCases -> unit)) list =
        let key name = Key.ofSeed seed |> Key.foldName name

        let either onLine ofVectors = if isLine then onLine else ofVectors

        [
            LawProperty.Density,
            either "the density is the slope of both tails" "the density integrates to 1",
            either LineTests.density (VectorTests.density (key "density"))

            if isLine then
                LawProperty.Tails, "both tails add to 1 and end as they should", LineTests.tails
                LawProperty.Quantiles, "quantiles are inverse to both tails", LineTests.inverses
                LawProperty.Sampler, "draws follow the distribution function", LineTests.sampler (key "sampler")

            LawProperty.Moments,
            either "mean and variance are the integrals" "mean and variance are those of draws",
            either LineTests.moments (VectorTests.moments (key "moments"))
            LawProperty.Entropy,
            "the entropy, where stated, is the mean of -log p",
            either LineTests.entropy (VectorTests.entropy (key "entropy"))
            LawProperty.Mode,
            "nothing has a higher density than the mode, where stated",
            either (LineTests.mode (key "mode")) (VectorTests.mode (key "mode"))
            LawProperty.Gradients,
            "the log-density's gradients are those of differences",
            GradientTests.logDensity (key "gradients")

            if info.Path.IsSome then
                LawProperty.PathDraws, "the path draws what the sampler does", GradientTests.draws (key "path")
                LawProperty.PathGradients, "the path's gradients are right", GradientTests.pathwise (key "path")

            LawProperty.Shapes, "shapes under batches and draws", FrameTests.shapes (key "shapes")
            LawProperty.Precision, "float32 in, float32 out", FrameTests.precision (key "precision")
            LawProperty.Support, "draws inside the support, -infinity outside", FrameTests.support (key "support")
            LawProperty.Refusals, "bad parameters are refused by name", FrameTests.refusals
        ]

    /// Every property of a kind of law, one test for each.
    let ofInfoWith (options: LawTestOptions) (info: LawInfo) : Test =
        Native.load ()
        let generated = cases options info

        let isLine =
            use _ = torch.NewDisposeScope()
            LawCases.law (LawCases.truncate 1 generated.Head) :? Univariate

        testList info.Name [
            for property, name, check in checks options.Seed info isLine do
                match options.Skip |> List.tryFind (fun (skipped, _) -> skipped = property) with
                | Some(_, reason) -> ptestCase $"%s{name} (left out: %s{reason})" ignore
                | None ->
                    testCase name
                    <| fun () ->
                        for cases in generated do
                            check cases
        ]
        |> scoped

    /// Every property of a kind of law, with what is usual.
    let ofInfo (info: LawInfo) : Test = ofInfoWith defaults info
