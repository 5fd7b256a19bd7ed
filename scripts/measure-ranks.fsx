// Times the steps of the experiments' convolutional model, shared by the processes of mpirun, and the sum that ends each.
// After `dotnet build -c Release src/Vae.Core`:
//   OMP_NUM_THREADS=1 dotnet fsi scripts/measure-ranks.fsx
//   OMP_NUM_THREADS=1 mpirun -n 2 dotnet fsi scripts/measure-ranks.fsx
#load "load.fsx"

open System.Diagnostics
open TorchSharp
open Vae.Core

let ranks = Mpi.ranks ()
let size = ranks |> Option.map _.Size |> Option.defaultValue 1
let isFirst = Ranks.isFirst ranks
let data = Digits.draw (Key.ofSeed 7) 4_096

let vae =
    Vae.create
        (Prior.standard 2)
        (Posterior.diagonalNormal (Net.convEncoder [ 32; 64 ] 16))
        (Likelihood.bernoulliCrossEntropy (Net.convDecoder [ 64; 32 ]))

let milliseconds (work: unit -> unit) =
    let watch = Stopwatch.StartNew()
    work ()
    watch.Elapsed.TotalMilliseconds

/// The least of some times: what else the machine does only adds to them.
let least (times: float list) = List.min times

/// What a rank sends to the others' sum, a step: told by a sum that looks at what it is given.
let mutable bytes = 0L

let observed =
    ranks
    |> Option.map (fun ranks -> {
        ranks with
            Sum =
                fun t ->
                    bytes <- t.numel () * t.element_size ()
                    ranks.Sum t
    })

let stepTime batch =
    let options = {
        TrainingOptions.defaults with
            BatchSize = batch
            Epochs = 100
            Ranks = observed
    }

    use reports =
        (vae |> Training.start options data |> Training.reports Objective.elbo (Optimizer.adam 1e-3)).GetEnumerator()

    let step () = milliseconds (fun () -> reports.MoveNext() |> ignore)

    for _ in 1..10 do
        step () |> ignore

    least (List.init 40 (fun _ -> step ()))

let say line =
    if isFirst then
        printfn "%s" line

say $"{size} processes of {torch.get_num_threads ()} threads"

for batch in [ 2; 4; 8; 16; 32; 64; 128; 256 ] do
    let time = stepTime batch
    say $"batch {batch, 4}: {time:F1} ms a step"

match ranks with
| None -> ()
| Some ranks ->
    say $"each step sums one vector of {bytes} bytes"

    for count in [ 1; 1_000; 100_000; int (bytes / 4L); 4_000_000 ] do
        use t = torch.zeros (int64 count)

        let time =
            least (
                List.init 50 (fun _ ->
                    ranks.Barrier()
                    milliseconds (fun () -> ranks.Sum t))
            )

        say $"sum of {4 * count, 9} bytes: {time:F3} ms"
