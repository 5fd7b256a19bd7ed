(**
---
title: Several processes
category: Guides
categoryindex: 1
index: 2
description: One training shared by several processes over Open MPI: how to run it, what is the same, what it costs, and how it scales.
---

# Several processes

A training can be shared by processes: each computes the gradient of its own rows of every batch, one sum makes it the
gradient of the whole batch, and each makes the same step. On Debian and Ubuntu `apt-get install openmpi-bin` brings
what it needs.

```
mpirun -n 4 vae train 2d
```

The first process shows the progress and writes the run folder and the checkpoint; the others are silent. In a clone,
`vae` is `dotnet src/Vae.Cli/bin/Release/net10.0/vae.dll` after a Release build. As root, `mpirun` wants
`--allow-run-as-root`; for more processes than cores, `--oversubscribe`. Each process gets its part of the machine's cores
as threads, or as many as `OMP_NUM_THREADS` says; where `mpirun` binds processes to cores, `--bind-to none` leaves
them all.

A program of one's own says it in one field, in F# and in C#:

```fsharp
Training.start { TrainingOptions.defaults with Ranks = Mpi.ranks () } train vae
```

```csharp
await vae.FitAsync(train, new TrainingOptions { Ranks = Ranks.FromMpi() });
```

Every process runs the whole program. Without `mpirun` there are no ranks: nothing is loaded, and the run is that of one
process. What the program writes, it writes where `Ranks.isFirst ranks` holds; the checkpoint of `FitAsync` knows it.

## What is the same

**As in one process, to rounding.** The options, the batches and their order, and the noise of each row are those of one
process at the same batch size: the noise of a step is drawn for the whole batch, as a function of the seed and the step, and
each process pushes its rows' part of it. Means are weighed by rows, so the last batch may be smaller, or have fewer rows
than there are processes. The losses that are reported are those of the whole batch, and validation is one process's. Sums of
floating-point numbers depend on the order of adding: the tests find parameters and losses within $10^{-12}$ of one
process's in float64.

**Between the processes, to the last bit.** The parameters begin as the first process's, and every process adds the same
numbers to them. MPI does not promise that `MPI_Allreduce` answers each process with the same bits. So the sum is made in two
parts: each process adds up one range of the vector (`MPI_Reduce_scatter`), and sends its sums to the others
(`MPI_Allgatherv`). No number is added up twice. The processors should be of one kind: the step after the sum is each
process's own arithmetic.

**After an interruption.** A process that is lost ends the others, and `mpirun` with an error. The last checkpoint is whole,
as it replaces the one before in one step. `vae resume` goes on with it, in as many processes as one likes: in as many as
before, to the bits of the uninterrupted run.

What cannot be cut into rows is refused by name: layers that draw in training, such as dropout, and posteriors whose noise
depends on their parameters, such as gamma laws. The terms of an objective have to be of each example alone.

## What it costs

A step sends one vector: the gradient, and behind it the mean of each term. The experiments' convolutional model with two
latents has
*)

(*** hide ***)
#load "../scripts/load.fsx"

open Vae.Core

(** *)
let vae =
    Vae.create
        (Prior.standard 2)
        (Posterior.diagonalNormal (Net.convEncoder [ 32; 64 ] 16))
        (Likelihood.bernoulliCrossEntropy (Net.convDecoder [ 64; 32 ]))

let parameters =
    Vae.declared vae |> List.filter _.Trained |> List.sumBy (fun p -> Array.reduce (*) p.Shape)

let terms = 2L // reconstruction and KL
let bytes = 4L * (parameters + terms)

printfn "%d parameters: %d bytes a step" parameters bytes

(*** include-output ***)

(**
which is what `scripts/measure-ranks.fsx` sees its sum being given. Each process sends and receives $2(n-1)/n$ of it.

Measured on the two cores of one machine, float32, one thread for each process: the least times of forty steps by
`scripts/measure-ranks.fsx` (it says how to run it), in milliseconds a step.

| rows of the batch | 1 process | 2 processes |
| --- | --- | --- |
| 2 | 2.0 | 1.7 |
| 8 | 3.8 | 2.8 |
| 16 | 6.3 | 4.1 |
| 32 | 12.3 | 7.6 |
| 64 | 17.2 | 13.8 |
| 128 | 33.7 | 19.3 |
| 256 | 63.4 | 36.7 |

Up to 32 rows a process computes its layers with libtorch's operations, and from 33 on with the
[kernels](speed.html), which is why 64 rows take one process little more than 32 do. The sum itself takes 0.07 ms through the
memory that the two share, and 0.001 ms for a single number: what a step of two processes takes beside half of the rows is not
the sum, but the part that each does whole, and the cores sharing memory.

## Beyond the machine

More than this machine was not tried; this is a model on paper. Of $n$ processes, one to a machine with one thread of this
kind, a step at a batch of $B$ takes

$$t(n) = t_\text{compute}(B/n) + t_\text{latency}(n) + \frac{2(n-1)}{n} \cdot \frac{\text{bytes}}{\text{bandwidth}} .$$

$t_\text{compute}$ is the step of one process, from the measured times: on the line between two neighbours, and beyond the last
in proportion to the rows.
*)

/// Milliseconds of a step by the rows of its batch, in one process of one thread.
let measured = [ 2.0, 2.0; 4.0, 2.5; 8.0, 3.8; 16.0, 6.3; 32.0, 12.3; 64.0, 17.2; 128.0, 33.7; 256.0, 63.4 ]

let compute rows =
    let last, slowest = List.last measured

    List.pairwise measured
    |> List.tryFind (fun (_, (next, _)) -> rows <= next)
    |> Option.map (fun ((before, low), (next, high)) -> low + (rows - before) / (next - before) * (high - low))
    |> Option.defaultValue (rows / last * slowest)

(**
The sum takes $2(n-1)$ messages one after the other where it goes around in a ring, so $t_\text{latency}(n) = 2(n-1)$ times
the latency of one. The networks are assumed, by their nominal figures: Ethernet of 1 Gbit/s with 50 microseconds a
message, of 10 Gbit/s with 20, and a fabric of 100 Gbit/s with 2.
*)

type Network = { Name: string; Bandwidth: float; Latency: float }

let networks = [
    { Name = "1 Gbit/s"; Bandwidth = 1e9 / 8.0; Latency = 50e-6 }
    { Name = "10 Gbit/s"; Bandwidth = 10e9 / 8.0; Latency = 20e-6 }
    { Name = "100 Gbit/s"; Bandwidth = 100e9 / 8.0; Latency = 2e-6 }
]

/// Milliseconds of a step.
let step network batch n =
    let n = float n
    let messages = 2.0 * (n - 1.0) * network.Latency
    let traffic = 2.0 * (n - 1.0) / n * float bytes / network.Bandwidth
    compute (batch / n) + 1000.0 * (messages + traffic)

(*** hide ***)
let table batch =
    let row n =
        let cells =
            networks
            |> List.map (fun network ->
                let time = step network batch n
                $"<td>%.1f{time} ms</td><td>%.1f{compute batch / time}</td>")
            |> String.concat ""

        $"<tr><td>%d{n}</td>%s{cells}</tr>"

    let heading =
        networks
        |> List.map (fun network -> $"<th>%s{network.Name}</th><th>times as fast</th>")
        |> String.concat ""

    let rows = [ 1; 2; 4; 8; 16; 32; 64 ] |> List.map row |> String.concat "\n"
    $"<div class=\"wide\"><table><thead><tr><th>n</th>%s{heading}</tr></thead><tbody>%s{rows}</tbody></table></div>"

(** A batch of 128 rows: *)

(*** hide ***)
table 128.0

(*** include-it-raw ***)

(** And one of 1,024 rows: *)

(*** hide ***)
table 1024.0

(*** include-it-raw ***)

(**
A batch of 128 is soon divided into so few rows that the part of a step that does not depend on them, and the network, are
what is left. Larger batches go further; they are another run, with fewer steps for the same data.
*)
