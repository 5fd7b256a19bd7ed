using System;
using System.Linq;
using System.Reflection;
using Expecto;
using Expecto.CSharp;
using Microsoft.ML;
using Microsoft.ML.Data;
using VaeFunctional.Tests;

namespace VaeFunctional.ML.Tests;

/// <summary>What columns a transformer asks for, and which it promises.</summary>
internal static class SchemaTests
{
    private sealed class Varying
    {
        public float[] Features { get; set; } = [];

        public DateTime When { get; set; }

        public float Number { get; set; }
    }

    private static readonly MLContext context = new();

    private static IDataView Data => context.Data.LoadFromEnumerable(Trees.Grow(60));

    private static void Refused(string column, string expected, Action action)
    {
        var message = Check.Throws<ArgumentException>(action).Message;
        Check.Contains(message, $"column '{column}'");
        Check.Contains(message, expected);
    }

    public static readonly Test Tests = Runner.TestList(
        "schema",
        [
            Runner.TestCase(
                "the estimator promises what the transformer adds, by names of one's own",
                () =>
                {
                    var options = new VaeOptions
                    {
                        Epochs = 1,
                        LatentDimension = 3,
                        LatentColumnName = "Code",
                        ScoreColumnName = "Nats",
                        PredictedLabelColumnName = "IsOdd",
                        ReconstructionColumnName = "Expected",
                    };
                    using var model = context.Transforms.Vae(["Age", "Height", "Kind"], options).Fit(Data);
                    var schema = model.GetOutputSchema(Data.Schema);
                    Check.Equal(schema.Count, Data.Schema.Count + 4, "columns");
                    Check.Equal(schema["Code"].Type, new VectorDataViewType(NumberDataViewType.Single, 3), "codes");
                    Check.Equal(schema["Nats"].Type, NumberDataViewType.Single, "scores");
                    Check.Equal(schema["IsOdd"].Type, BooleanDataViewType.Instance, "labels");
                    Check.Equal(
                        schema["Expected"].Type,
                        new VectorDataViewType(NumberDataViewType.Single, 3),
                        "reconstructions"
                    );
                    VBuffer<ReadOnlyMemory<char>> names = default;
                    schema["Expected"].GetSlotNames(ref names);
                    Check.Sequence(
                        names.DenseValues().Select(name => name.ToString()),
                        ["Age", "Height", "Kind.oak"],
                        "names of slots"
                    );
                    Check.Sequence(
                        model.Transform(Data).Schema.Select(column => (column.Name, column.Type)),
                        schema.Select(column => (column.Name, column.Type)),
                        "the view's schema"
                    );
                }
            ),
            Runner.TestCase(
                "a chain of estimators is told the columns before anything is trained",
                () =>
                {
                    var pipeline = context
                        .Transforms.Concatenate("Features", "Age", "Width")
                        .Append(context.Transforms.Vae())
                        .Append(context.Transforms.NormalizeMinMax("Latent"))
                        .Append(context.Transforms.CopyColumns("Nats", "Score"));
                    using var model = pipeline.Fit(Data);
                    Check.True(model.GetOutputSchema(Data.Schema).GetColumnOrNull("Nats") is not null, "it is copied");
                    var shape = ((IEstimator<ITransformer>)pipeline).GetOutputSchema(Shape(Data));
                    Check.True(shape.Any(column => column.Name == "Reconstruction"), "it is promised");
                }
            ),
            Runner.TestCase(
                "a column that is not there is refused with those that are",
                () =>
                {
                    Refused("Fetures", "one of Age, Width", () => context.Transforms.Vae("Fetures").Fit(Data));
                    Refused(
                        "Fetures",
                        "one of Age, Width",
                        () => context.Transforms.Vae("Fetures").GetOutputSchema(Shape(Data))
                    );
                }
            ),
            Runner.TestCase(
                "a column of a type that no model is of is refused with what would do",
                () =>
                {
                    var data = context.Data.LoadFromEnumerable(
                        Enumerable.Range(0, 20).Select(i => new Varying { Features = new float[i], Number = i })
                    );
                    Refused("Features", "known size", () => context.Transforms.Vae().Fit(data));
                    Refused("Features", "known size", () => context.Transforms.Vae().GetOutputSchema(Shape(data)));
                    Refused("When", "Boolean", () => context.Transforms.Vae(["Number", "When"]).Fit(data));
                    Refused(
                        "When",
                        "Boolean",
                        () => context.Transforms.Vae(["Number", "When"]).GetOutputSchema(Shape(data))
                    );
                }
            ),
            Runner.TestCase(
                "a trained model refuses data whose columns are others",
                () =>
                {
                    using var model = context
                        .Transforms.Vae(["Age", "Height"], new VaeOptions { Epochs = 1 })
                        .Fit(Data);
                    var without = context.Transforms.DropColumns("Height").Fit(Data).Transform(Data);
                    Refused("Height", "one of Age", () => model.GetOutputSchema(without.Schema));
                    var text = context.Transforms.CopyColumns("Height", "Kind").Fit(Data).Transform(Data);
                    Refused("Height", "a number or Boolean, as the model was trained on", () => model.Transform(text));
                }
            ),
            Runner.TestCase(
                "options that do not fit are refused by name",
                () =>
                {
                    Check.Refuses<ArgumentException>("inputColumnNames", () => context.Transforms.Vae([]));
                    Check.Refuses<ArgumentException>("inputColumnNames", () => context.Transforms.Vae(["a", "a"]));
                    Check.Refuses<ArgumentException>(
                        "options",
                        () => context.Transforms.Vae("a", new VaeOptions { ScoreColumnName = "Latent" })
                    );
                    var rate = Check.Throws<ArgumentException>(() =>
                        context.Transforms.Vae(["Age", "Width"], new VaeOptions { FalseAlarmRate = 0.01 }).Fit(Data)
                    );
                    Check.Contains(rate.Message, "FalseAlarmRate is 0.01; expected from 0.1429 on");
                    using var model = context.Transforms.Vae(["Age", "Width"], new VaeOptions { Epochs = 1 }).Fit(Data);
                    Check.Equal(model.FalseAlarmRate, 1.0 / (model.Model.CalibrationRows + 1), "the rate by default");
                }
            ),
        ]
    );

    /// <summary>The shape of a view's schema, which ML.NET makes for itself alone.</summary>
    private static SchemaShape Shape(IDataView data) =>
        (SchemaShape)
            typeof(SchemaShape)
                .GetMethod("Create", BindingFlags.NonPublic | BindingFlags.Static)!
                .Invoke(null, [data.Schema])!;
}
