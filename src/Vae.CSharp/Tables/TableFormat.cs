using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.FSharp.Collections;

namespace VaeFunctional;

/// <summary>How a text table is written.</summary>
public sealed record TableFormat
{
    /// <summary>What stands between cells; null: what the first line is cut by most often, of comma, semicolon, tab and bar.</summary>
    public char? Separator { get; init; }

    /// <summary>Null: UTF-8. A mark of another at the file's beginning is followed.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>
    /// Texts that say that a value is missing, beside none at all, where no schema says it; null: NA, NaN, null and the like.
    /// </summary>
    public IReadOnlyList<string>? Missing { get; init; }

    internal FSharpList<string> MissingToCore() => Missing?.ToCoreList() ?? Tabular.SchemaModule.missingTexts;

    internal static IReadOnlyList<string> NotesOf(Tabular.Inferred inferred) =>
        new ValueList<string>([.. inferred.Notes.Select(note => $"{note.Item1}: {note.Item2}")]);

    internal Tabular.CsvOptions ToCore() => new(Separator.ToCoreOption(), Encoding ?? Tabular.Csv.defaults.Encoding);
}
