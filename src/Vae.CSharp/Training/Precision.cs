namespace VaeFunctional;

/// <summary>The floating-point numbers that a model is made of.</summary>
public enum Precision
{
    /// <summary>32 bits: what training takes.</summary>
    Single,

    /// <summary>64 bits: what the test of a formula takes.</summary>
    Double,
}
