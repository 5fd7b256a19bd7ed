namespace Vae.Core

open TorchSharp

/// y = e^x, from the real numbers to the positive ones.
[<Sealed>]
type ExpTransform internal () =
    inherit Transform()
    override _.Name = "exp"
    override _.Map x = x.exp ()
    override _.Back y = y.log ()

    /// x
    override _.LogSlope(x, _) = x

    override _.MapAt x = Position.ofLog x.X, x.X

    override _.BackAt y =
        let x = Position.log y
        Position.at x, x.neg ()

    override _.Direction = Some Direction.Increasing

/// y = log(1 + e^x), from the real numbers to the positive ones.
[<Sealed>]
type SoftplusTransform internal () =
    inherit Transform()
    override _.Name = "softplus"
    override _.Map x = Logistic.softplus x
    override _.Back y = Logistic.inverseSoftplus y

    /// The slope is the sigmoid: -softplus(-x).
    override _.LogSlope(x, _) = (Logistic.softplus (x.neg ())).neg()

    override this.MapAt x =
        let y = Logistic.softplus x.X

        // log y is x - e^x / 2 where y is small.
        let log =
            Stable.choose
                (x.X.lt ((-20.0).AsScalar()))
                -20.0
                (fun x -> x - 0.5 .* x.exp ())
                (fun x -> (Logistic.softplus x).log())
                x.X

        { Position.ofLog log with X = y }, this.LogSlope(x.X, y)

    override this.BackAt y =
        let log = Position.log y

        let x =
            Stable.choose
                (log.lt ((-20.0).AsScalar()))
                -20.0
                (fun log -> log .+. 0.5 .* log.exp ())
                (fun log -> Logistic.inverseSoftplus (log.exp ()))
                log

        // Of large numbers the inverse is the number, which the log would round.
        let x =
            torch.where (log.gt (1.0.AsScalar()), Logistic.inverseSoftplus (y.X.clamp_min (1.0.AsScalar())), x)

        Position.at x, this.LogSlope(x, y.X).neg()

    override _.Direction = Some Direction.Increasing

/// y = 1 / (1 + e^-x), from the real numbers to (0, 1).
[<Sealed>]
type SigmoidTransform internal () =
    inherit Transform()
    override _.Name = "sigmoid"
    override _.Map x = x.sigmoid ()
    override _.Back y = Logistic.logit y

    /// The slope is y (1 - y): -softplus(x) - softplus(-x).
    override _.LogSlope(x, _) = (Logistic.softplus x .+. Logistic.softplus (x.neg ())).neg()

    override this.MapAt x =
        let logs (x: Tensor) = (Logistic.softplus (x.neg ())).neg()
        { Position.ofLogs (logs x.X) (logs (x.X.neg ())) with X = x.X.sigmoid () }, this.LogSlope(x.X, x.X)

    override this.BackAt y =
        let x = Position.log y - Position.logRest y
        Position.at x, this.LogSlope(x, x).neg()

    override _.Direction = Some Direction.Increasing

/// y = tanh x, from the real numbers to (-1, 1).
[<Sealed>]
type TanhTransform internal () =
    inherit Transform()
    override _.Name = "tanh"
    override _.Map x = x.tanh ()
    override _.Back y = 0.5 .* (y.log1p () - y.neg().log1p())
    override _.LogSlope(x, _) = Logistic.logTanhSlope x

    override this.MapAt x =
        let one = Tensor.scalar (Placement.like x.X) 1.0
        // 1 + tanh x = 2 sigmoid(2 x)
        let distance (x: Tensor) = log 2.0 .+ (Logistic.softplus (-2.0 .* x)).neg()

        {
            Position.at (x.X.tanh ()) with
                Low = Some { From = one.neg (); Log = distance x.X }
                High = Some { From = one; Log = distance (x.X.neg ()) }
        },
        this.LogSlope(x.X, x.X)

    override this.BackAt y =
        let one = Tensor.scalar (Placement.like y.X) 1.0
        let x = 0.5 .* (Position.logAbove (one.neg ()) y - Position.logBelow one y)
        // Near 0 the logs are those of numbers near 1.
        let x = torch.where (y.X.abs().lt(0.5.AsScalar()), this.Back y.X, x)
        Position.at x, this.LogSlope(x, y.X).neg()

    override _.Direction = Some Direction.Increasing

/// y = x^exponent, of positive numbers.
[<Sealed>]
type PowerTransform private (exponent: Tensor) =
    inherit Transform()

    /// Refuses exponents that are 0 or not finite.
    static member Create(exponent: Tensor) =
        Check.finite (nameof exponent) exponent
        Check.every (nameof exponent) "numbers other than 0" (fun t -> t.ne (0.0.AsScalar())) exponent
        PowerTransform exponent

    /// The exponent.
    member _.Exponent = exponent

    override _.Name = "power"
    override _.Map x = x.pow exponent
    override _.Back y = y.pow (exponent.reciprocal ())

    /// log |exponent| + (exponent - 1) log x
    override _.LogSlope(x, _) = exponent.abs().log() .+. (-1.0 .+ exponent) * x.log ()

    override this.MapAt x =
        let log = Position.log x
        { Position.ofLog (exponent * log) with X = this.Map x.X }, exponent.abs().log() .+. (-1.0 .+ exponent) * log

    override this.BackAt y =
        let log = Position.log y / exponent
        { Position.ofLog log with X = this.Back y.X }, (exponent.abs().log() .+. (-1.0 .+ exponent) * log).neg()

    override _.Direction = Some(Direction.PerElement(Tensor.scoped (fun () -> exponent.gt (0.0.AsScalar()))))
