using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace VaeFunctional.ML;

/// <summary>
/// Trains a variational autoencoder on columns of a data view, a law for each of their values, and makes a <see cref="VaeTransformer"/> of
/// it. What each column is told to be, and each epoch, go to the MLContext's log. A column whose values are all one, or each another text, is
/// left out of the model, as the log says.
/// </summary>
public sealed class VaeEstimator : IEstimator<VaeTransformer>
{
    private readonly IHostEnvironment environment;
    private readonly IReadOnlyList<string> names;
    private readonly VaeOptions options;

    internal VaeEstimator(IHostEnvironment environment, IReadOnlyList<string> inputColumnNames, VaeOptions options)
    {
        ArgumentNullException.ThrowIfNull(inputColumnNames);

        if (inputColumnNames.Count == 0 || inputColumnNames.Distinct().Count() != inputColumnNames.Count)
        {
            throw new ArgumentException(
                $"names of columns are '{string.Join(", ", inputColumnNames)}'; expected at least one, each once",
                nameof(inputColumnNames)
            );
        }

        this.environment = environment;
        this.options = options;
        names = [.. inputColumnNames];
        Outputs = OutputColumns.Of(options);
    }

    private OutputColumns Outputs { get; }

    /// <summary>Trains a model on a data view's rows, which are held in memory.</summary>
    /// <exception cref="ArgumentException">
    /// A column is not there or of a type that no model is of, there are fewer than 10 rows, or options do not fit.
    /// </exception>
    /// <exception cref="Tabular.TableException">
    /// A value is infinite or none of its column's, or fewer than two columns can be modelled.
    /// </exception>
    public VaeTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = environment.Start("VAE");
        var inputs = names.Select(name => InputColumn.Of(input.Schema, name)).ToArray();
        var table = DataViewTables.Read(input, inputs, options.Schema);
        var settings = options.ToTable((environment as IHostEnvironmentInternal)?.Seed ?? 0);
        var rate = Rate(Tabular.TableRunModule.calibrationRows(settings.ToCore(), table.Rows));

        foreach (var note in table.Notes)
        {
            channel.Info(MessageSensitivity.Schema, note);
        }

        var model = TableModel.FitAsync(table, settings, new Log(channel)).GetAwaiter().GetResult();
        return new(model, new(inputs, Outputs, rate));
    }

    /// <summary>The columns of a schema, and those that the transformer adds.</summary>
    /// <exception cref="ArgumentException">A column is not there, or of a type that no model is of.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);

        foreach (var name in names)
        {
            Check(inputSchema, name);
        }

        var added = Outputs.Shape();
        return new([.. inputSchema.Where(known => added.All(column => column.Name != known.Name)), .. added]);
    }

    private static void Check(SchemaShape schema, string name)
    {
        var column = schema.FirstOrDefault(known => known.Name == name);

        if (column.Name is null)
        {
            throw InputColumn.Absent(name, schema.Select(known => known.Name));
        }

        var isNumber = !column.IsKey && column.ItemType is NumberDataViewType or BooleanDataViewType;
        var isLevel = column.IsKey || column.ItemType is TextDataViewType;
        var canBe = column.Kind switch
        {
            SchemaShape.Column.VectorKind.Scalar => isNumber || isLevel,
            SchemaShape.Column.VectorKind.Vector => isNumber,
            _ => false,
        };

        if (!canBe)
        {
            throw InputColumn.Refuse(
                name,
                $"{column.Kind} of {(column.IsKey ? "Key of " : "")}{column.ItemType}",
                InputColumn.Readable
            );
        }
    }

    /// <summary>The rate of false alarms that so many rows can tell.</summary>
    private double Rate(int calibrationRows)
    {
        var least = 1.0 / (calibrationRows + 1);
        return options.FalseAlarmRate switch
        {
            null => Math.Max(0.01, least),
            { } rate when rate >= least && rate < 1 => rate,
            { } rate => throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"FalseAlarmRate is {rate}; expected from {least:0.####} on, the least that {calibrationRows} rows held back to calibrate scores by can tell, and below 1: more rows or a larger HeldBack tell less"
                )
            ),
        };
    }

    /// <summary>Tells a channel of epochs.</summary>
    private sealed class Log(IChannel channel) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Completed is { } epoch)
            {
                channel.Trace(
                    MessageSensitivity.None,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"epoch {epoch.Number} of {value.Epochs}: {epoch.Total:F3} nats a row, {epoch.Validation?.Total.Mean:F3} held back"
                    )
                );
            }
        }
    }
}
