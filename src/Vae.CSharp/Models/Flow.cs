using System;

namespace VaeFunctional;

/// <summary>
/// Learned bijections of vectors, first to last. Those with few parameters take them from an encoder's code, for each example;
/// those that are networks learn their own weights.
/// </summary>
public sealed class Flow
{
    private Flow(Core.Flow value) => Value = value;

    internal Core.Flow Value { get; }

    /// <summary>So many planar flows, x + u tanh(w x + b) (Rezende and Mohamed, 2015, equation 10).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public static Flow Planar(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new(Core.FlowModule.planar(count));
    }

    /// <summary>So many radial flows, towards a centre or away from it (Rezende and Mohamed, 2015, equation 14).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public static Flow Radial(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new(Core.FlowModule.radial(count));
    }

    /// <summary>
    /// So many Householder reflections (Tomczak and Welling, 2016): a rotation, which correlates independent numbers.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public static Flow Householder(int reflections)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(reflections, 1);
        return new(Core.FlowModule.householder(reflections));
    }

    /// <summary>
    /// So many Sylvester flows: planar ones in several directions at once, made orthogonal by reflections (van den Berg et al.,
    /// 2018).
    /// </summary>
    /// <param name="count">Flows, one after the other.</param>
    /// <param name="directions">Of each; at most as many as the latent has numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static Flow Sylvester(int count, int directions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(directions, 1);
        return new(Core.FlowModule.sylvester(directions, count));
    }

    /// <summary>
    /// So many inverse autoregressive flows, the order of the numbers turned between them (Kingma et al., 2016): fast to draw
    /// from, as a posterior is.
    /// </summary>
    /// <param name="count">Flows, one after the other.</param>
    /// <param name="widths">Hidden layers of each network: one of 64 where none are given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static Flow InverseAutoregressive(int count, int[]? widths = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new(Core.FlowModule.inverseAutoregressiveBy(Hidden(widths).ToCoreList(), count));
    }

    /// <summary>
    /// So many masked autoregressive flows, the order of the numbers turned between them (Papamakarios, Pavlakou and Murray,
    /// 2017): fast to score, as a prior is.
    /// </summary>
    /// <param name="count">Flows, one after the other.</param>
    /// <param name="widths">Hidden layers of each network: one of 64 where none are given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static Flow MaskedAutoregressive(int count, int[]? widths = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new(Core.FlowModule.maskedAutoregressiveBy(Hidden(widths).ToCoreList(), count));
    }

    /// <summary>
    /// So many affine couplings, half of the numbers shifted and scaled by a network of the others, the order turned between them
    /// (Dinh, Sohl-Dickstein and Bengio, 2017). Latents have at least 2 numbers.
    /// </summary>
    /// <param name="count">Flows, one after the other.</param>
    /// <param name="widths">Hidden layers of each network: one of 64 where none are given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static Flow Coupling(int count, int[]? widths = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new(Core.FlowModule.coupling(Hidden(widths).ToCoreList(), count));
    }

    /// <summary>
    /// So many couplings by monotone rational-quadratic splines within plus or minus 5 (Durkan et al., 2019). Latents have at
    /// least 2 numbers.
    /// </summary>
    /// <param name="count">Flows, one after the other.</param>
    /// <param name="bins">Of each spline, at least 2.</param>
    /// <param name="widths">Hidden layers of each network: one of 64 where none are given.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 bins, or a number is below 1.</exception>
    public static Flow Spline(int count, int bins = 8, int[]? widths = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        return new(Core.FlowModule.spline(bins, Hidden(widths).ToCoreList(), count));
    }

    /// <summary>This flow, and another of what it makes.</summary>
    public Flow Then(Flow next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new(Core.FlowModule.andThen(next.Value, Value));
    }

    /// <summary>The flow in words.</summary>
    public override string ToString() => Value.ToString();

    private static int[] Hidden(int[]? widths)
    {
        var given = widths ?? [64];
        Sizes.CheckPositive(given, nameof(widths));
        return given;
    }
}
