using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Expecto;
using Expecto.CSharp;

namespace VaeFunctional.Tests;

/// <summary>Tables, as a program uses them.</summary>
internal static class TableTests
{
    private enum TreeKind
    {
        Oak,
        Fir,
        Elm,
    }

    private sealed record Tree(double Height, int Rings, TreeKind Kind, DateOnly? Felled);

    private static readonly Lazy<Task<TableModel>> trained = new(async () =>
    {
        using var scratch = new Scratch();
        return await TableModel.FitAsync(
            Table.Read(Trees(scratch, 240)),
            new TableModelOptions { Epochs = 150, Seed = 2 }
        );
    });

    /// <summary>Rows of two kinds of trees, whose height follows from two numbers; some values are missing, and row 6 is too high.</summary>
    private static string Trees(Scratch scratch, int rows)
    {
        var path = scratch.At("trees.csv");
        using var file = File.CreateText(path);
        file.WriteLine("age,width,height,kind");

        for (var i = 0; i < rows; i++)
        {
            double u = Math.Sin(i * 12.9898) * 0.5,
                v = Math.Sin(i * 78.233) * 0.5;
            var width = i % 9 == 3 ? "" : v.ToString("F4", CultureInfo.InvariantCulture);
            var height = i == 6 ? 9 : u + v;
            file.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{u:F4},{width},{height:F4},{(u > 0 ? "oak" : "fir")}")
            );
        }

        return path;
    }

    public static readonly Test Tests = Runner.TestList(
        "tables",
        [
            Runner.TestCase(
                "a table says what its columns are, and takes another schema",
                () =>
                {
                    using var scratch = new Scratch();
                    var table = Table.Read(Trees(scratch, 60));
                    Check.Equal(table.Rows, 60, "rows");
                    Check.Equal(table.Name, "trees", "name");
                    Check.Sequence(
                        table.Schema.Columns.Select(column => column.Kind),
                        [ColumnKind.Real, ColumnKind.Real, ColumnKind.Real, ColumnKind.Binary],
                        "kinds"
                    );
                    Check.Contains(table.Notes[1], "width: real; 7 missing");
                    Check.Equal(table.Missing("width"), 7, "missing");
                    Check.True(double.IsNaN(table.Numbers("width")[3]), "a missing number is NaN");
                    Check.Equal(table.Texts("kind")[0], "fir", "a level");

                    var schema = table.Schema.With(
                        new TableColumn("kind", ColumnKind.Category) { Levels = ["fir"], Law = "OneHotCategorical" }
                    );
                    schema.Write(scratch.At("schema.json"));
                    var again = Table.Read(scratch.At("trees.csv"), TableSchema.Read(scratch.At("schema.json")));
                    Check.Equal(again.Schema.Columns[3], schema.Columns[3], "the column, written and read");
                    Check.Equal(again.Others("kind"), table.Texts("kind").Count(kind => kind == "oak"), "others");

                    table.Pick(2, 0).Write(scratch.At("two.csv"));
                    Check.Equal(File.ReadAllLines(scratch.At("two.csv")).Length, 3, "lines");
                }
            ),
            Runner.TestCase(
                "what is no table is refused with its line, and what is no argument by its name",
                () =>
                {
                    using var scratch = new Scratch();
                    File.WriteAllText(scratch.At("bad.csv"), "a,b\n1,2\n3\n");
                    var refusal = Check.Throws<Vae.Tables.TableException>(() => Table.Read(scratch.At("bad.csv")));
                    Check.Contains(refusal.Message, "bad.csv, line 3");
                    var table = Table.Of(
                        "t",
                        ["a", "b"],
                        [
                            [1, 2],
                            [3, double.NaN],
                        ]
                    );
                    Check.Equal(table.Missing("b"), 1, "missing");
                    Check.Refuses<ArgumentException>("name", () => table.Texts("c"));
                    Check.Refuses<ArgumentException>("column", () => table.Schema.With(new("c", ColumnKind.Real)));
                    Check.Refuses<ArgumentException>(
                        "rows",
                        () =>
                            Table.Of(
                                "t",
                                ["a"],
                                [
                                    [1, 2],
                                ]
                            )
                    );
                    Check.Throws<ArgumentException>(() => TableSchema.Of([]));
                }
            ),
            Runner.TestCase(
                "values of a program are a table, told by a look or a schema",
                () =>
                {
                    var trees = Enumerable
                        .Range(0, 60)
                        .Select(i => new Tree(
                            Math.Sin(i),
                            i * 7 % 20,
                            (TreeKind)(i % 3),
                            i % 6 == 0 ? null : new DateOnly(2024, 1 + i % 12, 1)
                        ));
                    var table = Table.FromRecords(trees);
                    Check.Equal(table.Name, "Tree", "name");
                    Check.Sequence(
                        table.Schema.Columns.Select(column => column.Name),
                        ["Height", "Rings", "Kind", "Felled"],
                        "names"
                    );
                    Check.Sequence(
                        table.Schema.Columns.Select(column => column.Kind),
                        [ColumnKind.Real, ColumnKind.Count, ColumnKind.Category, ColumnKind.Date],
                        "kinds"
                    );
                    Check.Equal(table.Missing("Felled"), 10, "null is missing");
                    Check.Contains(table.Notes[2], "Kind: category of 3 levels");
                    var few = table.Schema.With(new("Kind", ColumnKind.Category) { Levels = ["Oak"] });
                    Check.Equal(Table.FromRecords(trees, few).Others("Kind"), 40, "others of another schema");
                    Check.Contains(
                        Check
                            .Throws<ArgumentException>(() => Table.FromRecords([new { A = 1, B = new object() }]))
                            .Message,
                        "property 'B'"
                    );

                    double[,] numbers =
                    {
                        { 1, 2 },
                        { 3, double.NaN },
                        { 5, 6 },
                    };
                    var rows = Table.Of("numbers", ["a", "b"], numbers);
                    Check.Sequence(rows.Numbers("a"), [1, 3, 5], "a column");
                    Check.Equal(rows.Missing("b"), 1, "NaN is missing");
                }
            ),
            Runner.TestCase(
                "a model of a file's rows is that of its table",
                async () =>
                {
                    using var scratch = new Scratch();
                    var path = Trees(scratch, 240);
                    var options = new TableModelOptions { Epochs = 3, Seed = 2 };
                    var table = Table.Read(path);
                    using var expected = await TableModel.FitAsync(table, options);
                    var rows = TableRows.Open(path);
                    Check.Equal(rows.Rows, 240, "rows");
                    Check.Sequence(rows.Notes, table.Notes, "notes");
                    using var ofPath = await TableModel.FitAsync(path, options);
                    using var ofRows = await TableModel.FitAsync(rows, options);
                    var nats = expected.Score(table, Scoring.LogLikelihood(10)).Select(score => score.Nats).ToArray();
                    Check.Sequence(
                        ofPath.Score(table, Scoring.LogLikelihood(10)).Select(score => score.Nats),
                        nats,
                        "of the path"
                    );
                    Check.Sequence(
                        ofRows.Score(table, Scoring.LogLikelihood(10)).Select(score => score.Nats),
                        nats,
                        "of the rows"
                    );
                    var (places, some) = rows.Thin(24);
                    Check.Sequence(places, Enumerable.Range(0, 24).Select(i => i * 10), "at even distances");
                    Check.Sequence(some.Texts("age"), places.Select(i => table.Texts("age")[i]), "their values");
                    Check.Refuses<ArgumentOutOfRangeException>("count", () => rows.Thin(0));
                }
            ),
            Runner.TestCase(
                "a model scores, fills, encodes and draws rows",
                async () =>
                {
                    using var scratch = new Scratch();
                    var table = Table.Read(Trees(scratch, 240));
                    var model = await trained.Value;
                    var scores = model.Score(table);
                    Check.Equal(scores.Count, 240, "scores");
                    var odd = scores.MaxBy(score => score.Nats)!;
                    Check.Equal(odd.Row, 6, "the odd row");
                    Check.Equal(odd.Oddest.First(), "height", "by its height");
                    Check.Contains($"{odd}", "row 6:");
                    Check.True(odd.PValue < 0.1, $"p is {odd.PValue}");
                    Check.True(model.CalibrationRows == 24, "a tenth of the rows");

                    foreach (var score in scores)
                    {
                        Check.Close(score.Columns.Values.Sum() + score.Together, score.Nats, 1e-6, "the parts' sum");
                    }

                    var imputed = model.Impute(table);
                    Check.Equal(imputed.Table.Missing("width"), 0, "filled");
                    Check.True(imputed.Uncertainty["width"][3] > 0, "with its uncertainty");
                    Check.True(double.IsNaN(imputed.Uncertainty["width"][4]), "none of what was there");
                    Check.Equal(model.Encode(table).Length, 240, "codes");
                    var drawn = model.Sample(50, seed: 1);
                    Check.Equal(drawn.Rows, 50, "new rows");
                    Check.True(drawn.Texts("kind").All(kind => kind is "oak" or "fir"), "of the two kinds");
                    Check.Sequence(model.Sample(50, seed: 1).Texts("age"), drawn.Texts("age"), "by the seed");
                    Check.Contains($"{model}", "Normal (scale each)");
                }
            ),
            Runner.TestCase(
                "rows are scored by what is asked for, and holes drawn as often as is asked for",
                async () =>
                {
                    using var scratch = new Scratch();
                    var table = Table.Read(Trees(scratch, 240));
                    var model = await trained.Value;
                    double[] Nats(Scoring by) => [.. model.Score(table, by).Select(score => score.Nats)];
                    var bound = Nats(Scoring.Bound(1));
                    var parts = Nats(Scoring.Reconstruction(1)).Zip(Nats(Scoring.Latent), (a, b) => a + b);
                    Check.True(
                        bound.Zip(parts, (a, b) => Math.Abs(a - b)).Max() < 1e-3,
                        "the bound is the sum of both"
                    );
                    Check.Sequence(
                        Nats(Scoring.LogLikelihood()),
                        model.Score(table).Select(score => score.Nats),
                        "default"
                    );
                    Check.True(Scoring.Bound(20).ToString() == "bound, 20 samples", $"{Scoring.Bound(20)}");
                    Check.True(Scoring.Latent.ToString() == "latent", $"{Scoring.Latent}");
                    Check.True(
                        model
                            .Score(table, Scoring.Latent)
                            .All(row => row.Nats > model.Threshold(0.1, Scoring.Latent).Nats == row.PValue <= 0.1),
                        "a threshold of its own"
                    );
                    Check.Refuses<ArgumentOutOfRangeException>("samples", () => Scoring.Bound(0));

                    var copies = model.Complete(table, copies: 3, seed: 4);
                    Check.Equal(copies.Count, 3, "copies");
                    Check.True(copies.All(copy => copy.Missing("width") == 0), "filled");
                    Check.True(copies[0].Texts("width")[3] != copies[1].Texts("width")[3], "drawn");
                    Check.Equal(copies[0].Texts("width")[4], table.Texts("width")[4], "what is there stays");
                    var again = model.Complete(table, copies: 3, seed: 4);
                    Check.Sequence(again[2].Texts("width"), copies[2].Texts("width"), "by the seed");
                    Check.Refuses<ArgumentOutOfRangeException>("copies", () => model.Complete(table, 0));
                }
            ),
            Runner.TestCase(
                "a model is saved and loaded, and nothing is asked of one that is disposed of",
                async () =>
                {
                    using var scratch = new Scratch();
                    var table = Table.Read(Trees(scratch, 40));
                    var model = await trained.Value;
                    model.Save(scratch.At("model"));
                    var loaded = TableModel.Load(scratch.At("model"));
                    Check.Sequence(
                        loaded.Score(table).Select(score => score.Nats),
                        model.Score(table).Select(score => score.Nats),
                        "scores"
                    );
                    loaded.Dispose();
                    loaded.Dispose();
                    Check.Throws<ObjectDisposedException>(() => loaded.Score(table));
                    Check.Throws<ArgumentException>(() =>
                        model.Score(
                            Table.Of(
                                "t",
                                ["a"],
                                [
                                    [1],
                                ]
                            )
                        )
                    );
                }
            ),
            Runner.TestCase(
                "a model's own rows are measured against those that it was trained on and those held back",
                async () =>
                {
                    using var scratch = new Scratch();
                    var table = Table.Read(Trees(scratch, 240));
                    var isHeldBack = new TableModelOptions { Seed = 2 }.HeldBackOf(table.Rows);
                    Check.Equal(isHeldBack.Length, 240, "one a row");
                    Check.Equal(isHeldBack.Count(held => held), 48, "a fifth of them");
                    var heldBack = table.Pick([.. Enumerable.Range(0, 240).Where(row => isHeldBack[row])]);
                    var training = table.Pick([.. Enumerable.Range(0, 240).Where(row => !isHeldBack[row])]);
                    var fidelity = TableFidelity.Measure(training, heldBack, (await trained.Value).Sample(500));
                    Check.Sequence(fidelity.Columns.Keys.Order(), ["age", "height", "kind", "width"], "columns");
                    Check.True(fidelity.Columns.Values.All(distance => distance is >= 0 and < 0.5), "near");
                    var pair = fidelity.Correlations.Single(pair => pair is { First: "age", Second: "height" });
                    Check.True(Math.Abs(pair.Data - pair.Samples) < 0.5, "they go together as they should");
                    Check.True(fidelity.NearestRatio > 0.2, "no copies");
                    var copies = TableFidelity.Measure(training, heldBack, training);
                    Check.Equal(copies.NearestRatio, 0, "copies are told");
                    Check.Throws<ArgumentOutOfRangeException>(() => new TableModelOptions().HeldBackOf(9));
                }
            ),
            Runner.TestCase(
                "a threshold is by a share of false alarms",
                async () =>
                {
                    using var scratch = new Scratch();
                    var model = await trained.Value;
                    var threshold = model.Threshold(0.1);
                    Check.True(threshold.Low < threshold.Rate && threshold.Rate < threshold.High, "in its interval");
                    Check.True(threshold.Rate <= 0.1, "no more than asked for");
                    var rows = model.Score(Table.Read(Trees(scratch, 240)));
                    Check.True(
                        rows.All(row => row.Nats > threshold.Nats == row.PValue <= threshold.Rate + 1e-12),
                        "alarms are the rows of low p-values"
                    );
                    Check.Contains(
                        Check.Throws<ArgumentException>(() => model.Threshold(1e-6)).Message,
                        "calibrated by"
                    );
                }
            ),
            Runner.TestCase(
                "training tells its progress, and can be cancelled",
                async () =>
                {
                    using var scratch = new Scratch();
                    var table = Table.Read(Trees(scratch, 60));
                    var epochs = new List<int>();
                    using var source = new CancellationTokenSource();
                    var progress = new Told(step =>
                    {
                        if (step.Completed is { } epoch)
                        {
                            epochs.Add(epoch.Number);
                        }

                        if (epochs.Count == 3)
                        {
                            source.Cancel();
                        }
                    });
                    await Check.ThrowsAsync<OperationCanceledException>(() =>
                        TableModel.FitAsync(table, new TableModelOptions { Epochs = 50 }, progress, source.Token)
                    );
                    Check.Sequence(epochs, [1, 2, 3], "epochs");
                    await Check.ThrowsAsync<ArgumentException>(() =>
                        TableModel.FitAsync(table, new TableModelOptions { HeldBack = 0 })
                    );
                }
            ),
        ]
    );

    private sealed class Told(Action<TrainingProgress> tell) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => tell(value);
    }
}
