using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace VaeFunctional.ML;

/// <summary>The names of the columns that a transformer adds.</summary>
internal sealed record OutputColumns(string Latent, string Score, string PredictedLabel, string Reconstruction)
{
    public static OutputColumns Of(VaeOptions options)
    {
        var outputs = new OutputColumns(
            options.LatentColumnName,
            options.ScoreColumnName,
            options.PredictedLabelColumnName,
            options.ReconstructionColumnName
        );
        string[] names = [outputs.Latent, outputs.Score, outputs.PredictedLabel, outputs.Reconstruction];

        if (names.Any(string.IsNullOrWhiteSpace) || names.Distinct().Count() != names.Length)
        {
            throw new ArgumentException(
                $"names of added columns are '{string.Join("', '", names)}'; expected four that differ, none of them blank",
                nameof(options)
            );
        }

        return outputs;
    }

    /// <summary>The columns as an estimator promises them.</summary>
    public IReadOnlyList<SchemaShape.Column> Shape()
    {
        var names = new SchemaShape([
            new(AnnotationKinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false),
        ]);
        return
        [
            new(Latent, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false),
            new(Score, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false),
            new(PredictedLabel, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false),
            new(Reconstruction, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, names),
        ];
    }

    /// <summary>A schema with the columns after its own: codes of so many dimensions, and reconstructions of slots by their names.</summary>
    public DataViewSchema After(DataViewSchema schema, int latent, IReadOnlyList<string> slots)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            AnnotationKinds.SlotNames,
            new VectorDataViewType(TextDataViewType.Instance, slots.Count),
            (ref VBuffer<ReadOnlyMemory<char>> names) =>
                names = new(slots.Count, [.. slots.Select(slot => slot.AsMemory())])
        );

        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema);
        builder.AddColumn(Latent, new VectorDataViewType(NumberDataViewType.Single, latent));
        builder.AddColumn(Score, NumberDataViewType.Single);
        builder.AddColumn(PredictedLabel, BooleanDataViewType.Instance);
        builder.AddColumn(
            Reconstruction,
            new VectorDataViewType(NumberDataViewType.Single, slots.Count),
            annotations.ToAnnotations()
        );
        return builder.ToSchema();
    }
}
