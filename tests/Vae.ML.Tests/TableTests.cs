using System;
using System.Linq;
using System.Threading.Tasks;
using Expecto;
using Expecto.CSharp;
using Microsoft.ML;
using VaeFunctional.Tests;

namespace VaeFunctional.ML.Tests;

/// <summary>Data views as tables.</summary>
internal static class TableTests
{
    public static readonly Test Tests = Runner.TestList(
        "tables",
        [
            Runner.TestCase(
                "a data view is a table, columns by their names and slots by theirs",
                async () =>
                {
                    var context = new MLContext();
                    var trees = Trees.Grow(60);
                    trees[4].Width = float.NaN;
                    var data = context.Data.LoadFromEnumerable(trees);
                    var encoded = context
                        .Transforms.Categorical.OneHotEncoding("Hot", "Kind")
                        .Append(context.Transforms.Concatenate("Features", "Hot", "Age"))
                        .Fit(data)
                        .Transform(data);
                    var table = encoded.ToTable("Width", "Kind", "Features");
                    Check.Equal(table.Rows, 60, "rows");
                    Check.Sequence(
                        table.Schema.Columns.Select(column => column.Name),
                        ["Width", "Kind", "Features.Hot.fir", "Features.Hot.oak", "Features.Age"],
                        "columns"
                    );
                    Check.Equal(table.Missing("Width"), 1, "missing");
                    Check.Equal(table.Texts("Kind")[5], trees[5].Kind, "a text");
                    Check.Equal(table.Numbers("Width")[5], (double)trees[5].Width, "a number");
                    Check.Contains(table.Notes[1], "Kind: binary");
                    using var model = await TableModel.FitAsync(table, new TableModelOptions { Epochs = 1 });
                    Check.Equal(model.Score(table).Count, 60, "scores");
                    Check.Equal(data.ToTable().Schema.Columns.Count, 5, "all columns");
                    var refusal = Check.Throws<ArgumentException>(() => data.ToTable("Breadth"));
                    Check.Contains(refusal.Message, "column 'Breadth'");
                }
            ),
            Runner.TestCase(
                "a data view without rows is refused",
                () =>
                {
                    var data = new MLContext().Data.LoadFromEnumerable(Trees.Grow(0));
                    Check.Refuses<ArgumentException>("data", () => data.ToTable());
                }
            ),
        ]
    );
}
