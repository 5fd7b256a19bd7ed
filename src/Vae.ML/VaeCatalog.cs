using System;
using System.Collections.Generic;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace VaeFunctional.ML;

/// <summary>What <c>mlContext.Transforms</c> has of this library.</summary>
public static class VaeCatalog
{
    /// <summary>
    /// A variational autoencoder of the slots of a vector, as a step of a pipeline (see <see cref="VaeEstimator"/>).
    /// <code>
    /// var pipeline = mlContext
    ///     .Transforms.Categorical.OneHotEncoding("Country")
    ///     .Append(mlContext.Transforms.NormalizeMeanVariance("Age"))
    ///     .Append(mlContext.Transforms.Concatenate("Features", "Age", "Country"))
    ///     .Append(mlContext.Transforms.Vae("Features", new VaeOptions { FalseAlarmRate = 0.05 }));
    /// </code>
    /// </summary>
    /// <param name="catalog">That of an MLContext.</param>
    /// <param name="inputColumnName">The vector, of numbers and of a known size; a NaN is a missing value.</param>
    /// <param name="options">The defaults where none are given.</param>
    public static VaeEstimator Vae(
        this TransformsCatalog catalog,
        string inputColumnName = "Features",
        VaeOptions? options = null
    ) => Vae(catalog, [inputColumnName], options);

    /// <summary>
    /// A variational autoencoder of several columns, with a law for each: numbers, Booleans, texts and keys, and vectors of the first two.
    /// <code>
    /// var model = mlContext.Transforms.Vae(["Age", "Income", "Country"]).Fit(data);
    /// </code>
    /// </summary>
    /// <param name="catalog">That of an MLContext.</param>
    /// <param name="inputColumnNames">At least one.</param>
    /// <param name="options">The defaults where none are given.</param>
    /// <exception cref="ArgumentException">There is no name, or one is there twice.</exception>
    public static VaeEstimator Vae(
        this TransformsCatalog catalog,
        IReadOnlyList<string> inputColumnNames,
        VaeOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(((IInternalCatalog)catalog).Environment, inputColumnNames, options ?? new());
    }
}
