namespace Vae.Core

/// A law as a function of a tensor: p(y | x). Posteriors and likelihoods are laws of this kind, and what combinators do to
/// a law they do to it.
[<Sealed>]
type Conditional<'law>(law: Tensor -> 'law) =
    /// The law, given what it is conditional on.
    member _.Given(x: Tensor) : 'law = law x

[<RequireQualifiedAccess>]
module Conditional =
    /// The law that a function gives.
    let create (law: Tensor -> 'law) = Conditional law

    /// The law, given what it is conditional on.
    let given x (law: Conditional<'law>) = law.Given x

    /// A combinator, applied whatever is given.
    let map (combinator: 'a -> 'b) (law: Conditional<'a>) = Conditional(fun x -> combinator (law.Given x))

    /// The same law of another quantity that x is computed from.
    let on (input: Tensor -> Tensor) (law: Conditional<'law>) = Conditional(fun x -> law.Given(input x))

    /// log p(y | x)
    let logProb x y (law: Conditional<#Distribution>) = (law.Given x).LogProb y

    /// Draws of y for each draw of x, without gradient: pairs (x, y) of the joint law.
    let joint key draws (marginal: Distribution) (law: Conditional<#Distribution>) =
        let first, second = Key.split key
        let x = marginal.Sample(first, draws)
        x, (law.Given x).Sample second
