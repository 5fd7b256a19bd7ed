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
    /// Whole numbers from a least one.
    | Whole of least: float
    /// Numbers above another parameter of the law.
    | Above of parameter: string
    /// Vectors of length 1.
    | Direction
    /// Vectors of length below 1.
    | InsideBall
    /// Lower triangular factors with a positive diagonal.
    | Factor
    /// Any numbers, at least one for each law: a matrix of k rows and few columns.
    | Columns

/// A parameter of a law, by the name that its constructor gives it.
type LawParameter = {
    Name: string
    /// The dimensions that one law's value has: 0 for a number, 1 for a vector, 2 for a matrix.
    Rank: int
    Domain: Domain
    /// What it is where it is left out.
    Default: float option
}

/// Parameters by their domains.
[<RequireQualifiedAccess>]
module LawParameter =
    let private scalar domain name = { Name = name; Rank = 0; Domain = domain; Default = None }

    let real = scalar Domain.Real
    let positive = scalar Domain.Positive
    let shape = scalar Domain.Shape
    let unit = scalar Domain.Unit
    let logit = scalar Domain.Logit
    let whole least = scalar (Domain.Whole least)
    let above other = scalar (Domain.Above other)
    let direction name = { scalar Domain.Direction name with Rank = 1 }
    let insideBall name = { scalar Domain.InsideBall name with Rank = 1 }
    let factor name = { scalar Domain.Factor name with Rank = 2 }
    let columns name = { scalar Domain.Columns name with Rank = 2 }

    /// One of these for each coordinate of a vector.
    let vector parameter = { parameter with Rank = 1 }

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
