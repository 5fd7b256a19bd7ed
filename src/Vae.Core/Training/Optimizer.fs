namespace Vae.Core

open TorchSharp

/// How a step is made of a gradient. What it remembers between steps are vectors as long as the parameters, one for each
/// slot; they begin at 0.
type Optimizer = {
    Name: string
    Rate: float
    Schedule: Schedule
    Slots: string list
    /// Whether gradients whose squares have a finite sum leave the slots finite, so that they need not be looked at in every
    /// step: false where it is not known.
    SquaresBoundSlots: bool
    /// A gradient that is longer than this is shortened to it; the length is the root of its sum of squares.
    MaxNorm: float option
    /// The learning rate falls where the validation total no longer does.
    Plateau: Plateau option
    /// Changes the parameters and the slots in place: step from 1, learning rate, parameters, gradient, slots.
    Update: int64 -> float -> Tensor -> Tensor -> Tensor list -> unit
}

[<RequireQualifiedAccess>]
module Optimizer =
    let private make name rate slots update =
        Check.positiveFloat (nameof rate) rate

        {
            Name = name
            Rate = rate
            Schedule = Schedule.constant
            Slots = slots
            SquaresBoundSlots = true
            MaxNorm = None
            Plateau = None
            Update = update
        }

    let private adamOf name beta1 beta2 epsilon decay rate =
        Check.fractionFloat (nameof beta1) beta1
        Check.fractionFloat (nameof beta2) beta2
        Check.positiveFloat (nameof epsilon) epsilon
        Check.notNegativeFloat (nameof decay) decay
        let by: Adam.Coefficients = { Beta1 = beta1; Beta2 = beta2; Epsilon = epsilon; Decay = decay }

        make name rate [ "mean"; "square" ] (fun step rate parameters gradient slots ->
            Adam.update by step rate parameters gradient slots[0] slots[1])

    /// Adam (Kingma and Ba, 2015) with stated decay rates and epsilon.
    let adamBy (beta1: float) (beta2: float) (epsilon: float) (rate: float) = adamOf "adam" beta1 beta2 epsilon 0.0 rate

    /// Adam with decay rates 0.9 and 0.999 and epsilon 1e-8.
    let adam rate = adamBy 0.9 0.999 1e-8 rate

    /// AdamW (Loshchilov and Hutter, 2019) with stated decay rates and epsilon.
    let adamWBy (beta1: float) (beta2: float) (epsilon: float) (decay: float) (rate: float) =
        adamOf "adamw" beta1 beta2 epsilon decay rate

    /// AdamW (Loshchilov and Hutter, 2019), with the numbers of `adam`: before Adam's own step, every step multiplies all
    /// trained parameters, biases among them, by 1 - rate x decay, with the scheduled rate. torch's own choice is 0.01.
    let adamW (decay: float) (rate: float) = adamWBy 0.9 0.999 1e-8 decay rate

    /// Adam by the largest gradient instead of the mean of squares (Kingma and Ba, 2015, algorithm 2), with the numbers of
    /// `adam`.
    let adamax (rate: float) =
        make "adamax" rate [ "mean"; "largest" ] (fun step rate parameters gradient slots ->
            RunningMeans.adamax 0.9 0.999 1e-8 step rate parameters gradient slots[0] slots[1])

    /// Adam that goes by the mean of squares only as far as it is of enough gradients, in place of a warm-up (Liu et al.,
    /// 2020), with the numbers of `adam`.
    let radam (rate: float) =
        make "radam" rate [ "mean"; "square" ] (fun step rate parameters gradient slots ->
            RunningMeans.radam 0.9 0.999 1e-8 step rate parameters gradient slots[0] slots[1])

    /// RMSprop (Tieleman and Hinton, 2012) with a stated decay rate of the mean of squares, not centred, without momentum;
    /// epsilon, added to the root, is 1e-8. torch's own decay is 0.99.
    let rmsProp (decay: float) (rate: float) =
        Check.fractionFloat (nameof decay) decay

        make "rmsprop" rate [ "square" ] (fun _ rate parameters gradient slots ->
            RunningMeans.rmsProp decay 1e-8 rate parameters gradient slots[0])

    /// Stochastic gradient descent with momentum.
    let sgdMomentum (momentum: float) (rate: float) =
        Check.fractionFloat (nameof momentum) momentum

        make "sgd" rate [ "velocity" ] (fun _ rate parameters gradient slots ->
            let velocity = slots[0]
            Held.Increase(velocity.mul_ (momentum.AsScalar()), gradient, 1.0)
            Held.Increase(parameters, velocity, -rate))

    /// Stochastic gradient descent with Nesterov's momentum, in the form of Sutskever et al. (2013) that torch has: the gradient
    /// is that of where the parameters are, and the step looks ahead by what the velocity is going to be.
    let sgdNesterov (momentum: float) (rate: float) =
        Check.fractionFloat (nameof momentum) momentum

        make "sgd" rate [ "velocity" ] (fun _ rate parameters gradient slots ->
            let velocity = slots[0]
            Held.Increase(velocity.mul_ (momentum.AsScalar()), gradient, 1.0)
            Held.Increase(parameters, gradient, -rate)
            Held.Increase(parameters, velocity, -rate * momentum))

    /// Stochastic gradient descent.
    let sgd (rate: float) =
        make "sgd" rate [] (fun _ rate parameters gradient _ -> Held.Increase(parameters, gradient, -rate))

    /// The same optimizer, of gradients that are shortened to a norm where they are longer (Pascanu, Mikolov and Bengio, 2013).
    let clip (maxNorm: float) (optimizer: Optimizer) : Optimizer =
        Check.positiveFloat (nameof maxNorm) maxNorm
        { optimizer with MaxNorm = Some maxNorm }

    /// The same optimizer, of the gradient of the loss and of decay / 2 times the sum of squares of all trained parameters,
    /// biases among them: L2 regularisation, for SGD the same as decay, for Adam and its kin not (`adamW` decays). It is added
    /// after `clip` has shortened the gradient, and is no part of the norm and the loss that reports tell.
    let weightDecay (decay: float) (optimizer: Optimizer) : Optimizer =
        Check.notNegativeFloat (nameof decay) decay

        {
            optimizer with
                Name = $"%s{optimizer.Name} with L2 %s{Check.number decay}"
                // The squares of what is added are the parameters', which may overflow where the gradient's do not.
                SquaresBoundSlots = false
                Update =
                    fun step rate parameters gradient slots ->
                        use decayed = gradient.clone ()
                        Held.Increase(decayed, parameters, decay)
                        optimizer.Update step rate parameters decayed slots
        }

    /// The same optimizer, whose learning rate, beside its schedule, is multiplied by a factor each time so many epochs have passed
    /// without a better validation total: `plateau 0.1 5` divides it by ten after five. (torch's ReduceLROnPlateau waits one
    /// epoch more.) Training refuses it without validation data. It is a function of the run's history, and goes on with it.
    let plateau (factor: float) (patience: int) (optimizer: Optimizer) : Optimizer =
        if not (factor > 0.0 && factor < 1.0) then
            Check.refuse (nameof factor) (Check.number factor) "a number between 0 and 1"

        Check.atLeast 1 (nameof patience) patience
        { optimizer with Plateau = Some { Factor = factor; Patience = patience } }

    /// The same optimizer with a schedule of its learning rate.
    let withSchedule schedule (optimizer: Optimizer) = { optimizer with Schedule = schedule }
