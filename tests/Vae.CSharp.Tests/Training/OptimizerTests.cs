using System;
using System.Linq;
using System.Threading.Tasks;
using Expecto;
using Expecto.CSharp;
using Core = global::Vae.Core;

namespace VaeFunctional.Tests;

/// <summary>The facade's optimizers are the core's.</summary>
internal static class OptimizerTests
{
    private static Test Same(string name, Optimizer ours, Core.Optimizer core) =>
        Runner.TestCase(
            name,
            async () =>
            {
                using var vae = Small.Model();
                await vae.FitAsync(Small.Train, Small.Options with { Optimizer = ours });
                var expected = SmallCore.Encode(SmallCore.After(20, core), SmallCore.Test);
                var found = vae.Encode(Small.Test).SelectMany(z => z).Select(z => (double)z);
                Check.Sequence(found, expected, "the encodings");
            }
        );

    public static readonly Test Tests = Runner.TestList(
        "optimizer",
        [
            Same("adamw", Optimizer.AdamW(0.01, 0.5), Core.OptimizerModule.adamW(0.5, 0.01)),
            Same("adamax", Optimizer.Adamax(0.01), Core.OptimizerModule.adamax(0.01)),
            Same("radam", Optimizer.RAdam(0.01), Core.OptimizerModule.radam(0.01)),
            Same("rmsprop", Optimizer.RmsProp(0.001, 0.9), Core.OptimizerModule.rmsProp(0.9, 0.001)),
            Same(
                "Nesterov's momentum",
                Optimizer.Sgd(1e-5, 0.8, nesterov: true),
                Core.OptimizerModule.sgdNesterov(0.8, 1e-5)
            ),
            Same("momentum", Optimizer.Sgd(1e-5, 0.8), Core.OptimizerModule.sgdMomentum(0.8, 1e-5)),
            Same(
                "L2",
                Optimizer.Adam(0.01).WithWeightDecay(0.5),
                Core.OptimizerModule.weightDecay(0.5, Core.OptimizerModule.adam(0.01))
            ),
        ]
    );
}
