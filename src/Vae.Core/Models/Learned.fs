namespace Vae.Core

open TorchSharp

/// Anything with parameters: what it declares, and the pure function that it is of them.
type Learned<'input, 'output> = { Declared: Parameter list; Apply: Params -> Mode -> 'input -> 'output }

[<RequireQualifiedAccess>]
module internal Learned =
    /// Learned numbers that begin at 0.
    let numbers path (shape: int64[]) : Parameter = {
        Path = path
        Shape = shape
        Trained = true
        Initial = fun place _ -> torch.zeros (shape, dtype = place.DType, device = place.Device)
    }

    /// One of them, as the numbers of a place.
    let number path : Parameter = numbers path [| 1L |]

    /// A function of what a learned function gives.
    let map (f: 'a -> 'b) (learned: Learned<'input, 'a>) : Learned<'input, 'b> = {
        Declared = learned.Declared
        Apply = fun parameters mode input -> f (learned.Apply parameters mode input)
    }

    /// The same function of what another makes its input of.
    let before (f: 'a -> 'input) (learned: Learned<'input, 'output>) : Learned<'a, 'output> = {
        Declared = learned.Declared
        Apply = fun parameters mode input -> learned.Apply parameters mode (f input)
    }

    /// What a learned function makes of an input with its first parameters: in float32 on the CPU, in the scope that is open.
    let example (learned: Learned<'input, 'output>) (input: Placement -> 'input) : 'output =
        let place = Placement.float32
        let parameters = Params.Initial(place, Key.ofSeed 0, Params.Distinct learned.Declared).InScope()
        learned.Apply parameters Mode.Evaluate (input place)
