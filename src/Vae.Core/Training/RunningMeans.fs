namespace Vae.Core

open TorchSharp

/// Updates by running means of a gradient that libtorch has no single operation for: parameters and slots are changed in place.
[<RequireQualifiedAccess>]
module internal RunningMeans =
    /// slot <- decay slot + (1 - decay) gradient
    let private average (decay: float) (slot: Tensor) (gradient: Tensor) =
        Held.Increase(slot.mul_ (decay.AsScalar()), gradient, 1.0 - decay)

    let private averageSquare (decay: float) (slot: Tensor) (gradient: Tensor) =
        average decay slot (gradient * gradient)

    /// RMSprop (Tieleman and Hinton, 2012), of gradients as they are: not centred, without momentum.
    let rmsProp (decay: float) (epsilon: float) (rate: float) (parameters: Tensor) (gradient: Tensor) (square: Tensor) =
        use _ = torch.NewDisposeScope()
        averageSquare decay square gradient
        Held.Increase(parameters, gradient / (epsilon .+ square.sqrt ()), -rate)

    /// Adamax (Kingma and Ba, 2015, algorithm 2). Epsilon keeps the largest gradient from 0.
    let adamax
        (beta1: float)
        (beta2: float)
        (epsilon: float)
        (step: int64)
        (rate: float)
        (parameters: Tensor)
        (gradient: Tensor)
        (mean: Tensor)
        (largest: Tensor)
        =
        use _ = torch.NewDisposeScope()
        average beta1 mean gradient
        let now = epsilon .+ gradient.abs ()
        largest.copy_ (torch.maximum (largest.mul_ (beta2.AsScalar()), now)) |> ignore
        Held.Increase(parameters, mean / largest, -rate / (1.0 - beta1 ** float step))

    /// How much RAdam (Liu et al., 2020) trusts the mean of squares at a step, from 1: None while it is of too few gradients.
    let rectification (beta2: float) (step: int64) : float option =
        let most = 2.0 / (1.0 - beta2) - 1.0
        let decayed = beta2 ** float step
        let length = most - 2.0 * float step * decayed / (1.0 - decayed)

        if length > 5.0 then
            Some(sqrt ((length - 4.0) * (length - 2.0) * most / ((most - 4.0) * (most - 2.0) * length)))
        else
            None

    /// RAdam (Liu et al., 2020, algorithm 2).
    let radam
        (beta1: float)
        (beta2: float)
        (epsilon: float)
        (step: int64)
        (rate: float)
        (parameters: Tensor)
        (gradient: Tensor)
        (mean: Tensor)
        (square: Tensor)
        =
        use _ = torch.NewDisposeScope()
        average beta1 mean gradient
        averageSquare beta2 square gradient
        let rate = rate / (1.0 - beta1 ** float step)

        match rectification beta2 step with
        | Some trust ->
            let root = epsilon .+ square.sqrt ()
            Held.Increase(parameters, mean / root, -rate * trust * sqrt (1.0 - beta2 ** float step))
        | None -> Held.Increase(parameters, mean, -rate)
