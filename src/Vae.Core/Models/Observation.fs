namespace Vae.Core

open TorchSharp

/// The score of a part of the data, apart for each value of its law: what is left out where values are missing.
type internal Apart = {
    /// Of data that is a vector of parts, where the part begins and its shape; None of all of the data.
    Cut: (int64 * int64[]) option
    /// How many of the part's last dimensions are one value: none of a number, one of a vector.
    EventRank: int
    /// How many of the last dimensions of what the cost gives are values.
    Dimensions: int
    /// The negative score of the part, [..., values...].
    Cost: Tensor -> Tensor
}

/// What a decoder says of data: a law to draw and to take means of, and the score that the reconstruction is reported by.
[<Sealed>]
type Observation internal (law: Distribution, support: Support, cost: Tensor -> Tensor, apart: Apart list) =
    /// The part of what has the data's shape.
    let cut (part: Apart) (x: Tensor) =
        match part.Cut with
        | None -> x
        | Some(start, shape) ->
            x.narrow(-1L, start, Shape.size shape).reshape(Array.append x.shape[.. x.shape.Length - 2] shape)

    /// The cost of each value of a part. A value that is more than a number is there where all of it is.
    let costs (there: Tensor option) (x: Tensor) (part: Apart) =
        let cost = part.Cost(cut part x)

        match there with
        | None -> cost
        | Some there ->
            let there = Shape.allLast part.EventRank (cut part there)
            cost.masked_fill (there.logical_not (), 0.0.AsScalar())

    /// p(x|z), with the shape of the data as its event.
    member _.Law = law
    /// The set that x must lie in for the score to be meant.
    member _.Support = support

    /// The negative score of those values that are there, booleans that broadcast to x; of all where none are given. Losses are sums
    /// of it: one that negates the score again pays for both, and for their gradients, in every step.
    member internal _.CostWhere(there: Tensor option, x: Tensor) : Tensor =
        match there with
        | None -> cost x
        | Some _ ->
            apart
            |> List.map (fun part -> Shape.sumLast part.Dimensions (costs there x part))
            |> List.reduce (.+.)

    /// The same of each value by itself, [..., values], part by part: a number, or what is more than a number, such as a category.
    member internal _.Costs(there: Tensor option, x: Tensor) : Tensor =
        let flat (part: Apart) =
            let cost = costs there x part
            let leading, values = Shape.splitLast part.Dimensions cost.shape
            cost.reshape (Array.append leading [| Shape.size values |])

        torch.cat (apart |> List.map flat |> List.toArray, -1L)

    /// Nats of x, summed over the event: log p(x|z), or a score of the same use that is no density.
    member _.Score(x: Tensor) : Tensor = Tensor.scoped (fun () -> (cost x).neg())
