namespace Vae.Core

open System
open System.Runtime.InteropServices
open System.Threading
open System.Threading.Tasks
open TorchSharp

/// Work in equal pieces, shared among the threads that libtorch computes with.
[<RequireQualifiedAccess>]
module internal Team =
    /// Pieces that threads take by turns until none is left.
    [<Sealed; AllowNullLiteral>]
    type private Job(count: int, grain: int, work: int -> unit) =
        let mutable taken = 0

        member _.Share() =
            let mutable last = Interlocked.Add(&taken, grain)

            while last - grain < count do
                for piece in last - grain .. min last count - 1 do
                    work piece

                last <- Interlocked.Add(&taken, grain)

    type private Entry = delegate of nativeint -> unit
    type private Parallel = delegate of nativeint * nativeint * uint32 * uint32 -> unit

    let private share = Entry(fun handle -> (GCHandle.FromIntPtr(handle).Target :?> Job).Share())

    type private Pause = delegate of int -> int

    /// A function of the OpenMP library that libtorch computes with, where it is GNU's.
    let private openMp<'f when 'f :> Delegate> name : 'f option =
        let mutable library, start = 0n, 0n

        if
            NativeLibrary.TryLoad("libtorch_cpu.so", &library)
            && NativeLibrary.TryGetExport(library, name, &start)
        then
            Some(Marshal.GetDelegateForFunctionPointer<'f> start)
        else
            None

    /// How OpenMP's own programs begin a parallel region. libtorch's threads wait for work by spinning: others beside them
    /// would have to wait until they give their processors up.
    let private begin': Parallel option = openMp "GOMP_parallel"

    let private pause: Pause option = openMp "omp_pause_resource_all"

    [<Literal>]
    let private Soft = 1

    /// Ends the threads that wait for work of this one, until it has some again. Each thread that computes has its own, and
    /// while more of them wait than there are processors, OpenMP has them sleep at once, and wakes them for every operation:
    /// a thread that prepares what another one computes releases its own.
    let release () : unit = pause |> Option.iter (fun pause -> pause.Invoke Soft |> ignore)

    let private entry = Marshal.GetFunctionPointerForDelegate share

    /// Does `work` for each piece from 0 to count - 1, in any order. It must not raise.
    let run (count: int) (work: int -> unit) : unit =
        let threads = min count (torch.get_num_threads ())

        if threads <= 1 then
            for piece in 0 .. count - 1 do
                work piece
        else
            // Many turns each, so that a thread that is held up holds up no other.
            let job = Job(count, max 1 (count / (16 * threads)), work)

            match begin' with
            | Some start ->
                let handle = GCHandle.Alloc job
                start.Invoke(entry, GCHandle.ToIntPtr handle, uint32 threads, 0u)
                handle.Free()
            | None ->
                Parallel.For(0, threads, ParallelOptions(MaxDegreeOfParallelism = threads), (fun _ -> job.Share()))
                |> ignore
