using System;
using Expecto;
using Expecto.CSharp;
using TorchSharp;

namespace VaeFunctional.Tests;

internal static class ArgumentTests
{
    private static Test OutOfRange(string argument, string name, Action action) =>
        Runner.TestCase(name, () => Check.Refuses<ArgumentOutOfRangeException>(argument, action));

    private static Test Refused(string argument, string name, Action action) =>
        Runner.TestCase(
            name,
            () =>
            {
                using var scope = torch.NewDisposeScope();
                Check.Refuses<ArgumentException>(argument, action);
            }
        );

    private static Test Null(string argument, string name, Action action) =>
        Runner.TestCase(name, () => Check.Refuses<ArgumentNullException>(argument, action));

    private static DataSet Two() => DataSet.FromValues("two", [1], [1, 2]);

    public static readonly Test Tests = Runner.TestList(
        "bad arguments by name",
        [
            OutOfRange("count", "no digits", () => Digits.Draw(seed: 1, count: 0)),
            OutOfRange("digit", "a digit above 9", () => Digits.DrawClass(10, Key.FromSeed(1), 1)),
            OutOfRange("count", "a negative permutation", () => Key.FromSeed(0).Permutation(-1)),
            OutOfRange("shape", "noise of no shape", () => Key.FromSeed(0).Normal(0)),
            OutOfRange("fraction", "a fraction that is no number", () => Two().Split(double.NaN)),
            OutOfRange("count", "more items than there are", () => Two().Take(3)),
            OutOfRange("start", "a start past the end", () => Two().Slice(2, 1)),
            OutOfRange("index", "an item past the end", () => _ = Two()[2]),
            OutOfRange("scale", "a scale of 0", () => DataSet.FromBytes("a", [1], [0], scale: 0)),
            OutOfRange("part", "no part of a data set", () => Idx.LoadPart("folder", (DataPart)9)),
            OutOfRange("dimensions", "a prior of no dimensions", () => Prior.Standard(0)),
            OutOfRange("bound", "a clamp at 0", () => LogScale.SoftClamp(0)),
            OutOfRange("scale", "pixels of negative scale", () => Likelihood.Gaussian(Net.Relu, -1)),
            OutOfRange("outputs", "a layer without outputs", () => Net.Dense(0)),
            OutOfRange("kernel", "a kernel of size 0", () => Net.Conv2d(1, kernel: 0)),
            OutOfRange("shape", "an image of negative width", () => Net.Reshape(1, -2)),
            OutOfRange("components", "no logistics", () => Likelihood.DiscretizedLogisticMixture(Net.Relu, 0)),
            OutOfRange("groups", "a normalisation of no groups", () => Net.GroupNorm(0)),
            OutOfRange("channels", "a residual net without channels", () => Encoder.Residual([0])),
            OutOfRange("probability", "dropout of everything", () => Net.Dropout(1)),
            OutOfRange("widths", "a layer of width 0", () => Encoder.Dense(3, 0)),
            OutOfRange("channels", "a convolution without channels", () => Decoder.Convolutional([0])),
            OutOfRange("draws", "an ELBO without draws", () => Objective.Elbo(0)),
            OutOfRange("factor", "a KL of negative weight", () => Objective.Elbo().Beta(-1)),
            OutOfRange("factor", "a weight that is no number", () => Objective.Elbo().Weigh("kl", double.NaN)),
            OutOfRange("draws", "no draws of a bound", () => Objective.Iwae(0)),
            OutOfRange("draws", "no draws of a bound's gradient", () => Objective.Dreg(0)),
            OutOfRange("alpha", "a negative order", () => Objective.Renyi(-1, 2)),
            OutOfRange("draws", "no draws of a Renyi bound", () => Objective.Renyi(1, 0)),
            OutOfRange("draws", "no largest weight", () => Objective.VrMax(0)),
            OutOfRange("beta", "more than all of a bound", () => Objective.Ciwae(1.5, 2)),
            OutOfRange("draws", "no draws to stick by", () => Objective.StickTheLanding(0)),
            OutOfRange("draws", "a score without others", () => Objective.Scored(1)),
            OutOfRange("draws", "a bound by the score without others", () => Objective.Vimco(1)),
            OutOfRange("totalCorrelation", "a part of no weight", () => Objective.Decompose(1, double.NaN)),
            OutOfRange("offDiagonal", "a negative weight of covariances", () => Objective.Dip(Dip.Means, -1, 1)),
            OutOfRange("diagonal", "a negative weight of variances", () => Objective.Dip(Dip.Means, 1, -1)),
            OutOfRange("kind", "no kind of DIP-VAE", () => Objective.Dip((Dip)7, 1, 1)),
            OutOfRange("lambda", "an infinite weight", () => Objective.InfoVae(0, double.PositiveInfinity, Sliced())),
            OutOfRange("weight", "a distance without weight", () => Objective.Wae(0, Sliced())),
            OutOfRange("directions", "a distance along nothing", () => Matching.SlicedWasserstein(0)),
            OutOfRange("weight", "no adversary", () => Objective.Adversary(Net.Identity, 0, Adversary.Data)),
            OutOfRange("kind", "no kind of adversary", () => Objective.Adversary(Net.Identity, 1, (Adversary)7)),
            OutOfRange("nats", "negative free nats", () => Objective.Elbo().FreeBits(-1)),
            OutOfRange("group", "no group", () => Objective.Elbo().FreeBits(1, (FreeGroup)7)),
            OutOfRange("over", "over nothing", () => Objective.Elbo().FreeBits(1, over: (FreeOver)7)),
            OutOfRange("weight", "a capacity without weight", () => Objective.Elbo().Capacity(0, Schedule.Constant())),
            OutOfRange("components", "a mixture of nothing", () => Prior.Mixture(2, 0)),
            OutOfRange("inputs", "no learned inputs", () => Prior.Vamp(2, 0)),
            OutOfRange("dimensions", "a sphere of one dimension", () => Prior.UniformOnSphere(1)),
            OutOfRange("latentShape", "a latent of no numbers", () => Prior.OfLaw("Normal", 0)),
            OutOfRange("count", "no flow", () => Flow.Planar(0)),
            OutOfRange("reflections", "no reflections", () => Flow.Householder(0)),
            OutOfRange("directions", "no directions", () => Flow.Sylvester(1, 0)),
            OutOfRange("widths", "a flow's layer of width 0", () => Flow.Coupling(1, [0])),
            OutOfRange("bins", "a spline of one bin", () => Flow.Spline(1, 1)),
            OutOfRange("value", "a parameter that is no number", () => Head.OfLaw("Normal").Fix("loc", double.NaN)),
            OutOfRange("size", "no categories", () => Head.OfLaw("Categorical").Size(0)),
            OutOfRange("classes", "one label", () => Given.Label(1)),
            OutOfRange("rate", "a learning rate that is no number", () => Optimizer.Adam(double.NaN)),
            OutOfRange("beta2", "a decay of 1", () => Optimizer.Adam(beta2: 1)),
            OutOfRange("momentum", "a momentum of 1", () => Optimizer.Sgd(0.1, 1)),
            OutOfRange("decay", "parameters that grow", () => Optimizer.AdamW(decay: -0.1)),
            OutOfRange("decay", "an L2 of no number", () => Optimizer.Sgd(0.1).WithWeightDecay(double.NaN)),
            OutOfRange("decay", "squares that never fade", () => Optimizer.RmsProp(decay: 1)),
            OutOfRange("rate", "a rate of 0", () => Optimizer.RAdam(0)),
            OutOfRange("rate", "a negative rate", () => Optimizer.Adamax(-1)),
            OutOfRange("factor", "a plateau that raises the rate", () => Optimizer.Adam().OnPlateau(1.5)),
            OutOfRange("patience", "a plateau at once", () => Optimizer.Adam().OnPlateau(patience: 0)),
            OutOfRange("Accumulate", "a step of no batches", () => _ = new TrainingOptions { Accumulate = 0 }),
            OutOfRange("Average", "an average of the first step", () => _ = new TrainingOptions { Average = 1 }),
            OutOfRange("maxNorm", "gradients of no length", () => Optimizer.Adam().Clipped(0)),
            OutOfRange("most", "no step to leave out", () => Guard.Skip(0)),
            OutOfRange("factor", "a rate that is not lowered", () => Guard.LowerRate(1, 2)),
            OutOfRange("factor", "a schedule that ends all", () => Schedule.Exponential(0)),
            OutOfRange("epochs", "steps of no epochs", () => Schedule.Stepwise(0, 0.5)),
            OutOfRange("epochs", "a span of no epochs", () => Span.Epochs(0)),
            OutOfRange("steps", "a span of no steps", () => Span.Steps(0)),
            OutOfRange("share", "a span of more than the run", () => Span.Share(1.5)),
            OutOfRange("to", "a line to no number", () => Schedule.Linear(0, double.NaN, Span.Share(1))),
            OutOfRange("cycles", "no cycles", () => Schedule.Cyclical(0)),
            OutOfRange("rise", "a cycle that only rises", () => Schedule.OneCycle(1)),
            OutOfRange("power", "a power of 0", () => Schedule.Polynomial(0, Span.Share(1))),
            OutOfRange("lengthening", "no restart", () => Schedule.CosineRestarts(Span.Share(1), 0)),
            OutOfRange("factor", "no number throughout", () => Schedule.Constant(double.NaN)),
            OutOfRange("factor", "a schedule times no number", () => Schedule.Never.Times(double.PositiveInfinity)),
            OutOfRange("steps", "a warm-up of no steps", () => Schedule.Constant().WarmedUp(0)),
            OutOfRange("steps", "a step past the last", () => Schedule.Constant().Factor(5, 5, 1)),
            OutOfRange("Epochs", "a run of no epochs", () => _ = new TrainingOptions { Epochs = 0 }),
            OutOfRange("BatchSize", "batches of nothing", () => _ = new TrainingOptions { BatchSize = 0 }),
            OutOfRange("Patience", "no patience", () => _ = new TrainingOptions { Patience = 0 }),
            Refused("scale", "a normal of scale 0", () => _ = new Normal(0, 0)),
            Refused("loc", "a normal around no number", () => _ = new Normal(double.NaN, 1)),
            Refused("logits", "a logit that is no number", () => _ = Bernoulli.OfLogits(double.NaN)),
            Refused("logits", "an infinite logit", () => _ = Categorical.OfLogits(0, double.PositiveInfinity)),
            Refused("logits", "no category", () => _ = Categorical.OfLogits(double.NegativeInfinity)),
            Refused("probs", "a probability above 1", () => _ = Bernoulli.OfProbs(1.5)),
            Refused("probs", "a negative probability", () => _ = Categorical.OfProbs(0.5, -0.5)),
            Refused("probs", "a relaxed law of probability 1", () => _ = RelaxedBernoulli.OfProbs(1, 1)),
            Refused("dimensions", "a negative event", () => _ = new Independent(new Normal(0, 1), -1)),
            OutOfRange("draws", "no draws", () => new Normal(0, 1).Sample(Key.FromSeed(0), 0)),
            OutOfRange("draws", "an estimate from one draw", () => Estimate(1)),
            OutOfRange("n", "a derivative of order 0", () => Diff.NthDerivative(0, x => x, TensorNumbers.Scalar(1))),
            Refused(
                "covariance",
                "an asymmetric covariance",
                () =>
                    Prior.Gaussian(
                        new[,]
                        {
                            { 1, 0.4 },
                            { 0.5, 1 },
                        }
                    )
            ),
            Refused("covariance", "a covariance that is not square", () => Prior.Gaussian(new double[1, 2])),
            Refused("covariance", "a singular covariance", () => Prior.Gaussian(new double[2, 2])),
            Refused("kernel", "a kernel without a middle", () => Net.Conv2d(1, kernel: 2)),
            Refused("shape", "an image that cannot be halved twice", () => Decoder.Convolutional(shape: [1, 27, 28])),
            Refused("bytes", "half an item", () => DataSet.FromBytes("a", [2], [0, 0, 0])),
            Refused("values", "no items", () => DataSet.FromValues("a", [2], [])),
            Refused("values", "values that are no numbers", () => DataSet.FromValues("a", [1], [float.NaN])),
            Refused("labels", "labels for other items", () => Two().WithLabels(1, 2, 3)),
            Refused("name", "a factor that is not known", () => Two().Factor("slant")),
            Refused("other", "items of another shape", () => Two().Append(DataSet.FromValues("b", [2], [1, 2]))),
            Refused("dimensions", "an event larger than the batch", () => _ = new Independent(new Normal(0, 1), 1)),
            Refused(
                "scaleTril",
                "a factor that is not triangular",
                () =>
                    Factor(
                        new double[,]
                        {
                            { 1, 1 },
                            { 0, 1 },
                        }
                    )
            ),
            Refused(
                "scaleTril",
                "a factor of another size",
                () =>
                    Factor(
                        new double[,]
                        {
                            { 1 },
                        }
                    )
            ),
            Refused("components", "components that are not counted by the weights", () => Mix()),
            Refused("tensor", "two numbers as one", () => TensorNumbers.Vector(1, 2).ToNumber()),
            Refused("names", "no factors", () => Given.Factors()),
            Refused("inputs", "no inputs", () => Prior.VampFrom(2, (float[][])[])),
            Refused("term", "a term without a name", () => Objective.Elbo().Beta(1).Weigh("", 1)),
            Null("term", "no term", () => Objective.Elbo().Weigh(null!, 1)),
            Null("other", "a schedule times none", () => Schedule.Never.Times((Schedule)null!)),
            Null("schedule", "no schedule of a term", () => Objective.Elbo().Anneal("kl", null!)),
            Null("matching", "no distance", () => Objective.Wae(1, null!)),
            Null("kernel", "no kernel", () => Matching.Mmd(null!)),
            Null("net", "no network to tell apart", () => Objective.Adversary(null!, 1, Adversary.Data)),
            Null("model", "no model of shapes", () => Objective.PerDimension(null!)),
            Null("law", "no law's name", () => Head.OfLaw(null!)),
            Null("flow", "no flow of a posterior", () => Posterior.DiagonalNormal(Net.Relu).Through(null!)),
            Null("next", "no next flow", () => Flow.Planar(1).Then(null!)),
            Null("function", "no function of a layer", () => Net.Custom("a", null!)),
            Null("encoder", "no encoder", () => Posterior.DiagonalNormal(null!)),
            Null("prior", "no prior", () => VaeModel.Create(null!, null!, null!)),
            Null("Objective", "no objective", () => _ = new TrainingOptions { Objective = null! }),
            Null("law", "no law", () => _ = new Independent(null!, 1)),
            Null("f", "no function", () => Diff.Grad(null!, TensorNumbers.Scalar(1))),
        ]
    );

    private static Matching Sliced() => Matching.SlicedWasserstein(1);

    private static Estimate Estimate(int draws) =>
        Kl.Estimate(new Normal(0, 1), new Normal(0, 1), draws, Key.FromSeed(0));

    private static MultivariateNormal Factor(double[,] scaleTril) => new([0, 0], scaleTril);

    private static Mixture Mix() => new(Categorical.OfLogits(0, 0), new Normal(0, 1));
}
