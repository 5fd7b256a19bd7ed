module Vae.Core.Tests.ScheduleTests

open System
open Expecto
open Vae.Core
open Vae.Testing

let private at step (schedule: Schedule) = schedule.Factor { Step = int64 step; Steps = 101L; StepsPerEpoch = 10 }

/// torch's OneCycleLR, as its source goes through its two phases.
let private oneCycleByTorch (rise: float) (first: float) (final: float) (steps: int) (step: int) =
    let phases = [ rise * float steps - 1.0, first, 1.0; float steps - 1.0, 1.0, final ]

    let rec factor start phases =
        match phases with
        | (stop, from, to') :: rest when float step <= stop || List.isEmpty rest ->
            to' + (from - to') / 2.0 * (1.0 + cos (Math.PI * (float step - start) / (stop - start)))
        | (stop, _, _) :: rest -> factor stop rest
        | [] -> failwith "no phase"

    factor 0.0 phases

let private oneCycles =
    testList "one cycle is torch's" [
        for rise, first, final, steps in [ 0.3, 1.0 / 25.0, 1.0 / 250_000.0, 100; 0.25, 0.1, 0.0, 10; 0.5, 0.5, 0.1, 4 ] do
            testCase $"%d{steps} steps"
            <| fun () ->
                let schedule = if steps = 100 then Schedule.oneCycle else Schedule.oneCycleBy rise first final

                for step in 0 .. steps - 1 do
                    let found = schedule.Factor { Step = int64 step; Steps = int64 steps; StepsPerEpoch = 1 }
                    isClose 1e-12 (oneCycleByTorch rise first final steps step) found $"step %d{step}"
    ]

/// Every schedule, with what it has once the run of 101 steps, of 10 an epoch, is over.
let private ends = [
    Schedule.constant, 1.0
    Schedule.cosine 0.2, 0.2
    Schedule.cosineRestarts 1 0.2 (Span.Epochs 3.0), 0.2
    Schedule.exponential 0.5, 0.5 ** 10.0
    Schedule.stepwise 5 0.5, 0.25
    Schedule.linear 0.0 1.0 (Span.Epochs 400.0), 1.0
    Schedule.linear 3.0 -1.0 (Span.Share 1.0), -1.0
    Schedule.sigmoid 0.0 2.0 (Span.Steps 7L), 2.0
    Schedule.polynomial 2.0 0.1 (Span.Share 1.0), 0.1
    Schedule.cyclical 4 0.5, 1.0
    Schedule.oneCycle, 1.0 / 250_000.0
    Schedule.warmup 1000 (Schedule.cosine 0.2), 0.2
]

let tests =
    testList "Schedule" [
        testCase "a constant schedule changes nothing"
        <| fun () -> Expect.equal (at 50 Schedule.constant) 1.0 "factor"

        testCase "half a cosine goes from 1 by the middle to its end"
        <| fun () ->
            let schedule = Schedule.cosine 0.2
            isClose 1e-15 1.0 (at 0 schedule) "begin"
            isClose 1e-15 0.6 (at 50 schedule) "middle"
            isClose 1e-15 0.2 (at 100 schedule) "end"

        testCase "decays count whole epochs"
        <| fun () ->
            isClose 1e-15 1.0 (at 9 (Schedule.exponential 0.5)) "first epoch"
            isClose 1e-15 0.25 (at 20 (Schedule.exponential 0.5)) "third epoch"
            isClose 1e-15 1.0 (at 29 (Schedule.stepwise 3 0.1)) "third epoch of three"
            isClose 1e-15 0.1 (at 30 (Schedule.stepwise 3 0.1)) "fourth epoch"

        testCase "a warm-up climbs to the schedule it leads into"
        <| fun () ->
            let schedule = Schedule.warmup 4 (Schedule.exponential 0.5)
            Expect.equal [ for step in 0..4 -> at step schedule ] [ 0.25; 0.5; 0.75; 1.0; 1.0 ] "climb"
            isClose 1e-15 0.5 (at 10 schedule) "after it"

        oneCycles

        testCase "after the last step every schedule is what it ends with, however long the run goes on"
        <| fun () ->
            for schedule, final in ends do
                for step in [ 101; 102; 1_000_000 ] do
                    isClose 1e-15 final (at step schedule) $"%s{schedule.Name}, step %d{step}"

        testCase "cosines begin anew, each longer than the last"
        <| fun () ->
            let same, longer =
                Schedule.cosineRestarts 1 0.1 (Span.Epochs 1.0), Schedule.cosineRestarts 2 0.1 (Span.Steps 10L)

            for step, factor in [ 0, 1.0; 5, 0.55; 10, 1.0; 25, 0.55; 90, 1.0 ] do
                isClose 1e-12 factor (at step same) $"step %d{step}, each the same"

            for step, factor in [ 0, 1.0; 5, 0.55; 10, 1.0; 20, 0.55; 30, 1.0; 50, 0.55; 70, 1.0 ] do
                isClose 1e-12 factor (at step longer) $"step %d{step}, each twice the last"

        testCase "a power of what is left"
        <| fun () ->
            for step, factor in [ 0, 1.0; 10, 0.1 + 0.9 * 0.64; 50, 0.1; 80, 0.1 ] do
                isClose 1e-12 factor (at step (Schedule.polynomial 2.0 0.1 (Span.Steps 50L))) $"step %d{step}"

        testCase "a line goes from one number to the other over a span, and stays"
        <| fun () ->
            for over, length in [ Span.Epochs 2.5, 25.0; Span.Steps 40L, 40.0; Span.Share 0.5, 50.5 ] do
                let line = Schedule.linear 3.0 -1.0 over
                Expect.equal (at 0 line) 3.0 "begin"
                isClose 1e-14 (3.0 - 4.0 * 10.0 / length) (at 10 line) $"step 10 over %O{over}"
                isClose 1e-12 -1.0 (at (int length + 1) line) $"past %O{over}"
                Expect.equal (at 100 line) -1.0 "the last step"

        testCase "a logistic curve begins and ends exactly, and is steepest in the middle"
        <| fun () ->
            let curve = Schedule.sigmoid 1.0 3.0 (Span.Steps 20L)
            let logistic x = 1.0 / (1.0 + exp -x)
            Expect.equal (at 0 curve, at 20 curve, at 60 curve) (1.0, 3.0, 3.0) "ends"
            isClose 1e-15 2.0 (at 10 curve) "middle"

            for step in 1..19 do
                let part = (logistic (0.6 * float step - 6.0) - logistic -6.0) / (logistic 6.0 - logistic -6.0)
                isClose 1e-13 (1.0 + 2.0 * part) (at step curve) $"step %d{step}"

        testCase "cycles rise over their share, stay, and begin at 0"
        <| fun () ->
            let cycles = Schedule.cyclical 4 0.5
            let weight step = cycles.Factor { Step = int64 step; Steps = 80L; StepsPerEpoch = 8 }

            for cycle in 0..3 do
                let first = 20 * cycle

                for step in 0..19 do
                    isClose
                        1e-13
                        (min 1.0 (float step / 10.0))
                        (weight (first + step))
                        $"cycle %d{cycle}, step %d{step}"

                Expect.equal (weight first) 0.0 "begin"

            // Cycles that are no whole number of steps: those of 101 steps, whose third of three begins within step 67.
            Expect.isLessThan (at 68 (Schedule.cyclical 3 1.0)) 0.05 "after the jump"
            Expect.isGreaterThan (at 67 (Schedule.cyclical 3 1.0)) 0.95 "before it"

        testCase "a run of a single step has a factor by every schedule"
        <| fun () ->
            for schedule, _ in ends do
                let factor = schedule.Factor { Step = 0L; Steps = 1L; StepsPerEpoch = 1 }
                Expect.isTrue (Double.IsFinite factor) schedule.Name

        testCase "what is out of range is refused by name"
        <| fun () ->
            refused [ "over"; "0"; "positive" ] (fun () -> Schedule.linear 0.0 1.0 (Span.Epochs 0.0))
            refused [ "over"; "0 steps" ] (fun () -> Schedule.sigmoid 0.0 1.0 (Span.Steps 0L))
            refused [ "over"; "1.5 of the run" ] (fun () -> Schedule.polynomial 1.0 0.0 (Span.Share 1.5))
            refused [ "from"; "NaN" ] (fun () -> Schedule.linear nan 1.0 (Span.Share 1.0))
            refused [ "to"; "Infinity" ] (fun () -> Schedule.linear 0.0 infinity (Span.Share 1.0))
            refused [ "power"; "0" ] (fun () -> Schedule.polynomial 0.0 0.0 (Span.Share 1.0))
            refused [ "cycles"; "0" ] (fun () -> Schedule.cyclical 0 0.5)
            refused [ "share"; "0" ] (fun () -> Schedule.cyclical 4 0.0)
            refused [ "rise"; "1" ] (fun () -> Schedule.oneCycleBy 1.0 0.1 0.1)
            refused [ "lengthening"; "0" ] (fun () -> Schedule.cosineRestarts 0 0.0 (Span.Epochs 1.0))
    ]
