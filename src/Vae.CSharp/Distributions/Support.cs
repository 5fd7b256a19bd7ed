namespace VaeFunctional;

/// <summary>Where a law can put probability: the set that each number of an event lies in.</summary>
public sealed class Support
{
    private readonly Core.Support core;

    internal Support(Core.Support core) => this.core = core;

    /// <summary>Whether each element of a tensor lies in the set: booleans of the tensor's shape.</summary>
    public Tensor Contains(Tensor x)
    {
        System.ArgumentNullException.ThrowIfNull(x);
        return Interop.Keep(() => Core.SupportModule.contains(core, x).alias());
    }

    /// <summary>
    /// Whether a law on this set is absolutely continuous with respect to one on another: where it is not, their KL is
    /// infinite.
    /// </summary>
    public bool IsWithin(Support other)
    {
        System.ArgumentNullException.ThrowIfNull(other);
        return Core.SupportModule.within(core, other.core);
    }

    /// <summary>The set in words.</summary>
    public override string ToString() => core.ToString();
}
