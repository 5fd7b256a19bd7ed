namespace Vae.Core

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
    /// log q of the draws, of shape draws + batch.
    LogQ: Lazy<Tensor>
}

/// q(z|x) for a batch of x: one value that draws, scores, and is compared.
[<Sealed>]
type Encoded
    private
    (
        law: Distribution,
        gradient: Gradient,
        draw: Rows option -> Key -> int64[] -> Tensor,
        push: (Tensor -> Tensor) option
    ) =
    let drawn z = { Z = z; LogQ = Tensor.later (fun () -> law.LogProb z) }

    /// The law that scores and is compared.
    member _.Law = law
    /// How gradients reach it through its draws.
    member _.Gradient = gradient
    /// Draws of shape draws + batch + event.
    member _.Draw(key: Key, draws: int64[]) : Drawn = drawn (draw None key draws)
    /// The draws that some rows of a batch, for which this is the law, have among the draws of the whole batch. Refuses, by
    /// its name, a law that these cannot be told of.
    member _.DrawRows(rows: Rows, key: Key, draws: int64[]) : Drawn = drawn (draw (Some rows) key draws)

    /// The draws that given noise is pushed to. Refuses a law without a sample path.
    member _.Push(noise: Tensor) : Drawn =
        match push with
        | Some push -> drawn (push noise)
        | None -> Check.refuse "posterior" $"%s{law.Name}, without a sample path" "one that pushes noise onto its draws"

    /// A law with its sample path.
    static member Of(q: Reparameterized<'law>) =
        let draw rows key draws =
            match rows with
            | Some rows -> q.DrawRows(rows, key, draws)
            | None -> q.Draw(key, draws)

        Encoded(q.Law, Gradient.Pathwise q.Order, draw, Some q.Push)

    /// A law whose draws pass no gradient.
    static member Scored(law: Distribution) =
        let draw (rows: Rows option) key draws =
            if rows |> Option.forall _.AreAll then
                law.Sample(key, draws)
            else
                Check.refuse
                    "posterior"
                    $"%s{law.Name}, whose draws cannot be told for some rows of a batch alone"
                    "one with a sample path, where several processes share a batch"

        Encoded(law, Gradient.Scored, draw, None)
