using System.Linq;
using System.Threading.Tasks;
using Expecto;
using Expecto.CSharp;

namespace VaeFunctional.Tests;

internal static class EarlyStoppingTests
{
    /// <summary>A learning rate that grows until training gets worse.</summary>
    private static readonly TrainingOptions Growing = Small.Options with
    {
        Epochs = 20,
        Validation = Small.Test,
        Patience = 2,
        Optimizer = Optimizer.Adam(3e-3).WithSchedule(Schedule.Exponential(2.5)),
    };

    public static readonly Test Tests = Runner.TestList(
        "early stopping",
        [Runner.TestCase("ends after the patience, with the best epoch's parameters", Best)]
    );

    private static async Task Best()
    {
        using var vae = Small.Model();
        await vae.FitAsync(Small.Train, Growing);
        var totals = vae.History.Select(epoch => epoch.Validation!.Total.Mean).ToList();
        var best = totals.IndexOf(totals.Min()) + 1;
        Check.True(vae.History.Count < 20, $"the run ended early, after {vae.History.Count} epochs");
        Check.Equal(vae.History.Count, best + 2, "epochs: the best one and two more");

        using var until = Small.Model();
        await until.FitAsync(Small.Train, Growing with { Epochs = best, Patience = null });
        Check.Equal(vae.Evaluate(Small.Test), until.Evaluate(Small.Test), "the evaluation of the best epoch");
    }
}
