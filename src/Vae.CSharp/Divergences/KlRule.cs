namespace VaeFunctional;

/// <summary>What is known of KL(q || p) for two kinds of law.</summary>
/// <param name="FirstLaw">The kind of the first law, which the expectation is taken under.</param>
/// <param name="SecondLaw">The kind of the second law.</param>
/// <param name="TeX">The formula, in nats.</param>
/// <param name="Conditions">What the formula asks of the laws; empty where it always holds.</param>
/// <param name="Page">The documentation page that derives it.</param>
/// <param name="Kind">Whether it stands for itself.</param>
public sealed record KlRule(
    string FirstLaw,
    string SecondLaw,
    string TeX,
    string Conditions,
    string Page,
    KlRuleKind Kind
)
{
    internal static KlRule Of(Core.KlRule rule) =>
        new(
            Core.KlRule.Title(rule.Q),
            Core.KlRule.Title(rule.P),
            rule.Tex,
            rule.Conditions,
            rule.Page,
            rule.Kind.IsClosedForm ? KlRuleKind.ClosedForm
                : rule.Kind.IsImplied ? KlRuleKind.Implied
                : rule.Kind.IsInfinite ? KlRuleKind.Infinite
                : KlRuleKind.Structural
        );
}

/// <summary>What kind of knowledge a rule is.</summary>
public enum KlRuleKind
{
    /// <summary>A closed form of its own.</summary>
    ClosedForm,

    /// <summary>A closed form that another pair's implies.</summary>
    Implied,

    /// <summary>Infinite for all laws of its kinds, though their supports would allow less.</summary>
    Infinite,

    /// <summary>A rule for laws made of other laws.</summary>
    Structural,
}
