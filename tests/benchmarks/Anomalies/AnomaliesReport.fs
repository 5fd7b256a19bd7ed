namespace Vae.Benchmarks.Anomalies

open Spectre.Console
open Vae.Benchmarks

[<RequireQualifiedAccess>]
module AnomaliesReport =
    let private own, private compared =
        [ "VAE"; "KNN"; "PCA" ], [ "VAE"; "KNN"; "PCA"; "IForest"; "DTE-NP"; "DTE-C" ]

    let private table (setting: string) (measured: Anomalies) : Table =
        let sets = measured.Sets |> List.filter (fun set -> set.Setting = setting)
        let table = Table().Title $"Area under the ROC curve, percent, %s{setting}"
        table.AddColumn "set" |> ignore
        own |> List.iter (fun name -> table.AddColumn(Markup.Escape $"%s{name} here") |> ignore)
        compared |> List.iter (fun name -> table.AddColumn(Markup.Escape $"%s{name} published") |> ignore)

        let published name (set: SetAreas) = set.Published.TryFind name

        let add (cells: string list) = table.AddRow(List.toArray cells) |> ignore

        for set in sets do
            let here name = $"%s{Report.number 2 set.Areas[name]} (%s{Report.number 2 set.Deviations[name]})"
            let there name = published name set |> Option.map (Report.number 2) |> Option.defaultValue ""
            add (set.Set :: List.map here own @ List.map there compared)

        let here name = sets |> List.averageBy (fun set -> set.Areas[name]) |> Report.number 2

        let there name =
            match sets |> List.choose (published name) with
            | areas when areas.Length = sets.Length -> Report.number 2 (List.average areas)
            | _ -> ""

        add ("mean" :: List.map here own @ List.map there compared)
        table

    let tables (options: AnomaliesOptions) (measured: Anomalies) : Table list =
        let words (name: string) (mean: MeanAreas option) =
            mean
            |> Option.map (fun mean ->
                $"; %s{name}: %s{Report.number 2 mean.SemiSupervised} and %s{Report.number 2 mean.Unsupervised}")
            |> Option.defaultValue ""

        let last =
            (table "unsupervised" measured)
                .Caption(
                    $"means over %d{options.Seeds} seeds (deviation among them), in %s{Report.number 0 measured.Seconds} s"
                    + words "sets that the setting was chosen by" measured.Chosen
                    + words "the rest" measured.Rest
                )

        [ table "semi-supervised" measured; last ]
