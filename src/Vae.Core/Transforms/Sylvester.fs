namespace Vae.Core

open TorchSharp

/// y = x + Q R tanh(R' Q' x + b), for vectors x of k numbers: Q [k, m] has the first m columns of a product of
/// Householder reflections, R and R' are upper triangular [m, m]. The diagonals of R and R' are the tanh of those given,
/// so that their products are above -1 and the map is a bijection.
/// R. van den Berg, L. Hasenclever, J. M. Tomczak and M. Welling, "Sylvester normalizing flows", 2018, equation 13.
[<Sealed>]
type SylvesterTransform private (vectors: Tensor, r: Tensor, rTilde: Tensor, b: Tensor) =
    inherit VectorTransform(Array.last vectors.shape)

    let k, m = Array.last vectors.shape, Array.last r.shape
    let diagonal (t: Tensor) = t.diagonal (dim1 = -2L, dim2 = -1L)
    let limited (t: Tensor) = t.triu 1L .+. (diagonal t).tanh().diag_embed()

    /// Q' x
    let project x = (Reflections.backward vectors x).narrow(-1L, 0L, m)

    /// Q v
    let lift (v: Tensor) =
        let padding = Array.append (fst (Shape.splitLast 1 v.shape)) [| k - m |]
        let rest = torch.zeros (padding, dtype = v.dtype, device = v.device)
        Reflections.forward vectors (torch.cat ([| v; rest |], -1L))

    /// 1 + tanh p tanh q = cosh(p + q) / (cosh p cosh q) for the diagonals p and q: positive where the products round to -1.
    let slopes () =
        let p, q = diagonal r, diagonal rTilde
        (Logistic.logCosh (p .+. q) - Logistic.logCosh p - Logistic.logCosh q).exp()

    let preactivation x = apply (limited rTilde) (project x) .+. b

    /// From vectors [batch..., n, k], r and rTilde [batch..., m, m] with m <= k, and b [batch..., m]. Refuses a vector of
    /// length 0 and matrices that are not upper triangular.
    static member Create(vectors: Tensor, r: Tensor, rTilde: Tensor, b: Tensor) =
        Reflections.check (nameof vectors) vectors
        Check.finite (nameof b) b
        let k, m = Array.last vectors.shape, Check.vectors (nameof b) b

        if m > k then
            Check.refuse (nameof b) $"of %d{m} numbers" $"at most %d{k}, as points have"

        for name, matrix in [ nameof r, r; nameof rTilde, rTilde ] do
            Check.finite name matrix
            Check.square name m matrix
            Check.together (nameof vectors) vectors name matrix
            use _ = torch.NewDisposeScope()
            Check.every name "0 below the diagonal (upper triangular)" _.eq(0.0.AsScalar()) (matrix.tril -1L)

        Check.together (nameof vectors) vectors (nameof b) b
        let batch (n: int) (t: Tensor) = fst (Shape.splitLast n t.shape)

        for name, shape in [ nameof r, batch 2 r; nameof rTilde, batch 2 rTilde; nameof b, batch 1 b ] do
            Shape.broadcast (nameof vectors) (batch 2 vectors) name shape |> ignore

        SylvesterTransform(vectors, r, rTilde, b)

    /// The vectors whose reflections make Q.
    member _.Vectors = vectors
    /// R, before the constraint on its diagonal.
    member _.R = r
    /// R', before the constraint on its diagonal.
    member _.RTilde = rTilde
    /// What is added inside the tanh.
    member _.B = b

    override _.Name = "sylvester"
    override _.Map x = x .+. lift (apply (limited r) ((preactivation x).tanh()))

    /// By back substitution in the m coordinates of Q: from the last, each is the root of an equation in one number.
    override _.Back y =
        let r, rTilde, s = limited r, limited rTilde, slopes ()
        let d = project y
        let number (t: Tensor) (i: int64) = t.select (-1L, i)
        let entry (t: Tensor) (i: int64) (j: int64) = t.select(-2L, i).select(-1L, j)
        let last = int m - 1

        // What the coordinates after i contribute to row i of a matrix.
        let rest (matrix: Tensor) i (known: (int64 * Tensor) list) (start: Tensor) sign =
            (start, known) ||> List.fold (fun total (j, value) -> total .+. sign .* (entry matrix i j * value))

        let _, tanhs =
            (([], []), [ last .. -1 .. 0 ])
            ||> List.fold (fun (ws, hs) i ->
                let i = int64 i
                let target = rest r i hs (number d i) -1.0
                let shift = rest rTilde i ws (number b i) 1.0
                let a = TanhEquation.solve (number s i) (entry rTilde i i * target .+. shift)
                let h = a.tanh ()
                (i, target - entry r i i * h) :: ws, (i, h) :: hs)

        let h = torch.stack (tanhs |> List.map snd |> List.toArray, -1L)
        y - lift (apply r h)

    /// sum_i log(1 + r_ii r'_ii (1 - tanh^2 a_i))
    override _.LogSlope(x, _) = (TanhEquation.logSlope (slopes ()) (preactivation x)).sum -1L
