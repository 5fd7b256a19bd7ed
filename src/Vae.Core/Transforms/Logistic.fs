namespace Vae.Core

open TorchSharp

/// Holds the functions apart from the law of the same name.
[<AutoOpen>]
module internal LogisticFunctions =
    /// The functions around log(1 + e^x), in forms that cancel in neither tail.
    module Logistic =
        /// log(1 + e^x)
        let softplus (x: Tensor) : Tensor = torch.nn.functional.logsigmoid(x.neg ()).neg()

        /// The x whose softplus is y > 0: y + log(1 - e^-y).
        let inverseSoftplus (y: Tensor) : Tensor = y .+. y.neg().expm1().neg().log()

        /// log p / (1 - p)
        let logit (p: Tensor) : Tensor = p.log () - p.neg().log1p()

        /// log(1 - tanh^2 x) = 2 (log 2 - x - softplus(-2x))
        let logTanhSlope (x: Tensor) : Tensor = 2.0 .* ((log 2.0 .+ x.neg ()) - softplus (-2.0 .* x))

        /// log cosh x = |x| + log(1 + e^(-2|x|)) - log 2
        let logCosh (x: Tensor) : Tensor =
            let size = x.abs ()
            -(log 2.0) .+ (size .+. softplus (-2.0 .* size))
