namespace Vae.Core

/// How often a sample path can be differentiated.
[<RequireQualifiedAccess>]
type PathOrder =
    /// The path is a formula: derivatives of every order are right.
    | Smooth
    /// The path's gradient is implicit, -(dF/dtheta) / density (Figurnov et al., 2018): first derivatives only.
    | Once

/// Noise that no parameter enters: a function of a shape and a key. Its own shape begins with the batch.
type internal StandardNoise = { NoiseShape: int64[]; Numbers: int64[] -> Key -> Tensor }

/// A law together with its sample path: noise that does not depend on the parameters, and the differentiable push of
/// that noise onto the law, so that gradients of E[f(z)] pass through the draw (Kingma and Welling, 2014).
/// Only a law that has such a path makes one: an objective that takes it cannot be given a discrete posterior.
[<Sealed>]
type Reparameterized<'law when 'law :> Distribution>
    internal
    (
        law: 'law,
        order: PathOrder,
        noise: Key -> int64[] -> Tensor,
        push: Tensor -> Position,
        standard: StandardNoise option
    ) =
    /// A path that differentiates so often. The law's sampler has to give the draws of its path.
    new(law, order, noise, push: Tensor -> Tensor) =
        Reparameterized(law, order, noise, (fun numbers -> Position.at (push numbers)), None)

    /// A path whose push is a formula. The law's sampler has to give the draws of its path.
    new(law, noise, push: Tensor -> Tensor) = Reparameterized(law, PathOrder.Smooth, noise, push)

    /// The law that the path draws from, and that scores and is compared.
    member _.Law = law

    /// The noise of a key, of shape draws + the law's noise.
    member _.Noise(key: Key, draws: int64[]) = noise key draws

    /// How often the path can be differentiated.
    member _.Order = order

    /// The noise, where no parameter enters it.
    member internal _.Standard = standard

    /// The draws that noise is pushed to, differentiable in the parameters. Raises InvalidOperationException where the
    /// path differentiates once only and is within a derivative of a derivative.
    member this.Push(noise: Tensor) : Tensor = Tensor.scoped (fun () -> this.PushAt(noise).X)

    /// The same draws by their positions.
    member internal _.PushAt(noise: Tensor) : Position =
        if order = PathOrder.Once && Nesting.IsNested then
            invalidOp
                $"the sample path of %s{law.Name} is implicit and differentiates once only; it is inside a derivative of a derivative"

        Position.scoped (fun () -> push noise)

    /// Draws of shape draws + batch + event, differentiable in the parameters.
    member this.Draw(key: Key, draws: int64[]) = Tensor.scoped (fun () -> this.Push(this.Noise(key, draws)))

    /// Draws for rows of a batch, this law's batch, with the noise that they have in the whole batch. Refuses a law whose
    /// noise depends on its parameters, as the other rows' are not known.
    member internal this.DrawRows(rows: Rows, key: Key, draws: int64[]) : Tensor =
        if rows.AreAll then
            this.Draw(key, draws)
        else
            match standard with
            | Some standard when standard.NoiseShape.Length > 0 && standard.NoiseShape[0] = int64 rows.Count ->
                let whole = Array.concat [ draws; [| int64 rows.Of |]; standard.NoiseShape[1..] ]

                Tensor.scoped (fun () ->
                    (standard.Numbers whole key).narrow(int64 draws.Length, int64 rows.Start, int64 rows.Count)
                    |> this.Push)
            | _ ->
                Check.refuse
                    "posterior"
                    $"%O{law}, whose noise cannot be drawn for some rows of a batch alone"
                    "one whose noise is of a fixed law, such as independent normals, where a batch is computed in parts, by several processes or one after another"

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

    /// A path by the positions of its draws.
    let internal ofPositions order (law: 'law) noise (push: Tensor -> Position) =
        Reparameterized<'law>(law, order, noise, push, None)

    /// A path by positions whose noise no parameter enters.
    let internal ofStandardPositions order (standard: StandardNoise) (law: 'law) (push: Tensor -> Position) =
        let noise key draws = standard.Numbers (Array.append draws standard.NoiseShape) key
        Reparameterized<'law>(law, order, noise, push, Some standard)

    /// A path whose noise no parameter enters.
    let internal ofStandard order standard (law: 'law) (push: Tensor -> Tensor) =
        ofStandardPositions order standard law (push >> Position.at)

    /// The same path under a law that a combinator made of this one, where both laws draw the same numbers.
    let internal map (combinator: 'a -> 'b) (q: Reparameterized<'a>) =
        Reparameterized<'b>(combinator q.Law, q.Order, (fun key draws -> q.Noise(key, draws)), q.PushAt, q.Standard)
