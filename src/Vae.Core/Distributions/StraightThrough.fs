namespace Vae.Core

/// Draws of a discrete law whose gradient is that of its relaxation's path at the same noise (Jang, Gu and Poole, "Categorical
/// reparameterization with Gumbel-softmax", 2017, section 2.2). The values follow the discrete law exactly; the gradient
/// of an expectation through them is biased, since that of a step is not that of its relaxation. So this is no
/// `Reparameterized`, and an objective that takes one does not take it.
[<Sealed>]
type StraightThrough<'law, 'relaxed when 'law :> Distribution and 'relaxed :> Distribution>
    internal (law: 'law, relaxed: Reparameterized<'relaxed>, harden: Tensor -> Tensor) =
    /// The law that the values are draws of.
    member _.Law = law

    /// The relaxation that the gradients are those of.
    member _.Relaxed = relaxed

    /// The noise of a key: that of the relaxation.
    member _.Noise(key: Key, draws: int64[]) = relaxed.Noise(key, draws)

    /// The discrete values of noise, with the gradient of the relaxed values of the same noise.
    member _.Push(noise: Tensor) : Tensor =
        Tensor.scoped (fun () ->
            let soft = relaxed.Push noise
            harden (soft.detach ()) .+. (soft - soft.detach ()))

    /// Draws of shape draws + batch + event, with the relaxed draws' gradient.
    member this.Draw(key: Key, draws: int64[]) = this.Push(this.Noise(key, draws))

    override _.ToString() = $"%O{law}, with the gradients of %O{relaxed.Law}"
