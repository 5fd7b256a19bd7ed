namespace Vae.Core

open TorchSharp

/// Differentiation as functions on functions, under DiffSharp's names: `Diff.grad f` is the gradient of f.
///
/// An operator whose name begins with `f` (`fgrad`) returns the value of the function first, from the same evaluation.
/// Operators nest to any depth, also through captured variables; each level differentiates by its own variable only.
/// A function that ignores its argument has derivative zero.
///
/// Scalars are tensors of no dimensions, vectors of one; x and f(x) are in a floating-point type. Results are plain
/// tensors, unless the call is nested in another or x requires a gradient by the caller's own hand: then they can be
/// differentiated further. Tensors made inside f are disposed when the operator returns: take out what is to outlive
/// it with `MoveToOuterDisposeScope`. f does its work on the thread it is called on.
///
/// Another shape or type raises `ArgumentException`; what torch cannot differentiate (there is no derivative, a tensor
/// was edited in place) raises `InvalidOperationException`; both name the operator. At the first derivative of a
/// derivative in a process, libtorch warns of reference cycles on standard error: they are broken here.
[<RequireQualifiedAccess>]
module Diff =
    /// The function at a level's point, with its value checked.
    let private evaluate level check f =
        let y = Level.call level f
        check level.Operator "f(x)" y
        y

    /// The value of f at x and what `derive` makes of the level and the value.
    let private withValue operator check f x derive =
        Level.at operator x (fun level ->
            let y = evaluate level check f
            let derivative = derive level y
            Level.leave level y, Level.leave level derivative)

    /// The second of two, without the first.
    let private second (first: Tensor, second: 'rest) : 'rest =
        first.Dispose()
        second

    let private gradient operator f x =
        Level.at operator x (fun level ->
            let y = Level.callOnce level f
            Requirement.scalar operator "f(x)" y
            let gradient = Level.gradient level y
            Level.leave level y, Level.leave level gradient)

    /// The value, and a pair derived from the level and the gradient: second derivatives are those of a gradient.
    let private fromGradient operator f x derive =
        Requirement.vector operator "x" x

        Level.at operator x (fun level ->
            let y, g = Level.call level (gradient operator f)
            let first, second = derive level g
            Level.leave level y, (Level.leave level first, Level.leave level second))

    let private along (v: Tensor) (gradient: Tensor) = gradient.mul(v).sum()

    /// The derivative of any value by a scalar: the value's shape.
    let private derivative level (y: Tensor) =
        if y.ndim = 0L then
            Level.gradient level y
        else
            Level.push level y (torch.ones_like level.Point)

    let rec private derivatives operator n f x =
        Level.at operator x (fun level ->
            let y, derived =
                if n > 1 then
                    let y, lower = Level.call level (derivatives operator (n - 1) f)
                    y, derivative level lower
                else
                    let y = evaluate level Requirement.floating f
                    y, (if n = 1 then derivative level y else y)

            Level.leave level y, Level.leave level derived)

    let private derivativeOfOrder operator n f x =
        if n < 0 then
            invalidArg (nameof n) $"Diff.%s{operator}: the order n is %d{n}; expected at least 0"

        Requirement.scalar operator "x" x
        derivatives operator n f x

    /// f(x) and f'(x), for f of a scalar with a value of any shape, which f' has too.
    let fdiff (f: Tensor -> Tensor) (x: Tensor) = derivativeOfOrder "diff" 1 f x

    /// f'(x), for f of a scalar with a value of any shape, which f' has too.
    let diff f x = fdiff f x |> second

    /// f(x) and f''(x), for f of a scalar.
    let fdiff2 (f: Tensor -> Tensor) (x: Tensor) = derivativeOfOrder "diff2" 2 f x

    /// f''(x), for f of a scalar.
    let diff2 f x = fdiff2 f x |> second

    /// f(x) and the derivative of order n >= 0 (f itself at 0), for f of a scalar.
    let fdiffn (n: int) (f: Tensor -> Tensor) (x: Tensor) = derivativeOfOrder "diffn" n f x

    /// The derivative of order n >= 0 (f itself at 0), for f of a scalar.
    let diffn n f x = fdiffn n f x |> second

    /// f(x) and the gradient, for a scalar-valued f of a vector; of a scalar argument it is `fdiff`.
    /// One evaluation of f and one backward pass.
    let fgrad (f: Tensor -> Tensor) (x: Tensor) =
        if x.ndim = 0L then
            derivativeOfOrder "grad" 1 f x
        else
            Requirement.scalarOrVector "grad" "x" x
            gradient "grad" f x

    /// The gradient of a scalar-valued f of a vector; of a scalar argument it is `diff`.
    let grad f x = fgrad f x |> second

    /// f(x) and the derivative along v, grad f(x) . v, for a scalar-valued f of a vector.
    let fgradv (f: Tensor -> Tensor) (x: Tensor) (v: Tensor) =
        Requirement.vector "gradv" "x" x
        Requirement.ofShape x.shape "gradv" "v" v
        withValue "gradv" Requirement.scalar f x (fun level y -> Level.gradient level y |> along v)

    /// The derivative along v, grad f(x) . v, of a scalar-valued f of a vector.
    let gradv f x v = fgradv f x v |> second

    /// f(x), the gradient [n] and the Hessian [n, n] of a scalar-valued f of a vector.
    let fgradhessian (f: Tensor -> Tensor) (x: Tensor) =
        let y, (g, h) = fromGradient "gradhessian" f x (fun level g -> g, Level.jacobian level g)
        y, g, h

    /// The gradient [n] and the Hessian [n, n] of a scalar-valued f of a vector.
    let gradhessian f x =
        let y, g, h = fgradhessian f x
        second (y, (g, h))

    /// f(x) and the Hessian [n, n] of a scalar-valued f of a vector.
    let fhessian (f: Tensor -> Tensor) (x: Tensor) =
        let y, pair = fromGradient "hessian" f x (fun level g -> g, Level.jacobian level g)
        y, second pair

    /// The Hessian [n, n] of a scalar-valued f of a vector.
    let hessian f x = fhessian f x |> second

    let private gradientAndHessianAlong operator f (x: Tensor) v =
        Requirement.ofShape x.shape operator "v" v
        // H'v, which is Hv.
        fromGradient operator f x (fun level g -> along v g, Level.pull level g v)

    /// f(x), grad f(x) . v and the Hessian times v [n], of a scalar-valued f of a vector, without the Hessian.
    let fgradhessianv (f: Tensor -> Tensor) (x: Tensor) (v: Tensor) =
        let y, (gv, hv) = gradientAndHessianAlong "gradhessianv" f x v
        y, gv, hv

    /// grad f(x) . v and the Hessian times v [n], of a scalar-valued f of a vector, without the Hessian.
    let gradhessianv f x v =
        let y, gv, hv = fgradhessianv f x v
        second (y, (gv, hv))

    /// f(x) and the Hessian times v [n], of a scalar-valued f of a vector, without the Hessian.
    let fhessianv (f: Tensor -> Tensor) (x: Tensor) (v: Tensor) =
        let y, pair = gradientAndHessianAlong "hessianv" f x v
        y, second pair

    /// The Hessian times v [n], of a scalar-valued f of a vector, without the Hessian.
    let hessianv f x v = fhessianv f x v |> second

    /// f(x) and the Laplacian, the trace of the Hessian, of a scalar-valued f of a vector.
    let flaplacian (f: Tensor -> Tensor) (x: Tensor) =
        let y, pair = fromGradient "laplacian" f x (fun level g -> g, Level.trace level g)
        y, second pair

    /// The Laplacian, the trace of the Hessian, of a scalar-valued f of a vector.
    let laplacian f x = flaplacian f x |> second

    /// f(x) and the Jacobian [m, n], whose row i is the gradient of entry i, of f from vectors [n] to vectors [m].
    let fjacobian (f: Tensor -> Tensor) (x: Tensor) =
        Requirement.vector "jacobian" "x" x
        withValue "jacobian" Requirement.vector f x Level.jacobian

    /// The Jacobian [m, n], whose row i is the gradient of entry i, of f from vectors [n] to vectors [m].
    let jacobian f x = fjacobian f x |> second

    /// f(x) and the Jacobian times v: [m], from v [n], for f from vectors to vectors.
    let fjacobianv (f: Tensor -> Tensor) (x: Tensor) (v: Tensor) =
        Requirement.vector "jacobianv" "x" x
        Requirement.ofShape x.shape "jacobianv" "v" v
        withValue "jacobianv" Requirement.vector f x (fun level y -> Level.push level y v)

    /// The Jacobian times v: [m], from v [n], for f from vectors to vectors.
    let jacobianv f x v = fjacobianv f x v |> second

    /// f(x) and the transposed Jacobian times v: [n], from v of the shape of f(x), a vector or a scalar.
    let fjacobianTv (f: Tensor -> Tensor) (x: Tensor) (v: Tensor) =
        Requirement.vector "jacobianTv" "x" x

        withValue "jacobianTv" Requirement.scalarOrVector f x (fun level y ->
            Requirement.ofShape y.shape level.Operator "v" v
            Level.pull level y v)

    /// The transposed Jacobian times v: [n], from v of the shape of f(x), a vector or a scalar.
    let jacobianTv f x v = fjacobianTv f x v |> second

    let private fieldOnSpace operator x =
        Requirement.ofShape [| 3L |] operator "x" x
        Requirement.ofShape [| 3L |]

    let private curlOf (j: Tensor) =
        let entry (i: int64) (k: int64) = j.select(0L, i).select(0L, k)

        torch.stack [| (entry 2L 1L).sub(entry 1L 2L); (entry 0L 2L).sub(entry 2L 0L); (entry 1L 0L).sub(entry 0L 1L) |]

    /// f(x) and the curl (J21 - J12, J02 - J20, J10 - J01), for f from [3] to [3].
    let fcurl (f: Tensor -> Tensor) (x: Tensor) =
        let value = fieldOnSpace "curl" x
        withValue "curl" value f x (fun level y -> Level.jacobian level y |> curlOf)

    /// The curl (J21 - J12, J02 - J20, J10 - J01) of f from [3] to [3].
    let curl f x = fcurl f x |> second

    /// f(x) and the divergence, the trace of the Jacobian, for f from [n] to [n].
    let fdivergence (f: Tensor -> Tensor) (x: Tensor) =
        Requirement.vector "divergence" "x" x
        withValue "divergence" (Requirement.ofShape x.shape) f x Level.trace

    /// The divergence, the trace of the Jacobian, of f from [n] to [n].
    let divergence f x = fdivergence f x |> second

    /// f(x), the curl and the divergence, for f from [3] to [3].
    let fcurldivergence (f: Tensor -> Tensor) (x: Tensor) =
        let value = fieldOnSpace "curldivergence" x

        Level.at "curldivergence" x (fun level ->
            let y = evaluate level value f
            let j = Level.jacobian level y
            let curl, divergence = curlOf j, j.trace ()
            Level.leave level y, Level.leave level curl, Level.leave level divergence)

    /// The curl and the divergence of f from [3] to [3].
    let curldivergence f x =
        let y, curl, divergence = fcurldivergence f x
        second (y, (curl, divergence))
