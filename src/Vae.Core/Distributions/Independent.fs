namespace Vae.Core

/// A law whose last dimensions of batch are one event: draws stay the same, log-densities are summed over the event.
[<Sealed>]
type Independent private (law: Distribution, dimensions: int) =
    inherit Distribution()

    /// The last `dimensions` batch dimensions of a law as its event. Refuses more dimensions than the batch has.
    static member Create(law: Distribution, dimensions: int) =
        Check.atLeast 0 (nameof dimensions) dimensions

        if dimensions > law.BatchShape.Length then
            Check.refuse
                (nameof dimensions)
                (string dimensions)
                $"at most %d{law.BatchShape.Length}, the rank of the law's batch %s{Check.shape law.BatchShape}"

        match law with
        | :? Independent as inner -> Independent(inner.Base, inner.Dimensions + dimensions)
        | _ -> Independent(law, dimensions)

    /// The law whose batch became the event; never itself Independent.
    member _.Base = law
    /// How many of its batch dimensions became the event.
    member _.Dimensions = dimensions

    override _.BatchShape = fst (Shape.splitLast dimensions law.BatchShape)
    override _.EventShape = Array.append (snd (Shape.splitLast dimensions law.BatchShape)) law.EventShape
    override _.Support = law.Support
    override _.Placement = law.Placement
    override _.IsGuarded = true
    override _.LogDensity x = Shape.sumLast dimensions (law.LogProb x)
    override _.LogDensityAt x = Shape.sumLast dimensions (law.LogProbAt x)
    override _.Sample(key, draws) = law.Sample(key, draws)
    override _.SampleAt(key, draws) = law.SampleAt(key, draws)
    override _.Mean = law.Mean
    override _.Variance = law.Variance
    override _.Mode = law.Mode
    override _.Entropy = whereKnown (fun () -> law.Entropy |> Option.map (Shape.sumLast dimensions))
    override _.Name = $"Independent(%s{law.Name})"

[<RequireQualifiedAccess>]
module Independent =
    /// The last n batch dimensions of a law as its event.
    let create n law = Independent.Create(law, n)

    /// The same of a law with its sample path.
    let pathwise n (q: Reparameterized<'law>) = Reparameterized.map (fun law -> create n (law :> Distribution)) q
