/// Derivatives by the parameters of laws: by central differences of several steps, and by torch.
module Vae.Testing.Differences

open System
open TorchSharp
open Vae.Core

/// A derivative by differences, and how far off it may be.
[<Struct>]
type Difference = { Value: float; Error: float }

/// How far one number of a parameter may move, in multiples of a step, in a case.
let private reach (cases: LawCases) (index: int) (at: int) (case: float[][]) =
    let p = cases.Info.Parameters[index]
    let v = case[index][at]

    /// The size of a law, which a step along the line has to be small against.
    let scale =
        Seq.fold
            min
            infinity
            (seq {
                for i, parameter in List.indexed cases.Info.Parameters do
                    if parameter.Domain.IsPositive then
                        yield! case[i]
            })

    let other name = cases.Info.Parameters |> List.findIndex (fun p -> p.Name = name)

    let free =
        match p.Domain with
        | Domain.Positive
        | Domain.Shape
        | Domain.Whole _ -> v
        | Domain.Unit -> min v (1.0 - v)
        | Domain.Above name
        | Domain.End(Some name) -> v - case[other name][at]
        | Domain.InsideBall -> 1.0 - sqrt (Array.sumBy (fun x -> x * x) case[index])
        | Domain.Factor when at / cases.Size = at % cases.Size -> v
        | Domain.Direction -> 1.0
        | Domain.End None
        | Domain.Real -> min (1.0 + abs v) scale
        | Domain.Factor
        | Domain.Columns
        | Domain.Logit
        | Domain.LogitOrCertain _ -> 1.0 + abs v

    // A parameter that another is above may not pass it.
    (free, cases.Info.Parameters |> List.indexed)
    ||> List.fold (fun free (i, above) ->
        match above.Domain with
        | (Domain.Above name | Domain.End(Some name)) when name = p.Name -> min free (case[i][at] - v)
        | _ -> free)

/// Which numbers of a parameter can move: of a factor those that are not above its diagonal.
let coordinates (cases: LawCases) (index: int) : int[] =
    let p = cases.Info.Parameters[index]
    let length = Array.length (cases.Values[0].[index])

    match p.Domain with
    | Domain.Whole _ -> [||]
    | Domain.Factor -> [|
        for at in 0 .. length - 1 do
            if at % cases.Size <= at / cases.Size then
                at
      |]
    | _ -> [| 0 .. length - 1 |]

/// The way in which a parameter moves as one of its numbers does: a direction stays of length 1.
let tangent (cases: LawCases) (index: int) (at: int) (case: float[][]) : float[] =
    let unit = Array.init case[index].Length (fun i -> if i = at then 1.0 else 0.0)

    match cases.Info.Parameters[index].Domain with
    | Domain.Direction -> unit |> Array.mapi (fun i e -> e - case[index][i] * case[index][at])
    | _ -> unit

let private moved (cases: LawCases) (index: int) (at: int) (steps: float[]) =
    let move (case: float[][]) (step: float) =
        let values = Array.copy case[index]
        values[at] <- values[at] + step

        let values =
            if cases.Info.Parameters[index].Domain.IsDirection then
                let length = sqrt (Array.sumBy (fun x -> x * x) values)
                values |> Array.map (fun x -> x / length)
            else
                values

        case |> Array.mapi (fun i old -> if i = index then values else old)

    { cases with Values = Array.map2 move cases.Values steps }

/// The derivatives of functions of a law, for each case, by one number of a parameter: of the steps tried, that whose
/// estimate and its halved step's agree best. The error is their difference and the rounding of the values.
let derivative (f: LawCases -> float[][]) (cases: LawCases) (index: int) (at: int) : Difference[][] =
    let reaches = cases.Values |> Array.map (reach cases index at)

    let slopes (relative: float) =
        let steps = reaches |> Array.map (fun r -> relative * r)
        let up, down = moved cases index at steps, moved cases index at (Array.map (~-) steps)

        // The step as it was made, after its rounding.
        let widths =
            if cases.Info.Parameters[index].Domain.IsDirection then
                steps |> Array.map (fun h -> 2.0 * h)
            else
                Array.map2 (fun (a: float[][]) (b: float[][]) -> a[index][at] - b[index][at]) up.Values down.Values

        try
            let high, low = f up, f down

            Array.init reaches.Length (fun i ->
                Array.map2
                    (fun a b ->
                        struct ((a - b) / widths[i], 32.0 * epsilon * (1.0 + max (abs a) (abs b)) / abs widths[i]))
                    high[i]
                    low[i])
            |> Some
        with :? ArgumentException ->
            // So large a step leaves what the law takes.
            None

    let tried =
        [ 1e-2; 1e-3; 1e-4; 1e-5; 1e-6; 1e-7; 1e-8 ]
        |> List.choose (fun relative ->
            match slopes relative, slopes (0.5 * relative) with
            | Some coarse, Some fine ->
                Some(
                    Array.map2
                        (Array.map2 (fun (struct (a, _)) (struct (b, rounding)) ->
                            // The leading error of a central difference is of the second order in its step.
                            let value = b + (b - a) / 3.0
                            { Value = value; Error = abs (a - b) + rounding }))
                        coarse
                        fine
                )
            | _ -> None)

    let better (a: Difference) (b: Difference) = if Double.IsNaN a.Error || b.Error < a.Error then b else a
    tried |> List.reduce (Array.map2 (Array.map2 better))

/// The gradient, by each parameter, of the sum of what is computed from the laws: one number for each case.
let gradients (cases: LawCases) (f: Distribution -> Tensor) : float[][] =
    use _ = torch.NewDisposeScope()
    let parameters = LawCases.tensors f64 cases |> Array.map (fun t -> t.requires_grad_ true)
    let total = (f (cases.Info.Make parameters)).sum()

    if total.requires_grad then
        total.backward ()

    parameters
    |> Array.map (fun t ->
        match t.grad with
        | null -> Array.zeroCreate (int (t.numel ()))
        | gradient -> Tensor.toArray gradient)

/// The derivatives of functions of a law by every number of every parameter, held against the gradient that torch finds.
/// `describe` names the function in a message; `gradient` gives, for each function, the gradients by parameter.
let compare
    (cases: LawCases)
    (describe: string)
    (byDifferences: LawCases -> float[][])
    (functions: (Distribution -> Tensor)[])
    : int =
    let gradients = functions |> Array.map (gradients cases)
    let mutable judged = 0

    for index in 0 .. cases.Info.Parameters.Length - 1 do
        for at in coordinates cases index do
            let expected = derivative byDifferences cases index at

            for i in 0 .. LawCases.count cases - 1 do
                let direction = tangent cases index at cases.Values[i]
                let length = direction.Length

                for j in 0 .. functions.Length - 1 do
                    let gradient = gradients[j][index]
                    let found = Seq.sum (seq { for c in 0 .. length - 1 -> gradient[i * length + c] * direction[c] })
                    let difference = expected[i][j]
                    let name = cases.Info.Parameters[index].Name
                    let where' = $"%s{describe} by %s{name}[%d{at}] of %s{LawCases.describe cases i}"

                    if not (Double.IsFinite found) then
                        Expecto.Tests.failtest $"%s{where'} is %g{found}"

                    let allowed = 8.0 * difference.Error + 1e-7 * abs difference.Value

                    if Double.IsFinite allowed then
                        if allowed <= 1e-3 * (1.0 + abs difference.Value) then
                            judged <- judged + 1

                        isWithin allowed difference.Value found where'

    judged
