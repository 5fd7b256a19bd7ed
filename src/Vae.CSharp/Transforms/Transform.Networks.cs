using System;
using System.Linq;
using Microsoft.FSharp.Core;

namespace VaeFunctional;

public sealed partial class Transform
{
    /// <summary>
    /// Numbers of a vector where the mask is true pass; they decide the shift and the log-scale of the others, each of the
    /// shape [..., changing] (Dinh and others, 2017).
    /// </summary>
    /// <exception cref="ArgumentException">No number passes, or none changes.</exception>
    public static Transform Coupling(bool[] mask, Func<Tensor, (Tensor Shift, Tensor LogScale)> conditioner)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(conditioner);
        var core = FuncConvert.FromFunc<Tensor, Tuple<Tensor, Tensor>>(passing => conditioner(passing).ToTuple());
        return new(Core.TransformModule.coupling(mask, core));
    }

    /// <summary>
    /// Numbers of a vector where the mask is true pass; they decide the elementwise transform of the others: from
    /// [..., passing] to a transform of [..., changing].
    /// </summary>
    /// <exception cref="ArgumentException">No number passes, or none changes.</exception>
    public static Transform Coupling(bool[] mask, Func<Tensor, Transform> conditioner)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(conditioner);
        var core = FuncConvert.FromFunc<Tensor, Core.Transform>(passing => conditioner(passing).Value);
        return new(Core.TransformModule.couplingBy(mask, core));
    }

    /// <summary>
    /// y_i = shift_i + e^logScale_i x_i by what the network makes of y before i: densities in one pass of it, draws in k
    /// (Papamakarios and others, 2017).
    /// </summary>
    public static Transform MaskedAutoregressive(Made made) =>
        new(Core.TransformModule.maskedAutoregressive(Interop.Given(made).Value));

    /// <summary>
    /// y_i = shift_i + e^logScale_i x_i by what the network makes of x before i: draws in one pass of it, densities in k
    /// (Kingma and others, 2016).
    /// </summary>
    public static Transform InverseAutoregressive(Made made) =>
        new(Core.TransformModule.inverseAutoregressive(Interop.Given(made).Value));

    /// <summary>Transforms one after another, the first first; of none, the identity.</summary>
    public static Transform Chain(params Transform[] parts) =>
        new(
            Core.TransformModule.chain(
                Interop.Given(parts).Select(part => Interop.Given(part, nameof(parts)).Value).ToCoreList()
            )
        );
}
