using System;

namespace VaeFunctional;

/// <summary>
/// The law without spread, element by element: every draw is its value. Its mass there is 1, so that its log-density is
/// 0 at the value, and KL(Delta || p) is -log p(value).
/// </summary>
public sealed class Delta : Distribution, IPathwise
{
    internal Delta(Core.Delta law)
        : base(law) { }

    /// <summary>From a number, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public Delta(double value)
        : this(Interop.Own(() => new Core.Delta(value))) { }

    /// <summary>From a tensor. The law borrows it.</summary>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public Delta(Tensor value)
        : this(new Core.Delta(Interop.Given(value))) { }

    private Core.Delta Own => (Core.Delta)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>What every draw is.</summary>
    public Tensor Value => Interop.Alias(Own.Value);
}
