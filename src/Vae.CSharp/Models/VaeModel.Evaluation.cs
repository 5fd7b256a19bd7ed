using System;
using System.Linq;

namespace VaeFunctional;

public sealed partial class VaeModel
{
    /// <summary>
    /// Refuses data that the model can be neither trained nor measured on: items of another shape, and values outside the set
    /// that the likelihood scores ([0, 1] for a cross-entropy, 0 and 1 for Bernoulli pixels). Whatever takes data does so
    /// itself; this is for who wants to know before.
    /// </summary>
    /// <exception cref="ArgumentException">The data does not fit the model.</exception>
    public void CheckData(DataSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Core.Training.check(data.Value, run.Vae);
    }

    /// <summary>
    /// Refuses an objective that the model cannot be trained by, as it asks for what the model does not have: draws that pass
    /// gradients, a score that is a log-density, one latent. Whatever trains does so itself; this is for who wants to know before.
    /// </summary>
    /// <exception cref="ArgumentException">The message says what would do.</exception>
    public void CheckObjective(Objective objective)
    {
        ArgumentNullException.ThrowIfNull(objective);
        Core.ObjectiveModule.check(run.Vae, objective.Value);
    }

    /// <summary>
    /// An objective over a data set, in nats per example, each term with its standard error. The noise is the same in every
    /// call.
    /// </summary>
    /// <param name="data">Examples of the model's data shape.</param>
    /// <param name="objective">The negative ELBO of one draw where none is given.</param>
    /// <exception cref="ArgumentException">The data does not fit the model.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public Evaluation Evaluate(DataSet data, Objective? objective = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var measured = (objective ?? Objective.Elbo()).Value;
        return Read(current => new Evaluation(Core.Evaluation.measure(measured, current, data.Value)));
    }

    /// <summary>
    /// log p(x) over a data set, in nats per example, by draws of the posterior weighted by p(x, z) / q(z|x) (Burda, Grosse and
    /// Salakhutdinov, 2016). On average it lies between the ELBO and log p(x), and nearer the latter the more draws. The noise
    /// is the same in every call; memory does not grow with the draws.
    /// </summary>
    /// <param name="data">Examples of the model's data shape.</param>
    /// <param name="samples">Draws of the posterior for each example, at least 1.</param>
    /// <exception cref="ArgumentException">The data does not fit the model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no draws.</exception>
    /// <exception cref="NotSupportedException">The score of the data is no density: see <see cref="IsDensity"/>.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public Statistic LogLikelihood(DataSet data, int samples)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        return Read(current => new Statistic(Core.Evaluation.logLikelihood(samples, current, data.Value)));
    }

    /// <summary>How odd each example of a data set is, in nats: the larger, the odder. The noise is the same in every call.</summary>
    /// <param name="data">Examples of the model's data shape.</param>
    /// <param name="by">-log p by 100 draws of the posterior for each example where nothing is given.</param>
    /// <exception cref="ArgumentException">The data does not fit the model.</exception>
    /// <exception cref="NotSupportedException">
    /// -log p is asked for, and the score of the data is no density: see <see cref="IsDensity"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public double[] Scores(DataSet data, Scoring? by = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var kind = (by ?? Scoring.LogLikelihood()).Value;
        return Read(current => Core.Scores.rows(kind, Key.FromSeed(0).ToCore(), current, data.Value));
    }

    /// <summary>
    /// The posterior means of a data set: a latent for each example. Of a law without a known mean it is the mode, and of a flow
    /// what it makes of the mean that it begins with; of a latent that sees others it is that at their means.
    /// </summary>
    /// <param name="data">Examples of the model's data shape.</param>
    /// <param name="latent">The name of the latent: of a model that has one it need not be said.</param>
    /// <returns>The numbers of each latent, row by row.</returns>
    /// <exception cref="ArgumentException">The data does not fit the model, or the latent is none of its.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public float[][] Encode(DataSet data, string? latent = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var sites = run.Vae.Sites;
        var site =
            sites.FirstOrDefault(known => latent is null ? sites.Length == 1 : known.Name == latent)
            ?? throw new ArgumentException(
                $"latent is {(latent is null ? "not given" : $"'{latent}'")}; expected one of the model's: {LatentNames}",
                nameof(latent)
            );
        return Read(current => Core.Evaluation.encodeSite(site.Name, current, data.Value), Values)
            .Chunk((int)Size(site.Shape))
            .ToArray();
    }

    /// <summary>The means of p(x|z) at latents, of a model that has one latent and is given nothing.</summary>
    /// <exception cref="ArgumentException">There are no latents, or one is not of the model's latent shape.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model has several latents, or is conditional: see <see cref="Decode(float[][], int[])"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public DataSet Decode(params float[][] latents)
    {
        CheckLatents(latents);
        CheckGivesNothing($"{nameof(Decode)}(latents, ");
        return Images("decoded", current => Core.Evaluation.decode(current, Rows(latents, LatentShape)));
    }

    /// <summary>The decoded posterior means of a data set.</summary>
    /// <exception cref="ArgumentException">The data does not fit the model.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public DataSet Reconstruct(DataSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Images("reconstructed", current => Core.Evaluation.reconstruct(current, data.Value));
    }

    /// <summary>The means of p(x|z) at draws z of the prior, of a model that is given nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1, or above what one data set holds.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model is conditional: see <see cref="Sample(int[], int)"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public DataSet Sample(int count, int seed) => Sample(count, Key.FromSeed(seed));

    /// <summary>The means of p(x|z) at draws z of the prior, of a model that is given nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1, or above what one data set holds.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model is conditional: see <see cref="Sample(int[], Key)"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public DataSet Sample(int count, Key key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        CheckHeld(count, nameof(count));
        CheckGivesNothing($"{nameof(Sample)}(");
        return Images("sampled", current => Core.Evaluation.sample(key.ToCore(), count, current));
    }

    /// <summary>As many images as one data set holds.</summary>
    private void CheckHeld(int count, string argument) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.MaxLength / Size(DataShape), argument);

    private void CheckLatents(float[][] latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        var size = Size(LatentShape);

        if (latents.Length == 0 || latents.Any(latent => latent?.Length != size))
        {
            throw new ArgumentException(
                $"latents holds {latents.Length} of lengths [{string.Join(", ", latents.Select(z => z?.Length))}]; "
                    + $"expected at least one, of {size} numbers each",
                nameof(latents)
            );
        }
    }

    /// <summary>Rows of numbers as a tensor, [rows, shape...], of the scope that is open.</summary>
    private static Tensor Rows(float[][] rows, long[] shape) =>
        tensor(rows.SelectMany(row => row).ToArray()).reshape([rows.Length, .. shape]);

    private DataSet Images(string name, Func<Core.Run, Tensor> make) =>
        DataSet.FromValues(name, DataShape, Read(make, Values));

    private float[] Read(Func<Core.Run, Tensor> make, Func<Tensor, float[]> values) =>
        Read(current =>
        {
            using var scope = Interop.Scope();
            return values(make(current));
        });

    private static float[] Values(Tensor t) => t.cpu().to_type(ScalarType.Float32).contiguous().data<float>().ToArray();

    private static long Size(long[] shape) => shape.Aggregate(1L, (product, n) => product * n);
}
