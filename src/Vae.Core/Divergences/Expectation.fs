namespace Vae.Core

open System
open TorchSharp

/// A function of x whose expectation some laws on the line know in closed form: what log-densities are made of.
/// Some take one or two numbers, which are written #1 and #2 in TeX. Centres and units are among them, so that no formula
/// expands a square or forms a large power only to cancel it.
[<RequireQualifiedAccess>]
type Moment =
    /// x
    | X
    /// (x - #1)^2
    | Square
    /// |x - #1|
    | Distance
    /// log x
    | Log
    /// (log x - #1)^2
    | LogSquare
    /// log(1 - x)
    | LogComplement
    /// (log x / (1 - x) - #1)^2
    | LogOddsSquare
    /// log(1 + ((x - #1) / #2)^2)
    | LogQuadratic
    /// (x / #2)^#1
    | Power
    /// e^(#1 (x - #2))
    | Exp
    /// cos(x - #1)
    | Cosine
    /// log x!
    | LogFactorial

/// E[moment] under a kind of law.
type Expectation = {
    Moment: Moment
    /// In TeX: parameters of the law have the subscript q, what the moment takes is #1 and #2.
    Tex: string
    /// What makes it finite, in words; empty where it always is.
    Finite: string
    /// The expectation, of the batch's shape, for what the moment takes: +infinity where the integral diverges.
    Value: Distribution -> Tensor list -> Tensor
}

/// A multiple of a moment in a log-density.
type LogTerm = {
    Moment: Moment
    /// The coefficient in TeX: parameters of the law have the subscript p.
    Tex: string
    Coefficient: Distribution -> Tensor
    /// What the moment takes, each with its TeX.
    Takes: (string * (Distribution -> Tensor)) list
}

/// A log-density, on the support, as a constant and multiples of moments.
type LogForm = {
    /// The constant in TeX: parameters of the law have the subscript p.
    Tex: string
    Constant: Distribution -> Tensor
    Terms: LogTerm list
}

/// What is known of a kind of law on the line: the KL of any two is composed of it where it suffices.
type LineLaw = {
    Law: Type
    /// The least support that its parameters can give it, and the largest.
    Narrowest: Support
    Widest: Support
    /// The entropy in TeX, where the law states it in closed form.
    Entropy: string option
    Expectations: Expectation list
    LogForm: LogForm option
    /// The kinds of law that it is a special case of.
    SpecialCaseOf: Type list
}

/// The same while it is written down, with the type of the law, so that formulas need no annotation.
type LineLaw<'law when 'law :> Distribution> = internal { Known: LineLaw }

/// Writes down what a kind of law knows: LineLaw.on<Gamma> Support.positive |> LineLaw.entropy ... |> LineLaw.known
[<RequireQualifiedAccess>]
module LineLaw =
    let private typed (formula: 'law -> 'a) (law: Distribution) = formula (unbox<'law>(box law))

    let private change edit (law: LineLaw<'law>) : LineLaw<'law> = { Known = edit law.Known }

    /// A kind of law whose support depends on its parameters: the least and the largest.
    let between<'law when 'law :> Distribution> narrowest widest : LineLaw<'law> = {
        Known = {
            Law = KlRules.Kind typeof<'law>
            Narrowest = narrowest
            Widest = widest
            Entropy = None
            Expectations = []
            LogForm = None
            SpecialCaseOf = []
        }
    }

    /// A kind of law with one support.
    let on<'law when 'law :> Distribution> support : LineLaw<'law> = between<'law> support support

    /// Its entropy in TeX; the value is the law's own.
    let entropy tex law = law |> change (fun law -> { law with Entropy = Some tex })

    let private expecting moment tex value =
        change (fun law ->
            let expectation: Expectation = { Moment = moment; Tex = tex; Finite = ""; Value = value }
            { law with Expectations = law.Expectations @ [ expectation ] })

    /// An expectation of a moment that takes nothing.
    let expects moment tex (value: 'law -> Tensor) (law: LineLaw<'law>) =
        law |> expecting moment tex (fun q _ -> typed value q)

    /// An expectation of a moment that takes one number.
    let expectsAt moment tex (value: 'law -> Tensor -> Tensor) (law: LineLaw<'law>) =
        law |> expecting moment tex (fun q taken -> typed value q taken[0])

    /// An expectation of a moment that takes two numbers.
    let expectsAt2 moment tex (value: 'law -> Tensor -> Tensor -> Tensor) (law: LineLaw<'law>) =
        law |> expecting moment tex (fun q taken -> typed value q taken[0] taken[1])

    /// What makes the expectation just stated finite.
    let finiteWhere condition law =
        law
        |> change (fun law ->
            let last = law.Expectations.Length - 1
            let mark i (e: Expectation) = if i = last then { e with Finite = condition } else e
            { law with Expectations = List.mapi mark law.Expectations })

    /// The constant of its log-density; the terms follow.
    let logDensity tex (constant: 'law -> Tensor) (law: LineLaw<'law>) =
        law
        |> change (fun law -> { law with LogForm = Some { Tex = tex; Constant = typed constant; Terms = [] } })

    /// A multiple of a moment in its log-density, and what the moment takes.
    let termAt moment tex (coefficient: 'law -> Tensor) (takes: (string * ('law -> Tensor)) list) (law: LineLaw<'law>) =
        let term: LogTerm = {
            Moment = moment
            Tex = tex
            Coefficient = typed coefficient
            Takes = takes |> List.map (fun (tex, value) -> tex, typed value)
        }

        law
        |> change (fun law -> {
            law with
                LogForm = law.LogForm |> Option.map (fun form -> { form with Terms = form.Terms @ [ term ] })
        })

    /// A multiple of a moment that takes nothing.
    let term moment tex (coefficient: 'law -> Tensor) (law: LineLaw<'law>) = termAt moment tex coefficient [] law

    /// A kind of law that it is a special case of: LineLaw.specialCaseOf typeof<Gamma>
    let specialCaseOf (general: Type) law =
        law |> change (fun law -> { law with SpecialCaseOf = law.SpecialCaseOf @ [ KlRules.Kind general ] })

    /// What was written down.
    let known (law: LineLaw<'law>) = law.Known
