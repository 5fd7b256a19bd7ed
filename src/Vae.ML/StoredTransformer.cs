using System.IO;
using System.IO.Compression;
using System.Text.Json;

namespace VaeFunctional.ML;

/// <summary>A transformer as bytes: an archive of the folder that its model is saved into, and of its settings.</summary>
internal static class StoredTransformer
{
    private const string SettingsFile = "transformer.json";

    public static byte[] Write(TableModel model, VaeSettings settings) =>
        InFolder(folder =>
        {
            model.Save(folder);
            File.WriteAllText(Path.Combine(folder, SettingsFile), JsonSerializer.Serialize(settings));
            using var stream = new MemoryStream();
            ZipFile.CreateFromDirectory(folder, stream);
            return stream.ToArray();
        });

    /// <summary>The model and its settings. Raises InvalidDataException or StorageException for bytes that are none.</summary>
    public static (TableModel, VaeSettings) Read(byte[] bytes) =>
        InFolder(folder =>
        {
            ZipFile.ExtractToDirectory(new MemoryStream(bytes), folder);
            var file = Path.Combine(folder, SettingsFile);
            var settings = File.Exists(file) ? JsonSerializer.Deserialize<VaeSettings>(File.ReadAllText(file)) : null;
            return (
                TableModel.Load(folder),
                settings ?? throw new InvalidDataException($"no {SettingsFile} in the model")
            );
        });

    private static T InFolder<T>(System.Func<string, T> use)
    {
        var folder = Directory.CreateTempSubdirectory("vae-").FullName;

        try
        {
            return use(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
