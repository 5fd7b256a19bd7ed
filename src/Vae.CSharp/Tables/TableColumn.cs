using System.Collections.Generic;

namespace VaeFunctional;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name in the line of names.</param>
/// <param name="Kind">What its values are.</param>
public sealed record TableColumn(string Name, ColumnKind Kind)
{
    /// <summary>The levels of an ordinal, a category or a binary column; none of others.</summary>
    public IReadOnlyList<string> Levels { get; init; } = [];

    /// <summary>The format of a date, one of .NET's; null of other columns.</summary>
    public string? Format { get; init; }

    /// <summary>The law of the values where it is not the kind's own, as text: <c>StudentT df=4 scale=each</c>.</summary>
    public string? Law { get; init; }

    internal static TableColumn Of(Tabular.Column column)
    {
        var kind = column.Kind;
        var name = Tabular.ColumnModule.kindName(kind);
        return new(column.Name, System.Enum.Parse<ColumnKind>(name, ignoreCase: true))
        {
            Levels = new ValueList<string>([.. Tabular.ColumnModule.levels(column)]),
            Format = kind is Tabular.ColumnKind.Date date ? date.format : null,
            Law = column.Law?.Value,
        };
    }

    internal Tabular.Column ToCore()
    {
        var levels = Levels.ToCoreList();
        var kind = Kind switch
        {
            ColumnKind.Real => Tabular.ColumnKind.Real,
            ColumnKind.Positive => Tabular.ColumnKind.Positive,
            ColumnKind.Count => Tabular.ColumnKind.Count,
            ColumnKind.Ordinal => Tabular.ColumnKind.NewOrdinal(levels),
            ColumnKind.Category => Tabular.ColumnKind.NewCategory(levels),
            ColumnKind.Binary => Tabular.ColumnKind.NewBinary(levels),
            ColumnKind.Date => Tabular.ColumnKind.NewDate(Format ?? "yyyy-MM-dd"),
            ColumnKind.Label => Tabular.ColumnKind.Label,
            ColumnKind.Ignored => Tabular.ColumnKind.Ignored,
            var other => throw new System.ArgumentOutOfRangeException($"{other}", "there is no such kind of column"),
        };
        return new(Name, kind, Law.ToCoreOptionOfObject());
    }
}
