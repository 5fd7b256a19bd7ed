/// What once ended the process, and what once filled its memory: each is run in a process of its own, by `--child name`.
module Vae.Core.Tests.Differentiation.ChildCases

open System
open System.Diagnostics
open System.IO
open System.Reflection
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Differentiation.Checks

let private point () = vector [ 0.5; 1.5; 2.5 ]

let private show (t: Tensor) =
    let values = Tensor.toArray t |> Array.map (fun v -> v.ToString "G6")
    String.Join(' ', values)

let private residentMegabytes () =
    GC.Collect()
    GC.WaitForPendingFinalizers()
    Process.GetCurrentProcess().WorkingSet64 / 1000000L

/// The name of a case, what it does, and what its output contains.
let cases: (string * (unit -> string) * string) list = [
    "unused input",
    (fun () ->
        let other = (point ()).requires_grad_ true
        Diff.grad (fun _ -> other.exp().sum()) (point ()) |> show),
    "0 0 0"

    "value without gradient", (fun () -> Diff.grad (fun _ -> scalar 2.0) (point ()) |> show), "0 0 0"

    "value that is no scalar",
    (fun () -> Diff.grad (fun x -> x.exp ()) (point ()) |> show),
    "Diff.grad: f(x) is a Float64 tensor of shape [3]; expected a scalar"

    "freed graph",
    (fun () ->
        let f (x: Tensor) =
            let y = x.exp().sum()
            y.backward ()
            y

        Diff.grad f (point ()) |> show),
    "Diff.grad: Trying to backward through the graph a second time"

    "edit in place",
    (fun () ->
        let f (x: Tensor) =
            let e = x.exp ()
            let y = e.sin().sum()
            e.mul_ e |> ignore
            y

        Diff.grad f (point ()) |> show),
    "Diff.grad: one of the variables needed for gradient computation has been modified by an inplace operation"

    "edit of the point in place",
    (fun () -> Diff.grad (fun x -> x.mul_(x).sum()) (point ()) |> show),
    "a leaf Variable that requires grad is being used in an in-place operation"

    "integers",
    (fun () -> Diff.grad (fun x -> x.sum ()) (torch.arange 3L) |> show),
    "Diff.grad: x is a Int64 tensor of shape [3]; expected a floating-point tensor"

    "second derivative of a function that has one",
    (fun () -> Diff.hessian (fun x -> torch._standard_gamma(x).sum()) (point ()) |> show),
    "Diff.hessian: the derivative for '_standard_gamma_grad' is not implemented"

    "third derivative through a function that has one",
    (fun () ->
        Diff.laplacian (fun x -> Diff.grad (fun y -> torch._standard_gamma(y.mul x).sum()) x |> _.sum()) (point ())
        |> show),
    "the derivative for '_standard_gamma_grad' is not implemented"

    // 400 second derivatives of 2 MB: 800 MB and more if each left its graph behind.
    "memory",
    (fun () ->
        let x = Key.normal Placement.float64 [| 250_000L |] (Key.ofSeed 1)

        let step () =
            use _ = torch.NewDisposeScope()
            Diff.hessianv (fun x -> x.pow(scalar 3.0).sum()) x x |> ignore

        for _ in 1..20 do
            step ()

        let before = residentMegabytes ()

        for _ in 1..400 do
            step ()

        let growth = residentMegabytes () - before
        if growth < 200L then "no growth" else $"grew by %d{growth} MB"),
    "no growth"
]

/// Runs a case, and prints its result or the exception it raised.
let run (name: string) : int =
    let _, work, _ = cases |> List.find (fun (known, _, _) -> known = name)

    try
        printfn "%s" (work ())
    with raised ->
        printfn "%s: %s" (raised.GetType().Name) raised.Message

    0

/// The exit code and the output of a case run by this program in another process.
let runInChild (name: string) : int * string =
    let program = Environment.ProcessPath |> Option.ofObj |> Option.get

    let start = ProcessStartInfo(program, RedirectStandardOutput = true, RedirectStandardError = true)

    // Started as `dotnet program.dll` or as a program of its own.
    if Path.GetFileNameWithoutExtension(program: string) = "dotnet" then
        start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location)

    start.ArgumentList.Add "--child"
    start.ArgumentList.Add name

    use child = new Process(StartInfo = start)
    child.Start() |> ignore
    let errors = child.StandardError.ReadToEndAsync()
    let output = child.StandardOutput.ReadToEnd()
    child.WaitForExit()
    child.ExitCode, output + errors.Result
