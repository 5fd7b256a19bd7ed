using Expecto;
using Expecto.CSharp;

namespace VaeFunctional.Tests;

internal static class RanksTests
{
    public static readonly Test Tests = Runner.TestList(
        "ranks",
        [
            Runner.TestCase(
                "a process that mpirun did not start is alone",
                () =>
                {
                    Check.True(Ranks.FromMpi() is null, "there are no ranks");
                    Check.True(Ranks.Own is null, "it has no rank");
                    Check.True(new TrainingOptions().Ranks is null, "a training is of one process");
                }
            ),
        ]
    );
}
