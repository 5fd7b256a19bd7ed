namespace Vae.Core

open System
open System.Runtime.InteropServices
open TorchSharp

/// How many functions being differentiated this thread is inside of.
/// The tensors alone do not tell: a function given to an inner operator may capture the point of an outer one,
/// and the inner result has to stay differentiable even where its own point is a plain tensor.
[<AbstractClass; Sealed>]
type internal Nesting private () =
    [<ThreadStatic; DefaultValue>]
    static val mutable private depth: int

    [<ThreadStatic; DefaultValue>]
    static val mutable private once: bool

    static member IsInside = Nesting.depth > 0

    /// Inside a function whose derivative is being differentiated.
    static member IsNested = Nesting.depth > 1

    /// Inside one function whose gradient is taken, and nothing else of it: no second derivative.
    static member IsOnce = Nesting.depth = 1 && Nesting.once

    /// Runs work one level deeper, and comes back up whether or not it raises.
    static member Deeper(once: bool, work: unit -> 'result) : 'result =
        let before = Nesting.once
        Nesting.depth <- Nesting.depth + 1
        Nesting.once <- once

        try
            work ()
        finally
            Nesting.depth <- Nesting.depth - 1
            Nesting.once <- before

/// One differentiation under way. The derivative of f at x is that of z -> f(x + z) at z = 0, where z is a leaf of
/// this level alone: so levels never mix their perturbations, while x stays connected to the levels around this one.
[<NoComparison; NoEquality>]
type internal Level = {
    /// The operator, for errors.
    Operator: string
    /// z
    Perturbation: Tensor
    /// x + z
    Point: Tensor
    /// Results are to be differentiated again by someone outside.
    Nested: bool
}

/// Derivatives by torch's reverse mode, on `torch.autograd.backward` alone: TorchSharp 0.107 makes its native errors
/// exceptions, where those of `torch.autograd.grad` abort the process.
[<RequireQualifiedAccess>]
module internal Level =
    /// Opens a level at x. Tensors made in it are disposed at its end, except those that `leave` it.
    let at (operator: string) (x: Tensor) (work: Level -> 'result) : 'result =
        let nested = torch.is_grad_enabled () && (Nesting.IsInside || x.requires_grad)
        use _ = torch.enable_grad ()
        use _ = torch.NewDisposeScope()

        let perturbation, point =
            if nested && x.requires_grad then
                // Minus zero, since x + (-0.0) is x for both zeros.
                let z = torch.zeros_like(x).neg_().requires_grad_ true
                z, x .+. z
            else
                // Nothing around this level depends on x, so x itself can be the leaf: no pass over its entries.
                let leaf = x.detach().requires_grad_ true
                leaf, leaf

        let level = {
            Operator = operator
            Perturbation = perturbation
            Point = point
            Nested = nested
        }

        let result = Alive.during (fun () -> work level)
        GC.KeepAlive x
        result

    /// A result for the world outside: still part of the graph around a nested level, plain otherwise.
    let leave (level: Level) (t: Tensor) : Tensor =
        (if level.Nested then t.alias () else t.detach ()).MoveToOuterDisposeScope()

    /// The function at the level's point.
    let call (level: Level) (f: Tensor -> 'value) : 'value = Nesting.Deeper(false, fun () -> f level.Point)

    /// The same where all that follows is one gradient.
    let callOnce (level: Level) (f: Tensor -> 'value) : 'value =
        Nesting.Deeper(not level.Nested, fun () -> f level.Point)

    /// The pullback of a covector of y to a leaf; zeros where y does not depend on it.
    let private backward level (again: bool) (graph: bool) (leaf: Tensor) (y: Tensor) (covector: Tensor) : Tensor =
        if not y.requires_grad then
            torch.zeros_like leaf
        else
            try
                torch.autograd.backward ([| y |], [| covector |], Nullable(again || graph), graph, [| leaf |])
            with :? ExternalException as native ->
                // The rest of a native message is a stack trace.
                let reason = native.Message.Split('\n')[0]
                raise (InvalidOperationException($"Diff.%s{level.Operator}: %s{reason}", native))

            match leaf.grad with
            | null -> torch.zeros_like leaf
            | gradient ->
                // The gradient's graph leads back to the leaf: left on it, neither would ever be freed.
                // This is the cycle that libtorch warns of.
                leaf.grad <- null
                gradient

    /// J'c for a covector c of the shape of y = f(x).
    let pull (level: Level) (y: Tensor) (covector: Tensor) : Tensor =
        backward level false level.Nested level.Perturbation y covector

    /// The gradient of y = f(x), a scalar.
    let gradient (level: Level) (y: Tensor) : Tensor = pull level y (torch.ones_like y)

    /// J'u as a function of u. It is linear in u, so its own pullback is J: one evaluation of f gives any number of Jv.
    let private transposed (level: Level) (y: Tensor) =
        let u = torch.zeros_like(y).requires_grad_ true
        u, backward level true true level.Perturbation y u

    /// Jv for a v of the shape of x.
    let push (level: Level) (y: Tensor) (v: Tensor) : Tensor =
        let u, pulled = transposed level y
        backward level false level.Nested u pulled v

    /// The gradients of the entries of a vector with respect to a leaf, one backward pass each.
    let private gradients level (leaf: Tensor) (y: Tensor) =
        Seq.init (int (y.numel ())) (fun i ->
            let entry = y.select (0L, int64 i)
            backward level true level.Nested leaf entry (torch.ones_like entry))

    /// J for vectors x and y, with as many backward passes as it has rows or columns, whichever are fewer.
    let jacobian (level: Level) (y: Tensor) : Tensor =
        let inputs, outputs = level.Point.numel (), y.numel ()

        if inputs = 0L || outputs = 0L then
            torch.zeros ([| outputs; inputs |], dtype = y.dtype, device = y.device)
        elif inputs < outputs then
            let u, pulled = transposed level y
            torch.stack (gradients level u pulled, 1L)
        else
            torch.stack (gradients level level.Perturbation y)

    /// The trace of a square J, row by row, so that J is never held.
    let trace (level: Level) (y: Tensor) : Tensor =
        let diagonal i (row: Tensor) =
            use row = row
            use entry = row.select (0L, int64 i)
            entry.clone ()

        if y.numel () = 0L then
            torch.zeros ([||], dtype = y.dtype, device = y.device)
        else
            (gradients level level.Perturbation y |> Seq.mapi diagonal |> torch.stack).sum()
