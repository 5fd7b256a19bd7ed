// Lists the licence of every package that the solution, its tools and its documentation are made with. Fails on one whose
// licence is not known to be permissive. After `dotnet restore` on Linux and `dotnet tool restore`:
//   dotnet fsi scripts/licences.fsx
open System
open System.IO
open System.Text.Json
open System.Xml.Linq

let root = Path.Combine(__SOURCE_DIRECTORY__, "..")

let permissive =
    set [
        "MIT"
        "MIT-0"
        "Apache-2.0"
        "BSD-2-Clause"
        "BSD-3-Clause"
        "ISC"
        "0BSD"
        "Zlib"
        "MS-PL"
        "Unlicense"
    ]

/// A sentence that only the text of this licence has.
let sentences = [
    "MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy"
    "Apache-2.0", "Apache License Version 2.0, January 2004"
    "BSD-3-Clause", "Redistribution and use in source and binary forms, with or without modification, are permitted"
]

let packages =
    match Option.ofObj (Environment.GetEnvironmentVariable "NUGET_PACKAGES") with
    | Some folder -> folder
    | None -> Path.Combine(Environment.GetFolderPath Environment.SpecialFolder.UserProfile, ".nuget", "packages")

let json (path: string) = JsonDocument.Parse(File.ReadAllText path).RootElement
let text (name: string) (element: JsonElement) = element.GetProperty(name).GetString()

let locked =
    [
        for folder in [ "src"; "tests"; "scripts" ] do
            yield!
                Directory.EnumerateFiles(
                    Path.Combine(root, folder),
                    "packages.linux.lock.json",
                    SearchOption.AllDirectories
                )
    ]
    |> List.collect (fun path -> [
        for framework in (json path).GetProperty("dependencies").EnumerateObject() do
            for package in framework.Value.EnumerateObject() do
                if text "type" package.Value <> "Project" then
                    package.Name, text "resolved" package.Value
    ])

let tools = [
    for tool in (json (Path.Combine(root, ".config", "dotnet-tools.json"))).GetProperty("tools").EnumerateObject() do
        tool.Name, text "version" tool.Value
]

/// The licence that a text is.
let ofText (written: string) =
    let words =
        String.Join(' ', written.Split([| ' '; '\n'; '\r'; '\t' |], StringSplitOptions.RemoveEmptyEntries))

    sentences
    |> List.tryPick (fun (name, sentence) -> if words.Contains sentence then Some name else None)

/// Repositories whose packages only point to their licence, and what it is there.
let pointed = [ "MiloszKrajewski/K4os.Compression.LZ4", "MIT"; "MiloszKrajewski/K4os.Hash.xxHash", "MIT" ]

/// The licence of a package, by what its description says or else by the text that it brings.
let licence (name: string, version: string) =
    let folder = Path.Combine(packages, name.ToLowerInvariant(), version.ToLowerInvariant())
    let description = XDocument.Load(Directory.EnumerateFiles(folder, "*.nuspec") |> Seq.exactlyOne)
    let named = description.Descendants() |> Seq.tryFind (fun element -> element.Name.LocalName = "license")

    match named with
    | Some element when element.Attribute(XName.Get "type").Value = "expression" -> Some(element.Value.Trim())
    | Some element -> ofText (File.ReadAllText(Path.Combine(folder, element.Value.Trim().Replace('\\', '/'))))
    | None ->
        Directory.EnumerateFiles folder
        |> Seq.filter (fun path -> Path.GetFileName(path).StartsWith("licen", StringComparison.OrdinalIgnoreCase))
        |> Seq.tryPick (File.ReadAllText >> ofText)
        |> Option.orElseWith (fun () ->
            description.Descendants()
            |> Seq.filter (fun element -> element.Name.LocalName = "licenseUrl")
            |> Seq.tryPick (fun element ->
                pointed
                |> List.tryPick (fun (repository, licence) ->
                    if element.Value.Contains $"/%s{repository}/" then Some licence else None)))

let nodes = [
    for package in
        (json (Path.Combine(root, "docs", ".site", "package-lock.json"))).GetProperty("packages").EnumerateObject() do
        if package.Name <> "" then
            let licence =
                match package.Value.TryGetProperty "license" with
                | true, named -> Some(named.GetString())
                | _ -> None

            package.Name.Replace("node_modules/", ""), text "version" package.Value, licence
]

/// Of several licences to choose from one must be permissive, of several that hold together all.
let isPermissive (expression: string) =
    expression.Trim('(', ')').Split(" OR ")
    |> Array.exists (fun choice -> choice.Split(" AND ") |> Array.forall permissive.Contains)

let all =
    [
        for name, version in locked @ tools |> List.distinct do
            name, version, licence (name, version)
    ]
    @ nodes
    |> List.sort

for name, version, licence in all do
    printfn "%-45s %-14s %s" name version (licence |> Option.defaultValue "no licence found")

let doubtful = all |> List.filter (fun (_, _, licence) -> not (licence |> Option.exists isPermissive))

printfn "%d packages, %d without a licence known to be permissive" all.Length doubtful.Length

exit (if all.IsEmpty || not doubtful.IsEmpty then 1 else 0)
