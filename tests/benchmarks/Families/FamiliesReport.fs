namespace Vae.Benchmarks.Families

open Spectre.Console
open Vae.Benchmarks

[<RequireQualifiedAccess>]
module FamiliesReport =
    let private spread digits (s: Spread) = $"%s{Report.number digits s.Mean} (%s{Report.number digits s.Deviation})"

    let table (options: FamiliesOptions) (families: Family list) =
        let table =
            Table()
                .Title(
                    $"%d{options.Train} digits drawn by the library, %d{options.Epochs} epochs, 784-200-8 and back; means over %d{options.Seeds} seeds on %d{options.HeldOut} others (deviation among seeds)"
                )

        for column in [ ""; "name"; "total, nats"; "bounds"; "log p(x)"; "KL"; "active"; "step / ELBO's" ] do
            table.AddColumn column |> ignore

        for family in families do
            table.AddRow(
                Markup.Escape family.Group,
                Markup.Escape family.Name,
                spread 2 family.Total,
                (if family.IsBound then "yes" else "no"),
                spread 2 family.LogLikelihood,
                spread 2 family.Kl,
                $"%s{Report.number 1 family.ActiveUnits.Mean} of %d{family.Dimensions}",
                Report.number 2 family.StepRatio
            )
            |> ignore

        table
