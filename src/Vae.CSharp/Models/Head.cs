using System;

namespace VaeFunctional;

/// <summary>
/// A law as what a network ends in: where each of its parameters comes from, and how real numbers become it. Without a setting a
/// parameter is the network's, through the link of its domain: a positive one is the exponential of a clamped number, one of
/// (0, 1) the sigmoid, a factor has exponentials on its diagonal, a direction is divided by its length.
/// <c>Head.OfLaw("StudentT").Fix("df", 4).Share("scale")</c>
/// </summary>
public sealed class Head
{
    private Head(Core.Head value) => Value = value;

    internal Core.Head Value { get; }

    /// <summary>The law's name, one of those of <see cref="Laws.All"/>.</summary>
    public string Law => Value.Law.Name;

    /// <summary>A law whose parameters are all the network's.</summary>
    /// <param name="law">A name of <see cref="Laws.All"/>, whatever its case.</param>
    /// <exception cref="ArgumentException">No law is called so: the message has the names that are nearest.</exception>
    public static Head OfLaw(string law)
    {
        ArgumentNullException.ThrowIfNull(law);
        return new(Core.HeadModule.ofLaw(Core.Laws.find(nameof(law), law)));
    }

    /// <summary>The same with a parameter that is a constant.</summary>
    /// <exception cref="ArgumentException">The law has no such parameter: the message names those it has.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public Head Fix(string name, double value)
    {
        ArgumentNullException.ThrowIfNull(name);
        Numbers.CheckFinite(value, nameof(value));
        return new(Core.HeadModule.fix(name, value, Value));
    }

    /// <summary>The same with a parameter that is one learned number, the same for all examples and places.</summary>
    /// <exception cref="ArgumentException">The law has no such parameter: the message names those it has.</exception>
    public Head Share(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(Core.HeadModule.share(name, Value));
    }

    /// <summary>
    /// The same with a parameter that is learned for each place, the same for all examples: the scale of each pixel, or of each
    /// column of a table.
    /// </summary>
    /// <exception cref="ArgumentException">The law has no such parameter: the message names those it has.</exception>
    public Head Each(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(Core.HeadModule.each(name, Value));
    }

    /// <summary>The same with so many categories, or columns of a low-rank factor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public Head Size(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return new(Core.HeadModule.size(size, Value));
    }

    /// <summary>The same with another policy of positive numbers; without one they are softly clamped within e^-10 and e^10.</summary>
    public Head LogScale(LogScale policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new(Core.HeadModule.logScale(policy.Value, Value));
    }

    /// <summary>
    /// The same law of counts with zeros of another cause (<see cref="VaeFunctional.ZeroInflated"/>), whose probability is the
    /// network's: what a likelihood ends in, not a posterior or a prior.
    /// </summary>
    /// <exception cref="ArgumentException">The law is not of counts.</exception>
    public Head ZeroInflated() => new(Core.HeadModule.zeroInflated(Value));

    /// <summary>The head in words.</summary>
    public override string ToString() => Value.ToString();
}
