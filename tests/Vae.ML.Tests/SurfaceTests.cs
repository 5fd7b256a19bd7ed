using Expecto;
using Expecto.CSharp;
using VaeFunctional.Tests;

namespace VaeFunctional.ML.Tests;

internal static class SurfaceTests
{
    public static readonly Test Tests = Runner.TestList(
        "public surface",
        [
            Runner.TestCase(
                "nothing that a C# user meets is a shape of F#",
                () =>
                {
                    var faults = PublicSurface.Of(typeof(VaeTransformer).Assembly.GetExportedTypes()).Faults;
                    Check.True(faults.Count == 0, $"no shape of F#: {string.Join("; ", faults)}");
                }
            ),
        ]
    );
}
