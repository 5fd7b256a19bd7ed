namespace Vae.Benchmarks.Commands

open System
open System.CommandLine
open Spectre.Console
open Vae.Benchmarks

/// The options that commands share. Each command makes its own.
[<RequireQualifiedAccess>]
module CommandLine =
    let only () =
        let names = [| for w in Workload.all -> w.Name |]
        let described = String.Join(", ", names)
        let option = Option<string[]>("--only", Description = $"Workloads: %s{described}")
        option.AcceptOnlyFromAmong names |> ignore
        option

    let number name (description: string) (least: int) (value: int) =
        let option = Option<int>(name, Description = description, DefaultValueFactory = fun _ -> value)

        option.Validators.Add(fun result ->
            if result.GetValueOrDefault<int>() < least then
                result.AddError $"%s{name} is %d{result.GetValueOrDefault<int>()}; expected at least %d{least}.")

        option

    let positive name (description: string) (value: float) =
        let option = Option<float>(name, Description = description, DefaultValueFactory = fun _ -> value)

        option.Validators.Add(fun result ->
            if not (result.GetValueOrDefault<float>() > 0.0) then
                result.AddError $"%s{name} is %g{result.GetValueOrDefault<float>()}; expected a positive number.")

        option

    /// A command with options and what it does.
    let command name (description: string) (options: Option list) (act: ParseResult -> int) : Command =
        let command = Command(name, description)

        for option in options do
            command.Options.Add option

        command.SetAction act
        command

    let json () = Option<bool>("--json", Description = "Print JSON", DefaultValueFactory = fun _ -> false)

    let workload name = Workload.all |> List.find (fun w -> w.Name = name)

    /// The workloads that were named, or all.
    let chosen (only: Option<string[]>) (parsed: ParseResult) : Workload list =
        match parsed.GetValue only with
        | null
        | [||] -> Workload.all
        | names -> names |> Array.map workload |> Array.toList

    /// What was measured, as JSON or as tables.
    let show isJson (measured: 'a) (tables: 'a -> Table list) =
        if isJson then
            Console.Out.WriteLine(Report.json measured)
        else
            tables measured |> List.iter AnsiConsole.Write
