using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using TrainedRun = Vae.Core.Run;

namespace VaeFunctional;

/// <summary>
/// A variational autoencoder with its parameters: a prior p(z), a posterior q(z|x) and a likelihood p(x|z) that fit one
/// another. It may be used from several threads; disposing of it frees its parameters.
/// </summary>
public sealed partial class VaeModel : IDisposable
{
    /// <summary>Guards the run: whoever reads its parameters holds it, so that none are freed under a reader.</summary>
    private readonly Lock gate = new();
    private TrainedRun run;
    private IReadOnlyList<EpochResult> history;
    private volatile bool isDisposed;

    private VaeModel(TrainedRun run)
    {
        this.run = run;
        history = HistoryOf(run);
    }

    /// <summary>
    /// A model of its parts, with the parameters that training with seed 0 begins with. The prior says the shape of the
    /// latent, the likelihood's decoder that of the data.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes or supports of the parts do not fit.</exception>
    public static VaeModel Create(Prior prior, Posterior posterior, Likelihood likelihood)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(likelihood);
        var vae = Core.VaeModule.create(prior.Value, posterior.Value, likelihood.Value);
        return new(Core.Training.untrained(Core.TrainingOptionsModule.defaults, vae));
    }

    internal Core.Vae Vae => run.Vae;

    /// <summary>
    /// An untrained model of the same parts whose first parameters suit few latents and rectifiers, for data of this mean: the
    /// decoder begins at the mean, the hinges of its first layer are spread over the prior, and no step of the first ones turns
    /// units of a narrow code off for good. What a run comes to then depends little on its seed.
    /// </summary>
    /// <param name="data">What the model will be trained on: its first 2,000 examples are looked at.</param>
    public VaeModel Spread(DataSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var mean = Enumerable.Range(0, Math.Min(2_000, data.Count)).Average(i => data[i].Average());
        var vae = Core.Initial.spread(mean, run.Vae);
        return new(Core.Training.untrained(Core.TrainingOptionsModule.defaults, vae));
    }

    /// <summary>The shape of one example.</summary>
    public long[] DataShape => (long[])run.Vae.DataShape.Clone();

    /// <summary>The shape of one latent.</summary>
    public long[] LatentShape => (long[])run.Vae.LatentShape.Clone();

    /// <summary>Where the parameters are, and everything is computed: results are numbers, wherever that is.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public Device Device => Read(current => current.Params.Placement.Device);

    /// <summary>How many numbers training moves.</summary>
    public long ParameterCount => Read(current => current.Params.Count);

    /// <summary>Whether the KL that is charged is a closed form, or log q(z|x) - log p(z) on the draws.</summary>
    public bool IsKlExact => run.Vae.Kl.IsExact;

    /// <summary>What the reconstruction is: "reconstruction", or the name of a score that is no density.</summary>
    public string ScoreName => run.Vae.Parts.Likelihood.ScoreName;

    /// <summary>Whether that score is the logarithm of a density, so that the ELBO bounds log p(x).</summary>
    public bool IsDensity => run.Vae.Parts.Likelihood.IsDensity;

    /// <summary>The epochs of the training that the parameters come from; of a model that was never trained there are none.</summary>
    public IReadOnlyList<EpochResult> History => history;

    /// <summary>The model in words: its parts, its KL, its shapes, and how many numbers training moves.</summary>
    public string Describe() => Core.VaeModule.describe(run.Vae);

    /// <summary>The model in words.</summary>
    public override string ToString() => Describe();

    /// <summary>Frees the parameters. A training under way ends between steps with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (!isDisposed)
            {
                isDisposed = true;
                Free(run.Params);
            }
        }
    }

    private T Read<T>(Func<TrainedRun, T> read)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            return read(run);
        }
    }

    /// <summary>Takes over the parameters of another run of the same model.</summary>
    private void Become(TrainedRun next)
    {
        lock (gate)
        {
            if (isDisposed)
            {
                Free(next.Params);
                throw new ObjectDisposedException(GetType().FullName);
            }

            Free(run.Params);
            run = next;
            history = HistoryOf(next);
        }
    }

    private static IReadOnlyList<EpochResult> HistoryOf(TrainedRun run) =>
        Array.AsReadOnly(run.History.Select(epoch => new EpochResult(epoch)).ToArray());

    private static void Free(IDisposable parameters) => parameters.Dispose();
}
