namespace Vae.DiffSharp

open DiffSharp
open DiffSharp.Backends
open TorchSharp
open Vae.Core

/// Functions of torch tensors as DiffSharp's. The derivative of a lifted function is a lifted function, of the point and
/// the direction: so all of DiffSharp's operators work on it, nested to any depth.
[<RequireQualifiedAccess>]
module internal Lifted =
    let private torchShape (t: DiffSharp.Tensor) = Array.map int64 t.shape

    /// Two tensors in one vector. Not `Tensor.cat`, which refuses tensors of different levels of differentiation.
    let private joined (a: DiffSharp.Tensor) (b: DiffSharp.Tensor) =
        let flat (t: DiffSharp.Tensor) = t.view [ t.nelement ]
        let zeros = a.zerosLike [ a.nelement + b.nelement ]
        zeros.addSlice([ 0 ], flat a).addSlice([ a.nelement ], flat b)

    /// A function of the two tensors in a vector, the first of a given shape.
    let private ofJoined (shape: int64[]) (f: Tensor -> Tensor -> Tensor) (pair: Tensor) =
        let n = Array.fold (*) 1L shape
        f (pair.narrow (0L, 0L, n)) (pair.narrow (0L, n, pair.numel () - n))

    /// f as a function of vectors, with vectors as values.
    let private flattened (f: Tensor -> Tensor) (shape: int64[]) (x: Tensor) = (f (x.reshape shape)).flatten()

    /// J v, a function of x and v.
    let private pushed f (xShape: int64[]) (yShape: int64[]) =
        ofJoined xShape (fun x v ->
            if yShape.Length = 0 then
                // One backward pass, where a vector's J v takes two: laws that differentiate once allow no more.
                Diff.gradv (fun x -> f (x.reshape xShape)) x v
            else
                (Diff.jacobianv (flattened f xShape) x v).reshape yShape)

    /// J' u, a function of x and u.
    let private pulled f (xShape: int64[]) =
        ofJoined xShape (fun x u -> (Diff.jacobianTv (flattened f xShape) x u).reshape xShape)

    /// f(x).
    let private value (f: Tensor -> Tensor) (x: RawTensor) =
        use _ = torch.NewDisposeScope()
        use _ = torch.no_grad ()
        Values.ofTorch (f (Values.toTorch x))

    /// f(x) and, where it is a scalar, the gradient from the same evaluation.
    let private valueAndGradient (f: Tensor -> Tensor) (x: RawTensor) =
        use _ = torch.NewDisposeScope()
        let shape = Array.map int64 x.Shape
        let mutable seen = []

        let scalar (flat: Tensor) =
            let y = f (flat.reshape shape)
            seen <- [ Values.ofTorch y, y.ndim = 0L ]
            if y.ndim = 0L then y else y.detach().sum()

        let gradient = Diff.grad scalar ((Values.toTorch x).flatten())
        let y, isScalar = List.exactlyOne seen

        y, (if isScalar then Some(Values.ofTorch (gradient.reshape shape)) else None)

    /// f at x. Evaluated once for the value and the first derivatives of a scalar; what else is differentiated, or a
    /// derivative of a derivative, evaluates again.
    let rec apply (f: Tensor -> Tensor) (x: DiffSharp.Tensor) : DiffSharp.Tensor =
        let mutable kept = None

        DiffSharp.Tensor.Op
            {
                new UnaryOp("Vae.Core") with
                    member _.fRaw a =
                        if x.depth = 0 then
                            value f a
                        else
                            let y, gradient = valueAndGradient f a
                            kept <- gradient
                            y

                    member _.ad_dfda(a, ad, y) =
                        match kept with
                        | Some g when a.depth = 0 -> apply (fun v -> (Values.toTorch g).mul(v).sum()) ad
                        | _ -> apply (pushed f (torchShape a) (torchShape y)) (joined a ad)

                    member _.fd_dfda(a, _, fd) =
                        match kept with
                        | Some g when a.depth = 0 -> fd * DiffSharp.Tensor.ofRawTensor g
                        | _ -> apply (pulled f (torchShape a)) (joined a fd)
            }
            x
