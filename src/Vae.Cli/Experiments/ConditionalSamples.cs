using System.Linq;

namespace VaeFunctional.Cli.Experiments;

/// <summary>Samples of any model: of a conditional one for the labels in turn, or for the factors of examples.</summary>
internal static class ConditionalSamples
{
    /// <param name="model">Any.</param>
    /// <param name="examples">Those whose factors samples are given; none need be there where the model is given no factors.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">What the draws are a function of.</param>
    /// <returns>The means of p(x|z) at draws of the prior, and what they are given in words: nothing of a model without.</returns>
    public static (DataSet Images, string Words) Of(VaeModel model, DataSet? examples, int count, int seed)
    {
        switch (model.Given)
        {
            case null:
                return (model.Sample(count, seed), "");
            case { Classes: { } classes }:
                var labels = Enumerable.Range(0, count).Select(i => i % classes).ToArray();
                return (model.Sample(labels, seed), ", for the labels from 0 on in turn");
            case var given when examples is not null:
                var columns = given.FactorNames.Select(name => examples.Factor(name)).ToArray();
                var rows = Enumerable
                    .Range(0, count)
                    .Select(i => columns.Select(column => column[i % examples.Count]).ToArray())
                    .ToArray();
                return (model.Sample(rows, seed), ", for the factors of the first test images");
            default:
                throw new System.ArgumentNullException(nameof(examples));
        }
    }
}
