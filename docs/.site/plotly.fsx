// Writes the plotly.js that Plotly.NET's charts are made for: dotnet fsi docs/.site/plotly.fsx FILE
#r "nuget: Plotly.NET, 6.0.0"

open System
open System.IO

let assembly = typeof<Plotly.NET.GenericChart>.Assembly

let script =
    assembly.GetManifestResourceNames()
    |> Array.find (fun name -> name.Contains "plotly" && name.EndsWith ".min.js")

using (assembly.GetManifestResourceStream script) (fun source ->
    using (File.Create(Array.last fsi.CommandLineArgs)) source.CopyTo)
