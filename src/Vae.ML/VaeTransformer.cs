using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VaeFunctional.ML;

[assembly: LoadableClass(typeof(VaeTransformer), null, typeof(SignatureLoadModel), "", VaeTransformer.LoaderSignature)]

namespace VaeFunctional.ML;

/// <summary>
/// Adds four columns to a data view by a trained variational autoencoder. By default they are called
/// <list type="bullet">
/// <item><c>Latent</c>: a vector of Single, the posterior mean;</item>
/// <item>
/// <c>Score</c>: a Single, -log p of what is there of the row, in nats; the larger, the odder. Numbers count in standard deviations of their
/// column, as in <see cref="RowScore"/>. It is the largest Single where a value is one that its column's law cannot have;
/// </item>
/// <item>
/// <c>PredictedLabel</c>: a Boolean, whether the row's p-value by rows held back from training is at or below
/// <see cref="FalseAlarmRate"/> (conformal);
/// </item>
/// <item>
/// <c>Reconstruction</c>: a vector of Single, the mean of each value given the whole row in the units of the input, also of values that are
/// missing: of a text or a key the probability of each level and of "other", or of the second of two. A number that no model is of, as it
/// was constant in training, is as it was given.
/// </item>
/// </list>
/// A NaN, an empty text and a key of 0 are missing values, which the score leaves out. Each row is scored by 100 draws of its posterior, the
/// same whatever the row's place: its score is what <see cref="TableModel.Score"/> says of a table of that row alone, and does not depend
/// on other rows or on which columns are asked for.
/// <para>
/// Rows are scored one by one where they are read, which takes milliseconds each: what is read more than once is worth
/// <c>mlContext.Data.Cache</c>. Many rows are scored sooner as one table, by <c>Model.Score(ToTable(data))</c>. A program that scores single
/// rows beside other work does so sooner with <c>torch.set_num_threads(1)</c>, as threads that share so little work wait for each other.
/// </para>
/// <code>
/// var model = pipeline.Fit(data);
/// mlContext.Model.Save(model, data.Schema, "model.zip");
/// var engine = mlContext.Model.CreatePredictionEngine&lt;Customer, Oddity&gt;(model);
/// </code>
/// </summary>
public sealed class VaeTransformer : ITransformer, IDisposable
{
    internal const string LoaderSignature = nameof(VaeTransformer);

    private readonly VaeSettings settings;
    private readonly RowModel rows;

    internal VaeTransformer(TableModel model, VaeSettings settings)
    {
        Model = model;
        this.settings = settings;
        rows = new(model, settings);
    }

    /// <summary>
    /// The model, to explain scores by columns, to fill tables and to draw new rows with. It is of tables as
    /// <see cref="DataViewTables.ToTable"/> makes them, and disposed of with the transformer.
    /// </summary>
    public TableModel Model { get; }

    /// <summary>The p-value at or below which a row is labelled an anomaly.</summary>
    public double FalseAlarmRate => settings.FalseAlarmRate;

    /// <summary>The columns that the model is of.</summary>
    public IReadOnlyList<string> InputColumnNames => [.. settings.Inputs.Select(input => input.Name)];

    /// <summary>The table of a data view as the model was trained on it, to be scored, explained or filled by <see cref="Model"/>.</summary>
    /// <exception cref="ArgumentException">A column is not there, or of another type than in training.</exception>
    /// <exception cref="Tabular.TableException">A value is one that its column's law cannot have.</exception>
    public Table ToTable(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return DataViewTables.Read(input, settings.Inputs, Model.Schema);
    }

    /// <summary>A schema with the added columns.</summary>
    /// <exception cref="ArgumentException">A column is not there, or of another type than in training.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    /// <summary>A data view with the added columns, each row computed where it is asked for.</summary>
    /// <exception cref="ArgumentException">A column is not there, or of another type than in training.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ScoredView(input, Mapper(input.Schema));
    }

    bool ITransformer.IsRowToRowMapper => true;

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    private RowMapper Mapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new(rows, settings, inputSchema);
    }

    private static VersionInfo Version =>
        new(
            modelSignature: "VAETABLE",
            verWrittenCur: 0x00010001,
            verReadableCur: 0x00010001,
            verWeCanReadBack: 0x00010001,
            loaderAssemblyName: typeof(VaeTransformer).Assembly.FullName,
            loaderSignature: LoaderSignature
        );

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        var bytes = StoredTransformer.Write(Model, settings);
        ctx.Writer.Write(bytes.Length);
        ctx.Writer.Write(bytes);
    }

    /// <summary>What ML.NET calls to load a saved transformer: it finds the method by its name and signature.</summary>
    internal static VaeTransformer Create(IHostEnvironment _, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        var (model, settings) = StoredTransformer.Read(ctx.Reader.ReadBytes(ctx.Reader.ReadInt32()));
        return new(model, settings);
    }

    /// <summary>Frees the model's parameters.</summary>
    public void Dispose() => Model.Dispose();
}
