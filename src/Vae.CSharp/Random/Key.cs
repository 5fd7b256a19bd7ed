using System;

namespace VaeFunctional;

/// <summary>
/// Randomness as a value: equal keys give equal numbers, on any thread and in any order of asking.
/// </summary>
/// <param name="Bits">The 64 bits of the key.</param>
public readonly record struct Key(ulong Bits)
{
    internal Core.Key ToCore() => Core.KeyModule.ofBits(Bits);

    private static Key Of(Core.Key key) => new(Core.KeyModule.bits(key));

    /// <summary>The key of a seed; different seeds give different keys.</summary>
    public static Key FromSeed(int seed) => Of(Core.KeyModule.ofSeed(seed));

    /// <summary>The n-th key derived from this one.</summary>
    public Key Fold(int n) => Of(Core.KeyModule.fold(n, ToCore()));

    /// <summary>The key derived from this one by a name.</summary>
    public Key Fold(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Of(Core.KeyModule.foldName(name, ToCore()));
    }

    /// <summary>Two keys that are independent of each other and of the noise of this one.</summary>
    public (Key First, Key Second) Split() => (Fold(0), Fold(1));

    /// <summary>Uniform numbers in (0, 1) of a shape, in 32 bits on the CPU.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public Tensor Uniform(params long[] shape)
    {
        Sizes.CheckPositive(shape, nameof(shape));
        return Core.KeyModule.uniform(Core.PlacementModule.float32, shape, ToCore());
    }

    /// <summary>Standard normal numbers of a shape, in 32 bits on the CPU.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public Tensor Normal(params long[] shape)
    {
        Sizes.CheckPositive(shape, nameof(shape));
        return Core.KeyModule.normal(Core.PlacementModule.float32, shape, ToCore());
    }

    /// <summary>A permutation of 0 to count - 1, every one equally likely.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public int[] Permutation(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Core.KeyModule.permutation(count, ToCore());
    }

    /// <summary>The bits in hexadecimal.</summary>
    public override string ToString() => ToCore().ToString();
}
