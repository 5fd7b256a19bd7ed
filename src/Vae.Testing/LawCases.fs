namespace Vae.Testing

open System
open System.Globalization
open TorchSharp
open Vae.Core

/// Laws of one kind side by side: generated parameters, the numbers of each parameter of each case. Vectors and matrices
/// of a case share one size.
type LawCases = { Info: LawInfo; Size: int; Values: float[][][] }

[<RequireQualifiedAccess>]
module LawCases =
    /// The shape of one law's value of a parameter.
    let shape (size: int) (parameter: LawParameter) : int64[] =
        let k = int64 size

        match parameter.Rank, parameter.Domain with
        | 0, _ -> [||]
        | 1, _ -> [| k |]
        | _, Domain.Columns -> [| k; min 2L k |]
        | _ -> [| k; k |]

    let count (cases: LawCases) = cases.Values.Length

    /// The parameters as tensors, the cases along the first dimension.
    let tensors (place: Placement) (cases: LawCases) : Tensor[] =
        cases.Info.Parameters
        |> List.mapi (fun i parameter ->
            let values = cases.Values |> Array.collect (fun case -> case[i])
            Tensor.ofArray place (Array.append [| int64 (count cases) |] (shape cases.Size parameter)) values)
        |> List.toArray

    /// The laws, in one batch of as many as there are cases.
    let law (cases: LawCases) : Distribution = cases.Info.Make(tensors f64 cases)

    /// Some of the cases, each as often as it is named.
    let select (indices: int[]) (cases: LawCases) = {
        cases with
            Values = indices |> Array.map (fun i -> cases.Values[i])
    }

    /// The first so many cases.
    let truncate n (cases: LawCases) = { cases with Values = Array.truncate n cases.Values }

    /// A case as a reader would write it.
    let describe (cases: LawCases) (i: int) =
        let parameter (p: LawParameter) (values: float[]) =
            let written =
                values |> Array.map (fun v -> v.ToString("R", CultureInfo.InvariantCulture)) |> String.concat "; "

            if p.Rank = 0 then
                $"%s{p.Name} = %s{written}"
            else
                $"%s{p.Name} = [%s{written}]"

        let all = List.map2 parameter cases.Info.Parameters (List.ofArray cases.Values[i]) |> String.concat ", "
        $"%s{cases.Info.Name}(%s{all})"
