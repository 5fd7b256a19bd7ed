module Vae.Cli.Tests.AppTests

open System.IO
open Expecto

let private usage words args = testCase (String.concat " " ("vae" :: args)) (fun () -> Cli.refused 2 words args)

let tests =
    testList "App" [
        testList "what is no command line is answered with 2" [
            usage [ "command"; "vae --help" ] []
            usage [ "frobnicate" ] [ "frobnicate" ]
            usage [ "NAME is '4d'; expected 2d or 3d or correlated or all"; "vae experiment --help" ] [
                "experiment"
                "4d"
            ]
            usage [ "--epochs is '0'; expected a whole number of at least 1" ] [ "experiment"; "2d"; "--epochs"; "0" ]
            usage [ "--epochs is 'many'" ] [ "experiment"; "2d"; "--epochs"; "many" ]
            usage [ "--batch is '-1'" ] [ "experiment"; "2d"; "--batch"; "-1" ]
            usage [ "--seed is '1.5'; expected a whole number" ] [ "experiment"; "2d"; "--seed"; "1.5" ]
            for option, wrong, expected in
                [
                    "--likelihood", "pixels", [ "cross-entropy"; "gaussian [SCALE]"; "bernoulli" ]
                    "--prior", "vamp", [ "vamp INPUTS" ]
                    "--posterior", "normal, bend 2", [ "planar COUNT" ]
                    "--objective", "iwae five", [ "iwae DRAWS" ]
                    "--objective", "elbo, warm", [ "warm-up AMOUNT" ]
                ] do
                usage ([ option; wrong.Split(", ") |> Array.last; "vae models" ] @ expected) [
                    "experiment"
                    "2d"
                    option
                    wrong
                ]
            usage [ "--beta is 'much'; expected a number" ] [ "experiment"; "2d"; "--beta"; "much" ]
            usage [ "--latent is '0'" ] [ "experiment"; "2d"; "--latent"; "0" ]
            usage [ "--architecture is 'Conv'; expected conv or dense or residual" ] [
                "experiment"
                "2d"
                "--architecture"
                "Conv"
            ]
            usage [ "--protocol is 'x'" ] [ "experiment"; "2d"; "--protocol"; "x" ]
            usage [ "--unknown" ] [ "experiment"; "2d"; "--unknown" ]
            usage [ "--output" ] [ "sample"; "runs/2d" ]
            usage [ "RUN" ] [ "evaluate" ]
        ]

        testList "what cannot be done is answered with 1" [
            for command in
                [
                    [ "evaluate" ]
                    [ "resume" ]
                    [ "sample"; "--output"; "x.png" ]
                    [ "encode"; "--output"; "x.csv" ]
                ] do
                testCase $"%s{command.Head} of no folder"
                <| fun () ->
                    Cli.inScratch (fun root ->
                        let missing = Path.Combine(root, "missing")

                        Cli.refused
                            1
                            [ missing; "is no folder; expected the folder of a run" ]
                            (command.Head :: missing :: command.Tail))

                testCase $"%s{command.Head} of a folder without a run"
                <| fun () ->
                    Cli.inScratch (fun root ->
                        Cli.refused 1 [ root; "run.json" ] (command.Head :: root :: command.Tail))
        ]

        test "help names every command" {
            let help = Cli.ok [ "--help" ]

            for command in [ "experiment"; "resume"; "evaluate"; "sample"; "encode"; "digits" ] do
                Expect.stringContains help command "command"
        }

        test "help of an experiment states the defaults as they are typed" {
            let help = Cli.ok [ "experiment"; "--help" ]

            for text in [ "[default: conv]"; "[default: cross-entropy]"; "[default: held-out]"; "[default: 30]" ] do
                Expect.stringContains help text "default"
        }
    ]
