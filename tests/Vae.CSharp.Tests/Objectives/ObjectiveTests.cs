using System;
using System.Linq;
using System.Threading.Tasks;
using Expecto;
using Expecto.CSharp;
using Core = Vae.Core;
using CoreObjectives = Vae.Core.ObjectiveModule;

namespace VaeFunctional.Tests;

/// <summary>Every objective is the core's: in words, in numbers, and in what a model learns by it.</summary>
internal static class ObjectiveTests
{
    private static Test Same(string name, Func<Objective> ours, Func<Core.Objective> core) =>
        Runner.TestCase(name, () => Agrees(ours(), core()));

    private static async Task Agrees(Objective ours, Core.Objective core)
    {
        Check.Equal(ours.Name, core.Name, "the name");
        Check.Equal(ours.ToString(), core.Name, "the words");
        Check.Equal(ours.Draws, core.Draws, "draws");
        Check.Equal(ours.IsBound, core.Claim.IsBound, "whether it is a bound");
        Check.Equal(ours.Claim, core.Claim.ToString(), "what it says of the data");

        using var vae = Tiny.Model();
        var found = new Small.Recorded();
        await vae.FitAsync(Tiny.Data, Tiny.Options(ours), found);
        var trained = Tiny.Fit(Tiny.CoreModel(), core);
        Tiny.IsEpoch(vae.History[0], trained.History.Single());
        Check.Sequence(found.Reports[^1].Terms, vae.History[0].Terms, "the terms of the last step's report");
        Tiny.IsMeasured(
            vae.Evaluate(Tiny.Data, Objective.Elbo()),
            Core.Evaluation.measure(CoreObjectives.elbo, trained, Tiny.CoreData)
        );
    }

    private static readonly Kernel kernel = Kernel.InverseMultiquadric(2);
    private static readonly Core.Kernel coreKernel = Core.KernelModule.inverseMultiquadric(2);
    private static readonly Matching mmd = Matching.Mmd(kernel);
    private static readonly Core.Matching coreMmd = Core.Matching.NewMmd(coreKernel);

    private static Test Adversarial(Adversary kind, Core.Adversary core) =>
        Same(
            $"an adversary on {kind}",
            () => Objective.Adversary(Net.Dense(8).Then(Net.LeakyRelu), 6.4, kind),
            () =>
                CoreObjectives.adversary(
                    Core.Net.op_MinusMinusGreater(
                        Core.NetModule.dense(8),
                        Core.NetModule.activation(Core.Activation.LeakyRelu)
                    ),
                    6.4,
                    core
                )
        );

    private static Test Free(FreeGroup group, FreeOver over, Core.FreeGroup coreGroup, Core.FreeOver coreOver) =>
        Same(
            $"nats free in each {group}, over each {over}",
            () => Objective.Elbo(2).FreeBits(0.5, group, over),
            () => CoreObjectives.freeBitsBy(coreGroup, coreOver, 0.5, CoreObjectives.elboOf(2))
        );

    private static Schedule Rise => Schedule.Linear(0, 1, Span.Steps(4));

    private static Core.Schedule CoreRise => Core.ScheduleModule.linear(0, 1, Core.Span.NewSteps(4));

    public static readonly Test Tests = Runner.TestList(
        "objectives",
        [
            Same("elbo", () => Objective.Elbo(), () => CoreObjectives.elbo),
            Same("elbo of draws", () => Objective.Elbo(3), () => CoreObjectives.elboOf(3)),
            Same("iwae", () => Objective.Iwae(5), () => CoreObjectives.iwae(5)),
            Same("dreg", () => Objective.Dreg(4), () => CoreObjectives.dreg(4)),
            Same("renyi", () => Objective.Renyi(0.5, 4), () => CoreObjectives.renyi(0.5, 4)),
            Same("vr-max", () => Objective.VrMax(4), () => CoreObjectives.vrMax(4)),
            Same("ciwae", () => Objective.Ciwae(0.25, 4), () => CoreObjectives.ciwae(0.25, 4)),
            Same("sticking the landing", () => Objective.StickTheLanding(), () => CoreObjectives.stickTheLanding(1)),
            Same("by the score", () => Objective.Scored(3), () => CoreObjectives.scored(3)),
            Same("vimco", () => Objective.Vimco(3), () => CoreObjectives.vimco(3)),
            Same(
                "the KL in parts",
                () => Objective.Decompose(mutualInformation: 1, totalCorrelation: 6, dimensionWise: 0.5),
                () => CoreObjectives.decompose(new Core.Decomposition(1, 6, 0.5))
            ),
            Same("dip, means", () => Objective.Dip(Dip.Means, 10, 5), () => CoreObjectives.dip(Core.Dip.Means, 10, 5)),
            Same("dip, draws", () => Objective.Dip(Dip.Draws, 10, 5), () => CoreObjectives.dip(Core.Dip.Draws, 10, 5)),
            Same("infovae", () => Objective.InfoVae(0.5, 10, mmd), () => CoreObjectives.infoVae(0.5, 10, coreMmd)),
            Same("wae", () => Objective.Wae(10, mmd), () => CoreObjectives.wae(10, coreMmd)),
            Same(
                "wae by slices",
                () => Objective.Wae(10, Matching.SlicedWasserstein(7)),
                () => CoreObjectives.wae(10, Core.Matching.NewSlicedWasserstein(7))
            ),
            Adversarial(Adversary.TotalCorrelation, Core.Adversary.TotalCorrelation),
            Adversarial(Adversary.Prior, Core.Adversary.Prior),
            Adversarial(Adversary.Data, Core.Adversary.Data),
            Same(
                "a weighed term",
                () => Objective.Elbo().Weigh("reconstruction", 0.5),
                () => Weighed("reconstruction", 0.5)
            ),
            Same("beta", () => Objective.Elbo().Beta(4), () => CoreObjectives.beta(4, CoreObjectives.elbo)),
            Same(
                "a term by a schedule",
                () => Objective.Elbo().Anneal("kl", Rise),
                () => CoreObjectives.anneal("kl", CoreRise, CoreObjectives.elbo)
            ),
            Same(
                "free bits",
                () => Objective.Elbo().FreeBits(0.25),
                () => CoreObjectives.freeBits(0.25, CoreObjectives.elbo)
            ),
            Free(FreeGroup.Latent, FreeOver.Example, Core.FreeGroup.Latent, Core.FreeOver.Example),
            Free(FreeGroup.Latent, FreeOver.Batch, Core.FreeGroup.Latent, Core.FreeOver.Batch),
            Free(FreeGroup.Dimension, FreeOver.Example, Core.FreeGroup.Dimension, Core.FreeOver.Example),
            Same(
                "a capacity",
                () => Objective.Elbo().Capacity(30, Rise),
                () => CoreObjectives.capacity(30, CoreRise, CoreObjectives.elbo)
            ),
            Runner.TestCase("means per dimension are of a model's shapes", PerDimension),
            Runner.TestCase("an objective says whether its total is a bound", Claims),
            Runner.TestCase("a term that is not there is refused by name", UnknownTerm),
            Runner.TestCase("an objective that a model does not allow is refused by name", NotAllowed),
            Runner.TestCase("a comparison says what it is", Words),
        ]
    );

    private static Core.Objective Weighed(string term, double factor) =>
        CoreObjectives.weigh(term, factor, CoreObjectives.elbo);

    private static async Task PerDimension()
    {
        using var vae = Tiny.Model();
        await Agrees(Objective.PerDimension(vae), CoreObjectives.perDimension(Tiny.CoreModel()));
    }

    private static void Claims()
    {
        Check.True(Objective.Elbo().IsBound && Objective.Iwae(3).IsBound, "bounds");
        Check.True(Objective.Elbo().Beta(2).IsBound, "what charges more than a bound is one");
        Check.True(!Objective.Elbo().Beta(0.5).IsBound && !Objective.Wae(1, mmd).IsBound, "losses");
        Check.Contains(Objective.Elbo().Claim, "a bound of -log p(x)");
        Check.Contains(Objective.VrMax(2).Claim, "no bound");
    }

    private static async Task UnknownTerm()
    {
        using var vae = Tiny.Model();
        var objective = Objective.Elbo().Weigh("kk", 2);
        Check.Contains(Check.Throws<ArgumentException>(() => vae.Evaluate(Tiny.Data, objective)).Message, "'kk'");
        var refusal = await Check.ThrowsAsync<ArgumentException>(() =>
            vae.FitAsync(Tiny.Data, Tiny.Options(objective))
        );
        Check.Contains(refusal.Message, "reconstruction, kl");
        Check.Contains(
            Check.Throws<ArgumentException>(() => Objective.Iwae(3).FreeBits(0.1)).Message,
            "Objective.elbo"
        );
    }

    private static async Task NotAllowed()
    {
        using var categories = VaeModel.Create(
            Prior.OfHead(Head.OfLaw("OneHotCategorical").Fix("logits", 0), 4),
            Posterior.OfLaw("OneHotCategorical", Tiny.Encoder),
            Tiny.Bits
        );
        var refusal = await Check.ThrowsAsync<ArgumentException>(() => categories.FitAsync(Tiny.Data));
        Check.Contains(refusal.Message, "OneHotCategorical");

        using var grey = VaeModel.Create(
            Prior.Standard(3),
            Tiny.Normal,
            Likelihood.BernoulliCrossEntropy(Tiny.Decoder)
        );
        refusal = await Check.ThrowsAsync<ArgumentException>(() =>
            grey.FitAsync(Tiny.Data, Tiny.Options(Objective.Iwae(5)))
        );
        Check.Contains(refusal.Message, "cross-entropy");
    }

    private static void Words()
    {
        Check.Equal(mmd.ToString(), coreMmd.ToString(), "the words");
        Check.Contains(Matching.SlicedWasserstein(7).ToString(), "7 directions");
    }
}
