namespace VaeFunctional;

/// <summary>The law of f(X) for a law of X and a bijection f: normalising flows are laws of this kind.</summary>
public sealed class Transformed : Distribution
{
    internal Transformed(Core.Transformed law)
        : base(law)
    {
        Base = Wrapping.Of(law.Base);
        Transform = new Transform(law.Transform);
    }

    /// <summary>The law of what is transformed.</summary>
    public Distribution Base { get; }

    /// <summary>The bijection.</summary>
    public Transform Transform { get; }
}
