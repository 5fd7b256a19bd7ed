/// Generated parameters of laws, by what numbers each takes, the extremes among them.
[<RequireQualifiedAccess>]
module Vae.Testing.Generate

open FsCheck
open FsCheck.FSharp
open Vae.Core

/// Numbers between two ends.
let between (low: float) (high: float) : Gen<float> =
    Gen.choose (0, 1_000_000) |> Gen.map (fun i -> low + (high - low) * float i / 1e6)

let private oftenExtreme extremes ordinary = Gen.frequency [ 4, ordinary; 1, Gen.elements extremes ]
let private powersOfTen low high = between low high |> Gen.map (fun e -> 10.0 ** e)

let real = between -5.0 5.0 |> oftenExtreme [ 0.0; 1e3; -1e3 ]
let positive = powersOfTen -2.0 2.0 |> oftenExtreme [ 1.0; 1.0001; 1e-4; 1e4 ]
let shape = powersOfTen -1.0 2.0 |> oftenExtreme [ 0.01; 0.5; 1.0; 2.0; 1e3 ]
let unit = between 0.01 0.99 |> oftenExtreme [ 1e-6; 0.5; 1.0 - 1e-6 ]
let logit = between -8.0 8.0 |> oftenExtreme [ 0.0; 40.0; -40.0; 200.0; -200.0 ]

let whole (least: float) =
    Gen.choose (0, 20)
    |> Gen.map (fun i -> least + float i)
    |> oftenExtreme [ least; least + 1.0; least + 1000.0 ]

/// A vector of length 1.
let direction (k: int) : Gen<float[]> =
    let normalised (v: float[]) =
        let length = sqrt (Array.sumBy (fun x -> x * x) v)

        if length < 1e-3 then
            Array.init k (fun i -> if i = 0 then 1.0 else 0.0)
        else
            v |> Array.map (fun x -> x / length)

    let ordinary = Gen.arrayOfLength k (between -1.0 1.0) |> Gen.map normalised
    let axis = Gen.constant (Array.init k (fun i -> if i = k - 1 then -1.0 else 0.0))
    Gen.frequency [ 4, ordinary; 1, axis ]

let insideBall (k: int) : Gen<float[]> =
    Gen.zip (direction k) (between 0.0 0.95 |> oftenExtreme [ 0.0; 1e-3; 0.999 ])
    |> Gen.map (fun (v, radius) -> v |> Array.map (fun x -> radius * x))

/// A lower triangular factor, row by row; one in five is nearly singular.
let factor (k: int) : Gen<float[]> =
    gen {
        let! below = Gen.arrayOfLength (k * k) (between -1.0 1.0)
        let! diagonal = Gen.arrayOfLength k (powersOfTen -1.0 1.0)
        let! small = Gen.elements [ 1.0; 1.0; 1.0; 1.0; 1e-4 ]

        return
            Array.init (k * k) (fun at ->
                let i, j = at / k, at % k

                if j > i then 0.0
                elif j < i then below[at]
                elif i = k - 1 then small * diagonal[i]
                else diagonal[i])
    }

/// The numbers of one parameter, where those of the parameters that it is above are known.
let parameter (size: int) (known: string -> float[]) (p: LawParameter) : Gen<float[]> =
    let length = LawCases.shape size p |> Array.fold (fun n d -> n * int d) 1
    let each element = Gen.arrayOfLength length element

    match p.Domain with
    | Domain.Real -> each real
    | Domain.Positive -> each positive
    | Domain.Shape -> each shape
    | Domain.Unit -> each unit
    | Domain.Logit
    | Domain.LogitOrCertain _ -> each logit
    | Domain.Whole least -> each (whole least)
    | Domain.End None -> each real
    | Domain.Above other
    | Domain.End(Some other) -> each positive |> Gen.map (Array.map2 (+) (known other))
    | Domain.Direction -> direction size
    | Domain.InsideBall -> insideBall size
    | Domain.Factor -> factor size
    | Domain.Columns -> each (between -1.0 1.0)

/// The parameters of one law. Those named in `own` are drawn by the generators given with them, from the size.
let case (own: (string * (int -> Gen<float[]>)) list) (size: int) (info: LawInfo) : Gen<float[][]> =
    let isAbove (p: LawParameter) = (p.Domain.IsAbove || p.Domain.IsEnd && p.Domain <> Domain.End None)
    let first, last = info.Parameters |> List.partition (isAbove >> not)

    let add known (p: LawParameter) =
        gen {
            let! known = known

            let! values =
                match own |> List.tryFind (fun (name, _) -> name = p.Name) with
                | Some(_, generator) -> generator size
                | None -> parameter size (fun other -> Map.find other known) p

            return Map.add p.Name values known
        }

    first @ last
    |> List.fold add (Gen.constant Map.empty)
    |> Gen.map (fun known -> [| for p in info.Parameters -> Map.find p.Name known |])

/// Cases of a law: of one that has vectors or matrices among its parameters, as many in all, spread over the sizes.
let cases (own: (string * (int -> Gen<float[]>)) list) (sizes: int list) (count: int) (seed: int) (info: LawInfo) =
    // Only vectors have sizes, and numbers that are drawn by size.
    let hasSize =
        info.Parameters
        |> List.exists (fun p -> p.Rank > 0 || own |> List.exists (fun (name, _) -> name = p.Name))

    let sizes = if hasSize then sizes else [ 1 ]

    [
        for size in sizes ->
            {
                Info = info
                Size = size
                Values =
                    case own size info
                    |> Gen.sampleWithSeed (Rnd(uint64 (seed + size))) 100 (max 1 (count / sizes.Length))
            }
    ]
