using System;
using System.Linq;
using System.Threading.Tasks;
using Expecto;
using Expecto.CSharp;
using Microsoft.FSharp.Collections;
using Core = Vae.Core;

namespace VaeFunctional.Tests;

internal static class SitesTests
{
    private static Posterior Normal => Tiny.Normal;

    private static Site[] Ladder() =>
        [
            Site.Create("z2", Prior.Standard(2), Normal),
            Site.Below("z1", [3], ["z2"], prior: Normal, posterior: Normal).Seeing("z2"),
        ];

    private static VaeModel Model() => VaeModel.Hierarchy(Ladder(), Tiny.Bits, decoded: ["z1"]);

    private static FSharpList<Core.Site> CoreLadder() =>
        SmallCore.List(
            Core.SiteModule.create("z2", Core.PriorModule.standard(2), Tiny.CoreNormal),
            Core.SiteModule.seeing(
                SmallCore.List("z2"),
                Core.SiteModule.below(SmallCore.List("z2"), "z1", SmallCore.List(3), Tiny.CoreNormal, Tiny.CoreNormal)
            )
        );

    private static Core.Vae CoreModel() => Core.VaeModule.hierarchy(CoreLadder(), SmallCore.List("z1"), Tiny.CoreBits);

    public static readonly Test Tests = Runner.TestList(
        "several latents, and models that are given something",
        [
            Runner.TestCase("a ladder is the core's, trained and read from its file", LadderAgrees),
            Runner.TestCase("latents say their shapes and whether their KL is exact", Latents),
            Runner.TestCase("the KL of several latents is the sum of theirs, without an error", KlOfSeveral),
            Runner.TestCase("a posterior that sees other draws alone is the core's", BottomUp),
            Runner.TestCase("what has one answer for one latent asks for its name", OneOfSeveral),
            Runner.TestCase("a model of labels is the core's", () => Conditional(Given.Label(3), Label)),
            Runner.TestCase("a model of factors is the core's", () => Conditional(Given.Factors("width"), Factor)),
            Runner.TestCase("a ladder can be given labels", ConditionalLadder),
            Runner.TestCase("what is given is decoded by", GivenDecides),
            Runner.TestCase("what is given says what it is", GivenWords),
            Runner.TestCase("a conditional model is told what it is given, another is not", Misgiven),
            Runner.TestCase("data without what a model is given is refused", Unlabelled),
            Runner.TestCase("sites that do not fit are refused by name", Misfits),
        ]
    );

    private static Core.Given Label => Core.GivenModule.label(3);

    private static Core.Given Factor => Core.GivenModule.factors(SmallCore.List("width"));

    private static async Task LadderAgrees()
    {
        using var vae = Model();
        Check.Equal(vae.Describe(), Core.VaeModule.describe(CoreModel()), "the words");
        await vae.FitAsync(Tiny.Data, Tiny.Options(Objective.Elbo()));
        var core = Tiny.Fit(CoreModel(), Core.ObjectiveModule.elbo);
        Tiny.IsEpoch(vae.History[0], core.History.Single());
        Tiny.IsMeasured(vae.Evaluate(Tiny.Data), Core.Evaluation.elbo(core, Tiny.CoreData));

        foreach (var name in (string[])["z1", "z2"])
        {
            Check.Sequence(
                vae.Encode(Tiny.Data, name).SelectMany(z => z).Select(z => (double)z),
                Tiny.Numbers(() => Core.Evaluation.encodeSite(name, core, Tiny.CoreData)),
                $"the codes of {name}"
            );
        }

        Check.Sequence(
            Tiny.Numbers(vae.Sample(4, seed: 5)),
            Tiny.Numbers(() => Core.Evaluation.sample(Core.KeyModule.ofSeed(5), 4, core)),
            "samples"
        );

        using var scratch = new Scratch();
        vae.Save(scratch.At("model"));
        using var loaded = VaeModel.Load(scratch.At("model"));
        Check.Equal(loaded.Describe(), vae.Describe(), "the words, read again");
        Check.Equal(loaded.Evaluate(Tiny.Data), vae.Evaluate(Tiny.Data), "the evaluation");
        Check.Sequence(Tiny.Numbers(loaded.Reconstruct(Tiny.Data)), Tiny.Numbers(vae.Reconstruct(Tiny.Data)), "images");
    }

    private static void Latents()
    {
        using var vae = Model();
        Check.Sequence(vae.Latents.Select(latent => latent.Name), ["z2", "z1"], "the names");
        Check.Sequence(vae.Latents[1].Shape, [3L], "a shape");
        Check.True(vae.Latents[0].IsKlExact && vae.Latents[1].IsKlExact && vae.IsKlExact, "the KLs are exact");

        using var flow = VaeModel.Create(Prior.Standard(3), Normal.Through(Flow.Planar(1)), Tiny.Bits);
        Check.Equal(flow.Latents.Single(), new Latent("z", flow.Latents[0].Shape, IsKlExact: false), "the only one");
    }

    private static void KlOfSeveral()
    {
        using var vae = Model();
        var found = vae.Evaluate(Tiny.Data);
        Check.Sequence(found.Terms.Select(term => term.Name), ["reconstruction", "kl z2", "kl z1"], "the terms");
        Check.Equal(found.Kl.Mean, found["kl z2"].Mean + found["kl z1"].Mean, "the KL");
        Check.True(double.IsNaN(found.Kl.StandardError), "its error does not follow from theirs");
        Check.Close(found.Total.Mean, found.Reconstruction.Mean + found.Kl.Mean, 1e-9, "the total");
        Check.Contains(Check.Throws<ArgumentException>(() => _ = found["kl"]).Message, "kl z1");
    }

    private static async Task BottomUp()
    {
        Site[] sites =
        [
            Site.Create("a", Prior.Standard(3), Normal),
            Site.Create("b", Prior.Standard(2), Normal).SeeingOnly("a"),
        ];
        using var vae = VaeModel.Hierarchy(sites, Tiny.Bits);
        var core = Core.VaeModule.hierarchy(
            SmallCore.List(
                Core.SiteModule.create("a", Core.PriorModule.standard(3), Tiny.CoreNormal),
                Core.SiteModule.seeingOnly(
                    SmallCore.List("a"),
                    Core.SiteModule.create("b", Core.PriorModule.standard(2), Tiny.CoreNormal)
                )
            ),
            FSharpList<string>.Empty,
            Tiny.CoreBits
        );
        Check.Equal(vae.Describe(), Core.VaeModule.describe(core), "the words");
        await vae.FitAsync(Tiny.Data, Tiny.Options(Objective.Iwae(3)));
        Tiny.IsEpoch(vae.History[0], Tiny.Fit(core, Core.ObjectiveModule.iwae(3)).History.Single());
    }

    private static void OneOfSeveral()
    {
        using var vae = Model();
        Check.Contains(Check.Throws<InvalidOperationException>(() => _ = vae.LatentShape).Message, "z2, z1");
        Check.Contains(Check.Throws<InvalidOperationException>(() => vae.Decode([0, 0])).Message, "Latents");
        var unnamed = Check.Throws<ArgumentException>(() => vae.Encode(Tiny.Data));
        Check.Equal(unnamed.ParamName, "latent", "the argument named");
        Check.Contains(unnamed.Message, "z2, z1");
        Check.Contains(Check.Throws<ArgumentException>(() => vae.Encode(Tiny.Data, "z3")).Message, "'z3'");
        using var only = Tiny.Model();
        Check.Sequence(only.Encode(Tiny.Data, "z")[0], only.Encode(Tiny.Data)[0], "the only latent, by its name");
    }

    private static async Task Conditional(Given given, Core.Given coreGiven)
    {
        using var vae = VaeModel.Create(Prior.Standard(3), Normal, Tiny.Bits, given);
        var core = Core.VaeModule.conditional(coreGiven, Core.PriorModule.standard(3), Tiny.CoreNormal, Tiny.CoreBits);
        Check.Equal(vae.Describe(), Core.VaeModule.describe(core), "the words");
        await vae.FitAsync(Tiny.Data, Tiny.Options(Objective.Elbo()));
        var trained = Tiny.Fit(core, Core.ObjectiveModule.elbo);
        Tiny.IsEpoch(vae.History[0], trained.History.Single());
        Tiny.IsMeasured(vae.Evaluate(Tiny.Data), Core.Evaluation.elbo(trained, Tiny.CoreData));

        using var scratch = new Scratch();
        vae.Save(scratch.At("model"));
        using var loaded = VaeModel.Load(scratch.At("model"));
        Check.Equal(loaded.Given?.ToString(), given.ToString(), "what is given, read again");
        Check.Equal(loaded.Evaluate(Tiny.Data), vae.Evaluate(Tiny.Data), "the evaluation");
    }

    private static async Task ConditionalLadder()
    {
        using var vae = VaeModel.Hierarchy(Ladder(), Tiny.Bits, ["z1"], Given.Label(3));
        var core = Core.VaeModule.conditionalHierarchy(Label, CoreLadder(), SmallCore.List("z1"), Tiny.CoreBits);
        await vae.FitAsync(Tiny.Data, Tiny.Options(Objective.Elbo()));
        Tiny.IsEpoch(vae.History[0], Tiny.Fit(core, Core.ObjectiveModule.elbo).History.Single());
        Check.Equal(vae.Sample([0, 1, 2], seed: 1).Count, 3, "samples");
    }

    private static void GivenDecides()
    {
        using var vae = VaeModel.Create(Prior.Standard(3), Normal, Tiny.Bits, Given.Label(3));
        var core = Tiny.Untrained(
            Core.VaeModule.conditional(Label, Core.PriorModule.standard(3), Tiny.CoreNormal, Tiny.CoreBits)
        );
        using var scope = TorchSharp.torch.NewDisposeScope();
        var given = TorchSharp.torch.tensor(new float[] { 1, 0, 0, 0, 0, 1 }).reshape(2, 3);
        var latents = TorchSharp.torch.tensor(new float[] { 0.5f, 0, -1, 0.5f, 0, -1 }).reshape(2, 3);
        var decoded = vae.Decode(
            [
                [0.5f, 0, -1],
                [0.5f, 0, -1],
            ],
            [0, 2]
        );
        Check.Sequence(
            Tiny.Numbers(decoded),
            Tiny.Numbers(() => Core.Evaluation.decodeGiven(core, given, latents)),
            "the core's"
        );
        Check.True(!decoded[0].SequenceEqual(decoded[1]), "another label, another image");
        Check.Sequence(
            Tiny.Numbers(vae.Sample([0, 2], seed: 9)),
            Tiny.Numbers(() => Core.Evaluation.sampleGiven(Core.KeyModule.ofSeed(9), given, core)),
            "the core's samples"
        );

        using var factors = VaeModel.Create(Prior.Standard(3), Normal, Tiny.Bits, Given.Factors("slant", "width"));
        var images = factors.Decode(
            [
                [1, 1, 1],
                [1, 1, 1],
            ],
            [
                [0, 0.5],
                [1, 2],
            ]
        );
        Check.True(!images[0].SequenceEqual(images[1]), "other factors, another image");
        Check.Equal(
            factors
                .Sample(
                    [
                        [0.1, 2],
                    ],
                    seed: 1
                )
                .Count,
            1,
            "samples"
        );
    }

    private static void GivenWords()
    {
        var label = Given.Label(10);
        Check.Equal(label.Classes, 10, "classes");
        Check.Equal(label.FactorNames.Count, 0, "factors");
        var factors = Given.Factors("slant", "width");
        Check.Equal(factors.Classes, null, "classes");
        Check.Sequence(factors.FactorNames, ["slant", "width"], "the factors");
        Check.Equal(factors.ToString(), "the factors slant, width", "the words");
        using var vae = Tiny.Model();
        Check.True(vae.Given is null, "a model that is given nothing says so");
    }

    private static void Misgiven()
    {
        using var labelled = VaeModel.Create(Prior.Standard(3), Normal, Tiny.Bits, Given.Label(3));
        using var plain = Tiny.Model();
        float[][] one =
        [
            [0, 0, 0],
        ];

        foreach (var use in (Action[])[() => labelled.Decode(one), () => labelled.Sample(2, seed: 1)])
        {
            var refusal = Check.Throws<InvalidOperationException>(use);
            Check.Contains(refusal.Message, "the label, one of 3");
            Check.Contains(refusal.Message, "labels");
        }

        Check.Refuses<ArgumentException>("labels", () => plain.Decode(one, [0]));
        Check.Refuses<ArgumentException>(
            "factors",
            () =>
                labelled.Decode(
                    one,
                    [
                        [1.0],
                    ]
                )
        );
        Check.Refuses<ArgumentException>("labels", () => plain.Sample([0], seed: 1));
        Check.Refuses<ArgumentException>("labels", () => labelled.Decode(one, [0, 1]));
        Check.Refuses<ArgumentException>("labels", () => labelled.Sample((int[])[], seed: 1));
        Check.Refuses<ArgumentOutOfRangeException>("labels", () => labelled.Sample([3], seed: 1));
        Check.Refuses<ArgumentOutOfRangeException>("labels", () => labelled.Sample([-1], seed: 1));
        using var factors = VaeModel.Create(Prior.Standard(3), Normal, Tiny.Bits, Given.Factors("width"));
        Check.Refuses<ArgumentException>(
            "factors",
            () =>
                factors.Sample(
                    [
                        [1.0, 2.0],
                    ],
                    seed: 1
                )
        );
        Check.Refuses<ArgumentException>(
            "factors",
            () =>
                factors.Sample(
                    [
                        [double.NaN],
                    ],
                    seed: 1
                )
        );
    }

    private static async Task Unlabelled()
    {
        using var vae = VaeModel.Create(Prior.Standard(3), Normal, Tiny.Bits, Given.Label(3));
        var unlabelled = Tiny.Data.WithLabels();
        Check.Refuses<ArgumentException>("data", () => vae.Evaluate(unlabelled));
        Check.Refuses<ArgumentException>("data", () => vae.CheckData(unlabelled));
        await Check.ThrowsAsync<ArgumentException>(() => vae.FitAsync(unlabelled));
    }

    private static void Misfits()
    {
        Site[] ladder = Ladder();
        Check.Contains(
            Check.Throws<ArgumentException>(() => VaeModel.Hierarchy([ladder[1], ladder[0]], Tiny.Bits)).Message,
            "z2"
        );
        Check.Refuses<ArgumentException>("sites", () => VaeModel.Hierarchy([ladder[0], ladder[0]], Tiny.Bits));
        Check.Refuses<ArgumentException>("sites", () => VaeModel.Hierarchy([], Tiny.Bits));
        Check.Refuses<ArgumentNullException>("sites", () => VaeModel.Hierarchy([null!], Tiny.Bits));
        Check.Contains(
            Check.Throws<ArgumentException>(() => VaeModel.Hierarchy(ladder, Tiny.Bits, ["y"])).Message,
            "'y'"
        );
        Check.Refuses<ArgumentException>("name", () => Site.Create("a.b", Prior.Standard(2), Normal));
        Check.Refuses<ArgumentException>("above", () => Site.Below("a", [1], [], Normal, Normal));
        Check.Refuses<ArgumentOutOfRangeException>("shape", () => Site.Below("a", [0], ["b"], Normal, Normal));
    }
}
