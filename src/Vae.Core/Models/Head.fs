namespace Vae.Core

open TorchSharp

/// Where a parameter of a law comes from.
[<RequireQualifiedAccess>]
type Source =
    /// From the network's output, for each example and place.
    | Network
    /// One learned number, the same for all.
    | Shared
    /// Learned numbers of each place, the same for all examples.
    | Each
    /// A constant.
    | Fixed of float

/// A law as what a network ends in: where each parameter comes from, and how real numbers become it. Without a setting a
/// parameter is the network's, through the link of its domain: a positive one is the exponential of a clamped number, one of
/// (0, 1) the sigmoid, a factor has exponentials on its diagonal, a direction is divided by its length.
[<NoEquality; NoComparison>]
type Head = {
    Law: LawInfo
    /// Of parameters that are not the network's.
    Sources: (string * Source) list
    /// How positive numbers are kept from 0 and infinity.
    LogScale: LogScale
    /// Categories of a law of one of several outcomes, or columns of a low-rank factor.
    Size: int option
    /// Whether a law of counts has zeros of another cause, of a probability that is the network's.
    IsZeroInflated: bool
} with

    override this.ToString() =
        let said = [
            for name, source in this.Sources do
                match source with
                | Source.Network -> ()
                | Source.Shared -> $"%s{name} shared"
                | Source.Each -> $"%s{name} each"
                | Source.Fixed value -> $"%s{name} %s{Check.number value}"
            match this.Size with
            | Some size -> $"size %d{size}"
            | None -> ()
            if this.LogScale <> LogScale.SoftClamp 10.0 then
                string this.LogScale
        ]

        let name = (if this.IsZeroInflated then "zero-inflated " else "") + this.Law.Name

        if said.IsEmpty then name else $"""%s{name} (%s{String.concat ", " said})"""

/// How values of a shape are a head's law's.
[<NoEquality; NoComparison>]
type internal Layout = {
    Head: Head
    /// The places that have a value each.
    Places: int64[]
    /// The length of a vector; 1 of a number.
    Length: int64
    IsVector: bool
    /// The shape of each parameter's value at one place.
    Shapes: Map<string, int64[]>
}

[<RequireQualifiedAccess>]
module Head =
    /// A law whose parameters are all the network's.
    let ofLaw (law: LawInfo) : Head = {
        Law = law
        Sources = []
        LogScale = LogScale.SoftClamp 10.0
        Size = None
        IsZeroInflated = false
    }

    let private from name source (head: Head) =
        if head.Law.Parameters |> List.forall (fun p -> p.Name <> name) then
            let known = head.Law.Parameters |> List.map _.Name |> String.concat ", "
            Check.refuse (nameof name) $"'%s{name}'" $"a parameter of %s{head.Law.Name}: %s{known}"

        {
            head with
                Sources = (head.Sources |> List.filter (fun (known, _) -> known <> name)) @ [ name, source ]
        }

    /// The same with a parameter that is a constant.
    let fix name (value: float) (head: Head) : Head =
        Check.finiteFloat (nameof value) value
        from name (Source.Fixed value) head

    /// The same with a parameter that is one learned number, the same for all examples and places.
    let share name (head: Head) : Head = from name Source.Shared head

    /// The same with a parameter that is learned for each place, the same for all examples: the scale of each pixel, or of each
    /// column of a table.
    let each name (head: Head) : Head = from name Source.Each head

    /// The same with so many categories, or columns of a low-rank factor.
    let size (size: int) (head: Head) : Head =
        Check.atLeast 1 (nameof size) size
        { head with Size = Some size }

    /// The same with another policy of positive numbers.
    let logScale (policy: LogScale) (head: Head) : Head =
        LogScale.check policy
        { head with LogScale = policy }

    /// The same law of counts with zeros of another cause (`ZeroInflated`), whose probability is the network's: what a likelihood ends
    /// in, not a posterior or a prior. Refuses a law that is not of counts.
    let zeroInflated (head: Head) : Head =
        ZeroInflated.checkKind (nameof head) head.Law
        { head with IsZeroInflated = true }

    /// Where a parameter comes from.
    let internal source (head: Head) (p: LawParameter) =
        head.Sources
        |> List.tryFind (fun (name, _) -> name = p.Name)
        |> Option.map snd
        |> Option.defaultValue Source.Network

    /// The dimensions of one value of the law.
    let private eventRank (head: Head) =
        Native.load ()
        use _ = torch.NewDisposeScope()
        (LawInfo.example head.Law).EventShape.Length

    /// The dimensions of one value of the law. Refuses a law that is no head for values of any shape: one of matrices, and one
    /// with a count that is not stated.
    let private check argument (head: Head) : int =
        let rank = eventRank head

        if rank > 1 then
            Check.refuse argument $"%s{head.Law.Name}, a law of matrices" "a law of numbers or vectors"

        for p in head.Law.Parameters do
            match p.Domain, source head p with
            | Domain.Whole _, (Source.Network | Source.Shared | Source.Each) ->
                Check.refuse
                    argument
                    $"%s{head.Law.Name} without its %s{p.Name}, a whole number that no network gives"
                    $"Head.ofLaw %s{head.Law.Name}.info |> Head.fix \"%s{p.Name}\" n"
            | Domain.Positive, (Source.Network | Source.Shared | Source.Each) when
                p.Rank = 0 && head.Law.Parameters |> List.exists (fun p -> p.Domain = Domain.InsideBall)
                ->
                Check.refuse
                    argument
                    $"%s{head.Law.Name} without its %s{p.Name}, which the ball that its points lie in depends on"
                    $"Head.ofLaw %s{head.Law.Name}.info |> Head.fix \"%s{p.Name}\" 1.0"
            | _, Source.Shared when p.Rank > 0 ->
                Check.refuse argument $"%s{p.Name} of %s{head.Law.Name} as one number" "a parameter that is a number"
            | _ -> ()

        rank

    /// How values of a shape are the law's, worked out once: a step then makes nothing but the law.
    let internal layout argument (head: Head) (shape: int64[]) : Layout =
        let isVector = check argument head > 0

        if isVector && shape.Length = 0 then
            Check.refuse argument $"%s{head.Law.Name}, a law of vectors" "a law of numbers, for values of no dimensions"

        let places, length =
            if isVector then
                Array.splitAt (shape.Length - 1) shape |> fun (places, last) -> places, last[0]
            else
                shape, 1L

        let sized (p: LawParameter) =
            match head.Size with
            | Some size -> int64 size
            | None ->
                Check.refuse argument $"%s{head.Law.Name} without a size for its %s{p.Name}" "Head.size n, of so many"

        let valueShape (p: LawParameter) =
            match p.Rank, p.Domain with
            | 0, _ -> [||]
            | 1, _ -> [| (if isVector then length else sized p) |]
            | _, Domain.Columns -> [| length; sized p |]
            | _ -> [| length; length |]

        {
            Head = head
            Places = places
            Length = length
            IsVector = isVector
            Shapes = Map [ for p in head.Law.Parameters -> p.Name, valueShape p ]
        }

    /// How many real numbers a parameter is made of at one place.
    let internal reals (layout: Layout) (p: LawParameter) : int64 =
        match p.Domain with
        | Domain.Factor -> layout.Length * (layout.Length + 1L) / 2L
        | _ -> Shape.size layout.Shapes[p.Name]

    /// What the logit of another zero is called among a network's numbers: no parameter's name has a space.
    let private zeroLogit = "the logit of another zero"

    /// What a network gives at one place: names and how many real numbers each is made of, in their order.
    let internal numbersOf (layout: Layout) : (string * int64) list = [
        for p in layout.Head.Law.Parameters do
            if source layout.Head p = Source.Network then
                p.Name, reals layout p
        if layout.Head.IsZeroInflated then
            zeroLogit, 1L
    ]

    /// How many of a network's numbers there are at one place.
    let internal perPlace (layout: Layout) : int64 = numbersOf layout |> List.sumBy snd

    /// How many of a network's numbers the values of a layout are made of.
    let internal outputs (layout: Layout) : int64 = Shape.size layout.Places * perPlace layout

    let private positive (head: Head) (x: Tensor) = (LogScale.apply head.LogScale x).exp()

    /// A lower triangular factor of its diagonal's logs and what is below it, row by row, [..., d (d + 1) / 2].
    let private factor (head: Head) (d: int64) (x: Tensor) : Tensor =
        let below = d * (d - 1L) / 2L
        let leading = x.shape[.. x.shape.Length - 2]
        let zero = x.new_zeros (Array.append leading [| 1L |])

        let numbers =
            torch.cat ([| positive head (x.narrow (-1L, 0L, d)); x.narrow (-1L, d, below); zero |], -1L)

        /// Where among them the number of a row and a column stands.
        let place i j =
            if i = j then i
            elif i > j then d + i * (i - 1L) / 2L + j
            else d + below

        let places = [|
            for i in 0L .. d - 1L do
                for j in 0L .. d - 1L -> place i j
        |]

        numbers.index_select(-1L, torch.tensor (places, device = x.device)).reshape(Array.append leading [| d; d |])

    let private squares (x: Tensor) = x.squared().sum(-1L, keepdim = true)

    /// The direction of a vector; of one without any, the first axis.
    let private direction (x: Tensor) =
        let first = torch.tensor ([| 0L |], device = x.device)
        let axis = torch.zeros_like(x).index_fill(-1L, first, 1.0.AsScalar())
        let some = torch.where ((squares x).eq(0.0.AsScalar()), axis, x)
        some / (squares some).sqrt()

    /// The constant that the radius of a law's ball follows from, where it has one.
    let private curvature (law: LawInfo) =
        if law.Parameters |> List.exists (fun p -> p.Domain = Domain.InsideBall) then
            law.Parameters |> List.tryFind (fun p -> p.Rank = 0 && p.Domain = Domain.Positive)
        else
            None

    /// A vector within the ball whose radius is 1 / sqrt curvature.
    let private inBall (curvature: float) (x: Tensor) =
        let size = (1e-12 .+ squares x).sqrt()
        0.999 / sqrt curvature .* (size.tanh () / size * x)

    /// A number above another, in whatever precision: of a large one by more than it rounds by.
    let private above (other: Tensor) (distance: Tensor) = other .+. distance .+. (1e-6 .* other.detach().abs())

    /// A parameter of real numbers [..., numbers of one place].
    let internal link (layout: Layout) (chosen: Map<string, Tensor>) (p: LawParameter) (x: Tensor) : Tensor =
        let head = layout.Head
        let leading = x.shape[.. x.shape.Length - 2]
        let shaped (t: Tensor) = t.reshape (Array.append leading layout.Shapes[p.Name])

        match p.Domain with
        | Domain.Real
        | Domain.Logit
        | Domain.LogitOrCertain _
        | Domain.Columns
        | Domain.Whole _
        | Domain.End None -> shaped x
        | Domain.Positive
        | Domain.Shape -> shaped (positive head x)
        | Domain.Unit ->
            let clamped = LogScale.apply (LogScale.SoftClamp 15.0) (shaped x)
            clamped.sigmoid ()
        | Domain.Above other
        | Domain.End(Some other) -> above chosen[other] (shaped (positive head x))
        | Domain.Direction -> direction (shaped x)
        | Domain.InsideBall ->
            match curvature head.Law |> Option.map (source head) with
            | Some(Source.Fixed value) -> inBall value (shaped x)
            | _ -> inBall 1.0 (shaped x)
        | Domain.Factor -> factor head layout.Length x

    /// The learned numbers below a path that a parameter is made of where it is neither the network's nor a constant.
    let internal learned (layout: Layout) path (p: LawParameter) : Parameter option =
        let path = $"%s{path}.%s{p.Name}"

        match source layout.Head p with
        | Source.Shared -> Some(Learned.number path)
        | Source.Each -> Some(Learned.numbers path (Array.append layout.Places [| reals layout p |]))
        | Source.Network
        | Source.Fixed _ -> None

    /// Real numbers for an example of a law: not those of any other, as some divergences are known of equal laws alone.
    let internal exampleNumbers (leading: int64[]) first (layout: Layout) (p: LawParameter) : Tensor =
        let index = layout.Head.Law.Parameters |> List.findIndex (fun q -> q.Name = p.Name)
        let count = reals layout p
        let number i = first + 0.13 * float index + 0.1 * sin ((1.0 + first) * float i)

        (Tensor.ofArray Placement.float32 [| count |] (Array.init (int count) number))
            .expand(Array.concat [ leading; layout.Places; [| count |] ])

    /// What a learned number counts as: of a positive parameter its logarithm's tenth. An optimizer whose steps are thousandths then
    /// changes a scale by a hundredth a step, and reaches one of a thousandth in hundreds of steps, not in thousands.
    let private perLearned (p: LawParameter) : float =
        match p.Domain with
        | Domain.Positive
        | Domain.Shape -> 10.0
        | _ -> 1.0

    /// The laws of the places side by side, of the real numbers that each of the network's and shared parameters is made of, [...,
    /// places..., numbers].
    let internal laws (layout: Layout) (place: Placement) (numbers: LawParameter -> Tensor) : Distribution =
        let head = layout.Head

        let value chosen p =
            match source head p with
            | Source.Fixed value -> (Tensor.scalar place value).expand layout.Shapes[p.Name]
            | Source.Shared
            | Source.Each -> link layout chosen p (perLearned p .* numbers p)
            | Source.Network -> link layout chosen p (numbers p)

        let chosen =
            (Map.empty, head.Law.Parameters)
            ||> List.fold (fun chosen p -> Map.add p.Name (value chosen p) chosen)

        head.Law.Make [| for p in head.Law.Parameters -> chosen[p.Name] |]

    /// The law at each place, of the real numbers that each of the network's and shared parameters is made of, [..., places...,
    /// numbers], with the places and the vector as its event; and its sample path, where it has one.
    let internal encoded (layout: Layout) (place: Placement) (numbers: LawParameter -> Tensor) : Encoded =
        let head, rank = layout.Head, layout.Places.Length
        let law = laws layout place numbers
        let independent law : Distribution = if rank = 0 then law else Independent.create rank law

        match head.Law.Path with
        | Some path when rank = 0 -> Encoded.Of(path law)
        | Some path -> Encoded.Of(Independent.pathwise rank (path law))
        | None -> Encoded.Scored(independent law)

    /// The law of all places as one event, of the real numbers of each name that is the network's or shared.
    let internal joint (layout: Layout) (place: Placement) (numbers: string -> Tensor) : Distribution =
        let ofParameters (p: LawParameter) = numbers p.Name

        if layout.Head.IsZeroInflated then
            let logit = (numbers zeroLogit).squeeze -1L
            Independent.create layout.Places.Length (ZeroInflated.ofLogits logit (laws layout place ofParameters))
        else
            (encoded layout place ofParameters).Law

    /// Refuses, for a posterior or a prior, a head that is a likelihood's alone.
    let internal checkLatent argument (head: Head) =
        if head.IsZeroInflated then
            Check.refuse argument $"%O{head}" "a law without zeros of another cause, which a likelihood's head may have"
