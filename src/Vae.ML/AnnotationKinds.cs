namespace VaeFunctional.ML;

/// <summary>The names of ML.NET's annotations of columns.</summary>
internal static class AnnotationKinds
{
    public const string SlotNames = nameof(SlotNames);
    public const string KeyValues = nameof(KeyValues);
}
