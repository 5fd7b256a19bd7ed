namespace Vae.Core

open TorchSharp

/// Elementary functions of tensors in forms that do not cancel, differentiable to any order.
[<RequireQualifiedAccess>]
module internal Stable =
    /// One of two formulas; each sees only arguments of its own, so that neither spoils the other's gradient.
    let choose (holds: Tensor) (harmless: float) (yes: Tensor -> Tensor) (no: Tensor -> Tensor) (x: Tensor) : Tensor =
        use harmless = harmless.AsScalar()
        let forYes, forNo = x.masked_fill (holds.logical_not (), harmless), x.masked_fill (holds, harmless)
        torch.where (holds, yes forYes, no forNo)

    /// sum of c_k x^k
    let polynomial (c: float list) (x: Tensor) : Tensor =
        List.foldBack (fun (c: float) (sum: Tensor) -> c .+ x * sum) c (torch.zeros_like x)

    /// log (x / y) of positive numbers whose difference is given, with its digits where they are close.
    let logRatioBy (difference: Tensor) (x: Tensor) (y: Tensor) : Tensor =
        let isFar = difference.abs().gt(0.5 .* y)
        let near = (difference.masked_fill (isFar, 0.0.AsScalar()) / y).log1p()
        torch.where (isFar, x.log () - y.log (), near)

    /// log (x / y) of positive numbers, with the digits of x - y where they are close.
    let logRatio (x: Tensor) (y: Tensor) : Tensor = logRatioBy (x - y) x y

    /// log (1 - e^y) for y < 0
    let log1mexp (y: Tensor) : Tensor =
        let isSmall = y.gt ((-0.6931471805599453).AsScalar())
        choose isSmall -0.6931471805599453 (fun y -> y.expm1().neg().log()) (fun y -> y.exp().neg().log1p()) y
