namespace Vae.Core

open System

/// What an operator requires of its point, of the function's value and of a direction; refused by operator, name,
/// dtype and shape.
[<RequireQualifiedAccess>]
module internal Requirement =
    let private refuse operator name (t: Tensor) (expected: string) =
        let shape = String.Join("; ", t.shape)

        invalidArg
            name
            $"Diff.%s{operator}: %s{name} is a %O{t.dtype} tensor of shape [%s{shape}]; expected %s{expected}"

    let floating operator name (t: Tensor) =
        if not (t.is_floating_point ()) then
            refuse operator name t "a floating-point tensor"

    let private ofDimensions dimensions expected operator name (t: Tensor) =
        floating operator name t

        if not (List.contains t.ndim dimensions) then
            refuse operator name t expected

    let scalar: string -> string -> Tensor -> unit = ofDimensions [ 0L ] "a scalar (no dimensions)"
    let vector: string -> string -> Tensor -> unit = ofDimensions [ 1L ] "a vector (one dimension)"

    let scalarOrVector: string -> string -> Tensor -> unit =
        ofDimensions [ 0L; 1L ] "a scalar (no dimensions) or a vector (one)"

    let ofShape (shape: int64[]) operator name (t: Tensor) =
        floating operator name t

        if t.shape <> shape then
            let shape = String.Join("; ", shape)
            refuse operator name t $"shape [%s{shape}]"
