/// The kit lets right laws pass, and catches each wrong one by the property that is broken.
module Vae.Core.Tests.Testing.KitTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.Testing.WrongLaws

let private onlyProperty property = {
    LawTests.defaults with
        Skip = [
            for other in LawTests.properties do
                if other <> property then
                    other, "another"
        ]
}

let private caught = [
    Fault.Normaliser, LawProperty.Density
    Fault.LogDensityGradient, LawProperty.Gradients
    Fault.UpperTailByDifference, LawProperty.Density
    Fault.UpperTailByDifference, LawProperty.Quantiles
    Fault.Quantile, LawProperty.Quantiles
    Fault.Sampler, LawProperty.Sampler
    Fault.Mean, LawProperty.Moments
    Fault.Variance, LawProperty.Moments
    Fault.Entropy, LawProperty.Entropy
    Fault.Mode, LawProperty.Mode
    Fault.PathGradient, LawProperty.PathGradients
    Fault.PathDraws, LawProperty.PathDraws
    Fault.MeanShape, LawProperty.Shapes
    Fault.Precision, LawProperty.Precision
    Fault.LowEnd, LawProperty.Support
    Fault.NoRefusal, LawProperty.Refusals
    Fault.UnnamedRefusal, LawProperty.Refusals
]

let private rule (formula: Normal -> Normal -> Tensor) = KlRule.create "formula" "page" formula

let private wrongRules = [
    "a term too many", rule (fun q p -> 1e-6 .+ Kl.exact q p)
    "the arguments swapped", rule (fun q p -> Kl.exact p q)
    "negative for near laws", rule (fun q p -> -1e-3 .+ Kl.exact q p)
    "summed over the batch", rule (fun q p -> (Kl.exact q p).sum().expand_as(q.Loc + p.Loc))
    "float64 whatever the laws", rule (fun q p -> (Kl.exact q p).to_type torch.ScalarType.Float64)
    "infinite", rule (fun q p -> Kl.exact q p / (torch.zeros_like (q.Loc + p.Loc)))
]

let tests =
    testList "Kit" [
        testList "right laws pass" [
            LawTests.ofInfo (info Fault.Nothing)
            for info in RightLaws.infos do
                LawTests.ofInfo info
        ]

        for fault, property in caught do
            testCase $"%A{fault} is caught by %A{property}"
            <| fun () ->
                let failures = TestResults.failures (LawTests.ofInfoWith (onlyProperty property) (info fault))
                Expect.hasLength failures 1 $"failures of %A{property}"

        for name, rule in wrongRules do
            testCase $"a rule that is wrong is caught: %s{name}"
            <| fun () ->
                let failures = TestResults.failures (KlRuleTests.ofPair rule Normal.info Normal.info)
                Expect.isNonEmpty failures name

        testCase "a rule without laws to test it by is a failure"
        <| fun () ->
            let rules = KlRules.Empty.Add(KlRule.create "formula" "page" (fun (q: Mixture) (_: Mixture) -> q.Mean))
            let failures = KlRuleTests.ofTable rules [] [] |> testList "" |> TestResults.failures
            Expect.hasLength failures 1 "failures"

        testCase "a property that is left out says why"
        <| fun () ->
            let options = { LawTests.defaults with Skip = [ LawProperty.Entropy, "no one knows it" ] }

            let names =
                LawTests.ofInfoWith options Normal.info
                |> Test.toTestCodeList
                |> List.map (fun t -> List.last t.name)

            Expect.exists names _.Contains("no one knows it") "the reason"
    ]
