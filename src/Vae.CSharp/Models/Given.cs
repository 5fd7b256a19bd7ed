using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional;

/// <summary>
/// What a model is conditional on, read from the data beside its items. The networks of the posterior and of the likelihood are
/// given it beside the data and the latent, as more numbers of a vector or, where a network takes images as such and does not
/// flatten them first, as more channels (Sohn, Lee and Yan, 2015).
/// </summary>
public sealed class Given
{
    internal Given(Core.Given value) => Value = value;

    internal Core.Given Value { get; }

    /// <summary>The names of the factors; empty where it is the label that is given.</summary>
    public IReadOnlyList<string> FactorNames =>
        Array.AsReadOnly(Value is Core.Given.Factors factors ? factors.names.ToArray() : []);

    /// <summary>How many labels there are; null where factors are given.</summary>
    public int? Classes => Value is Core.Given.Label label ? label.classes : null;

    /// <summary>The label of each example, from 0 to below so many.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2.</exception>
    public static Given Label(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        return new(Core.GivenModule.label(classes));
    }

    /// <summary>Factors of each example by their names, as numbers.</summary>
    /// <exception cref="ArgumentException">There are no names, or one comes twice.</exception>
    public static Given Factors(params string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return new(Core.GivenModule.factors(names.ToCoreList()));
    }

    /// <summary>What is given, in words.</summary>
    public override string ToString() => Value.ToString();
}
