namespace Vae.Benchmarks.Anomalies

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.IO
open Vae.Benchmarks
open Vae.Core

type AnomaliesOptions = {
    Folder: string
    Seeds: int
    /// What sets' names begin with; all where none is given.
    Only: string list
}

/// Areas of a set in a setting, percent: means over the seeds, with their standard deviations.
type SetAreas = {
    Set: string
    Setting: string
    Rows: int
    Columns: int
    Areas: Map<string, float>
    Deviations: Map<string, float>
    Published: Map<string, float>
}

type MeanAreas = { SemiSupervised: float; Unsupervised: float }

type Anomalies = {
    Sets: SetAreas list
    /// Of the library's own detector, percent.
    Mean: MeanAreas
    /// The same of the sets that its setting was chosen by, every other one, and of the rest.
    Chosen: MeanAreas option
    Rest: MeanAreas option
    Seconds: float
}

[<RequireQualifiedAccess>]
module Anomalies =
    let private settings = [ Setting.SemiSupervised, "semi-supervised"; Setting.Unsupervised, "unsupervised" ]

    /// How many neighbors the published column is by, in each setting.
    let private neighbors setting =
        match setting with
        | Setting.SemiSupervised -> 5
        | Setting.Unsupervised -> 32

    let private areas (set: AnomalySet) (setting: Setting) (seed: int) : (string * float) list =
        let split = AnomalySet.split setting seed set
        let rows places = places |> Array.map (fun i -> set.Rows[i])
        let training, test = Detectors.standardize (rows split.Training) (rows split.Test)
        let isAnomaly = split.Test |> Array.map (fun i -> set.IsAnomaly[i])
        // A row that was drawn twice is one row: held back and trained on, it would be remembered.
        let drawn =
            split.Training |> Array.indexed |> Array.distinctBy snd |> Array.map (fun (i, _) -> training[i])

        [
            Members.detector, drawn
            { Detectors.nearest (neighbors setting) with Name = "KNN" }, training
            Detectors.principal, training
        ]
        |> List.map (fun (detector, training) ->
            detector.Name, 100.0 * Auroc.ofScores isAnomaly (detector.Score seed training test))

    let private mean (sets: SetAreas list) : MeanAreas =
        let mean setting =
            sets
            |> List.filter (fun set -> set.Setting = setting)
            |> List.averageBy (fun set -> set.Areas["VAE"])

        { SemiSupervised = mean "semi-supervised"; Unsupervised = mean "unsupervised" }

    /// The areas of every set of a folder, as many at once as there are processors, by a thread each.
    let measure (options: AnomaliesOptions) (told: string -> unit) : Anomalies =
        Native.load ()
        let watch = Stopwatch.StartNew()
        let published = Published.tryRead options.Folder
        let files = AnomalySet.files options.Folder

        let chosen =
            files
            |> List.indexed
            |> List.filter (fun (i, _) -> i % 2 = 0)
            |> List.map (snd >> AnomalySet.nameOf)
            |> Set.ofList

        let wanted =
            files
            |> List.filter (fun file -> options.Only.IsEmpty || options.Only |> List.exists (AnomalySet.isCalled file))

        let sets = wanted |> List.map AnomalySet.read

        // Seed by seed, and of each the longest first, so that none is left alone at the end.
        let jobs =
            [
                for set in sets do
                    for setting, name in settings do
                        for seed in 0 .. options.Seeds - 1 -> set, setting, name, seed
            ]
            |> List.sortBy (fun (set, _, _, seed) -> seed, -set.Rows.Length * set.Rows[0].Length)

        let found = ConcurrentDictionary<string * string * int, (string * float) list>()

        let run (set: AnomalySet, setting, name, seed) =
            let areas = areas set setting seed
            found[(set.Name, name, seed)] <- areas
            let said = areas |> List.map (fun (detector, area) -> $"%s{detector} %.1f{area}") |> String.concat ", "
            told $"%s{set.Name}, %s{name}, seed %d{seed}: %s{said}"

        SideBySide.run run jobs

        let ofSet (set: AnomalySet) name =
            let seeds = [ for seed in 0 .. options.Seeds - 1 -> Map found[(set.Name, name, seed)] ]

            let spread =
                seeds.Head
                |> Map.map (fun detector _ -> SideBySide.moments [ for areas in seeds -> areas[detector] ])

            {
                Set = set.Name
                Setting = name
                Rows = set.Rows.Length
                Columns = set.Rows[0].Length
                Areas = spread |> Map.map (fun _ (mean, _) -> mean)
                Deviations = spread |> Map.map (fun _ (_, deviation) -> deviation)
                Published =
                    match published with
                    | Some table when table.Areas.ContainsKey((set.Name, name)) ->
                        List.zip table.Detectors table.Areas[(set.Name, name)] |> Map.ofList
                    | _ -> Map.empty
            }

        let measured = [
            for set in sets do
                for _, name in settings -> ofSet set name
        ]

        // Half of the sets and the other, where one of each was asked for.
        let chosen, rest = measured |> List.partition (fun set -> Set.contains set.Set chosen)
        let orNone sets = if List.isEmpty sets then None else Some(mean sets)

        {
            Sets = measured
            Mean = mean measured
            Chosen = orNone chosen
            Rest = orNone rest
            Seconds = watch.Elapsed.TotalSeconds
        }
