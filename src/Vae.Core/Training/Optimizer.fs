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
            Update = update
        }

    /// Adam (Kingma and Ba, 2015) with stated decay rates and epsilon.
    let adamBy (beta1: float) (beta2: float) (epsilon: float) (rate: float) =
        Check.fractionFloat (nameof beta1) beta1
        Check.fractionFloat (nameof beta2) beta2
        Check.positiveFloat (nameof epsilon) epsilon
        let by: Adam.Coefficients = { Beta1 = beta1; Beta2 = beta2; Epsilon = epsilon }

        make "adam" rate [ "mean"; "square" ] (fun step rate parameters gradient slots ->
            Adam.update by step rate parameters gradient slots[0] slots[1])

    /// Adam with decay rates 0.9 and 0.999 and epsilon 1e-8.
    let adam rate = adamBy 0.9 0.999 1e-8 rate

    /// Stochastic gradient descent with momentum.
    let sgdMomentum (momentum: float) (rate: float) =
        Check.fractionFloat (nameof momentum) momentum

        make "sgd" rate [ "velocity" ] (fun _ rate parameters gradient slots ->
            let velocity = slots[0]
            Held.Increase(velocity.mul_ (momentum.AsScalar()), gradient, 1.0)
            Held.Increase(parameters, velocity, -rate))

    /// Stochastic gradient descent.
    let sgd (rate: float) =
        make "sgd" rate [] (fun _ rate parameters gradient _ -> Held.Increase(parameters, gradient, -rate))

    /// The same optimizer, of gradients that are shortened to a norm where they are longer (Pascanu, Mikolov and Bengio, 2013).
    let clip (maxNorm: float) (optimizer: Optimizer) : Optimizer =
        Check.positiveFloat (nameof maxNorm) maxNorm
        { optimizer with MaxNorm = Some maxNorm }

    /// The same optimizer with a schedule of its learning rate.
    let withSchedule schedule (optimizer: Optimizer) = { optimizer with Schedule = schedule }
