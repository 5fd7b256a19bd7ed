using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Expecto;
using Expecto.CSharp;
using Core = Vae.Core;

namespace VaeFunctional.Tests;

/// <summary>Models of every kind of part are the core's: in words, in numbers, trained, and read from their files.</summary>
internal static class PartsTests
{
    private static Test Part(
        string name,
        Func<VaeModel> ours,
        Func<Core.Vae> core,
        Objective? objective = null,
        Core.Objective? coreObjective = null
    ) =>
        Runner.TestCase(
            name,
            () => Agrees(ours, core, objective ?? Objective.Elbo(), coreObjective ?? Core.ObjectiveModule.elbo)
        );

    private static async Task Agrees(
        Func<VaeModel> ours,
        Func<Core.Vae> core,
        Objective objective,
        Core.Objective coreObjective
    )
    {
        using var vae = ours();
        var coreVae = core();
        Check.Equal(vae.Describe(), Core.VaeModule.describe(coreVae), "the words");
        Tiny.IsMeasured(
            vae.Evaluate(Tiny.Data, objective),
            Core.Evaluation.measure(coreObjective, Tiny.Untrained(coreVae), Tiny.CoreData)
        );

        await vae.FitAsync(Tiny.Data, Tiny.Options(objective));
        var trained = Tiny.Fit(coreVae, coreObjective);
        Tiny.IsEpoch(vae.History[0], trained.History.Single());

        using var scratch = new Scratch();
        vae.Save(scratch.At("model"));
        using var loaded = VaeModel.Load(scratch.At("model"));
        Check.Equal(loaded.Describe(), vae.Describe(), "the words, read again");
        Check.Equal(loaded.Evaluate(Tiny.Data, objective), vae.Evaluate(Tiny.Data, objective), "the evaluation");
        Check.Sequence(loaded.History, vae.History, "the history");
        Check.Sequence(loaded.Latents, vae.Latents, "the latents");
    }

    private static Test OfPrior(string name, Func<Prior> ours, Func<Core.Prior> core) =>
        Part(
            $"prior: {name}",
            () => VaeModel.Create(ours(), Tiny.Normal, Tiny.Bits),
            () => Core.VaeModule.create(core(), Tiny.CoreNormal, Tiny.CoreBits)
        );

    private static Test OfFlow(string name, Func<Flow> ours, Func<Core.Flow> core) =>
        Part(
            $"flow: {name}",
            () => VaeModel.Create(Prior.Standard(3), Tiny.Normal.Through(ours()), Tiny.Bits),
            () =>
                Core.VaeModule.create(
                    Core.PriorModule.standard(3),
                    Core.PosteriorModule.flow(core(), Tiny.CoreNormal),
                    Tiny.CoreBits
                )
        );

    private static Test OfLikelihood(string name, Func<Likelihood> ours, Func<Core.Likelihood> core) =>
        Part(
            $"likelihood: {name}",
            () => VaeModel.Create(Prior.Standard(3), Tiny.Normal, ours()),
            () => Core.VaeModule.create(Core.PriorModule.standard(3), Tiny.CoreNormal, core())
        );

    private static Core.Head Law(string name) => Core.HeadModule.ofLaw(Core.Laws.find("name", name));

    private static readonly float[][] rows =
    [
        [.. Enumerable.Repeat(0.25f, 8)],
        [.. Enumerable.Repeat(1f, 8)],
    ];

    public static readonly Test Tests = Runner.TestList(
        "parts of models",
        [
            OfPrior("standard", () => Prior.Standard(3), () => Core.PriorModule.standard(3)),
            OfPrior("a mixture", () => Prior.Mixture(3, 4), () => Core.PriorModule.mixture(3, 4)),
            OfPrior("vamp", () => Prior.Vamp(3, 5), () => Core.PriorModule.vamp(3, 5)),
            OfPrior(
                "vamp from data",
                () => Prior.VampFrom(3, Tiny.Data.Take(4)),
                () =>
                    Core.PriorModule.vampFrom(
                        3,
                        [.. Enumerable.Range(0, 4).Select(i => Core.DataModule.item(i, Tiny.CoreData))]
                    )
            ),
            OfPrior("vamp from rows", () => Prior.VampFrom(3, rows), () => Core.PriorModule.vampFrom(3, rows)),
            OfPrior(
                "a flow",
                () => Prior.Flow(3, Flow.MaskedAutoregressive(2, [8])),
                () => Core.PriorModule.flow(3, Core.FlowModule.maskedAutoregressiveBy(SmallCore.List(8), 2))
            ),
            OfPrior(
                "a law by its name",
                () => Prior.OfLaw("laplace", 3),
                () => Core.PriorModule.ofHead(Law("Laplace"), SmallCore.List(3))
            ),
            OfPrior(
                "a head",
                () => Prior.OfHead(Head.OfLaw("StudentT").Fix("df", 4).Share("scale"), 3),
                () =>
                    Core.PriorModule.ofHead(
                        Core.HeadModule.share("scale", Core.HeadModule.fix("df", 4, Law("StudentT"))),
                        SmallCore.List(3)
                    )
            ),
            Part(
                "the sphere",
                () =>
                    VaeModel.Create(
                        Prior.UniformOnSphere(3),
                        Posterior.OfLaw("VonMisesFisher", Tiny.Encoder),
                        Tiny.Bits
                    ),
                () =>
                    Core.VaeModule.create(
                        Core.PriorModule.uniformOnSphere(3),
                        Core.PosteriorModule.ofHead(Law("VonMisesFisher"), Tiny.CoreEncoder),
                        Tiny.CoreBits
                    )
            ),
            Part(
                "a low-rank posterior by another policy of its scales",
                () =>
                    VaeModel.Create(
                        Prior.Standard(3),
                        Posterior.OfHead(
                            Head.OfLaw("LowRankMultivariateNormal").Size(1).LogScale(LogScale.SoftClamp(3)),
                            Tiny.Encoder
                        ),
                        Tiny.Bits
                    ),
                () =>
                    Core.VaeModule.create(
                        Core.PriorModule.standard(3),
                        Core.PosteriorModule.ofHead(
                            Core.HeadModule.logScale(
                                Core.LogScale.NewSoftClamp(3),
                                Core.HeadModule.size(1, Law("LowRankMultivariateNormal"))
                            ),
                            Tiny.CoreEncoder
                        ),
                        Tiny.CoreBits
                    )
            ),
            Part(
                "categories, whose draws pass no gradient",
                () =>
                    VaeModel.Create(
                        Prior.OfHead(Head.OfLaw("OneHotCategorical").Fix("logits", 0), 4),
                        Posterior.OfLaw("OneHotCategorical", Tiny.Encoder),
                        Tiny.Bits
                    ),
                () =>
                    Core.VaeModule.create(
                        Core.PriorModule.ofHead(
                            Core.HeadModule.fix("logits", 0, Law("OneHotCategorical")),
                            SmallCore.List(4)
                        ),
                        Core.PosteriorModule.ofHead(Law("OneHotCategorical"), Tiny.CoreEncoder),
                        Tiny.CoreBits
                    ),
                Objective.Scored(3),
                Core.ObjectiveModule.scored(3)
            ),
            OfFlow("planar", () => Flow.Planar(2), () => Core.FlowModule.planar(2)),
            OfFlow("radial", () => Flow.Radial(2), () => Core.FlowModule.radial(2)),
            OfFlow("householder", () => Flow.Householder(2), () => Core.FlowModule.householder(2)),
            OfFlow("sylvester", () => Flow.Sylvester(1, directions: 2), () => Core.FlowModule.sylvester(2, 1)),
            OfFlow(
                "inverse autoregressive",
                () => Flow.InverseAutoregressive(2),
                () => Core.FlowModule.inverseAutoregressive(2)
            ),
            OfFlow(
                "masked autoregressive",
                () => Flow.MaskedAutoregressive(2),
                () => Core.FlowModule.maskedAutoregressive(2)
            ),
            OfFlow("coupling", () => Flow.Coupling(2, [5]), () => Core.FlowModule.coupling(SmallCore.List(5), 2)),
            OfFlow("spline", () => Flow.Spline(1, 4, [5]), () => Core.FlowModule.spline(4, SmallCore.List(5), 1)),
            OfFlow(
                "one after the other",
                () => Flow.Planar(1).Then(Flow.Householder(2)),
                () => Core.FlowModule.andThen(Core.FlowModule.householder(2), Core.FlowModule.planar(1))
            ),
            OfLikelihood(
                "counts by their law's name",
                () => Likelihood.OfLaw("NegativeBinomial", Tiny.DecoderTo(16)),
                () => Core.LikelihoodModule.ofHead(Law("NegativeBinomial"), Tiny.CoreDecoderTo(16))
            ),
            OfLikelihood(
                "a head",
                () => Likelihood.OfHead(Head.OfLaw("Normal").Share("scale"), Tiny.Decoder),
                () => Core.LikelihoodModule.ofHead(Core.HeadModule.share("scale", Law("Normal")), Tiny.CoreDecoder)
            ),
            OfLikelihood(
                "counts with zeros of another cause",
                () => Likelihood.ZeroInflated(Head.OfLaw("NegativeBinomial"), Tiny.DecoderTo(24)),
                () => Core.LikelihoodModule.zeroInflated(Law("NegativeBinomial"), Tiny.CoreDecoderTo(24))
            ),
            OfLikelihood(
                "counts with zeros of another cause, as a text",
                () => Likelihood.Parse("zero-inflated Poisson", [8], shape => Tiny.DecoderTo(shape[0])),
                () => Core.LikelihoodModule.zeroInflated(Law("Poisson"), Tiny.CoreDecoderTo(16))
            ),
            Runner.TestCase("images of levels have a likelihood of their own", Levels),
            Runner.TestCase("a head says its law and its settings", Words),
            Runner.TestCase("a law that is not known is refused with the nearest names", UnknownLaws),
        ]
    );

    private static void Levels()
    {
        var images = DataSet.FromBytes("levels", [3, 2, 2], [.. Enumerable.Range(0, 240).Select(i => (byte)i)]);
        using var vae = VaeModel.Create(
            Prior.Standard(2),
            Posterior.DiagonalNormal(Tiny.Encoder),
            Likelihood.DiscretizedLogisticMixture(Decoder.Dense([6], [20, 2, 2]), 2)
        );
        vae.CheckData(images);
        Check.Contains(vae.ToString(), "mixture of 2 discretized logistics");
    }

    private static void Words()
    {
        var head = Head.OfLaw("studentt").Fix("df", 4).Share("scale");
        Check.Equal(head.Law, "StudentT", "the law");
        Check.Equal(head.ToString(), "StudentT (df 4, scale shared)", "the words");
        Check.Equal(Flow.Coupling(2, [5]).ToString(), "coupling 5, reverse, coupling 5", "the words of a flow");
    }

    private static void UnknownLaws()
    {
        foreach (
            var use in (Action[])
                [
                    () => Head.OfLaw("Gama"),
                    () => Prior.OfLaw("Gama", 2),
                    () => Posterior.OfLaw("Gama", Tiny.Encoder),
                    () => Likelihood.OfLaw("Gama", Tiny.Decoder),
                ]
        )
        {
            var refusal = Check.Throws<ArgumentException>(use);
            Check.Equal(refusal.ParamName, "law", "the argument named");
            Check.Contains(refusal.Message, "did you mean Gamma");
        }

        Check.Contains(Check.Throws<ArgumentException>(() => Head.OfLaw("xyz")).Message, "VonMisesFisher");
        Check.Contains(
            Check.Throws<ArgumentException>(() => Head.OfLaw("StudentT").Fix("nu", 4)).Message,
            "df, loc, scale"
        );
    }
}
