using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VaeFunctional.Cli.Runs;

/// <summary>Values as JSON for machines and people, enumerations spelt as on the command line.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    public static string Write<T>(T value) => Speech.Plain(JsonSerializer.Serialize(value, options));

    /// <summary>A number as JSON has it: infinities and what is no number as words.</summary>
    public static object Number(double value) =>
        double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Raises JsonException for a text that is not of the type.</summary>
    public static T Read<T>(string text) =>
        JsonSerializer.Deserialize<T>(text, options) ?? throw new JsonException("it is null");
}
