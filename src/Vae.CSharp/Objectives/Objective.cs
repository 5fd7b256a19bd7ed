using System;

namespace VaeFunctional;

/// <summary>
/// A loss that training makes small: a weighted sum of named terms, in nats per example. What an objective asks of a model (a
/// posterior whose draws pass gradients, a likelihood with a density, one latent) is refused by name when a run begins.
/// <c>Objective.Elbo().Anneal("kl", schedule).FreeBits(0.25)</c>
/// </summary>
public sealed class Objective
{
    private Objective(Core.Objective value) => Value = value;

    internal Core.Objective Value { get; }

    /// <summary>
    /// The objective that a text names for a model, with what changes it after commas: <c>elbo, warm-up 5, free-bits 0.25</c>,
    /// <c>iwae 50</c>. <see cref="Recipes.Objectives"/> and <see cref="Recipes.ObjectiveChanges"/> are what there is.
    /// </summary>
    /// <exception cref="ArgumentException">The text names none: the message says what there is.</exception>
    public static Objective Parse(string text, VaeModel model)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(model);
        return new(Core.ObjectiveRecipes.read(text).Invoke(model.Vae));
    }

    /// <summary>The objective in words.</summary>
    public string Name => Value.Name;

    /// <summary>Draws of the posterior for each example.</summary>
    public int Draws => Value.Draws;

    /// <summary>
    /// Whether the total is, on average over its draws, at least -log p(x), where the likelihood's score is a log-density.
    /// </summary>
    public bool IsBound => Value.Claim.IsBound;

    /// <summary>What the total says of the data, in words: that it is a bound, or that it is none.</summary>
    public string Claim => Value.Claim.ToString();

    /// <summary>
    /// The negative ELBO, -E_q[log p(x|z)] + KL(q(z|x) || p(z)) (Kingma and Welling, 2014).
    /// </summary>
    /// <param name="draws">Of the posterior, for each example.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no draws.</exception>
    public static Objective Elbo(int draws = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        return new(Core.ObjectiveModule.elboOf(draws));
    }

    /// <summary>
    /// The importance-weighted bound -log 1/k sum_k p(x, z_k) / q(z_k|x), which draws make tighter (Burda, Grosse and
    /// Salakhutdinov, 2016).
    /// </summary>
    /// <param name="draws">Of the posterior, for each example.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no draws.</exception>
    public static Objective Iwae(int draws)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        return new(Core.ObjectiveModule.iwae(draws));
    }

    /// <summary>
    /// The importance-weighted bound with the doubly reparameterized gradient of Tucker et al., 2019, whose noise does not grow
    /// with the draws.
    /// </summary>
    /// <param name="draws">Of the posterior, for each example.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no draws.</exception>
    public static Objective Dreg(int draws)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        return new(Core.ObjectiveModule.dreg(draws));
    }

    /// <summary>
    /// The Renyi bound (Li and Turner, 2016): at an order of 1 the ELBO by draws, at 0 the importance-weighted bound.
    /// </summary>
    /// <param name="alpha">The order, at least 0 and finite.</param>
    /// <param name="draws">Of the posterior, for each example.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is negative or not finite, or there are no draws.</exception>
    public static Objective Renyi(double alpha, int draws)
    {
        Numbers.CheckNotNegative(alpha, nameof(alpha));
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        return new(Core.ObjectiveModule.renyi(alpha, draws));
    }

    /// <summary>
    /// The largest importance weight alone, the Renyi bound as its order falls to minus infinity (Li and Turner, 2016). It is no
    /// bound.
    /// </summary>
    /// <param name="draws">Of the posterior, for each example.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no draws.</exception>
    public static Objective VrMax(int draws)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        return new(Core.ObjectiveModule.vrMax(draws));
    }

    /// <summary>
    /// beta times the ELBO by draws and 1 - beta times the importance-weighted bound (Rainforth et al., 2018).
    /// </summary>
    /// <param name="beta">From 0 to 1.</param>
    /// <param name="draws">Of the posterior, for each example.</param>
    /// <exception cref="ArgumentOutOfRangeException">beta is not from 0 to 1, or there are no draws.</exception>
    public static Objective Ciwae(double beta, int draws)
    {
        Numbers.CheckUnit(beta, nameof(beta));
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        return new(Core.ObjectiveModule.ciwae(beta, draws));
    }

    /// <summary>
    /// The negative ELBO by draws, whose posterior has its gradient through the draws alone: at the exact posterior it is without
    /// noise (Roeder, Wu and Duvenaud, "Sticking the landing", 2017).
    /// </summary>
    /// <param name="draws">Of the posterior, for each example.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no draws.</exception>
    public static Objective StickTheLanding(int draws = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        return new(Core.ObjectiveModule.stickTheLanding(draws));
    }

    /// <summary>
    /// The negative ELBO for latents of any kind, those without a sample path too: their gradient is by the score, each draw's
    /// baseline the mean of the others (Kool, van Hoof and Welling, 2019).
    /// </summary>
    /// <param name="draws">Of the posterior, for each example: at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 draws.</exception>
    public static Objective Scored(int draws)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        return new(Core.ObjectiveModule.scored(draws));
    }

    /// <summary>
    /// The importance-weighted bound for latents of any kind, by the score with the bound without each draw as its baseline (Mnih
    /// and Rezende, 2016).
    /// </summary>
    /// <param name="draws">Of the posterior, for each example: at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 draws.</exception>
    public static Objective Vimco(int draws)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        return new(Core.ObjectiveModule.vimco(draws));
    }

    /// <summary>
    /// The negative ELBO with the expectation over the model's latent of categories as the sum over them, exact and without noise, at a
    /// pass for each category. With a latent that is known of some examples (<see cref="Site.Known"/>) it is the bound of
    /// semi-supervised learning (Kingma et al., 2014, equations 6 and 7): see <see cref="Supervised"/>.
    /// </summary>
    public static Objective Summed() => new(Core.ObjectiveModule.summed);

    /// <summary>
    /// The negative ELBO of a model whose latents are a codebook's vectors, with the squared distance of the codebook from what the
    /// encoder gave and a weight times that of the encoder from the codebook (van den Oord, Vinyals and Kavukcuoglu, 2017, equation 3).
    /// </summary>
    /// <param name="commitment">Of the encoder's distance, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not finite.</exception>
    public static Objective Quantized(double commitment = 0.25)
    {
        Numbers.CheckNotNegative(commitment, nameof(commitment));
        return new(Core.ObjectiveModule.quantized(commitment));
    }

    /// <summary>
    /// <see cref="Quantized"/> whose codebook follows what the encoder gives by running averages in place of a gradient (van den Oord,
    /// Vinyals and Kavukcuoglu, 2017, appendix A.1). A vector that nothing is near to stays where it is.
    /// </summary>
    /// <param name="decay">What steps before weigh, at least 0 and less than 1.</param>
    /// <param name="commitment">Of the encoder's distance, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static Objective QuantizedByAverage(double decay = 0.99, double commitment = 0.25)
    {
        Numbers.CheckFraction(decay, nameof(decay));
        Numbers.CheckNotNegative(commitment, nameof(commitment));
        return new(Core.ObjectiveModule.quantizedByAverage(decay, commitment));
    }

    /// <summary>
    /// beta-TCVAE: the KL in three parts, each by a weight, the law of the latents over all the data estimated from the batch (Chen
    /// et al., 2018, equation 2). The estimate is biased: the log of a mean over a batch.
    /// </summary>
    /// <param name="mutualInformation">The weight of the mutual information of data and latent.</param>
    /// <param name="totalCorrelation">The weight of the KL of the latents' law from the product of its dimensions' laws.</param>
    /// <param name="dimensionWise">The weight of the KLs of the dimensions' laws from the prior's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A weight is not finite.</exception>
    public static Objective Decompose(
        double mutualInformation = 1,
        double totalCorrelation = 1,
        double dimensionWise = 1
    )
    {
        Numbers.CheckFinite(mutualInformation, nameof(mutualInformation));
        Numbers.CheckFinite(totalCorrelation, nameof(totalCorrelation));
        Numbers.CheckFinite(dimensionWise, nameof(dimensionWise));
        return new(
            Core.ObjectiveModule.decompose(new Core.Decomposition(mutualInformation, totalCorrelation, dimensionWise))
        );
    }

    /// <summary>
    /// DIP-VAE: the ELBO and the squares by which the latents' covariance over the batch is not the identity, each by a weight
    /// (Kumar, Sattigeri and Balakrishnan, 2018, equations 6 and 7).
    /// </summary>
    /// <param name="kind">Whose covariance.</param>
    /// <param name="offDiagonal">The weight of what is off the diagonal, at least 0.</param>
    /// <param name="diagonal">The weight of what is on it, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not finite, or the kind is none.</exception>
    public static Objective Dip(Dip kind, double offDiagonal, double diagonal)
    {
        Numbers.CheckNotNegative(offDiagonal, nameof(offDiagonal));
        Numbers.CheckNotNegative(diagonal, nameof(diagonal));
        return new(Core.ObjectiveModule.dip(kind.ToCore(nameof(kind)), offDiagonal, diagonal));
    }

    /// <summary>
    /// InfoVAE: 1 - alpha times the KL and alpha + lambda - 1 times the distance of the latents' law over the batch from the prior
    /// (Zhao, Song and Ermon, 2019, equation 6).
    /// </summary>
    /// <param name="alpha">Finite.</param>
    /// <param name="lambda">Finite.</param>
    /// <param name="matching">What the distance is.</param>
    /// <exception cref="ArgumentOutOfRangeException">A weight is not finite.</exception>
    public static Objective InfoVae(double alpha, double lambda, Matching matching)
    {
        Numbers.CheckFinite(alpha, nameof(alpha));
        Numbers.CheckFinite(lambda, nameof(lambda));
        ArgumentNullException.ThrowIfNull(matching);
        return new(Core.ObjectiveModule.infoVae(alpha, lambda, matching.Value));
    }

    /// <summary>
    /// The Wasserstein autoencoder: the reconstruction, and a weight times the distance of the latents' law over the batch from the
    /// prior; the KL is reported only (Tolstikhin et al., 2018).
    /// </summary>
    /// <param name="weight">Of the distance.</param>
    /// <param name="matching">What the distance is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not a positive finite number.</exception>
    public static Objective Wae(double weight, Matching matching)
    {
        Numbers.CheckPositive(weight, nameof(weight));
        ArgumentNullException.ThrowIfNull(matching);
        return new(Core.ObjectiveModule.wae(weight, matching.Value));
    }

    /// <summary>
    /// The ELBO and a weight times what a network of one's own, trained beside the model in the same steps, tells apart. Neither
    /// player's loss has a gradient in the other's parameters. FactorVAE is
    /// <c>Objective.Adversary(net, 6.4, Adversary.TotalCorrelation)</c>; of an adversarial autoencoder, <c>Adversary.Prior</c>, the
    /// KL is reported only.
    /// </summary>
    /// <param name="net">The adversary: its last layer, to one logit, is added.</param>
    /// <param name="weight">Of the adversary's judgement in the model's loss.</param>
    /// <param name="kind">What is told apart.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not a positive finite number, or the kind is none.</exception>
    public static Objective Adversary(Net net, double weight, Adversary kind)
    {
        ArgumentNullException.ThrowIfNull(net);
        Numbers.CheckPositive(weight, nameof(weight));
        return new(Core.ObjectiveModule.adversary(net.Value, weight, kind.ToCore(nameof(kind))));
    }

    /// <summary>
    /// The means that some code bases report as losses: of the reconstruction over the data's numbers and of the KL over the
    /// latent's. It is the beta-VAE of the stated beta, numbers of the data / numbers of the latent, divided by the former.
    /// </summary>
    /// <param name="model">The model whose shapes these are.</param>
    public static Objective PerDimension(VaeModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(Core.ObjectiveModule.perDimension(model.Vae));
    }

    /// <summary>The same objective with the weight of one term multiplied.</summary>
    /// <param name="term">The term's name: <c>kl</c> is that of every latent. One that the objective does not have is refused once
    /// it is trained or evaluated.</param>
    /// <param name="factor">Finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not finite.</exception>
    public Objective Weigh(string term, double factor)
    {
        ArgumentException.ThrowIfNullOrEmpty(term);
        Numbers.CheckFinite(factor, nameof(factor));
        return new(Core.ObjectiveModule.weigh(term, factor, Value));
    }

    /// <summary>
    /// The same objective with the weight of one term multiplied by a schedule. What is measured beside training has the weight of
    /// the schedule's end.
    /// </summary>
    /// <param name="term">The term's name: <c>kl</c> is that of every latent. One that the objective does not have is refused once
    /// it is trained or evaluated.</param>
    /// <param name="schedule">The weight, as a function of how far the run is.</param>
    public Objective Anneal(string term, Schedule schedule)
    {
        ArgumentException.ThrowIfNullOrEmpty(term);
        ArgumentNullException.ThrowIfNull(schedule);
        return new(Core.ObjectiveModule.anneal(term, schedule.Value, Value));
    }

    /// <summary>The beta-VAE (Higgins et al., 2017): the KL weighed by a factor.</summary>
    /// <param name="factor">At least 0; 1 leaves the objective what it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite.</exception>
    public Objective Beta(double factor)
    {
        Numbers.CheckNotNegative(factor, nameof(factor));
        return new(Core.ObjectiveModule.beta(factor, Value));
    }

    /// <summary>
    /// The objective and a weight times -log q(z|x) of what is known of a latent (<see cref="Site.Known"/>), so that the posterior of a
    /// class is trained as a classifier too (Kingma et al., 2014, equation 9). Examples of which it is not known have 0.
    /// </summary>
    /// <param name="weight">At least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not finite.</exception>
    public Objective Supervised(double weight)
    {
        Numbers.CheckNotNegative(weight, nameof(weight));
        return new(Core.ObjectiveModule.supervised(weight, Value));
    }

    /// <summary>
    /// The objective of the data and the same of each of its named parts alone, summed: for models of several kinds of data, whose
    /// posterior is also to be of one of them (Wu and Goodman, 2018, section 2.2, without random subsets). It takes a model with
    /// <see cref="Likelihood.Product"/>, made for missing values by <see cref="VaeModel.ForMissing"/>.
    /// </summary>
    public Objective EachPart() => new(Core.ObjectiveModule.eachPart(Value));

    /// <summary>
    /// The objective of examples with holes: in training half of the examples of a step are seen whole, and of each other one every value
    /// is hidden with a chance of its own, uniform from 0 to the most. So the networks of a model that is trained on whole examples know
    /// those with holes. What is measured is of whole examples. It takes a model made by <see cref="VaeModel.ForMissing"/>.
    /// </summary>
    /// <param name="most">At least 0, which hides nothing, and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no such share.</exception>
    public Objective WithHoles(double most)
    {
        Numbers.CheckFraction(most, nameof(most));
        return new(Core.ObjectiveModule.withHoles(most, Value));
    }

    /// <summary>
    /// Free bits: a KL below so many nats costs these, so that nothing is gained by its being less (Kingma et al., 2016, equation
    /// 15, which is this by dimension and over the batch). The KL itself is reported.
    /// </summary>
    /// <param name="nats">Free in each group, at least 0.</param>
    /// <param name="group">What they are free in.</param>
    /// <param name="over">What is compared with them.</param>
    /// <exception cref="ArgumentException">The objective has no KL of its own that could be charged so.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The nats are negative or not finite, or a kind is none.</exception>
    public Objective FreeBits(double nats, FreeGroup group = FreeGroup.Dimension, FreeOver over = FreeOver.Batch)
    {
        Numbers.CheckNotNegative(nats, nameof(nats));
        return new(
            Core.ObjectiveModule.freeBitsBy(group.ToCore(nameof(group)), over.ToCore(nameof(over)), nats, Value)
        );
    }

    /// <summary>
    /// A capacity that the KL is held to: a weight times |KL - capacity|, of the mean KL over the batch (Burgess et al.,
    /// "Understanding disentangling in beta-VAE", 2018, equation 8).
    /// </summary>
    /// <param name="weight">Of the distance from the capacity.</param>
    /// <param name="nats">The capacity, as a function of how far the run is.</param>
    /// <exception cref="ArgumentException">The objective has no KL of its own that could be held so.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not a positive finite number.</exception>
    public Objective Capacity(double weight, Schedule nats)
    {
        Numbers.CheckPositive(weight, nameof(weight));
        ArgumentNullException.ThrowIfNull(nats);
        return new(Core.ObjectiveModule.capacity(weight, nats.Value, Value));
    }

    /// <summary>The objective in words.</summary>
    public override string ToString() => Name;
}
