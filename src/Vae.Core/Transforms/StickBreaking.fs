namespace Vae.Core

open TorchSharp

/// From vectors of k - 1 real numbers to the simplex of k, by breaking a stick of length 1: of what is left, y_i takes the
/// share sigmoid(x_i - log(k - i)), i = 1 .. k - 1, and y_k the rest, so that x = 0 gives equal parts. The
/// log-determinant is that of the first k - 1 parts, which is what the density of a Dirichlet is with respect to.
/// Stan reference manual, "Simplex transform".
[<Sealed>]
type StickBreakingTransform internal () =
    inherit Transform()

    /// Where the sigmoid of each share is taken: x_i - log(k - i).
    let centred (x: Tensor) =
        let n = Array.last x.shape
        let remaining = Tensor.countdown (Placement.like x) n
        x - remaining.log ()

    /// log y
    let logParts (x: Tensor) =
        let a = centred x
        let left = (Logistic.softplus a).cumsum -1L
        let parts = (left - a).neg()
        torch.cat ([| parts; left.narrow(-1L, -1L, 1L).neg() |], -1L)

    /// x, of the logs of the parts and of the sums of the later ones.
    let breaks (logY: Tensor) (logLater: Tensor) =
        let n = Array.last logY.shape - 1L
        let remaining = Tensor.countdown (Placement.like logY) n
        logY.narrow (-1L, 0L, n) - logLater .+. remaining.log ()

    override _.Name = "stickBreaking"
    override _.Rank = 1

    override this.ForwardShape shape =
        if shape.Length < 1 || Array.last shape < 1L then
            Check.refuse "x" $"of shape %s{Check.shape shape}" "[..., k - 1], vectors of at least one number"

        let batch, last = Shape.splitLast 1 shape
        Array.append batch [| last[0] + 1L |]

    override this.InverseShape shape =
        if shape.Length < 1 || Array.last shape < 2L then
            Check.refuse "y" $"of shape %s{Check.shape shape}" "[..., k], points of a simplex of at least two parts"

        let batch, last = Shape.splitLast 1 shape
        Array.append batch [| last[0] - 1L |]

    override _.Map x = (logParts x).exp()

    /// The share of part i in what is left has the odds y_i to the sum of the later parts: no difference is taken.
    override _.Back y =
        let n = Array.last y.shape - 1L
        let later = y.narrow(-1L, 1L, n).flip(-1L).cumsum(-1L).flip -1L
        breaks (y.log ()) (later.log ())

    override this.MapAt x = Position.ofLog (logParts x.X), this.LogSlope(x.X, x.X)

    override this.BackAt y =
        let logY = Position.log y
        let n = Array.last logY.shape - 1L
        let x = breaks logY (logY.narrow(-1L, 1L, n).flip(-1L).logcumsumexp(-1L).flip -1L)
        Position.at x, this.LogSlope(x, y.X).neg()

    /// The Jacobian is triangular, with y_i (1 - share_i) on its diagonal.
    override _.LogSlope(x, _) =
        let a = centred x
        let cost = Logistic.softplus a
        (a - cost - cost.cumsum -1L).sum -1L
