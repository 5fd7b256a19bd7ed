namespace Vae.Core

open System
open System.Runtime.InteropServices
open System.Text

/// The functions of Open MPI that are called here, by the binary interface of its versions 4 and 5.
module private OpenMpiCalls =
    [<Literal>]
    let Library = "libmpi.so.40"

    [<DllImport(Library)>]
    extern int MPI_Init_thread(nativeint argc, nativeint argv, int required, int& provided)

    [<DllImport(Library)>]
    extern int MPI_Finalize()

    [<DllImport(Library)>]
    extern int MPI_Comm_set_errhandler(nativeint communicator, nativeint handler)

    [<DllImport(Library)>]
    extern int MPI_Comm_rank(nativeint communicator, int& rank)

    [<DllImport(Library)>]
    extern int MPI_Comm_size(nativeint communicator, int& size)

    [<DllImport(Library)>]
    extern int MPI_Error_string(int code, byte[] text, int& length)

    [<DllImport(Library)>]
    extern int MPI_Reduce_scatter(
        nativeint send,
        nativeint receive,
        int[] counts,
        nativeint kind,
        nativeint operation,
        nativeint communicator
    )

    [<DllImport(Library)>]
    extern int MPI_Allgatherv(
        nativeint send,
        int count,
        nativeint sent,
        nativeint receive,
        int[] counts,
        int[] starts,
        nativeint received,
        nativeint communicator
    )

    [<DllImport(Library)>]
    extern int MPI_Bcast(nativeint buffer, int count, nativeint kind, int root, nativeint communicator)

    [<DllImport(Library)>]
    extern int MPI_Barrier(nativeint communicator)

/// Open MPI's library, begun in this process. Its constants are the addresses of symbols that it exports.
[<Sealed>]
type internal OpenMpi private (library: nativeint) =
    let address name = NativeLibrary.GetExport(library, name)
    let world, sum = address "ompi_mpi_comm_world", address "ompi_mpi_op_sum"
    let float32s, float64s = address "ompi_mpi_float", address "ompi_mpi_double"

    /// The level of MPI's promises under which any thread may call, one at a time.
    static let serialized = 2

    static let reason (code: int) =
        let text = Array.zeroCreate<byte> 256 // MPI_MAX_ERROR_STRING of Open MPI
        let mutable length = 0
        OpenMpiCalls.MPI_Error_string(code, text, &length) |> ignore
        Encoding.ASCII.GetString(text, 0, length)

    static let check (call: string) (code: int) =
        if code <> 0 then
            invalidOp $"%s{call}: %s{reason code} (code %d{code})"

    let oneAtATime = obj ()

    let kind (width: int) = if width = 4 then float32s else float64s

    /// Calls come from the thread that trains, whichever that is, and never two at a time.
    let call name (run: unit -> int) = lock oneAtATime (fun () -> check name (run ()))

    /// Begins MPI. Raises DllNotFoundException where its library is not installed.
    static member Begin() =
        let mutable library = 0n

        if not (NativeLibrary.TryLoad(OpenMpiCalls.Library, &library)) then
            raise (
                DllNotFoundException
                    $"this process was started by mpirun, but %s{OpenMpiCalls.Library}, the library of Open MPI 4 or 5, does not load; on Debian and Ubuntu: apt-get install openmpi-bin"
            )

        let mutable provided = 0
        check "MPI_Init_thread" (OpenMpiCalls.MPI_Init_thread(0n, 0n, serialized, &provided))

        if provided < serialized then
            invalidOp $"MPI_Init_thread: level %d{provided} of threads; expected MPI_THREAD_SERIALIZED (%d{serialized})"

        let mpi = OpenMpi library
        mpi.ReturnErrors()
        mpi

    /// From here on an error is a code that its call returns, not the end of the process.
    member private _.ReturnErrors() =
        call "MPI_Comm_set_errhandler" (fun () ->
            OpenMpiCalls.MPI_Comm_set_errhandler(world, address "ompi_mpi_errors_return"))

    /// This process among all, from 0.
    member _.Rank =
        let mutable rank = 0
        check "MPI_Comm_rank" (OpenMpiCalls.MPI_Comm_rank(world, &rank))
        rank

    /// How many processes there are.
    member _.Size =
        let mutable size = 0
        check "MPI_Comm_size" (OpenMpiCalls.MPI_Comm_size(world, &size))
        size

    /// Sums numbers of a width in bytes over all processes: each adds up the numbers of its own range of them, from
    /// everyone's, into a buffer.
    member _.ReduceScatter(width, numbers: nativeint, counts: int[], buffer: nativeint) =
        call "MPI_Reduce_scatter" (fun () ->
            OpenMpiCalls.MPI_Reduce_scatter(numbers, buffer, counts, kind width, sum, world))

    /// Every process's buffer, one after the other, in each.
    member _.AllGather(width, buffer: nativeint, count: int, numbers: nativeint, counts: int[], starts: int[]) =
        call "MPI_Allgatherv" (fun () ->
            OpenMpiCalls.MPI_Allgatherv(buffer, count, kind width, numbers, counts, starts, kind width, world))

    /// Rank 0's numbers in every process.
    member _.Broadcast(width, numbers: nativeint, count: int) =
        call "MPI_Bcast" (fun () -> OpenMpiCalls.MPI_Bcast(numbers, count, kind width, 0, world))

    /// Waits for every process.
    member _.Barrier() = call "MPI_Barrier" (fun () -> OpenMpiCalls.MPI_Barrier world)

    /// Ends MPI, together with every process.
    member _.Finish() = call "MPI_Finalize" (fun () -> OpenMpiCalls.MPI_Finalize())
