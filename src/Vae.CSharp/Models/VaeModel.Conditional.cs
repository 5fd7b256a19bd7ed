using System;
using System.Linq;

namespace VaeFunctional;

public sealed partial class VaeModel
{
    /// <summary>The means of p(x|z, label) at latents, of a model that is given labels.</summary>
    /// <param name="latents">The numbers of each latent, row by row.</param>
    /// <param name="labels">One for each latent, from 0 to below <see cref="Given.Classes"/>.</param>
    /// <exception cref="ArgumentException">
    /// There are no latents, one is not of the model's latent shape, or the model is not given labels, or not as many.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is none of the model's.</exception>
    /// <exception cref="InvalidOperationException">The model has several latents.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public DataSet Decode(float[][] latents, int[] labels)
    {
        CheckLatents(latents);
        return DecodeGiven(latents, OneHot(labels), nameof(labels));
    }

    /// <summary>The means of p(x|z, factors) at latents, of a model that is given factors.</summary>
    /// <param name="latents">The numbers of each latent, row by row.</param>
    /// <param name="factors">A row for each latent, in the order of <see cref="Given.FactorNames"/>.</param>
    /// <exception cref="ArgumentException">
    /// There are no latents, one is not of the model's latent shape, or the model is not given factors, or not as many.
    /// </exception>
    /// <exception cref="InvalidOperationException">The model has several latents.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public DataSet Decode(float[][] latents, double[][] factors)
    {
        CheckLatents(latents);
        return DecodeGiven(latents, FactorRows(factors), nameof(factors));
    }

    /// <summary>The means of p(x|z, label) at draws z of the prior, one for each label, of a model that is given labels.</summary>
    /// <exception cref="ArgumentException">There are no labels, or the model is not given labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A label is none of the model's, or there are more than one data set holds.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public DataSet Sample(int[] labels, int seed) => Sample(labels, Key.FromSeed(seed));

    /// <summary>The means of p(x|z, label) at draws z of the prior, one for each label, of a model that is given labels.</summary>
    /// <exception cref="ArgumentException">There are no labels, or the model is not given labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A label is none of the model's, or there are more than one data set holds.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public DataSet Sample(int[] labels, Key key) => SampleGiven(OneHot(labels), nameof(labels), key);

    /// <summary>The means of p(x|z, factors) at draws z of the prior, one for each row, of a model that is given factors.</summary>
    /// <param name="factors">Rows in the order of <see cref="Given.FactorNames"/>.</param>
    /// <param name="seed">What the draws are a function of.</param>
    /// <exception cref="ArgumentException">There are no rows, or the model is not given such factors.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are more rows than one data set holds.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public DataSet Sample(double[][] factors, int seed) => Sample(factors, Key.FromSeed(seed));

    /// <summary>The means of p(x|z, factors) at draws z of the prior, one for each row, of a model that is given factors.</summary>
    /// <param name="factors">Rows in the order of <see cref="Given.FactorNames"/>.</param>
    /// <param name="key">What the draws are a function of.</param>
    /// <exception cref="ArgumentException">There are no rows, or the model is not given such factors.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are more rows than one data set holds.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public DataSet Sample(double[][] factors, Key key) => SampleGiven(FactorRows(factors), nameof(factors), key);

    private DataSet DecodeGiven(float[][] latents, float[][] given, string argument) =>
        given.Length == latents.Length
            ? Images(
                "decoded",
                current =>
                    Core.Evaluation.decodeGiven(current, Rows(given, [given[0].Length]), Rows(latents, LatentShape))
            )
            : throw new ArgumentException(
                $"{argument} holds {given.Length} for {latents.Length} latents; expected one for each",
                argument
            );

    private DataSet SampleGiven(float[][] given, string argument, Key key)
    {
        if (given.Length == 0)
        {
            throw new ArgumentException($"{argument} is empty; expected one for each sample", argument);
        }

        CheckHeld(given.Length, argument);
        return Images(
            "sampled",
            current => Core.Evaluation.sampleGiven(key.ToCore(), Rows(given, [given[0].Length]), current)
        );
    }

    private float[][] OneHot(int[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);

        if (Given?.Classes is not { } classes)
        {
            throw NotGiven("labels", nameof(labels));
        }

        foreach (var label in labels)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(label, nameof(labels));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, classes, nameof(labels));
        }

        return
        [
            .. labels.Select(label =>
            {
                var row = new float[classes];
                row[label] = 1;
                return row;
            }),
        ];
    }

    private float[][] FactorRows(double[][] factors)
    {
        ArgumentNullException.ThrowIfNull(factors);

        if (Given is not { Classes: null, FactorNames: var names })
        {
            throw NotGiven("factors", nameof(factors));
        }

        if (factors.Any(row => row?.Length != names.Count || !row.All(double.IsFinite)))
        {
            throw new ArgumentException(
                $"factors has a row that is not of {names.Count} finite numbers; expected, in this order, "
                    + string.Join(", ", names),
                nameof(factors)
            );
        }

        return [.. factors.Select(row => row.Select(value => (float)value).ToArray())];
    }

    private ArgumentException NotGiven(string what, string argument) =>
        new($"{argument} are {what}, but the model is given {Given?.ToString() ?? "nothing"}", argument);

    /// <summary>Refuses, of a model that is conditional, a call that says nothing of what it is given.</summary>
    private void CheckGivesNothing(string call)
    {
        if (Given is { } given)
        {
            var what = given.Classes is null ? "factors" : "labels";
            throw new InvalidOperationException($"the model is given {given}: {call}{what} ...) says which");
        }
    }
}
