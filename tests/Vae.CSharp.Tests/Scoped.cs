using System;
using Expecto;
using Expecto.CSharp;
using TorchSharp;

namespace VaeFunctional.Tests;

/// <summary>Tests whose tensors are disposed when they end.</summary>
internal static class Scoped
{
    public static Test Case(string name, Action test) =>
        Runner.TestCase(
            name,
            () =>
            {
                using var scope = torch.NewDisposeScope();
                test();
            }
        );

    /// <summary>An argument that is refused by its name.</summary>
    public static Test Refused(string argument, string name, Action action) =>
        Case(name, () => Check.Refuses<ArgumentException>(argument, action));
}
