namespace VaeFunctional;

/// <summary>What is known of KL(q || p) for two kinds of law.</summary>
/// <param name="FirstLaw">The kind of the first law, which the expectation is taken under.</param>
/// <param name="SecondLaw">The kind of the second law.</param>
/// <param name="TeX">The formula, in nats.</param>
/// <param name="Conditions">What the formula asks of the laws; empty where it always holds.</param>
/// <param name="Page">The documentation page that derives it.</param>
public sealed record KlRule(string FirstLaw, string SecondLaw, string TeX, string Conditions, string Page);
