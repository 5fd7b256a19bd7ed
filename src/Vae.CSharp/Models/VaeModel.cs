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
    /// <param name="prior">p(z).</param>
    /// <param name="posterior">q(z|x).</param>
    /// <param name="likelihood">p(x|z).</param>
    /// <param name="given">
    /// What the networks of the posterior and of the likelihood are given beside the data and the latent; null for a model that is
    /// given nothing.
    /// </param>
    /// <exception cref="ArgumentException">Shapes or supports of the parts do not fit.</exception>
    public static VaeModel Create(Prior prior, Posterior posterior, Likelihood likelihood, Given? given = null)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(likelihood);
        var (p, q, x) = (prior.Value, posterior.Value, likelihood.Value);
        return Untrained(
            given is null ? Core.VaeModule.create(p, q, x) : Core.VaeModule.conditional(given.Value, p, q, x)
        );
    }

    /// <summary>
    /// A model of several latents, with the parameters that training with seed 0 begins with. A latent's KL is exact where a rule
    /// knows its laws and its prior depends on no draw after it; else it is sampled (<see cref="Latents"/> says which).
    /// </summary>
    /// <param name="sites">The latents, in the order that they are drawn in when data is encoded.</param>
    /// <param name="likelihood">p(x|z), of the draws of all latents that are decoded, joined.</param>
    /// <param name="decoded">Latents whose draws the decoder is given; all of them where none are named.</param>
    /// <param name="given">What all networks are given beside, those of priors below others too; null for nothing.</param>
    /// <exception cref="ArgumentException">
    /// There are no latents, names are there twice or not at all, priors go in a circle, or shapes or supports do not fit.
    /// </exception>
    public static VaeModel Hierarchy(Site[] sites, Likelihood likelihood, string[]? decoded = null, Given? given = null)
    {
        ArgumentNullException.ThrowIfNull(sites);
        ArgumentNullException.ThrowIfNull(likelihood);
        var latents = sites.Select(site => Interop.Given(site, nameof(sites)).Value).ToCoreList();
        var names = (decoded ?? []).ToCoreList();
        return Untrained(
            given is null
                ? Core.VaeModule.hierarchy(latents, names, likelihood.Value)
                : Core.VaeModule.conditionalHierarchy(given.Value, latents, names, likelihood.Value)
        );
    }

    private static VaeModel Untrained(Core.Vae vae) =>
        new(Core.Training.untrained(Core.TrainingOptionsModule.defaults, vae));

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

    /// <summary>The latents, in the order that they are drawn in when data is encoded.</summary>
    public IReadOnlyList<Latent> Latents => Array.AsReadOnly(run.Vae.Sites.Select(Latent.Of).ToArray());

    /// <summary>The shape of one latent, of a model that has one.</summary>
    /// <exception cref="InvalidOperationException">It has several: <see cref="Latents"/> has the shape of each.</exception>
    public long[] LatentShape =>
        run.Vae.Sites is [var only]
            ? (long[])only.Shape.Clone()
            : throw new InvalidOperationException(
                $"the model has the latents {LatentNames}, and not one shape; Latents has the shape of each"
            );

    /// <summary>What the model is conditional on; null of one that is given nothing.</summary>
    public Given? Given => run.Vae.Given is { Value: var given } ? new Given(given) : null;

    /// <summary>Where the parameters are, and everything is computed: results are numbers, wherever that is.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public Device Device => Read(current => current.Params.Placement.Device);

    /// <summary>How many numbers training moves.</summary>
    public long ParameterCount => Read(current => current.Params.Count);

    /// <summary>
    /// Whether the KL that is charged is a closed form, of several latents that of each, or log q(z|x) - log p(z) on the draws.
    /// </summary>
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

    private string LatentNames => string.Join(", ", run.Vae.Sites.Select(site => site.Name));

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
