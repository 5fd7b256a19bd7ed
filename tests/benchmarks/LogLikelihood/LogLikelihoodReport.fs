namespace Vae.Benchmarks.LogLikelihood

open Spectre.Console
open Vae.Benchmarks

[<RequireQualifiedAccess>]
module LogLikelihoodReport =
    let table (options: LogLikelihoodOptions) (m: LogLikelihood) =
        let widths = options.Widths |> List.map string |> String.concat "-"

        let table =
            Table()
                .Title(
                    Markup.Escape
                        $"784-%s{widths} %s{options.Activation}, %s{options.Objective}, prior %s{options.Prior}, posterior %s{options.Posterior}"
                )

        for column in [ "of the test images"; "nats" ] do
            table.AddColumn column |> ignore

        let row (name: string) value = table.AddRow(name, value) |> ignore

        row
            $"log p(x) by %d{options.Samples} draws"
            $"%s{Report.number 2 m.LogLikelihood} +- %s{Report.number 2 m.StandardError}"

        row "ELBO" (Report.number 2 -m.NegativeElbo)
        row "KL" (Report.number 2 m.Kl)

        table.Caption(
            $"seed %d{options.Seed}, %d{options.Epochs} epochs, %s{Report.number 0 (float m.Steps)} steps in %s{Report.number 0 m.Seconds} s; %s{Report.number 0 (float m.TestImages)} images"
        )
