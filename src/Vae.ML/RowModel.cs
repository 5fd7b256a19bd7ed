using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.FSharp.Core;

namespace VaeFunctional.ML;

/// <summary>What the added columns have in a row.</summary>
internal sealed record RowResult(float[] Latent, float Score, bool PredictedLabel, float[] Reconstruction);

/// <summary>
/// What a model says of a row, a function of the row alone: the draws of its posterior are those of the first row of a table, wherever
/// it stands. A value that its column's law cannot have makes the score the largest Single, and counts as missing otherwise.
/// </summary>
internal sealed class RowModel
{
    private readonly TableModel model;
    private readonly double rate;
    private readonly FSharpFunc<double[], Tabular.RowReading> read;

    /// <summary>Of each slot the modelled column that it is, from 0; -1 where no model is of it.</summary>
    private readonly int[] modelled;
    private readonly FSharpFunc<string, double>[] ofText;
    private readonly FSharpFunc<double, double>[] ofNumber;
    private readonly SlotForm[] forms;

    public RowModel(TableModel model, VaeSettings settings)
    {
        this.model = model;
        rate = settings.FalseAlarmRate;
        read = model.Read(Tabular.RowByRow.reader);
        LatentDimension = model.Read(run =>
            (int)run.Run.Vae.LatentShape.Aggregate(1L, (product, size) => product * size)
        );

        var schema = model.Schema.Value;
        Tabular.Column[] columns = [.. Tabular.SchemaModule.modelled(schema)];
        var slots = settings
            .Inputs.SelectMany(input => input.Slots.Select(slot => (Slot: slot, input.IsText)))
            .ToArray();
        modelled = [.. slots.Select(slot => Array.FindIndex(columns, column => column.Name == slot.Slot))];
        ofText = [.. columns.Select(column => Tabular.RowByRow.cell(schema, column))];
        ofNumber = [.. columns.Select(column => Tabular.RowByRow.cellOfNumber(schema, column))];
        forms =
        [
            .. slots.Select(
                (slot, i) => SlotForm.Of(slot.Slot, slot.IsText, modelled[i] < 0 ? null : columns[modelled[i]])
            ),
        ];
        ReconstructionNames = [.. forms.SelectMany(form => form.Names)];
    }

    public int LatentDimension { get; }

    /// <summary>The names of a reconstruction's numbers.</summary>
    public IReadOnlyList<string> ReconstructionNames { get; }

    /// <summary>What is said of a row of so many cells as there are slots.</summary>
    public RowResult Score(Cell[] cells)
    {
        var numbers = new double[ofText.Length];

        for (var i = 0; i < cells.Length; i++)
        {
            if (modelled[i] >= 0)
            {
                numbers[modelled[i]] = cells[i].Text is { } text
                    ? ofText[modelled[i]].Invoke(text)
                    : ofNumber[modelled[i]].Invoke(cells[i].Number);
            }
        }

        var reading = model.Read(_ => read.Invoke(numbers));
        return new(
            reading.Latent,
            (float)Math.Min(reading.Score, float.MaxValue),
            reading.PValue <= rate,
            [
                .. cells.SelectMany(
                    (cell, i) => forms[i].Values(cell, modelled[i] < 0 ? [] : reading.Expected[modelled[i]])
                ),
            ]
        );
    }
}
