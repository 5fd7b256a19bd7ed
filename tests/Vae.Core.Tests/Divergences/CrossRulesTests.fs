module Vae.Core.Tests.CrossRulesTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.OnTheLine

/// A Laplace law about 1 of the tests' own, which may be told that its second moment is infinite.
type private Wedge(b: float, hasVariance: bool) =
    inherit Distribution()
    member val B = Tensor.scalar f64 b
    member _.HasVariance = hasVariance
    override _.BatchShape = [||]
    override _.EventShape = [||]
    override _.Support = Support.reals
    override _.Placement = f64
    override _.LogDensity x = -(log (2.0 * b)) .+ ((-1.0 / b) .* (-1.0 .+ x).abs())
    override _.Sample(_, _) = invalidOp "not sampled"
    override _.Mean = invalidOp "not asked for"
    override _.Variance = invalidOp "not asked for"
    override this.Entropy = Some(1.0 .+ (2.0 .* this.B).log())

let private wedge =
    LineLaw.on<Wedge> Support.reals
    |> LineLaw.entropy @"1+\log 2b_q"
    |> LineLaw.expectsAt Moment.Square @"2b_q^2+(1-#1)^2" (fun q m ->
        let square = 2.0 .* q.B.squared () + (-1.0 .+ m).squared()
        if q.HasVariance then square else Double.PositiveInfinity .+ square)
    |> LineLaw.finiteWhere "it has a variance"
    |> LineLaw.specialCaseOf typeof<Normal>
    |> LineLaw.logDensity @"-\log 2b_p" (fun p -> (2.0 .* p.B).log().neg())
    |> LineLaw.termAt Moment.Distance @"-\tfrac{1}{b_p}" (fun p -> -1.0 .* p.B.reciprocal ()) [
        "1", (fun p -> p.B.ones_like ())
    ]
    |> LineLaw.known

/// Two composed rules: Normal || Wedge and Wedge || Normal.
let private rules = CrossRules.beside [] (wedge :: NormalExpectations.all)

let private kl q p =
    let table = rules |> List.fold (fun (known: KlRules) rule -> known.Add rule) KlRules.Empty
    number (Kl.tryBy table q p).Value

/// A moment's function of x.
let private apply moment (taken: Tensor list) (x: Tensor) =
    match moment with
    | Moment.X -> x
    | Moment.Square -> (x - taken[0]).squared()
    | Moment.Distance -> (x - taken[0]).abs()
    | Moment.Log -> x.log ()
    | Moment.LogSquare -> (x.log () - taken[0]).squared()
    | Moment.LogComplement -> x.neg().log1p()
    | Moment.LogOddsSquare -> (x.log () - x.neg().log1p() - taken[0]).squared()
    | Moment.LogQuadratic -> ((x - taken[0]) / taken[1]).squared().log1p()
    | Moment.Power -> (x / taken[1]).pow taken[0]
    | Moment.Exp -> (taken[0] * (x - taken[1])).exp()
    | Moment.Cosine -> (x - taken[0]).cos()
    | Moment.LogFactorial -> (1.0 .+ x).lgamma()

/// What a law states an expectation to be against the integral, with two laws and two choices of what the moment takes.
let private expects (law: LineLaw) (stated: Expectation) =
    testCase $"E[%A{stated.Moment}] of %s{law.Law.Name}"
    <| fun () ->
        for q in lawsOf law.Law |> List.truncate 2 do
            for first, second in [ 0.15, 1.3; -0.6, 0.7 ] do
                let taken = [ Tensor.scalar f64 first; Tensor.scalar f64 second ]
                let value = number (stated.Value q taken)

                if value <> Double.PositiveInfinity then
                    isClose 2e-6 (expectation (q :?> Univariate) (apply stated.Moment taken)) value $"%O{q}, %g{first}"
                else
                    Expect.isNotEmpty stated.Finite "what is infinite says where"

/// What a law states its log-density to be made of is its log-density.
let private isMadeOf (law: LineLaw) (form: LogForm) =
    testCase $"log-density of %s{law.Law.Name}"
    <| fun () ->
        for p in lawsOf law.Law do
            let x = (p :?> Univariate).Quantile(vector [ 0.01; 0.3; 0.5; 0.9; 0.999 ])

            let sum =
                (form.Constant p, form.Terms)
                ||> List.fold (fun sum term ->
                    let taken = term.Takes |> List.map (fun (_, value) -> value p)
                    sum + term.Coefficient p * apply term.Moment taken x)

            Array.iter2
                (fun expected actual -> isClose 1e-11 expected actual $"%O{p}")
                (Tensor.toArray (p.LogProb x))
                (Tensor.toArray (sum.expand_as x))

let tests =
    scoped
    <| testList "Composed KL" [
        testList "what laws know" [
            for law in CrossRules.laws do
                yield! law.Expectations |> List.map (expects law)
                yield! law.LogForm |> Option.toList |> List.map (isMadeOf law)
        ]

        testCase "a pair is composed where one law knows what the other's log-density is made of"
        <| fun () ->
            Expect.equal (rules |> List.map _.Name) [ "Wedge || Normal"; "Normal || Wedge" ] "pairs"
            Expect.isEmpty (CrossRules.beside rules (wedge :: NormalExpectations.all)) "none beside rules of their own"

        testCase "known numbers"
        <| fun () ->
            // KL(Laplace(1, 0.5) || Normal(-0.2, 1.7)) and KL(Normal(-0.2, 1.7) || Laplace(1, 0.5)), 50-digit arithmetic
            isClose 1e-14 0.78520692267514763 (kl (Wedge(0.5, true)) (Normal(-0.2, 1.7))) "Wedge || Normal"
            isClose 1e-14 1.4123711172378184 (kl (Normal(-0.2, 1.7)) (Wedge(0.5, true))) "Normal || Wedge"

        testCase "an infinite expectation is an infinite divergence, not a NaN"
        <| fun () -> Expect.equal (kl (Wedge(0.5, false)) (Normal(0.0, 1.0))) Double.PositiveInfinity "no variance"

        testCase "its formula, its conditions and what implies it are composed"
        <| fun () ->
            let rule = rules.Head

            Expect.equal
                rule.Tex
                @"-\left[1+\log 2b_q\right]-\left[-\tfrac12\log 2\pi\sigma_p^2-\tfrac{1}{2\sigma_p^2}\,\left(2b_q^2+(1- {\mu_p})^2\right)\right]"
                "formula"

            Expect.equal rule.Conditions "infinite unless it has a variance" "conditions"
            let withOwn = CrossRules.beside (NormalRules.all) (wedge :: NormalExpectations.all)
            Expect.equal withOwn.Head.Kind (KlRuleKind.Implied "Normal || Normal") "a special case"
    ]
