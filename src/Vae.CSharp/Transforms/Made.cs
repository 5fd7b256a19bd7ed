using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional;

/// <summary>
/// A network of k numbers whose outputs i, a shift and a log-scale, depend on inputs before i only, by masks on its weights;
/// tanh stands between its layers (Germain and others, 2015).
/// </summary>
public sealed class Made
{
    private Made(Core.Made value)
    {
        Value = value;
        Layers = Array.AsReadOnly(value.Layers.Select(layer => layer.ToValueTuple()).ToArray());
    }

    internal Core.Made Value { get; }

    /// <summary>
    /// For points of k numbers, with hidden layers of the given widths, in 64 bits: weights are normal numbers of the key
    /// over the square root of a layer's inputs, biases 0.
    /// </summary>
    /// <exception cref="ArgumentException">k or a width is below 1.</exception>
    public Made(int k, int[] widths, Key key)
        : this(
            Interop.Own(() =>
                Core.MadeModule.create(
                    Core.PlacementModule.float64,
                    k,
                    Interop.Given(widths).ToCoreList(),
                    key.ToCore()
                )
            )
        ) { }

    /// <summary>
    /// From weights [out, in] and biases [out] of each layer in turn: the first takes as many numbers as a point has, the
    /// last gives twice as many, the shifts and then the log-scales. The network borrows them.
    /// </summary>
    /// <exception cref="ArgumentException">There are no layers, or sizes do not fit.</exception>
    public Made(int k, params (Tensor Weight, Tensor Bias)[] layers)
        : this(Core.MadeModule.ofLayers(k, Interop.Given(layers).Select(ToCore).ToCoreList())) { }

    private static Tuple<Tensor, Tensor> ToCore((Tensor Weight, Tensor Bias) layer) =>
        Tuple.Create(Interop.Given(layer.Weight, "layers"), Interop.Given(layer.Bias, "layers"));

    /// <summary>How many numbers a point has.</summary>
    public int Size => Value.Size;

    /// <summary>The weights [out, in] and biases [out] of each layer.</summary>
    public IReadOnlyList<(Tensor Weight, Tensor Bias)> Layers { get; }

    /// <summary>Shifts and log-scales, each of the shape of x [..., k].</summary>
    public (Tensor Shift, Tensor LogScale) Conditions(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Interop.Keep(() => Value.Conditions(x));
    }
}
