using System;

namespace VaeFunctional;

public sealed partial class VaeModel
{
    /// <summary>Whether values of the data may be missing: see <see cref="ForMissing"/>.</summary>
    public bool TakesMissing => run.Vae.Parts.IsIncomplete;

    /// <summary>
    /// An untrained model of the same parts for data of which values are missing at random: networks that are given data are given it
    /// with 0 in their place, and beside it which values are there; the score leaves the missing out. The importance-weighted
    /// bound is then that of MIWAE (Mattei and Frellsen, 2019).
    /// </summary>
    /// <exception cref="ArgumentException">The likelihood's values are not known beforehand.</exception>
    public VaeModel ForMissing() => Untrained(Core.VaeModule.forMissing(run.Vae));

    /// <summary>
    /// The means of what is missing given what is there, by draws of the posterior weighted by p(x there, z) / q(z|x there)
    /// (Mattei and Frellsen, 2019). What is there stays as it is.
    /// </summary>
    /// <param name="data">Examples of which values are missing.</param>
    /// <param name="samples">Draws of the posterior for each example, at least 1.</param>
    /// <param name="seed">What the draws are a function of.</param>
    /// <exception cref="ArgumentException">The data does not fit, or the model is not for missing values.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no draws.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public Imputation Impute(DataSet data, int samples = 1000, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);

        return Read(current =>
        {
            using var scope = Interop.Scope();
            var imputed = Core.Imputation.impute(samples, Key.FromSeed(seed).ToCore(), current, data.Value);
            return new Imputation(Filled(data, imputed.Mean), Filled(data, imputed.StandardDeviation));
        });
    }

    /// <summary>
    /// Completed copies of the data, each missing value drawn of the law given what is there (multiple imputation, by sampling
    /// importance resampling): the spread over the copies is what is not known.
    /// </summary>
    /// <param name="data">Examples of which values are missing.</param>
    /// <param name="copies">How many, at least 1.</param>
    /// <param name="samples">Draws of the posterior for each example that copies are chosen among, at least 1.</param>
    /// <param name="seed">What the draws are a function of.</param>
    /// <exception cref="ArgumentException">The data does not fit, or the model is not for missing values.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no copies or no draws.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public DataSet[] Complete(DataSet data, int copies, int samples = 1000, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);

        return Read(current =>
        {
            using var scope = Interop.Scope();
            var all = Core.Imputation.complete(copies, samples, Key.FromSeed(seed).ToCore(), current, data.Value);
            var made = new DataSet[copies];

            for (var i = 0; i < copies; i++)
            {
                made[i] = Filled(data, all[i]);
            }

            return made;
        });
    }

    /// <summary>Other values with the data's name and labels.</summary>
    private static DataSet Filled(DataSet data, Tensor values) =>
        DataSet.FromValues(data.Name, data.ItemShape, Values(values), data.Value.Labels);
}

/// <summary>What a model says of missing values.</summary>
/// <param name="Mean">The data with the mean of each value that is missing, given those that are there.</param>
/// <param name="StandardDeviation">Of each value given those that are there; 0 of those that are.</param>
public sealed record Imputation(DataSet Mean, DataSet StandardDeviation);
