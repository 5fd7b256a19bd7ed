namespace VaeFunctional;

/// <summary>
/// A batch of laws of which some are left out of account: their log-density counts as 0 nats and so does their divergence,
/// as missing pixels or padded steps need it.
/// </summary>
public sealed class Masked : Distribution
{
    internal Masked(Core.Masked law)
        : base(law) => Base = Wrapping.Of(law.Base);

    /// <summary>All the laws.</summary>
    public Distribution Base { get; }

    /// <summary>Which of them count: booleans that broadcast to the batch.</summary>
    public Tensor Mask => Interop.Alias(((Core.Masked)Law).Mask);
}
