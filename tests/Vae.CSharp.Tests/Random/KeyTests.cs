using System.Linq;
using Expecto;
using Expecto.CSharp;

namespace VaeFunctional.Tests;

internal static class KeyTests
{
    public static readonly Test Tests = Runner.TestList(
        "key",
        [
            Runner.TestCase(
                "equal keys give equal numbers, other keys others",
                () =>
                {
                    var key = Key.FromSeed(3);
                    using var numbers = key.Normal(5);
                    using var same = Key.FromSeed(3).Normal(5);
                    using var others = key.Fold(0).Normal(5);
                    Check.Sequence(same.ToNumbers(), numbers.ToNumbers(), "the noise of an equal key");
                    Check.True(!others.ToNumbers().SequenceEqual(numbers.ToNumbers()), "another key, other noise");
                }
            ),
            Runner.TestCase(
                "keys are the core's keys",
                () =>
                {
                    var core = global::Vae.Core.KeyModule.foldName("encoder", global::Vae.Core.KeyModule.ofSeed(-9));
                    var key = Key.FromSeed(-9).Fold("encoder");
                    Check.Equal(key.Bits, global::Vae.Core.KeyModule.bits(core), "the bits");
                    Check.Equal(key.ToString(), core.ToString(), "the words");
                    Check.Equal(key, new Key(key.Bits), "a key of the same bits");
                }
            ),
            Runner.TestCase(
                "splitting gives two other keys",
                () =>
                {
                    var (first, second) = Key.FromSeed(1).Split();
                    Check.Equal(new[] { first, second, Key.FromSeed(1) }.Distinct().Count(), 3, "how many differ");
                }
            ),
            Runner.TestCase(
                "a permutation holds every number once",
                () =>
                    Check.Sequence(
                        Key.FromSeed(5).Permutation(100).Order(),
                        Enumerable.Range(0, 100),
                        "the numbers in order"
                    )
            ),
            Runner.TestCase(
                "uniform numbers lie in (0, 1)",
                () =>
                {
                    using var numbers = Key.FromSeed(5).Uniform(10, 10);
                    Check.True(numbers.ToNumbers().All(u => u is > 0 and < 1), "all of them");
                }
            ),
        ]
    );
}
