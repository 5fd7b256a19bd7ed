using System.CommandLine;

namespace VaeFunctional.Cli.Tables;

/// <summary>Options of commands on tables.</summary>
internal static class TableOptionsOf
{
    public static Option<string> Data() =>
        new("--data")
        {
            Description = "The table, as comma-separated values with a line of names",
            HelpName = "FILE.csv",
            Required = true,
        };

    public static Option<string?> Schema() =>
        new("--schema")
        {
            Description =
                "What a table's columns are, as a run's schema.json says it; by a look at them where none is given",
            HelpName = "FILE.json",
        };
}
