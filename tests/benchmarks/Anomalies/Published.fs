namespace Vae.Benchmarks.Anomalies

open System.Globalization
open System.IO

/// The areas that others report, percent, by set and setting.
type Published = { Detectors: string list; Areas: Map<string * string, float list> }

[<RequireQualifiedAccess>]
module Published =
    let file = "published-auroc.csv"

    /// The table of a folder, where it has one.
    let tryRead (folder: string) : Published option =
        let path = Path.Combine(folder, file)

        if not (File.Exists path) then
            None
        else
            match File.ReadAllLines path |> Array.map (_.Split(',')) |> Array.toList with
            | header :: rows ->
                let number (text: string) = System.Double.Parse(text, CultureInfo.InvariantCulture)

                Some {
                    Detectors = header |> Array.skip 2 |> Array.toList
                    Areas =
                        Map [
                            for row in rows do
                                (row[0], row[1]), row |> Array.skip 2 |> Array.map number |> Array.toList
                        ]
                }
            | [] -> None
