namespace Vae.Plots

open System.IO
open System.Text

/// A raster and the words above it, which may be none.
type internal Picture = { Label: string; Raster: Raster }

type internal Drawing =
    | Pictures of Picture[]
    | Panels of Panel[]
    /// Panels of which one is seen at a time, each by its name.
    | Choices of (string * Panel)[]

/// A picture or chart of a run. `Figures` makes them, `Report` binds them into a page.
[<Sealed>]
type Figure internal (name: string, title: string, caption: string, drawing: Drawing) =
    do
        Check.fileName (nameof name) name
        Check.text title caption

    let svg title panels = panels |> Array.collect Panel.flatten |> Svg.draw title |> Encoding.UTF8.GetBytes

    /// The name its files have, without folder and ending; letters, digits, '-' and '_'.
    member _.Name = name
    /// The heading above it.
    member _.Title = title
    /// The sentence below it.
    member _.Caption = caption
    member internal _.Drawing = drawing

    /// Writes the figure into a folder, made where missing: images as `name.png` (`name-1.png`, `name-2.png`, ... where
    /// there are several), charts as `name.svg` (a three-dimensional cloud as its three projections, as paper cannot
    /// be turned; `name-1.svg`, `name-2.svg`, ... where one of several is chosen). Existing files are replaced. Returns the paths written.
    member _.Save(folder: string) : string[] =
        Check.notNull (nameof folder) folder
        let path suffix = Path.Combine(folder, name + suffix)

        let files =
            match drawing with
            | Pictures [| one |] -> [| path ".png", Png.encode one.Raster.Width one.Raster.Height one.Raster.Pixels |]
            | Pictures several ->
                several
                |> Array.mapi (fun i p ->
                    path $"-%d{i + 1}.png", Png.encode p.Raster.Width p.Raster.Height p.Raster.Pixels)
            | Panels panels -> [| path ".svg", svg title panels |]
            | Choices choices ->
                choices
                |> Array.mapi (fun i (choice, panel) ->
                    path $"-%d{i + 1}.svg", svg $"%s{title}, %s{choice}" [| panel |])

        for path, bytes in files do
            Files.writeAtomically path bytes

        Array.map fst files
