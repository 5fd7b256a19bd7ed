using System;

namespace VaeFunctional;

/// <summary>How a model is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>What every draw and every batch of the run is a function of: 0 where none is given.</summary>
    public int Seed { get; init; }

    /// <summary>How often the data is visited: 30 times where nothing is given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public int Epochs
    {
        get;
        init => field = AtLeastOne(value, nameof(Epochs));
    } = 30;

    /// <summary>Examples a batch, and a step, unless it accumulates several: 128 where nothing is given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public int BatchSize
    {
        get;
        init => field = AtLeastOne(value, nameof(BatchSize));
    } = 128;

    /// <summary>
    /// A step is of so many batches: of the mean of their gradients, taken one after another, which is that of a batch so many
    /// times as large, in the memory of one. The run is that of such batches, to rounding. One where nothing is given.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public int Accumulate
    {
        get;
        init => field = AtLeastOne(value, nameof(Accumulate));
    } = 1;

    /// <summary>What training makes small: the negative ELBO of one draw where nothing is given.</summary>
    public Objective Objective
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Objective));
    } = Objective.Elbo();

    /// <summary>How a step is made: by Adam at 0.001 where nothing is given.</summary>
    public Optimizer Optimizer
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Optimizer));
    } = Optimizer.Adam();

    /// <summary>Measured after every epoch, where it is given.</summary>
    public DataSet? Validation { get; init; }

    /// <summary>
    /// Ends the run after so many epochs without a better validation total, and returns to the best epoch's parameters.
    /// Takes validation data.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int? Patience
    {
        get;
        init => field = value is { } epochs ? AtLeastOne(epochs, nameof(Patience)) : null;
    }

    /// <summary>
    /// Whether the run returns to the parameters of the epoch with the best validation total, though it has no patience. Takes
    /// validation data.
    /// </summary>
    public bool KeepBest { get; init; }

    /// <summary>
    /// The decay of an exponential average of the parameters over the steps, such as 0.999: validation and the trained model are
    /// of the average. The first parameters, which are random, are no part of it. No average where nothing is given.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in [0, 1).</exception>
    public double? Average
    {
        get;
        init
        {
            if (value is { } decay)
            {
                Numbers.CheckFraction(decay, nameof(Average));
            }

            field = value;
        }
    }

    /// <summary>The precision of the parameters and of every step: single where nothing is given.</summary>
    public Precision Precision { get; init; }

    /// <summary>Where the model is trained and then lives: on the CPU where nothing is given.</summary>
    public Device? Device { get; init; }

    /// <summary>What is done about a step that is not finite: the run ends where nothing is given.</summary>
    public Guard Guard
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Guard));
    } = Guard.Stop;

    private Core.Placement Placement =>
        new(
            Precision == Precision.Double ? ScalarType.Float64 : ScalarType.Float32,
            Device ?? new Device(TorchSharp.DeviceType.CPU)
        );

    /// <summary>
    /// Where a checkpoint is written after every epoch and on cancellation, each in place of the one before, so that
    /// <see cref="VaeModel.ResumeAsync"/> can go on from it; none is written where nothing is given.
    /// </summary>
    public string? CheckpointFile { get; init; }

    /// <summary>
    /// The processes that share every batch, such as <see cref="VaeFunctional.Ranks.FromMpi"/> finds: each trains an equal
    /// model with equal options on equal data, and ends with the same parameters, bit for bit; they are those of one process,
    /// to rounding. The first one writes the checkpoint. This process alone where nothing is given.
    /// </summary>
    public Ranks? Ranks { get; init; }

    internal Core.TrainingOptions ToCore() =>
        new(
            Seed,
            Epochs,
            BatchSize,
            Accumulate,
            (Validation?.Value).ToCoreOptionOfObject(),
            Patience.ToCoreOption(),
            KeepBest,
            Average.ToCoreOption(),
            Placement,
            Precision == Precision.BFloat16 ? Core.Precision.BFloat16 : Core.Precision.Full,
            Guard.Value,
            (Ranks?.Value).ToCoreOptionOfObject()
        );

    private static int AtLeastOne(int value, string property)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, property);
        return value;
    }
}
