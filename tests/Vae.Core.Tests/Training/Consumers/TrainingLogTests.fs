module Vae.Core.Tests.Consumers.TrainingLogTests

open System.Globalization
open System.IO
open Expecto
open Vae.Core
open Vae.Core.Tests.Storage.Stored
open Vae.Core.Tests.Consumers.Watched

let private parse (text: string) = System.Double.Parse(text, CultureInfo.InvariantCulture)

let private rows path = File.ReadAllLines path |> Array.map (fun line -> line.Split ',') |> Array.toList

let private content =
    inFolder "a row says what the report did, with all digits" (fun folder ->
        let steps, epochs = Path.Combine(folder, "steps.csv"), Path.Combine(folder, "logs", "epochs.csv")
        let log, logSteps = TrainingLog.csv epochs, TrainingLog.csvOfSteps steps

        run options (fun report ->
            log report
            logSteps report)

        let reports = reports options

        let expected (report: Report) =
            let measured = report.Completed |> Option.map _.Validation.Value

            [
                float report.Progress.Step
                float report.Epoch
                float report.Examples
                report.Total
                yield! List.map snd report.Terms
                report.Rate
                report.GradientNorm
                match measured with
                | Some measured ->
                    measured.Total.Mean
                    yield! measured.Terms |> List.map (fun (_, s) -> s.Mean)
                | None -> ()
            ]

        let found path =
            match rows path with
            | header :: rows ->
                Expect.equal
                    (String.concat "," header)
                    "step,epoch,examples,total,reconstruction,kl,learning_rate,gradient_norm,validation_total,validation_reconstruction,validation_kl,fault"
                    "columns"

                rows |> List.map (Array.filter ((<>) "") >> Array.map parse >> List.ofArray)
            | [] -> failtest "no header"

        Expect.equal (found steps) (List.map expected reports) "steps"
        Expect.equal (found epochs) (reports |> List.filter _.Completed.IsSome |> List.map expected) "epochs")

let private resumed =
    inFolder "a run that was killed and goes on leaves the file of the uninterrupted one" (fun folder ->
        for name, log in [ "epochs", TrainingLog.csv; "steps", TrainingLog.csvOfSteps ] do
            let whole = Path.Combine(folder, $"%s{name}.csv")
            run options (log whole)

            for after, from in [ 1, 1L; 5, 4L; 6, 3L; 11, 2L; 12, 9L; 12, 11L ] do
                let path = Path.Combine(folder, $"%s{name}-%d{after}-%d{from}.csv")
                killed after from (fun () -> log path) (tear path "13,5,1"B)
                Expect.equal (File.ReadAllText path) (File.ReadAllText whole) $"%s{name}, %d{after} to %d{from}")

let private atOnce =
    inFolder "a row is in the file as soon as it was shown" (fun folder ->
        let path = Path.Combine(folder, "log.csv")
        let log = TrainingLog.csvOfSteps path

        run options (fun report ->
            log report
            Expect.hasLength (rows path) (int report.Progress.Step + 1) "rows"))

let private faults =
    inFolder "what was wrong with a step is a field, however it reads" (fun folder ->
        let path = Path.Combine(folder, "log.csv")
        let log = TrainingLog.csvOfSteps path
        let data = Digits.draw (Key.ofSeed 7) 48

        let vae =
            Vae.create
                (Prior.standard 2)
                (Posterior.diagonalNormal (Net.denseEncoder [ 4 ]))
                (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 4 ]))

        use _ =
            (Training.start { options with Validation = None; Guard = Guard.LowerRate(1e-50, 3) } data vae
             |> Training.fitWith log (Objective.beta 1e6 Objective.elbo) (Optimizer.sgd 1e38))
                .Params

        let text = File.ReadAllText path
        let fault = (text.Split '\n')[1]
        Expect.stringContains fault ",\"the step would leave" "quoted, as it has commas"
        Expect.stringEnds fault "\"" "to the end of the line"
        Expect.hasLength (text.Split '\n') (12 + 2) "rows")

let private refusals =
    testList "what does not go together is refused" [
        inFolder "a run that begins anew, by the file of another" (fun folder ->
            let path = Path.Combine(folder, "log.csv")
            run { options with Epochs = 1 } (TrainingLog.csv path)
            let before = File.ReadAllText path
            let error = refusal (fun () -> run options (TrainingLog.csv path))
            Expect.stringContains error.Message "begins anew" "what would do"
            Expect.equal (File.ReadAllText path) before "the file is as it was")

        inFolder "other terms" (fun folder ->
            let path = Path.Combine(folder, "log.csv")
            File.WriteAllText(path, "step,epoch,examples,total,mmd\n")
            let error = refusal (fun () -> run options (TrainingLog.csv path))
            Expect.equal error.Place "line 1" "where"
            Expect.stringContains error.Expected "kl" "the run's")

        inFolder "another file" (fun folder ->
            let path = Path.Combine(folder, "log.csv")
            File.WriteAllText(path, "step,epoch,examples,total,kl\n1,1,5,2,1\nx\n")
            Expect.equal (refusal (fun () -> run options (TrainingLog.csv path))).Place "line 3" "a row"
            File.WriteAllText(path, "a,b\n")
            Expect.equal (refusal (fun () -> run options (TrainingLog.csv path))).Place "line 1" "the header")
    ]

let tests = testList "TrainingLog" [ content; resumed; atOnce; faults; refusals ]
