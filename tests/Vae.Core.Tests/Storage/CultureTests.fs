/// Files and words are the same bytes whatever the culture of the program.
module Vae.Core.Tests.Storage.CultureTests

open System.Globalization
open System.IO
open Expecto
open Vae.Core
open Vae.Core.Tests.Storage.Stored

/// A decimal comma, the dotless i, and signs and separators of a culture's own, with or without its data on this machine.
let private cultures =
    let own = CultureInfo("", false)
    own.NumberFormat.NumberDecimalSeparator <- ","
    own.NumberFormat.NumberGroupSeparator <- "."
    own.NumberFormat.NegativeSign <- "\u2212"
    own.NumberFormat.PositiveInfinitySymbol <- "boundless"

    let named name =
        try
            Some(CultureInfo(name: string))
        with :? CultureNotFoundException ->
            // A system without the data of cultures knows none by name.
            None

    own :: List.choose named [ "de-DE"; "tr-TR" ]

let private under (culture: CultureInfo) (act: unit -> 'a) : 'a =
    let before = CultureInfo.CurrentCulture
    CultureInfo.CurrentCulture <- culture

    try
        act ()
    finally
        CultureInfo.CurrentCulture <- before

let private vae () =
    Vae.create
        (Prior.gaussian [ [ 1.0; -0.4 ]; [ -0.4; 0.5 ] ])
        (Posterior.diagonalNormalBy (LogScale.SoftClamp 7.5) (Net.denseEncoder [ 6 ]))
        (Likelihood.gaussian 0.3 (Net.denseDecoder [ 6 ]))

let private options = { TrainingOptions.defaults with Seed = -3; Epochs = 2; BatchSize = 100 }

let private snapshot =
    lazy
        (vae ()
         |> Training.start options digits
         |> Training.reports Objective.elbo (Optimizer.adam 1e-3)
         |> Seq.pick (fun report -> if report.Progress.Step = 4L then Some(report.Snapshot()) else None))

/// What is written, each by its name.
let private written folder : (string * byte[]) list = [
    let text (words: string) = System.Text.Encoding.UTF8.GetBytes words
    let vae = vae ()
    let file name = Path.Combine(folder, name)
    Checkpoint.write (file "checkpoint") snapshot.Value
    "checkpoint", File.ReadAllBytes(file "checkpoint")
    Directory.CreateDirectory(file "run") |> ignore
    let run = { Vae = vae; Params = snapshot.Value.Params; History = snapshot.Value.History }
    Saved.save (file "run") run

    for name in [ "model.json"; "model.safetensors" ] do
        name, File.ReadAllBytes(Path.Combine(file "run", name))

    Directory.Delete(file "run", true)
    "description", text (Vae.describe vae)
    "evaluation", text (string (Evaluation.elbo run digits))
    "hash", text (Data.hash (Data.ofBytes "d" [| 2L |] 127.5 [||] [| 0uy; 100uy |]))
    "schedule", text (Schedule.warmup 1000 (Schedule.cosine 0.05)).Name
    "objective", text (Objective.beta 0.25 Objective.elbo).Name
    "law", text (string (Normal(-1.5, 0.25)))

    let refusal =
        refusalOf<System.ArgumentException, _>(fun () ->
            Training.check (Data.ofFloats "d" [| 1L; 28L; 28L |] [||] (Array.create 784 -1.5f)) (dense ()))

    "refusal", text refusal.Message
]

let tests =
    testList "culture" [
        inFolder "what is written is the same in every culture, and is read in each" (fun folder ->
            let expected = under CultureInfo.InvariantCulture (fun () -> written folder)

            for culture in cultures do
                under culture (fun () ->
                    for (name, bytes), (_, found) in List.zip expected (written folder) do
                        Expect.sequenceEqual found bytes $"%s{name} under '%s{culture.Name}'"

                    use back = Checkpoint.read (Path.Combine(folder, "checkpoint")) (vae ())
                    sameBits "parameters" snapshot.Value.Params back.Params
                    Expect.equal back.Origin snapshot.Value.Origin "what makes the run"
                    Expect.equal back.History snapshot.Value.History "history"))
    ]
