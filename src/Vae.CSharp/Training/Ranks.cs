using System;

namespace VaeFunctional;

/// <summary>
/// The processes that share every batch of a training, as one of them sees them: given to
/// <see cref="TrainingOptions.Ranks"/> by each.
/// </summary>
public sealed class Ranks
{
    private Ranks(Core.Ranks value) => Value = value;

    internal Core.Ranks Value { get; }

    /// <summary>
    /// The rank that Open MPI's <c>mpirun</c> gave to this process, from 0; null where it did not start this process.
    /// Nothing is loaded for it.
    /// </summary>
    public static int? Own => Core.Mpi.rank()?.Value;

    /// <summary>This process, from 0.</summary>
    public int Rank => Value.Rank;

    /// <summary>How many processes there are.</summary>
    public int Size => Value.Size;

    /// <summary>Whether this process speaks, and writes files, for all.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>
    /// The processes that Open MPI's <c>mpirun</c> started; null where it started this one only, or none. Each gets its part
    /// of the machine's cores as threads, unless <c>OMP_NUM_THREADS</c> is set.
    /// </summary>
    /// <exception cref="DllNotFoundException">
    /// Open MPI's library is missing; the message says what to install.
    /// </exception>
    public static Ranks? FromMpi() => Core.Mpi.ranks() is { } ranks ? new(ranks.Value) : null;

    /// <summary>Waits until every process has come here.</summary>
    public void Wait() => Value.Barrier.Invoke(null!);

    /// <summary>This process among all.</summary>
    public override string ToString() => $"rank {Rank} of {Size}";
}
