namespace Vae.Core

open System
open TorchSharp

/// How gradients reach the parameters of a law whose draws an objective is a function of.
[<RequireQualifiedAccess>]
type Gradient =
    /// Through the draws, as often as the law's sample path can be differentiated (Kingma and Welling, 2014).
    | Pathwise of PathOrder
    /// Not through the draws: objectives that score draws take such a law.
    | Scored

/// Draws of a law, of shape draws + batch + event, and what the law says of them.
type Drawn = {
    Z: Tensor
    /// log q of the draws, of shape draws + batch: of a flow known from how they were made.
    LogQ: Lazy<Tensor>
}

/// q(z|x) for a batch of x: one value that draws, scores, and is compared.
[<Sealed>]
type Encoded
    private
    (
        law: Distribution,
        gradient: Gradient,
        draw: Rows option -> Key -> int64[] -> Drawn,
        push: (Tensor -> Drawn) option,
        centre: unit -> Tensor,
        code: Tensor option
    ) =
    static let scored (law: Distribution) (z: Tensor) : Drawn = { Z = z; LogQ = Tensor.later (fun () -> law.LogProb z) }

    /// The law that scores and is compared.
    member _.Law = law
    /// How gradients reach it through its draws.
    member _.Gradient = gradient
    /// Draws of shape draws + batch + event.
    member _.Draw(key: Key, draws: int64[]) : Drawn = draw None key draws
    /// The draws that some rows of a batch, for which this is the law, have among the draws of the whole batch. Refuses, by
    /// its name, a law that these cannot be told of.
    member _.DrawRows(rows: Rows, key: Key, draws: int64[]) : Drawn = draw (Some rows) key draws

    /// One point for each law of the batch, of shape batch + event: its mean where one is known and else its mode; of a flow what
    /// it makes of that of the law that it begins with.
    member _.Centre: Tensor = centre ()

    /// What a network gave that the law's parameters are made of, [batch, code...], where there is one.
    member internal _.Code = code

    /// The draws that given noise is pushed to. Refuses a law without a sample path.
    member _.Push(noise: Tensor) : Drawn =
        match push with
        | Some push -> push noise
        | None -> Check.refuse "posterior" $"%s{law.Name}, without a sample path" "one that pushes noise onto its draws"

    static member private CentreOf (law: Distribution) () =
        try
            law.Mean
        with :? NotSupportedException ->
            match law.Mode with
            | Some mode -> mode
            | None -> reraise ()

    /// A law with its sample path.
    static member Of(q: Reparameterized<'law>) =
        let law = q.Law :> Distribution

        let draw rows key draws =
            match rows with
            | Some rows -> scored law (q.DrawRows(rows, key, draws))
            | None -> scored law (q.Draw(key, draws))

        Encoded(law, Gradient.Pathwise q.Order, draw, Some(q.Push >> scored law), Encoded.CentreOf law, None)

    /// A law whose draws pass no gradient.
    static member Scored(law: Distribution) =
        let draw (rows: Rows option) key draws =
            if rows |> Option.forall _.AreAll then
                scored law (law.Sample(key, draws))
            else
                Check.refuse
                    "posterior"
                    $"%s{law.Name}, whose draws cannot be told for some rows of a batch alone"
                    "one with a sample path, where a batch is computed in parts, by several processes or one after another"

        Encoded(law, Gradient.Scored, draw, None, Encoded.CentreOf law, None)

    /// A law of one point, the nearest of some to what a network gave: its draws pass the network's gradient.
    static member internal OfNearest(eventRank: int, nearest: Tensor, given: Tensor) =
        let draw _ _ (draws: int64[]) =
            let z = nearest.detach () .+. (given - given.detach ())
            let shape = Array.append draws z.shape
            let drawn = z.expand shape

            {
                Z = drawn
                LogQ =
                    Tensor.later (fun () ->
                        torch.zeros (fst (Shape.splitLast eventRank shape), dtype = z.dtype, device = z.device))
            }

        Encoded(Delta(nearest, eventRank), Gradient.Pathwise PathOrder.Smooth, draw, None, (fun () -> nearest), None)

    /// A law whose draws, which pass gradients, are made by a function of one's own: of which rows of a batch, by a key, so many.
    static member internal OfDraws(law: Distribution, draw: Rows option -> Key -> int64[] -> Tensor) =
        let draw rows key draws = scored law (draw rows key draws)
        Encoded(law, Gradient.Pathwise PathOrder.Smooth, draw, None, Encoded.CentreOf law, None)

    /// The same, made of a network's code.
    member internal _.OfCode(code: Tensor) = Encoded(law, gradient, draw, push, centre, Some code)

    /// The law of what a flow makes of draws, which are scored as they are made. Refuses a law on less than all vectors of real
    /// numbers, and one without a sample path.
    member internal _.Through(flow: Transform) : Encoded =
        if not (Support.isReals law.Support) || law.EventShape.Length <> 1 then
            Check.refuse "posterior" $"%O{law}" "a law on vectors of real numbers, which a flow is a bijection of"

        if gradient = Gradient.Scored then
            Check.refuse "posterior" $"%O{law}, without a sample path" "a law whose draws pass gradients, for a flow"

        let through (drawn: Drawn) : Drawn =
            let z, slope = flow.ForwardAndLogDet drawn.Z
            { Z = z; LogQ = Tensor.later (fun () -> drawn.LogQ.Value - slope) }

        Encoded(
            Transformed.OfFlow(law, flow),
            gradient,
            (fun rows key draws -> through (draw rows key draws)),
            push |> Option.map (fun push -> push >> through),
            (fun () -> flow.Forward(centre ())),
            code
        )
