namespace Vae.Core

#nowarn "9" // Memory by address.

open System.Runtime.Intrinsics
open FSharp.NativeInterop

/// What is done to each number that a layer makes, while the processor still holds it near.
[<RequireQualifiedAccess; NoComparison; NoEquality>]
type internal Finish =
    | Nothing
    /// A bias is added; then, where asked, what is below 0 becomes 0.
    | Bias of bias: Floats * isRelu: bool
    /// What stands where other numbers are not positive becomes 0: the gradient behind a rectifier.
    | Where of positive: Floats

[<RequireQualifiedAccess>]
module internal Finish =
    let inline private overLanes
        (numbers: Floats)
        at
        ([<InlineIfLambda>] change: int -> Vector512<float32> -> Vector512<float32>)
        =
        for j in 0 .. Tile.Vector .. Tile.Lanes - 1 do
            Tile.store numbers (at + j) (change (at + j) (Tile.load numbers (at + j)))

    /// The lanes of a channel, at their place among numbers; its bias is at an index.
    let apply how (numbers: Floats) at index =
        match how with
        | Finish.Nothing -> ()
        | Finish.Bias(bias, isRelu) ->
            let b = Vector512.Create(NativePtr.get bias index)

            if isRelu then
                overLanes numbers at (fun _ v -> Vector512.Max(v + b, Vector512.Zero))
            else
                overLanes numbers at (fun _ v -> v + b)
        | Finish.Where positive ->
            overLanes numbers at (fun i v ->
                Vector512.BitwiseAnd(v, Vector512.GreaterThan(Tile.load positive i, Vector512.Zero)))
