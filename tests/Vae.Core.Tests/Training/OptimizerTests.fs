/// What optimizers do to numbers, against their papers' formulas number by number.
module Vae.Core.Tests.OptimizerTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private count, steps = 37, 12
let private first i = (if i % 2 = 0 then 1.0 else -0.5) / float (i + 1)
let private gradientOf step i = sin (float (step + 3 * i))
// A schedule is the trainer's: an update is told the rate of its step.
let private rateOf step = 0.01 / float step

/// Parameters after each of the steps.
let private trace place (optimizer: Optimizer) =
    use _ = torch.NewDisposeScope()
    let make f = Tensor.ofArray place [| int64 count |] (Array.init count f)
    let parameters = make first
    let slots = optimizer.Slots |> List.map (fun _ -> make (fun _ -> 0.0))

    [
        for step in 1..steps do
            let gradient = make (gradientOf step)
            optimizer.Update (int64 step) (rateOf step) parameters gradient slots

            Expect.equal
                (Tensor.toArray gradient)
                (Tensor.toArray (make (gradientOf step)))
                "the gradient is left as it was"

            Tensor.toArray parameters
    ]

/// The same of one number by a formula: state, step, learning rate, parameter and gradient to parameter and state.
let private byTheBook (state: 'state) (formula: 'state -> int -> float -> float -> float -> float * 'state) =
    let number i =
        ((first i, state), [ 1..steps ])
        ||> List.scan (fun (p, state) step -> formula state step (rateOf step) p (gradientOf step i))
        |> List.tail
        |> List.map fst

    let numbers = Array.init count number
    [ for step in 0 .. steps - 1 -> numbers |> Array.map (List.item step) ]

let private agrees name optimizer expected =
    testList name [
        for place, tolerance in [ Placement.float64, 1e-13; Placement.float32, 2e-6 ] do
            testCase $"%A{place.DType}"
            <| fun () ->
                for step, (expected: float[]), found in List.zip3 [ 1..steps ] expected (trace place optimizer) do
                    Array.iter2 (fun a b -> isClose tolerance a b $"step %d{step}") expected found
    ]

let private adam l2 decay (m, v) step rate p g =
    let g = g + l2 * p
    let m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
    let mHat, vHat = m / (1.0 - 0.9 ** float step), v / (1.0 - 0.999 ** float step)
    p - rate * (mHat / (sqrt vHat + 1e-8) + decay * p), (m, v)

let private sgd l2 (momentum: float) nesterov v _ rate p g =
    let g = g + l2 * p
    let v = momentum * v + g
    p - rate * (if nesterov then g + momentum * v else v), v

let private adamax (m, u) step rate p g =
    let m, u = 0.9 * m + 0.1 * g, max (0.999 * u) (abs g + 1e-8)
    p - rate / (1.0 - 0.9 ** float step) * m / u, (m, u)

let private rmsProp s _ rate p g =
    let s = 0.99 * s + 0.01 * g * g
    p - rate * g / (sqrt s + 1e-8), s

let private radam (m, v) step rate p g =
    let t = float step
    let m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
    let longest = 2.0 / (1.0 - 0.999) - 1.0
    let length = longest - 2.0 * t * 0.999 ** t / (1.0 - 0.999 ** t)
    let mHat = m / (1.0 - 0.9 ** t)

    // Five steps go by the mean of gradients alone.
    Expect.equal (length > 5.0) (step > 5) "rectified"

    if length > 5.0 then
        let r = sqrt ((length - 4.0) * (length - 2.0) * longest / ((longest - 4.0) * (longest - 2.0) * length))

        p - rate * mHat * r * sqrt (1.0 - 0.999 ** t) / (sqrt v + 1e-8), (m, v)
    else
        p - rate * mHat, (m, v)

let private formulas =
    let two = 0.0, 0.0

    [
        agrees "adamw" (Optimizer.adamW 0.1 1.0) (byTheBook two (adam 0.0 0.1))
        agrees "adamw that does not decay is adam" (Optimizer.adamW 0.0 1.0) (byTheBook two (adam 0.0 0.0))
        agrees "adam, L2" (Optimizer.adam 1.0 |> Optimizer.weightDecay 0.1) (byTheBook two (adam 0.1 0.0))
        agrees "sgd" (Optimizer.sgd 1.0) (byTheBook 0.0 (sgd 0.0 0.0 false))
        agrees "sgd, L2" (Optimizer.sgd 1.0 |> Optimizer.weightDecay 0.1) (byTheBook 0.0 (sgd 0.1 0.0 false))
        agrees "momentum" (Optimizer.sgdMomentum 0.9 1.0) (byTheBook 0.0 (sgd 0.0 0.9 false))
        agrees "Nesterov's momentum" (Optimizer.sgdNesterov 0.9 1.0) (byTheBook 0.0 (sgd 0.0 0.9 true))
        agrees
            "Nesterov's momentum, L2"
            (Optimizer.sgdNesterov 0.9 1.0 |> Optimizer.weightDecay 0.1)
            (byTheBook 0.0 (sgd 0.1 0.9 true))
        agrees "adamax" (Optimizer.adamax 1.0) (byTheBook two adamax)
        agrees "rmsprop" (Optimizer.rmsProp 0.99 1.0) (byTheBook 0.0 rmsProp)
        agrees "radam" (Optimizer.radam 1.0) (byTheBook two radam)
    ]

let private every = [
    Optimizer.adam 1e-3
    Optimizer.adamW 0.01 1e-3
    Optimizer.adam 1e-3 |> Optimizer.weightDecay 0.1
    Optimizer.adamax 1e-3
    Optimizer.radam 1e-3
    Optimizer.rmsProp 0.99 1e-3
    Optimizer.sgd 1e-3
    Optimizer.sgdMomentum 0.9 1e-3
    Optimizer.sgdNesterov 0.9 1e-3
]

let tests =
    testList "Optimizer" [
        testList "the formulas" formulas

        testCase "an update leaves no tensors behind"
        <| fun () ->
            let live () = DisposeScopeManager.Statistics.ThreadTotalLiveCount

            for optimizer in every do
                use parameters = Tensor.ofArray Placement.float32 [| 8L |] (Array.init 8 first)
                use gradient = parameters.clone ()
                let slots = optimizer.Slots |> List.map (fun _ -> parameters.zeros_like ())
                let update step = optimizer.Update step 1e-3 parameters gradient slots
                update 1L
                let before = live ()

                for step in 2L .. 20L do
                    update step

                Expect.equal (live ()) before optimizer.Name
                slots |> List.iter _.Dispose()

        testCase "a gradient of zeros moves nothing, and never divides by 0"
        <| fun () ->
            for optimizer in every |> List.filter (fun o -> not (o.Name.Contains "L2" || o.Name = "adamw")) do
                use parameters = Tensor.ofArray Placement.float32 [| 4L |] (Array.init 4 first)
                use gradient = parameters.zeros_like ()
                let before = Tensor.toArray parameters
                let slots = optimizer.Slots |> List.map (fun _ -> parameters.zeros_like ())

                for step in 1L .. 10L do
                    optimizer.Update step 1e-3 parameters gradient slots

                Expect.equal (Tensor.toArray parameters) before optimizer.Name
                slots |> List.iter _.Dispose()

        testCase "L2 is in the optimizer's name, and its slots are looked at"
        <| fun () ->
            let optimizer = Optimizer.sgdMomentum 0.9 0.1 |> Optimizer.weightDecay 0.01
            Expect.equal optimizer.Name "sgd with L2 0.01" "name"
            Expect.isFalse optimizer.SquaresBoundSlots "slots"

        testCase "what is out of range is refused by name"
        <| fun () ->
            refused [ "decay"; "-1" ] (fun () -> Optimizer.adamW -1.0 0.1)
            refused [ "decay"; "NaN" ] (fun () -> Optimizer.adam 0.1 |> Optimizer.weightDecay nan)
            refused [ "rate"; "0" ] (fun () -> Optimizer.adamW 0.1 0.0)
            refused [ "decay"; "1" ] (fun () -> Optimizer.rmsProp 1.0 0.1)
            refused [ "momentum"; "1" ] (fun () -> Optimizer.sgdNesterov 1.0 0.1)
    ]
