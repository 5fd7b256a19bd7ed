using System;
using Microsoft.FSharp.Core;

namespace VaeFunctional;

/// <summary>A law as a function of a tensor: p(y | x). Posteriors and likelihoods are laws of this kind.</summary>
/// <typeparam name="TLaw">The kind of law.</typeparam>
public sealed class Conditional<TLaw>
    where TLaw : Distribution
{
    private readonly Func<Tensor, TLaw> law;

    /// <summary>The law that a function gives.</summary>
    public Conditional(Func<Tensor, TLaw> law) => this.law = Interop.Given(law);

    /// <summary>The law, given what it is conditional on.</summary>
    public TLaw Given(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return law(x);
    }

    /// <summary>What is made of the law, whatever is given.</summary>
    public Conditional<TOther> Map<TOther>(Func<TLaw, TOther> combinator)
        where TOther : Distribution
    {
        ArgumentNullException.ThrowIfNull(combinator);
        return new(x => combinator(law(x)));
    }

    /// <summary>The same law of another quantity, which x is computed from.</summary>
    public Conditional<TLaw> On(Func<Tensor, Tensor> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new(x => law(input(x)));
    }

    /// <summary>log p(y | x)</summary>
    public Tensor LogProb(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        return Interop.Keep(() => Given(x).LogProb(y));
    }

    /// <summary>Draws of y for each draw of x, without gradient: pairs of the joint law.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number of draws is below 1.</exception>
    public (Tensor X, Tensor Y) Joint(Distribution marginal, Key key, params long[] draws)
    {
        ArgumentNullException.ThrowIfNull(marginal);
        Sizes.CheckPositive(draws, nameof(draws));
        var given = FuncConvert.FromFunc<Tensor, Core.Distribution>(x => law(x).Law);
        return Interop.Keep(() =>
            Core.Conditional.joint(key.ToCore(), draws, marginal.Law, new Core.Conditional<Core.Distribution>(given))
        );
    }
}
