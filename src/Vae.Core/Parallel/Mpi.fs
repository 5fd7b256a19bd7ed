namespace Vae.Core

#nowarn "9" // The numbers of a tensor are passed on by their address.

open System
open System.Globalization
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open Microsoft.FSharp.NativeInterop
open TorchSharp

/// The processes that Open MPI's `mpirun` started.
[<RequireQualifiedAccess>]
module Mpi =
    /// A number that mpirun tells every process it starts.
    let private told (variable: string) =
        match Int32.TryParse(Environment.GetEnvironmentVariable variable, CultureInfo.InvariantCulture) with
        | true, value -> Some value
        | _ -> None

    /// How many processes mpirun started with this one; 1 without it.
    let private size () = told "OMPI_COMM_WORLD_SIZE" |> Option.defaultValue 1

    /// The rank that mpirun gave to this process, from 0: nothing is loaded for it. None where it was not started by mpirun.
    let rank () : int option = told "OMPI_COMM_WORLD_RANK"

    let private width (t: Tensor) = if t.dtype = torch.ScalarType.Float32 then 4 else 8

    /// Where a tensor's numbers are: native memory, which does not move.
    let private address (t: Tensor) =
        if t.numel () = 0L then
            0n
        else
            let first = &MemoryMarshal.GetReference t.bytes
            Unsafe.AsPointer &first |> NativePtr.ofVoidPtr<byte> |> NativePtr.toNativeInt

    /// MPI does not promise that MPI_Allreduce gives every process the same bits, as each may add in an order of its own.
    /// Here each number is added up in one process only, which sends it to the others.
    let private sum (mpi: OpenMpi) (rank: int) (size: int) (t: Tensor) =
        Ranks.vector (nameof t) t
        let ranges = Array.init size (fun rank -> Rows.ofRank rank size (int (t.numel ())))
        let counts, starts = ranges |> Array.map _.Count, ranges |> Array.map _.Start
        use mine = torch.empty ([| int64 counts[rank] |], dtype = t.dtype)
        mpi.ReduceScatter(width t, address t, counts, address mine)
        mpi.AllGather(width t, address mine, counts[rank], address t, counts, starts)
        GC.KeepAlive t

    let private broadcast (mpi: OpenMpi) (t: Tensor) =
        Ranks.vector (nameof t) t
        mpi.Broadcast(width t, address t, int (t.numel ()))
        GC.KeepAlive t

    /// The processes of one machine share its cores, unless the user has said how many threads each is to have.
    let private shareCores () =
        if isNull (Environment.GetEnvironmentVariable "OMP_NUM_THREADS") then
            let here = told "OMPI_COMM_WORLD_LOCAL_SIZE" |> Option.defaultValue 1
            torch.set_num_threads (max 1 (Environment.ProcessorCount / here))

    let private begun =
        lazy
            (Native.load ()
             let mpi = OpenMpi.Begin()
             shareCores ()

             // A process that failed leaves without the others, who may be waiting for it: mpirun then ends them too.
             AppDomain.CurrentDomain.ProcessExit.Add(fun _ ->
                 if Environment.ExitCode = 0 then
                     mpi.Finish())

             let rank, size = mpi.Rank, mpi.Size

             {
                 Rank = rank
                 Size = size
                 Sum = sum mpi rank size
                 Broadcast = broadcast mpi
                 Barrier = mpi.Barrier
             })

    /// The processes that mpirun started, as this one of them sees it: give them to `TrainingOptions.Ranks`. None where it
    /// started this one only, or none: then nothing is loaded. The first call begins MPI, which ends with the process, and
    /// gives every process its part of the machine's cores as threads, unless OMP_NUM_THREADS is set.
    /// Raises DllNotFoundException, which says what to install, where mpirun started this process and Open MPI's library
    /// is missing.
    let ranks () : Ranks option = if size () > 1 then Some(begun.Force()) else None
