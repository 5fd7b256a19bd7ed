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

    override _.Direction = Some Direction.Increasing

/// y = 1 / (1 + e^-x), from the real numbers to (0, 1).
[<Sealed>]
type SigmoidTransform internal () =
    inherit Transform()
    override _.Name = "sigmoid"
    override _.Map x = x.sigmoid ()
    override _.Back y = Logistic.logit y

    /// The slope is y (1 - y): -softplus(x) - softplus(-x).
    override _.LogSlope(x, _) = (Logistic.softplus x + Logistic.softplus (x.neg ())).neg()

    override _.Direction = Some Direction.Increasing

/// y = tanh x, from the real numbers to (-1, 1).
[<Sealed>]
type TanhTransform internal () =
    inherit Transform()
    override _.Name = "tanh"
    override _.Map x = x.tanh ()
    override _.Back y = 0.5 .* (y.log1p () - y.neg().log1p())
    override _.LogSlope(x, _) = Logistic.logTanhSlope x
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
    override _.LogSlope(x, _) = exponent.abs().log() + (-1.0 .+ exponent) * x.log ()

    override _.Direction = Some(Direction.PerElement(exponent.gt (0.0.AsScalar())))
