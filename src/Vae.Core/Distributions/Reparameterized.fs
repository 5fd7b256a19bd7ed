namespace Vae.Core

/// A law together with its sample path: noise that does not depend on the parameters, and the differentiable push of
/// that noise onto the law, so that gradients of E[f(z)] pass through the draw (Kingma and Welling, 2014).
/// Only a law that has such a path makes one: an objective that takes it cannot be given a discrete posterior.
[<Sealed>]
type Reparameterized<'law when 'law :> Distribution>
    internal (law: 'law, noise: Key -> int64[] -> Tensor, push: Tensor -> Tensor) =
    /// The law that the path draws from, and that scores and is compared.
    member _.Law = law

    /// The noise of a key, of shape draws + the law's noise.
    member _.Noise(key: Key, draws: int64[]) = noise key draws

    /// The draws that noise is pushed to, differentiable in the parameters.
    member _.Push(noise: Tensor) : Tensor = Tensor.scoped (fun () -> push noise)

    /// Draws of shape draws + batch + event, differentiable in the parameters.
    member this.Draw(key: Key, draws: int64[]) = this.Push(this.Noise(key, draws))

    override _.ToString() = $"%O{law}, with its sample path"

[<RequireQualifiedAccess>]
module Reparameterized =
    /// The law of a sample path.
    let law (q: Reparameterized<'law>) = q.Law

    /// The noise of a key: give it to `push` for draws that share their noise.
    let noise key draws (q: Reparameterized<'law>) = q.Noise(key, draws)

    /// The draws that given noise is pushed to.
    let push noise (q: Reparameterized<'law>) = q.Push noise

    /// Differentiable draws of shape draws + batch + event.
    let draw key draws (q: Reparameterized<'law>) = q.Draw(key, draws)

    /// The same path under a law that a combinator made of this one, where both laws draw the same numbers.
    let internal map (combinator: 'a -> 'b) (q: Reparameterized<'a>) =
        Reparameterized<'b>(combinator q.Law, (fun key draws -> q.Noise(key, draws)), q.Push)
