namespace Vae.Core

open TorchSharp

/// An end of a set of numbers, and the log of each point's distance from it: it keeps its digits where the point itself rounds
/// to the end.
type Distance = { From: Tensor; Log: Tensor }

/// Points by what a law draws before it rounds: draws of a Gamma law of small concentration underflow, those of a Beta law
/// round to 1, those of a Student's law overflow, and what is scored after rounding is another point. A law that draws in such
/// coordinates states them, and laws and transforms that know their limits there read them.
type Position = {
    /// The points themselves, which may have been rounded to an end.
    X: Tensor
    /// The distance of each number from the lower end of where it lies.
    Low: Distance option
    /// The distance of each number from the upper end.
    High: Distance option
    /// log |x| of each number.
    LogSize: Tensor option
    /// The lower triangular factor of each matrix.
    Factor: Tensor option
    /// The parts that the points are joined from, by name, where they are.
    Parts: (string * Position) list
}

[<RequireQualifiedAccess>]
module Position =
    /// Points of which nothing is known but themselves.
    let at (x: Tensor) : Position = { X = x; Low = None; High = None; LogSize = None; Factor = None; Parts = [] }

    /// Whether more is known of points than themselves.
    let isMore (position: Position) =
        position.Low.IsSome
        || position.High.IsSome
        || position.LogSize.IsSome
        || position.Factor.IsSome
        || not position.Parts.IsEmpty

    let private constant (value: float) (x: Tensor) = Tensor.scalar (Placement.like x) value
    let private zero = constant 0.0
    let private one = constant 1.0

    /// Positive numbers by their logs.
    let ofLog (log: Tensor) : Position = { at (log.exp ()) with Low = Some { From = zero log; Log = log } }

    /// Numbers between 0 and 1 by their logs and those of what they leave of 1.
    let ofLogs (log: Tensor) (logRest: Tensor) : Position = {
        at (log.exp ()) with
            Low = Some { From = zero log; Log = log }
            High = Some { From = one log; Log = logRest }
    }

    let private distance (known: Distance option) (from: Tensor) (x: Tensor) (direct: unit -> Tensor) =
        match known with
        | None -> direct ()
        | Some known ->
            // An end that was moved there and back is it but for rounding.
            let slack = 8.0 * (torch.finfo x.dtype).eps
            let same = (known.From - from).abs().le(slack .* from.abs ())

            if same.all().isTrue() then
                known.Log.expand_as x
            else
                torch.where (same, known.Log, direct ())

    /// log(x - low)
    let logAbove (low: Tensor) (position: Position) : Tensor =
        distance position.Low low position.X (fun () -> (position.X - low).log())

    /// log(high - x)
    let logBelow (high: Tensor) (position: Position) : Tensor =
        distance position.High high position.X (fun () -> (high - position.X).log())

    /// log x of positive numbers.
    let log (position: Position) : Tensor = logAbove (zero position.X) position

    /// log(1 - x) of numbers below 1.
    let logRest (position: Position) : Tensor =
        match position.High with
        | Some _ -> logBelow (one position.X) position
        | None -> position.X.neg().log1p()

    /// log |x|
    let logSize (position: Position) : Tensor =
        match position.LogSize with
        | Some log -> log
        | None -> position.X.abs().log()

    /// Every tensor of the position changed in one way; ends are given the points' shape before.
    let rec map (change: Tensor -> Tensor) (position: Position) : Position =
        let ofDistance (distance: Distance) = {
            From = change (distance.From.expand_as position.X)
            Log = change (distance.Log.expand_as position.X)
        }

        {
            X = change position.X
            Low = Option.map ofDistance position.Low
            High = Option.map ofDistance position.High
            LogSize = Option.map change position.LogSize
            Factor = Option.map change position.Factor
            Parts = position.Parts |> List.map (fun (name, part) -> name, map change part)
        }

    /// One position where a condition holds, number by number, and another elsewhere: what both know.
    let choose (condition: Tensor) (a: Position) (b: Position) : Position =
        let where (a: Tensor) (b: Tensor) = torch.where (condition, a, b)

        let ofDistances (a: Distance) (b: Distance) = { From = where a.From b.From; Log = where a.Log b.Log }

        {
            at (where a.X b.X) with
                Low = Option.map2 ofDistances a.Low b.Low
                High = Option.map2 ofDistances a.High b.High
                LogSize = Option.map2 where a.LogSize b.LogSize
        }

    /// The position that a computation returns, and nothing else that it made, as `Tensor.scoped` has it.
    let scoped (compute: unit -> Position) : Position =
        use scope = torch.NewDisposeScope()

        let rec keep (position: Position) : Position =
            let keepDistance (distance: Distance) = {
                From = scope.MoveToOuter distance.From
                Log = scope.MoveToOuter distance.Log
            }

            {
                X = scope.MoveToOuter position.X
                Low = Option.map keepDistance position.Low
                High = Option.map keepDistance position.High
                LogSize = position.LogSize |> Option.map (fun log -> scope.MoveToOuter log)
                Factor = position.Factor |> Option.map (fun factor -> scope.MoveToOuter factor)
                Parts = position.Parts |> List.map (fun (name, part) -> name, keep part)
            }

        keep (Alive.during compute)
