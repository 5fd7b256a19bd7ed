using System;
using System.Linq;

namespace VaeFunctional;

/// <summary>p(z): the law of the latent before any data.</summary>
public sealed class Prior
{
    private Prior(Core.Prior value) => Value = value;

    internal Core.Prior Value { get; }

    /// <summary>The shape of one latent.</summary>
    public long[] LatentShape => (long[])Value.LatentShape.Clone();

    /// <summary>N(0, I).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no dimensions.</exception>
    public static Prior Standard(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        return new(Core.PriorModule.standard(dimensions));
    }

    /// <summary>N(0, covariance), by its Cholesky factor.</summary>
    /// <exception cref="ArgumentException">The matrix is not square, symmetric and positive definite.</exception>
    public static Prior Gaussian(double[,] covariance)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        var rows = Enumerable
            .Range(0, covariance.GetLength(0))
            .Select(i => Enumerable.Range(0, covariance.GetLength(1)).Select(j => covariance[i, j]).ToCoreList());
        return new(Core.PriorModule.gaussian(rows.ToCoreList()));
    }

    /// <summary>A learned mixture of so many independent normals: all its means, scales and weights.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no dimensions, or no components.</exception>
    public static Prior Mixture(int dimensions, int components)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        return new(Core.PriorModule.mixture(dimensions, components));
    }

    /// <summary>
    /// The mixture of the posteriors of so many inputs that are learned, the posterior's own parameters and all (Tomczak and
    /// Welling, "VAE with a VampPrior", 2018). The inputs begin next to 0; <see cref="VampFrom(int, DataSet)"/> begins them at data.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no dimensions, or no inputs.</exception>
    public static Prior Vamp(int dimensions, int inputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        return new(Core.PriorModule.vamp(dimensions, inputs));
    }

    /// <summary>
    /// <see cref="Vamp"/> whose inputs begin at the items of a data set: <c>Prior.VampFrom(40, train.Take(500))</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no dimensions.</exception>
    public static Prior VampFrom(int dimensions, DataSet inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return VampFrom(dimensions, [.. Enumerable.Range(0, inputs.Count).Select(i => inputs[i])]);
    }

    /// <summary>
    /// <see cref="Vamp"/> whose inputs begin at these, each the numbers of what the posterior is given of one example, row by row:
    /// of a conditional model the example's own numbers and then those that are given, each once or, where the posterior's network takes
    /// images as such and does not flatten them first, a channel of each. Rows of another length are refused once the model is made.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no dimensions.</exception>
    /// <exception cref="ArgumentException">There are no inputs, or one of them is missing.</exception>
    public static Prior VampFrom(int dimensions, float[][] inputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentNullException.ThrowIfNull(inputs);

        if (inputs.Length == 0 || inputs.Any(row => row is null))
        {
            throw new ArgumentException(
                "inputs has no rows, or one that is null; expected at least one",
                nameof(inputs)
            );
        }

        return new(Core.PriorModule.vampFrom(dimensions, inputs));
    }

    /// <summary>
    /// What a flow makes of standard normal numbers, its parameters learned. Its density is needed in every step: masked
    /// autoregressive flows and couplings are the fast ones here.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no dimensions.</exception>
    public static Prior Flow(int dimensions, Flow flow)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentNullException.ThrowIfNull(flow);
        return new(Core.PriorModule.flow(dimensions, flow.Value));
    }

    /// <summary>
    /// The uniform law on the unit sphere of so many dimensions, at least 2: beside it posteriors such as von Mises-Fisher's have
    /// an exact KL (Davidson et al., "Hyperspherical variational auto-encoders", 2018).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 dimensions.</exception>
    public static Prior UniformOnSphere(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 2);
        return new(Core.PriorModule.uniformOnSphere(dimensions));
    }

    /// <summary>A law over latents of a shape, its parameters learned: <c>Prior.OfLaw("Laplace", 8)</c>.</summary>
    /// <param name="law">A name of <see cref="Laws.All"/>, whatever its case.</param>
    /// <param name="latentShape">The shape of one latent.</param>
    /// <exception cref="ArgumentException">
    /// No law is called so, or it is one of matrices, or with a count that is not stated, or has no values of the shape.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the shape is below 1.</exception>
    public static Prior OfLaw(string law, params int[] latentShape) => OfHead(Head.OfLaw(law), latentShape);

    /// <summary>
    /// A law over latents of a shape, by its head: parameters that are no constants are learned, and begin where their links have 0.
    /// </summary>
    /// <param name="head">The law, and which of its parameters are constants.</param>
    /// <param name="latentShape">The shape of one latent.</param>
    /// <exception cref="ArgumentException">
    /// The law is one of matrices, or with a count that is not stated, or has no values of the shape.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the shape is below 1.</exception>
    public static Prior OfHead(Head head, params int[] latentShape)
    {
        ArgumentNullException.ThrowIfNull(head);
        Sizes.CheckPositive(latentShape, nameof(latentShape));
        return new(Core.PriorModule.ofHead(head.Value, latentShape.ToCoreList()));
    }

    /// <summary>
    /// The prior that a text names, such as <c>vamp 500</c>, <c>maf 4</c> or <c>StudentT df=5</c>: <see cref="Recipes.Priors"/>
    /// are those with a name of their own, and each law's name makes that law.
    /// </summary>
    /// <exception cref="ArgumentException">The text names none: the message says what there is.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no dimensions.</exception>
    public static Prior Parse(string text, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        return new(Core.PriorRecipes.read(text).Invoke(dimensions));
    }

    /// <summary>
    /// Vectors of the codebook that a quantized posterior of as many codes has, one at each place of latents of shape [d, places...], by
    /// learned probabilities of each place's codes (<see cref="Posterior.Quantized"/>).
    /// </summary>
    /// <param name="codes">At least 2.</param>
    /// <param name="latentShape">The length of a vector, and the places that have one each.</param>
    /// <exception cref="ArgumentException">The shape has no dimension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer codes than 2, or a number of the shape is below 1.</exception>
    public static Prior Codebook(int codes, params int[] latentShape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(codes, 2);
        Sizes.CheckPositive(latentShape, nameof(latentShape));
        return new(Core.PriorModule.codebook(codes, latentShape.ToCoreList()));
    }

    /// <summary>The prior in words.</summary>
    public override string ToString() => Value.Spec.ToString();
}
