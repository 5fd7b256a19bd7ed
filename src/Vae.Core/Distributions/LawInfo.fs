namespace Vae.Core

open TorchSharp

/// What numbers a parameter takes: what a reader is told, and what tests draw it from.
[<RequireQualifiedAccess>]
type Domain =
    /// Any finite number.
    | Real
    /// Positive numbers, of any size.
    | Positive
    /// Positive numbers that shape a law, not its size: concentrations, degrees of freedom.
    | Shape
    /// Numbers between 0 and 1.
    | Unit
    /// Log-odds: any finite number.
    | Logit
    /// Log-odds that may be infinite as well: -infinity where `never`, infinity where `always`.
    | LogitOrCertain of never: bool * always: bool
    /// Whole numbers from a least one.
    | Whole of least: float
    /// Numbers above another parameter of the law.
    | Above of parameter: string
    /// Ends of an interval, which may be infinite: any number, or one above another parameter of the law.
    | End of above: string option
    /// Vectors of length 1.
    | Direction
    /// Vectors of length below 1.
    | InsideBall
    /// Lower triangular factors with a positive diagonal.
    | Factor
    /// Any numbers, at least one for each law: a matrix of k rows and few columns.
    | Columns

/// Another way to give a parameter: by a name of its own, and what numbers without a name mean in the text of laws, where the
/// order is PyTorch's. `read` is the parameter of such numbers; it raises an ArgumentException by that name.
[<Sealed>]
type Reading(name: string, read: Tensor -> Tensor) =
    /// The name, as `probs` of a parameter `logits`.
    member _.Name = name
    /// The parameter of numbers that are given by this name.
    member _.Read(values: Tensor) : Tensor = read values

/// A parameter of a law, by the name that its constructor gives it.
type LawParameter = {
    Name: string
    /// The dimensions that one law's value has: 0 for a number, 1 for a vector, 2 for a matrix.
    Rank: int
    Domain: Domain
    /// What it is where it is left out.
    Default: float option
    /// What it is read from in the text of laws, where its name is not given.
    Unnamed: Reading option
}

/// Parameters by their domains.
[<RequireQualifiedAccess>]
module LawParameter =
    let private scalar domain name = { Name = name; Rank = 0; Domain = domain; Default = None; Unnamed = None }


    let real = scalar Domain.Real
    let positive = scalar Domain.Positive
    let shape = scalar Domain.Shape
    let unit = scalar Domain.Unit
    let logit = scalar Domain.Logit

    /// Log-odds that may be -infinity where `never`, and infinity where `always`.
    let logitOrCertain never always = scalar (Domain.LogitOrCertain(never, always))

    let whole least = scalar (Domain.Whole least)
    let above other = scalar (Domain.Above other)
    let lowEnd = scalar (Domain.End None)
    let highEnd other = scalar (Domain.End(Some other))
    let direction name = { scalar Domain.Direction name with Rank = 1 }
    let insideBall name = { scalar Domain.InsideBall name with Rank = 1 }
    let factor name = { scalar Domain.Factor name with Rank = 2 }
    let columns name = { scalar Domain.Columns name with Rank = 2 }

    /// One of these for each coordinate of a vector.
    let vector (parameter: LawParameter) = { parameter with Rank = 1 }

    /// A parameter that in the text of laws is read from numbers of another name, unless its own is given.
    let unnamedIs (reading: Reading) parameter = { parameter with Unnamed = Some reading }

    let private probs read parameter = unnamedIs (Reading("probs", read)) parameter

    /// Log-odds of trials, by `probs` in text.
    let internal trials (outcomes: Outcomes) =
        if outcomes.Never || outcomes.Always then
            logitOrCertain outcomes.Never outcomes.Always "logits"
        else
            logit "logits"
        |> probs (LogOdds.ofProbs outcomes)

    /// Logits of categories, by `probs` in text.
    let internal categories (outcomes: Outcomes) =
        (if outcomes.Never then logitOrCertain true false "logits" else logit "logits")
        |> vector
        |> probs (LogOdds.ofCategories outcomes)

    /// A Cholesky factor, by `covariance` in text.
    let internal factorOfCovariance =
        factor "scaleTril" |> unnamedIs (Reading("covariance", Covariance.factor))

    /// A parameter that may be left out.
    let defaultingTo value parameter = { parameter with Default = Some value }

/// A kind of law as a value: what it is called, what it is made of, and how. Tables, the command and the tests of every
/// law are made from these; a law of one's own is entered the same way.
type LawInfo = {
    Name: string
    /// In the order of the constructor.
    Parameters: LawParameter list
    /// The law of its parameters, one tensor for each; their batches broadcast.
    Make: Tensor[] -> Distribution
    /// The sample path of a law that this made, where the kind has one.
    Path: (Distribution -> Reparameterized<Distribution>) option
}

[<RequireQualifiedAccess>]
module LawInfo =
    let private general (q: Reparameterized<'law>) = Reparameterized.map (fun law -> law :> Distribution) q

    let private entry name parameters (make: Tensor[] -> 'law) : LawInfo = {
        Name = name
        Parameters = parameters
        Make = fun values -> make values :> Distribution
        Path = None
    }

    /// A law of one parameter.
    let of1 name first (make: Tensor -> 'law) = entry name [ first ] (fun values -> make values[0])

    /// A law of two parameters.
    let of2 name first second (make: Tensor -> Tensor -> 'law) =
        entry name [ first; second ] (fun values -> make values[0] values[1])

    /// A law of three parameters.
    let of3 name first second third (make: Tensor -> Tensor -> Tensor -> 'law) =
        entry name [ first; second; third ] (fun values -> make values[0] values[1] values[2])

    /// A law of four parameters.
    let of4 name first second third fourth (make: Tensor -> Tensor -> Tensor -> Tensor -> 'law) =
        entry name [ first; second; third; fourth ] (fun values -> make values[0] values[1] values[2] values[3])

    /// The same with the sample path of its laws.
    let withPath (path: 'law -> Reparameterized<'law>) (info: LawInfo) = {
        info with
            Path = Some(fun law -> general (path (unbox<'law>(box law))))
    }

    /// One value of a parameter: where another's is needed, it has been chosen before.
    let private exampleOf (chosen: Map<string, Tensor>) parameter : Tensor =
        let place = Placement.float64
        let vector values = Tensor.ofArray place [| 2L |] values
        let matrix (columns: int64) values = Tensor.ofArray place [| 2L; columns |] values

        let ofNumber (value: float) =
            if parameter.Rank = 0 then
                Tensor.scalar place value
            else
                vector [| value; value + 0.25 |]

        match parameter.Domain with
        | Domain.Real -> ofNumber 0.5
        | Domain.Positive -> ofNumber 1.5
        | Domain.Shape -> ofNumber 2.5
        | Domain.Unit -> ofNumber 0.25
        | Domain.Logit
        | Domain.LogitOrCertain _ -> ofNumber 0.5
        | Domain.Whole least -> ofNumber (least + 2.0)
        | Domain.End None -> ofNumber 0.5
        | Domain.Above other
        | Domain.End(Some other) -> 1.0 .+ chosen[other]
        | Domain.Direction -> vector [| 0.6; 0.8 |]
        | Domain.InsideBall -> vector [| 0.2; -0.3 |]
        | Domain.Factor -> matrix 2L [| 1.0; 0.0; 0.5; 2.0 |]
        | Domain.Columns -> matrix 1L [| 0.5; -1.0 |]

    /// One law of the kind, in float64: vectors have two numbers.
    let example (info: LawInfo) : Distribution =
        let chosen =
            (Map.empty, info.Parameters)
            ||> List.fold (fun chosen parameter -> Map.add parameter.Name (exampleOf chosen parameter) chosen)

        info.Make [| for parameter in info.Parameters -> chosen[parameter.Name] |]

/// What the laws of a kind can do beside drawing and scoring.
type LawCapabilities = {
    /// Both tails of the distribution function, and quantiles.
    HasCdf: bool
    HasEntropy: bool
    HasMode: bool
    /// How often their sample path can be differentiated, where they have one.
    Path: PathOrder option
}

[<RequireQualifiedAccess>]
module LawCapabilities =
    /// What a law of the kind can do.
    let ofInfo (info: LawInfo) : LawCapabilities =
        Native.load ()
        use _ = torch.NewDisposeScope()
        let law = LawInfo.example info

        {
            HasCdf = law :? Univariate
            HasEntropy = law.Entropy.IsSome
            HasMode = law.Mode.IsSome
            Path = info.Path |> Option.map (fun path -> (path law).Order)
        }
