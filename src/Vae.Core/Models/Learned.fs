namespace Vae.Core

/// Anything with parameters: what it declares, and the pure function that it is of them.
type Learned<'input, 'output> = { Declared: Parameter list; Apply: Params -> Mode -> 'input -> 'output }

[<RequireQualifiedAccess>]
module internal Learned =
    /// A function of what a learned function gives.
    let map (f: 'a -> 'b) (learned: Learned<'input, 'a>) : Learned<'input, 'b> = {
        Declared = learned.Declared
        Apply = fun parameters mode input -> f (learned.Apply parameters mode input)
    }

    /// What a learned function makes of an input with its first parameters: in float32 on the CPU, in the scope that is open.
    let example (learned: Learned<'input, 'output>) (input: Placement -> 'input) : 'output =
        let place = Placement.float32
        let parameters = Params.Initial(place, Key.ofSeed 0, Params.Distinct learned.Declared).InScope()
        learned.Apply parameters Mode.Evaluate (input place)

/// The laws and nets of the models' parts as data, so that a saved model can be made again from its description.
/// A part of one's own is `Custom`, by name: it trains and evaluates, and saving its model refuses it by that name.
[<RequireQualifiedAccess>]
type PriorSpec =
    | Standard of dimensions: int
    | Gaussian of covariance: float list list
    | Custom of name: string

    override this.ToString() =
        match this with
        | Standard n -> $"N(0, I) in %d{n} dimensions"
        | Gaussian rows ->
            let row (values: float list) = values |> List.map Check.number |> String.concat ", "

            let inside = rows |> List.map (fun r -> $"[%s{row r}]") |> String.concat ", "
            $"N(0, [%s{inside}])"
        | Custom name -> name

/// How a posterior's log-scale follows from its head. A soft clamp keeps |log scale| below a bound by
/// bound * tanh (x / bound), so that no output of a network makes a scale of 0 or infinity.
[<RequireQualifiedAccess>]
type LogScale =
    | Free
    | SoftClamp of bound: float

    override this.ToString() =
        match this with
        | Free -> "free log-scale"
        | SoftClamp bound ->
            $"log-scale within +-%s{Check.number bound} by %s{Check.number bound} tanh(x / %s{Check.number bound})"

[<RequireQualifiedAccess>]
type PosteriorSpec =
    | DiagonalNormal of logScale: LogScale * encoder: Net
    | Custom of name: string

    override this.ToString() =
        match this with
        | DiagonalNormal(logScale, encoder) -> $"diagonal normal, %O{logScale}: %O{encoder}"
        | Custom name -> name

[<RequireQualifiedAccess>]
type LikelihoodSpec =
    | Bernoulli of decoder: Net
    | BernoulliCrossEntropy of decoder: Net
    | Gaussian of scale: float * decoder: Net
    | Custom of name: string

    override this.ToString() =
        match this with
        | Bernoulli decoder -> $"Bernoulli: %O{decoder}"
        | BernoulliCrossEntropy decoder -> $"cross-entropy of grey levels: %O{decoder}"
        | Gaussian(scale, decoder) -> $"normal of scale %s{Check.number scale}: %O{decoder}"
        | Custom name -> name
