module Vae.Core.Tests.ScheduleTests

open Expecto
open Vae.Core
open Vae.Testing

let private at step (schedule: Schedule) = schedule.Factor { Step = int64 step; Steps = 101L; StepsPerEpoch = 10 }

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
    ]
