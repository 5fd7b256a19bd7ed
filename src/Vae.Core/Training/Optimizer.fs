namespace Vae.Core

open TorchSharp

/// How a step is made of a gradient. What it remembers between steps are vectors as long as the parameters, one for each
/// slot; they begin at 0.
type Optimizer = {
    Name: string
    Rate: float
    Schedule: Schedule
    Slots: string list
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
            Update = update
        }

    /// Adam (Kingma and Ba, 2015) with stated decay rates and epsilon.
    let adamBy (beta1: float) (beta2: float) (epsilon: float) (rate: float) =
        let by: Adam.Coefficients = { Beta1 = beta1; Beta2 = beta2; Epsilon = epsilon }

        make "adam" rate [ "mean"; "square" ] (fun step rate parameters gradient slots ->
            Adam.update by step rate parameters gradient slots[0] slots[1])

    /// Adam with decay rates 0.9 and 0.999 and epsilon 1e-8.
    let adam rate = adamBy 0.9 0.999 1e-8 rate

    /// Stochastic gradient descent with momentum.
    let sgdMomentum (momentum: float) (rate: float) =
        make "sgd" rate [ "velocity" ] (fun _ rate parameters gradient slots ->
            let velocity = slots[0]
            Held.Increase(velocity.mul_ (momentum.AsScalar()), gradient, 1.0)
            Held.Increase(parameters, velocity, -rate))

    /// Stochastic gradient descent.
    let sgd (rate: float) =
        make "sgd" rate [] (fun _ rate parameters gradient _ -> Held.Increase(parameters, gradient, -rate))

    /// The same optimizer with a schedule of its learning rate.
    let withSchedule schedule (optimizer: Optimizer) = { optimizer with Schedule = schedule }
