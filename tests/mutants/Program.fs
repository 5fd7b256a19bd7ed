/// Changes one instruction of the library at a time, and sees whether the tests notice. After
/// `dotnet build -c Release tests/Vae.Core.Tests`:
///   dotnet run -c Release --project tests/mutants -- [--count 280] [--seed 1] [--seconds 30] [--only 3,17]
///     [--at Divergences/Mmd.fs:21] [--lists A,B]
/// Writes into obj/mutants: report.txt, and the copy of the tests with all mutants asleep.
module Vae.Mutants.Program

open System
open System.IO
open System.Security.Cryptography
open Vae.Mutants.Worker

let rec private folderWith (file: string) (folder: string) =
    if File.Exists(Path.Combine(folder, file)) then
        folder
    else
        match Option.ofObj (Path.GetDirectoryName folder) with
        | Some above -> folderWith file above
        | None -> failwith $"run this inside the repository: %s{file} is in no folder above"

/// A copy, so that the tests can be built meanwhile; libtorch, of 480 MB, is linked.
let private copyTests (source: string) (target: string) =
    Directory.CreateDirectory target |> ignore
    let below (path: string) = Path.Combine(target, nonNull (Path.GetFileName path))

    for file in Directory.GetFiles source do
        File.Copy(file, below file)

    for folder in Directory.GetDirectories source do
        Directory.CreateSymbolicLink(below folder, folder) |> ignore

let private hashOf (paths: string list) =
    use sha = IncrementalHash.CreateHash HashAlgorithmName.SHA256
    paths |> List.iter (File.ReadAllBytes >> sha.AppendData)
    (Convert.ToHexStringLower(sha.GetHashAndReset())).Substring(0, 12)

let private option (argv: string[]) name (otherwise: string) =
    match Array.tryFindIndex ((=) $"--%s{name}") argv with
    | Some at when at + 1 < argv.Length -> argv[at + 1]
    | _ -> otherwise

let private allLists =
    "Special,Transforms,Testing,Distributions,Divergences,Models,Objectives,Training,Evaluation"

[<EntryPoint>]
let main argv =
    let number name otherwise = int (option argv name (string otherwise))
    let count, seed, seconds = number "count" 280, number "seed" 1, number "seconds" 30

    let only =
        (option argv "only" "").Split(',', StringSplitOptions.RemoveEmptyEntries) |> Array.map int |> set

    let lists = option argv "lists" allLists
    let root = folderWith "VaeFunctional.sln" Environment.CurrentDirectory
    let built = Path.Combine(root, "tests", "Vae.Core.Tests", "bin", "Release", "net10.0")
    let work = option argv "work" (Path.Combine(root, "obj", "mutants"))
    let copy = Path.Combine(work, "bin")

    if Directory.Exists copy then
        Directory.Delete(copy, true)

    copyTests built copy
    let library = "Vae.Core.dll"
    File.Delete(Path.Combine(copy, library))

    let choose =
        match option argv "at" "" with
        | "" -> Points.choose seed count
        | place -> Points.ofPlace place

    let points, places = Rewriting.write (Path.Combine(built, library)) (Path.Combine(copy, library)) choose

    printfn "%d mutants of %d" points.Length places

    let start mutant = new Worker(copy, lists, mutant)
    let workers = List.replicate 2 (fun () -> start 0)

    let covered, started =
        let key = hashOf [ Path.Combine(copy, library); Path.Combine(built, "Vae.Core.Tests.dll") ]
        Coverage.take (Path.Combine(work, $"coverage-%s{key}-%d{lists.Length}.tsv")) workers

    printfn "%d tests, of %.0f s" covered.Length (covered |> List.sumBy _.Seconds)

    for c in covered |> List.filter (fun c -> not c.Passed) do
        printfn "fails without a mutant, and is left out: %s" c.Name

    let tried = points |> List.filter (fun p -> only.IsEmpty || only.Contains p.Id)

    let outcomes =
        tried
        |> Coverage.inParallel workers (fun worker point ->
            let outcome = Trial.run (float seconds) covered started start worker point
            Console.Out.WriteLine $"%s{Report.describe point}  %A{outcome}"
            point, outcome)

    let lines = Report.lines outcomes
    File.WriteAllLines(Path.Combine(work, "report.txt"), lines)
    printfn ""
    lines |> List.takeWhile (fun line -> line <> "Killed:") |> List.iter (printfn "%s")
    0
