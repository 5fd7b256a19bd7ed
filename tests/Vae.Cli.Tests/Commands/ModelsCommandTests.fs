module Vae.Cli.Tests.ModelsCommandTests

open System.IO
open Expecto
open VaeFunctional

let private lists = [
    "priors", Recipes.Priors
    "posteriors", Recipes.Posteriors
    "flows", Recipes.Flows
    "likelihoods", Recipes.Likelihoods
    "objectives", Recipes.Objectives
    "objectiveChanges", Recipes.ObjectiveChanges
]

/// A run of a model of one's own choice: its settings, and what `evaluate` says of it.
let private whole (options: string list) (settings: (string * string) list) files =
    Cli.inScratch (fun root ->
        let run = Path.Combine(root, "run")
        let args = Studies.experiment "2d" (Studies.digits root) run 1 @ [ "--quiet" ] @ options
        Cli.ok args |> ignore
        let record = Cli.json (File.ReadAllText(Path.Combine(run, "run.json")))
        let found = record.GetProperty "settings"

        for name, value in settings do
            Expect.equal (found.GetProperty(name).ToString()) value name

        for file in files do
            Expect.isTrue (File.Exists(Path.Combine(run, "figures", file))) file

        let report = File.ReadAllText(Path.Combine(run, "report.html"))
        Expect.stringContains report (found.GetProperty("objective").ToString()) "the report names the objective"
        Cli.json (Cli.ok [ "evaluate"; run; "--json" ]) |> ignore)

let tests =
    testList "models" [
        test "lists every recipe and every law" {
            let text = Cli.ok [ "models" ]
            let json = Cli.json (Cli.ok [ "models"; "--json" ])

            for name, recipes in lists do
                let listed = json.GetProperty name
                Expect.equal (listed.GetArrayLength()) recipes.Count name

                for recipe in recipes do
                    Expect.stringContains text recipe.Name name

            Expect.stringContains text "VonMisesFisher" "a law"
        }

        test "a model of five latents by name is trained, reported and measured" {
            whole
                [
                    yield! [ "--latent"; "5"; "--prior"; "vamp 4"; "--posterior"; "normal, planar 1" ]
                    yield! [ "--likelihood"; "Normal scale=shared"; "--objective"; "iwae 3" ]
                ] [ "latent", "5"; "prior", "vamp 4"; "posterior", "normal, planar 1"; "objective", "iwae 3" ] [
                    "latents.svg"
                    "samples.png"
                    "reconstructions.png"
                    "losses.svg"
                ]
        }

        test "options change the objective" {
            whole [ "--beta"; "2"; "--warm-up"; "0.5"; "--free-bits"; "0.1" ] [
                "objective", "elbo, beta 2, warm-up 0.5, free-bits 0.1"
            ] [ "manifold.png" ]
        }

        test "latents on the sphere, without a manifold of normal quantiles" {
            whole [ "--latent"; "3"; "--prior"; "sphere"; "--posterior"; "VonMisesFisher" ] [ "prior", "sphere" ] [
                "projections.svg"
            ]
        }

        test "what does not fit together is refused before anything is written" {
            Cli.inScratch (fun root ->
                let data = Studies.digits root
                let run = Path.Combine(root, "run")

                let refused words options =
                    Cli.refused 1 (words @ [ "vae models" ]) (Studies.experiment "2d" data run 1 @ options)
                    Expect.isFalse (Directory.Exists run) "no folder"

                refused [ "cross-entropy"; "no log-density"; "iwae 5" ] [ "--objective"; "iwae 5" ]
                refused [ "posterior"; "prior's support" ] [ "--posterior"; "Beta"; "--prior"; "sphere" ]

                refused [ "OneHotCategorical"; "no gradient"; "Objective.scored" ] [
                    yield! [ "--posterior"; "OneHotCategorical"; "--prior"; "categories" ]
                ]

                refused [ "objective"; "iwae 5"; "term of its own" ] [ "--objective"; "iwae 5"; "--free-bits"; "1" ])

            Cli.refused 1 [ "--latent is 3"; "--prior" ] [ "experiment"; "correlated"; "--latent"; "3" ]
        }
    ]
