using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using VaeFunctional.Tests;

namespace VaeFunctional.ML.Tests;

/// <summary>A tree: its height follows from its age and its width, and its kind from its age.</summary>
internal sealed class Tree
{
    [LoadColumn(0)]
    public float Age { get; set; }

    [LoadColumn(1)]
    public float Width { get; set; }

    [LoadColumn(2)]
    public float Height { get; set; }

    [LoadColumn(3)]
    public string Kind { get; set; } = "";

    /// <summary>1 of a tree that is odd.</summary>
    [LoadColumn(4)]
    public float Label { get; set; }
}

/// <summary>What a transformer adds.</summary>
internal sealed class Scored
{
    public float[] Latent { get; set; } = [];

    public float Score { get; set; }

    public bool PredictedLabel { get; set; }

    public float[] Reconstruction { get; set; } = [];
}

/// <summary>Trees, some of them too high for their age, and small models of them.</summary>
internal static class Trees
{
    public static readonly VaeOptions Small = new()
    {
        LatentDimension = 2,
        Epochs = 80,
        FalseAlarmRate = 0.1,
    };

    public static IReadOnlyList<Tree> Grow(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    float u = MathF.Sin(i * 12.9898f) * 0.5f,
                        v = MathF.Sin(i * 78.233f) * 0.5f;
                    var isOdd = i % 40 == 7;
                    return new Tree
                    {
                        Age = 10 + 4 * u,
                        Width = v,
                        Height = u + v + (isOdd ? 3 : 0),
                        Kind = u > 0 ? "oak" : "fir",
                        Label = isOdd ? 1 : 0,
                    };
                }),
        ];

    /// <summary>The trees as a text file with a line of names.</summary>
    public static string Write(Scratch scratch, IEnumerable<Tree> trees)
    {
        var path = scratch.At("trees.tsv");
        File.WriteAllLines(
            path,
            trees
                .Select(tree =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{tree.Age}\t{tree.Width}\t{tree.Height}\t{tree.Kind}\t{tree.Label}"
                    )
                )
                .Prepend("age\twidth\theight\tkind\tlabel")
        );
        return path;
    }

    public static Scored[] ScoredBy(this ITransformer model, MLContext context, IDataView data) =>
        [
            .. context.Data.CreateEnumerable<Scored>(
                model.Transform(data),
                reuseRowObject: false,
                ignoreMissingColumns: true
            ),
        ];
}
