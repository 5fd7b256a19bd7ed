namespace Vae.Benchmarks

open System
open System.Diagnostics

/// This program again, in a process of its own: for what depends on all that a process did before.
[<RequireQualifiedAccess>]
module Child =
    /// The lines that a child with these arguments writes, each with the seconds from before its start to the line.
    /// Raises InvalidOperationException where it fails.
    let timedLines (arguments: string list) : (string * float) list =
        let program = nonNull Environment.ProcessPath
        let watch = Stopwatch.StartNew()

        use child =
            nonNull (
                Process.Start(
                    ProcessStartInfo(program, arguments, RedirectStandardOutput = true, UseShellExecute = false)
                )
            )

        let lines = [
            let mutable line = child.StandardOutput.ReadLine()

            while not (isNull line) do
                nonNull line, watch.Elapsed.TotalSeconds
                line <- child.StandardOutput.ReadLine()
        ]

        child.WaitForExit()

        if child.ExitCode <> 0 then
            let said = lines |> List.map fst |> String.concat "\n"
            let asked = String.concat " " arguments
            invalidOp $"'%s{asked}' ended with %d{child.ExitCode}: %s{said}"

        lines

    /// The numbers that a child writes, a line each.
    let numbers (arguments: string list) : float list =
        timedLines arguments
        |> List.map (fun (line, _) -> Double.Parse(line, Globalization.CultureInfo.InvariantCulture))

    /// A number as a child writes it.
    let write (value: float) = Console.Out.WriteLine(value.ToString(Globalization.CultureInfo.InvariantCulture))
